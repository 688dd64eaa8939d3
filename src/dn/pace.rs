//! How many requests leave in a minute, and when none may.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// Where other processes use the same token.
    share: Option<Share>,
}

/// What this process may send of it, and until when; then only its least, which nobody else may take.
#[derive(Clone, Copy, Debug)]
struct Share {
    most: usize,
    until: Instant,
    least: usize,
}

impl Share {
    fn now(self, now: Instant) -> usize {
        if now < self.until { self.most } else { self.least }
    }
}

/// Before a process whose share is nothing looks again.
const LOOK: Duration = Duration::from_secs(1);

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

    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// How many left within the last minute.
    pub(super) fn used(&self) -> usize {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.forget(Instant::now());
        state.left.len()
    }

    /// From now on `share` of the limit until `until`, then `least`.
    pub(super) fn grant(&self, share: usize, least: usize, until: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.share = Some(Share { most: share.min(self.most), until, least });
    }

    /// # Errors
    /// When to ask again.
    fn take(&self, now: Instant) -> Result<(), Instant> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = state.closed.filter(|until| *until > now) {
            return Err(until);
        }
        state.forget(now);
        let most = state.share.map_or(self.most, |share| share.now(now));
        match state.left.front() {
            // A share may grow before the first of them is a minute old.
            Some(first) if state.left.len() >= most && state.share.is_some() => {
                Err((*first + COUNTED).min(now + LOOK))
            }
            Some(first) if state.left.len() >= most => Err(*first + COUNTED),
            None if most == 0 => Err(now + LOOK),
            _ => {
                state.left.push_back(now);
                Ok(())
            }
        }
    }
}

/// What one token may ask in a minute, as processes that share it see it.
#[derive(Clone, Debug)]
pub struct Quota {
    pub(super) pace: Arc<Pace>,
    pub(super) name: String,
}

impl Quota {
    /// The same for every process with this token; the token cannot be told from it.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    #[must_use]
    pub fn most(&self) -> i64 {
        i64::try_from(self.pace.most()).unwrap_or(i64::MAX)
    }

    /// How many requests this process sent within the last minute.
    #[must_use]
    pub fn used(&self) -> i64 {
        i64::try_from(self.pace.used()).unwrap_or(i64::MAX)
    }

    /// From now on `share` until `until`, then `least`.
    pub fn grant(&self, share: i64, least: i64, until: Instant) {
        let count = |share: i64| usize::try_from(share).unwrap_or(0);
        self.pace.grant(count(share), count(least), until);
    }
}

impl State {
    fn forget(&mut self, now: Instant) {
        while self.left.front().is_some_and(|first| *first + COUNTED <= now) {
            self.left.pop_front();
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
    async fn a_share_bounds_what_leaves_and_its_end_leaves_the_least() {
        let (pace, began) = (pace(), Instant::now());
        pace.grant(3, 1, began + Duration::from_secs(20));
        for _ in 0..3 {
            pace.turn().await;
        }
        assert_eq!((began.elapsed(), pace.used()), (Duration::ZERO, 3));
        // A larger share is used as soon as it is granted.
        tokio::time::advance(Duration::from_secs(5)).await;
        pace.grant(4, 1, began + Duration::from_secs(25));
        pace.turn().await;
        assert_eq!(began.elapsed(), Duration::from_secs(5));
        // Not renewed: one a minute, once the four are a minute old.
        pace.turn().await;
        assert_eq!(began.elapsed(), Duration::from_secs(65));
        pace.grant(0, 0, began + Duration::from_secs(200));
        assert!(tokio::time::timeout(Duration::from_secs(100), pace.turn()).await.is_err());
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
