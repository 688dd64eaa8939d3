//! A pass with its outcome, as pages, metrics and `/readyz` show it.

use super::error::Error;
use super::{Daemon, Hours, Report};

impl Daemon {
    /// A pass whose outcome the pages can show: when the last complete one was, or why there is none.
    ///
    /// # Errors
    /// As [`Daemon::pass`].
    pub async fn recorded_pass(&self, hours: Hours) -> Result<Report, Error> {
        let outcome = self.pass(hours).await;
        let said = match &outcome {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        if self.is_stopping() && outcome.is_ok() {
            // Not the last complete pass: the next one takes up what this one left.
            return outcome;
        }
        if outcome.is_ok() {
            self.store.settings().set("last_pass", &self.book.clock.now().to_string()).await?;
        }
        let counter = if outcome.is_ok() { "passes/done" } else { "passes/failed" };
        self.store.health().count(counter).await?;
        self.store.settings().set("last_error", &said).await?;
        outcome
    }
}
