//! How many requests leave in a minute, and when none may.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::retry::platform::COUNTED;

/// The requests of the last sixty seconds. In none of them do more leave than the limit, wherever the platform's minute
/// begins and whatever either clock shows, so that a first reading may use the whole of it at once.
#[derive(Debug)]
pub(super) struct Pace {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When each left, oldest first; no more than the limit.
    left: VecDeque<Instant>,
    /// Nothing leaves before.
    closed: Option<Instant>,
}

impl Pace {
    pub(super) fn new(per_minute: NonZeroU32) -> Pace {
        let most = usize::try_from(per_minute.get()).unwrap_or(usize::MAX);
        Pace { most, state: Mutex::default() }
    }

    /// Waits until a request may leave, and counts it.
    pub(super) async fn turn(&self) {
        while let Err(until) = self.take(Instant::now()) {
            tokio::time::sleep_until(until).await;
        }
    }

    /// The platform refused one for the rest of its minute, which another program with the same token may have used: none
    /// of the others is sent in vain.
    pub(super) fn close_for(&self, rest: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + rest;
        state.closed = Some(state.closed.map_or(until, |closed| closed.max(until)));
    }

    /// # Errors
    /// When to ask again.
    fn take(&self, now: Instant) -> Result<(), Instant> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = state.closed.filter(|until| *until > now) {
            return Err(until);
        }
        while state.left.front().is_some_and(|first| *first + COUNTED <= now) {
            state.left.pop_front();
        }
        match state.left.front() {
            Some(first) if state.left.len() >= self.most => Err(*first + COUNTED),
            _ => {
                state.left.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u32 = 360;

    fn pace() -> Pace {
        Pace::new(NonZeroU32::new(LIMIT).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn the_whole_limit_leaves_at_once_and_never_more_in_any_minute() {
        let (pace, began) = (pace(), Instant::now());
        let mut left = Vec::new();
        for rank in 0..2000_u64 {
            pace.turn().await;
            left.push(began.elapsed());
            // Readers that are slower at times.
            tokio::time::advance(Duration::from_millis(rank * 37 % 90)).await;
        }
        let most = usize::try_from(LIMIT).unwrap();
        for (rank, at) in left.iter().enumerate() {
            let within = left[rank..].iter().take_while(|later| **later < *at + COUNTED).count();
            assert!(within <= most, "{within} within a minute of {at:?}");
        }
        assert!(left[most - 1] < Duration::from_secs(20), "{:?}", left[most - 1]);
        assert!(left[most] >= COUNTED, "{:?}", left[most]);
        // 2000 requests take five whole minutes and the start of a sixth.
        assert!(left[1999] < COUNTED * 6, "{:?}", left[1999]);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_leaves_during_the_rest_of_a_minute_that_is_used_up() {
        let (pace, began) = (pace(), Instant::now());
        pace.turn().await;
        pace.close_for(Duration::from_secs(40));
        pace.close_for(Duration::from_secs(10));
        pace.turn().await;
        assert_eq!(began.elapsed(), Duration::from_secs(40));
    }
}
