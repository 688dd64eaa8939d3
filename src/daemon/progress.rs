//! How far a first reading has come: a line that is redrawn on a terminal, a line a minute in logs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::retry::platform;

/// The platform gives no total: the line says how many were read, how fast, for how long.
#[derive(Debug, Default)]
pub struct Progress {
    read: AtomicU64,
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
            "{spinner} première lecture : {human_pos} dossiers, {per_sec}, {elapsed}",
        ) {
            bar.set_style(style);
        }
        Progress { read: AtomicU64::new(0), state: Mutex::new(State::Terminal(bar)) }
    }

    /// So many more were read.
    pub fn read(&self, dossiers: usize) {
        let total = u64::try_from(dossiers).unwrap_or(0);
        let total = self.read.fetch_add(total, Ordering::Relaxed) + total;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Terminal(bar) => bar.set_position(total),
            State::Logged(at) if at.elapsed() < platform::PROGRESS => {}
            State::Logs | State::Logged(_) => {
                tracing::info!(dossiers = total, "first reading: {total} dossiers so far");
                *state = State::Logged(Instant::now());
            }
        }
    }

    /// The first reading is complete.
    pub fn over(&self) {
        let total = self.read.load(Ordering::Relaxed);
        if let State::Terminal(bar) = &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.finish_and_clear();
        }
        tracing::info!(dossiers = total, "first reading: its slices are read, {total} dossiers");
    }
}
