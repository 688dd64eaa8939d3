//! Passes, one after the other, as scheduled, until a stop is asked for.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Daemon;
use super::schedule::Duties;
use crate::activity::{Activity, Step};
use crate::clock::Clock;
use crate::retry::passes::{AFTER_PANIC, LOOK, NO_TIME, WOKEN};

/// Passes until a stop is asked for; `wake` brings the next one forward.
pub async fn passes(daemon: &Arc<Daemon>, duties: &Duties, wake: &Notify) {
    let one = || {
        let (daemon, duties) = (Arc::clone(daemon), duties.clone());
        async move { pass(&daemon, &duties).await }
    };
    let activity = &daemon.activity;
    supervised((&daemon.stop, wake, activity), &daemon.book.clock, |now| duties.poll.next(now), one).await;
}

/// Runs `pass` at each instant that `next` gives, until `stop`, and at once again when it says that it left something; soon
/// after a wake, together with those that follow it. A pass that panics is logged, and the wait before the next one is
/// longer.
async fn supervised<F: Future<Output = bool> + Send + 'static>(
    (stop, wake, activity): (&CancellationToken, &Notify, &Activity),
    clock: &Clock,
    next: impl Fn(Timestamp) -> Option<Timestamp>,
    pass: impl Fn() -> F,
) {
    let mut panics: u32 = 0;
    while !stop.is_cancelled() {
        // Spawned, so that a panic ends only this task; it holds no state that is not in the store.
        match tokio::spawn(pass()).await {
            Ok(more) => {
                panics = 0;
                if more {
                    continue;
                }
            }
            Err(error) => {
                panics += 1;
                tracing::error!(panics, "a pass was ended by a fault of vigie: {error}");
            }
        }
        let now = clock.now();
        let due = next(now).map_or(NO_TIME, |at| until(now, at)).max(after_panics(panics));
        let waited = async {
            tokio::select! {
                () = wait(clock, now, due, activity) => {}
                () = woken(wake), if panics == 0 => {}
            }
        };
        let _ = stop.run_until_cancelled(waited).await;
    }
}

/// Some time after a wake: a flood of them makes one pass.
async fn woken(wake: &Notify) {
    wake.notified().await;
    tokio::time::sleep(WOKEN).await;
}

/// One pass; whether mails are left that could leave now.
async fn pass(daemon: &Daemon, duties: &Duties) -> bool {
    daemon.activity.at(Step::Store);
    let now = daemon.book.clock.now();
    // Due when the schedule named a time since the last one began, even if the machine was off at that time.
    let due = |last| duties.sweep.next(last).is_some_and(|due| due <= now);
    if daemon.replica.observes()
        && let Err(error) = daemon.begin_sweep(due).await
    {
        tracing::error!("the nightly reading cannot begin: {error}");
    }
    match daemon.recorded_pass(duties.hours(now)).await {
        Ok(report) => {
            report.log("pass done");
            report.more_mails
        }
        Err(error) => {
            tracing::error!("pass stopped: {error}");
            false
        }
    }
}

fn until(now: Timestamp, at: Timestamp) -> Duration {
    Duration::from_secs((at - now).get_seconds().max(1).unsigned_abs())
}

fn after_panics(panics: u32) -> Duration {
    match panics.checked_sub(1) {
        None => Duration::ZERO,
        Some(more) => AFTER_PANIC.after(more.into()).unsigned_abs(),
    }
}

