//! SIGTERM and SIGINT: the first asks for a stop, the second ends the program at once.

use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Both signals. The handlers are installed when this value is made, so that no later signal is missed.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// # Errors
    /// When the signal handlers cannot be installed.
    pub(super) fn listen() -> anyhow::Result<Signals> {
        let listen = |kind| signal(kind).context("the system does not tell of signals");
        Ok(Signals {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Cancels `stop` at the first signal. Returns when the actions still running must be aborted: `within` after the
    /// first signal, or at the second signal.
    pub(super) async fn stop(mut self, stop: &CancellationToken, within: Duration) {
        self.next().await;
        let seconds = within.as_secs();
        tracing::info!(seconds, "stopping: the action in hand has {seconds} s to end");
        stop.cancel();
        tokio::select! {
            () = tokio::time::sleep(within) => {
                tracing::warn!("the action in hand did not end within {seconds} s (schedule.stop_within): it is cut");
            }
            () = self.next() => tracing::warn!("second signal: the action in hand is cut"),
        }
    }
}
