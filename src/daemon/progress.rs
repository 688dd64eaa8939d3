//! How far a first reading has come: a line that is redrawn on a terminal, a line a minute in logs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::retry::platform;
use label::wording::passes;

/// The platform gives no total: the line says how many were read, how fast, and how long the rest takes if changes are
/// spread evenly over time.
#[derive(Debug, Default)]
pub struct Progress {
    read: AtomicU64,
    /// When the reading under way began: each section of `[dn]` has its own.
    began: Mutex<Option<Instant>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
enum State {
    /// Nothing to show it on.
    #[default]
    Logs,
    Logged(Instant),
    Terminal(ProgressBar),
}

impl Progress {
    /// A line on a terminal; elsewhere `indicatif` would print nothing, so log lines are written.
    #[must_use]
    pub fn on_terminal() -> Progress {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template(
            "{spinner} première lecture : {human_pos} dossiers, {per_sec}, {elapsed}{msg}",
        ) {
            bar.set_style(style);
        }
        Progress { state: Mutex::new(State::Terminal(bar)), ..Progress::default() }
    }

    /// So many more were read; `covered` thousandths of the whole are now.
    pub fn read(&self, dossiers: usize, covered: u64) {
        let total = u64::try_from(dossiers).unwrap_or(0);
        let total = self.read.fetch_add(total, Ordering::Relaxed) + total;
        let left = minutes_left(self.elapsed(), covered);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Terminal(bar) => {
                bar.set_position(total);
                bar.set_message(left.map(passes::about_left).unwrap_or_default());
            }
            State::Logged(at) if at.elapsed() < platform::PROGRESS => {}
            State::Logs | State::Logged(_) => {
                let about = left.map(|left| format!(", about {left} min left")).unwrap_or_default();
                tracing::info!(dossiers = total, "first reading: {total} dossiers so far{about}");
                *state = State::Logged(Instant::now());
            }
        }
    }

    fn elapsed(&self) -> Duration {
        let mut began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        began.get_or_insert_with(Instant::now).elapsed()
    }

    /// The first reading is complete.
    pub fn over(&self) {
        *self.began.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let total = self.read.load(Ordering::Relaxed);
        if let State::Terminal(bar) = &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.finish_and_clear();
        }
        tracing::info!(dossiers = total, "first reading: its slices are read, {total} dossiers");
    }
}

/// Below so many thousandths the rate says nothing.
const TELLING: u64 = 20;

/// The minutes that the rest takes at the rate so far, rounded up; `None` while too little was read.
fn minutes_left(elapsed: Duration, covered: u64) -> Option<u64> {
    let left = 1000_u64.saturating_sub(covered);
    (covered >= TELLING).then(|| (elapsed.as_secs() * left).div_ceil(covered * 60).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_what_its_share_took() {
        assert_eq!(minutes_left(Duration::from_secs(60), 10), None);
        assert_eq!(minutes_left(Duration::from_secs(60), 100), Some(9));
        assert_eq!(minutes_left(Duration::from_secs(61), 100), Some(10));
        assert_eq!(minutes_left(Duration::from_secs(600), 999), Some(1));
        assert_eq!(minutes_left(Duration::from_secs(600), 1000), Some(1));
    }

    #[test]
    fn the_next_section_is_timed_by_itself() {
        let progress = Progress::default();
        progress.read(30, 500);
        std::thread::sleep(Duration::from_millis(30));
        assert!(progress.elapsed() >= Duration::from_millis(30));
        progress.over();
        assert!(progress.elapsed() < Duration::from_millis(30));
    }
}