/// Returns once `wait` has passed since `now`, by the wall clock or by the runtime's timer, whichever is first: the
/// first advances while the machine sleeps, the second when the wall clock is set back.
async fn wait(clock: &Clock, now: Timestamp, wait: Duration, activity: &Activity) {
    let (began, timer) = (now.as_second(), Instant::now() + wait);
    let over = began.saturating_add(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
    while Instant::now() < timer && clock.now().as_second() < over {
        activity.idle();
        tokio::time::sleep_until(timer.min(Instant::now() + LOOK)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn clock() -> (Clock, Timestamp) {
        let now = Timestamp::from_second(1_900_000_000).unwrap();
        (Clock::manual(now), now)
    }

    #[tokio::test(start_paused = true)]
    async fn a_wall_clock_that_stands_still_for_an_hour_delays_no_pass() {
        let (clock, now) = clock();
        let began = Instant::now();
        for _ in 0..30 {
            wait(&clock, now, Duration::from_secs(120), &Activity::default()).await;
        }
        assert_eq!(began.elapsed(), Duration::from_secs(3600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_wakes_polls_soon_after() {
        let (clock, now) = clock();
        let (began, moved) = (Instant::now(), clock.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(5)).await;
            moved.set(now.saturating_add(jiff::SignedDuration::from_hours(8)).unwrap());
        });
        wait(&clock, now, Duration::from_secs(7200), &Activity::default()).await;
        assert_eq!(began.elapsed(), LOOK);
    }

    /// Passes fifty seconds apart; after the third to the fifth, which panic, the wait is 30, 60 and 120 seconds if that
    /// is longer.
    #[tokio::test(start_paused = true)]
    async fn a_pass_that_panics_costs_itself_and_a_longer_wait() {
        let ((clock, now), stop) = (clock(), CancellationToken::new());
        let (began, starts) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
        let pass = || {
            let (starts, stop) = (Arc::clone(&starts), stop.clone());
            async move {
                let count = {
                    let mut starts = starts.lock().unwrap();
                    starts.push(began.elapsed().as_secs());
                    starts.len()
                };
                match count {
                    3..=5 => panic!("on purpose"),
                    7 => stop.cancel(),
                    _ => {}
                }
                false
            }
        };
        let in_a_minute = |_| now.checked_add(jiff::SignedDuration::from_secs(50)).ok();
        supervised((&stop, &Notify::new(), &Activity::default()), &clock, in_a_minute, pass).await;
        assert_eq!(*starts.lock().unwrap(), [0, 50, 100, 150, 210, 330, 380]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pass_that_left_something_is_followed_at_once() {
        let ((clock, now), stop) = (clock(), CancellationToken::new());
        let (began, starts) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
        let pass = || {
            let (starts, stop) = (Arc::clone(&starts), stop.clone());
            async move {
                let mut starts = starts.lock().unwrap();
                starts.push(began.elapsed().as_secs());
                if starts.len() == 4 {
                    stop.cancel();
                }
                starts.len() < 3
            }
        };
        let in_a_minute = |_| now.checked_add(jiff::SignedDuration::from_secs(50)).ok();
        supervised((&stop, &Notify::new(), &Activity::default()), &clock, in_a_minute, pass).await;
        assert_eq!(*starts.lock().unwrap(), [0, 0, 0, 50]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_wakes_brings_one_pass_forward() {
        let ((clock, now), stop, wake) = (clock(), CancellationToken::new(), Arc::new(Notify::new()));
        let (began, starts) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
        let flood = Arc::clone(&wake);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(10)).await;
            for _ in 0..30 {
                flood.notify_one();
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        let pass = || {
            let (starts, stop) = (Arc::clone(&starts), stop.clone());
            async move {
                let mut starts = starts.lock().unwrap();
                starts.push(began.elapsed().as_secs());
                if starts.len() == 4 {
                    stop.cancel();
                }
                false
            }
        };
        let in_a_minute = |_| now.checked_add(jiff::SignedDuration::from_secs(50)).ok();
        supervised((&stop, &wake, &Activity::default()), &clock, in_a_minute, pass).await;
        // The flood of three seconds makes the pass at 15, and its last call the one at 20.
        assert_eq!(*starts.lock().unwrap(), [0, 15, 20, 70]);
    }

    #[test]
    fn the_wait_after_a_panic_grows_and_ends_growing() {
        let waits: Vec<u64> = [0, 1, 2, 3, 8, 40].map(|panics| after_panics(panics).as_secs()).into();
        assert_eq!(waits, [0, 30, 60, 120, 3600, 3600]);
    }
}
