//! A pass with its outcome, as pages, metrics and `/readyz` show it.

use super::error::Error;
use super::{Daemon, Hours, Report, Turn};
use crate::activity::Step;
use crate::store;
use crate::store::overview::CERTIFICATE;

impl Daemon {
    /// A pass whose outcome the pages can show: when the last complete one was, or why there is none.
    ///
    /// # Errors
    /// As [`Daemon::pass`].
    #[tracing::instrument(name = "pass", skip_all)]
    pub async fn recorded_pass(&self, hours: Hours) -> Result<Report, Error> {
        let mut report = Report::default();
        self.recorded_pass_into(hours, &mut report).await?;
        Ok(report)
    }

    /// The same; what was done before an error is in the report too.
    ///
    /// # Errors
    /// As [`Daemon::pass`].
    pub async fn recorded_pass_into(&self, hours: Hours, report: &mut Report) -> Result<(), Error> {
        self.activity.at(Step::Store);
        let outcome = self.turn(hours, report).await;
        self.activity.idle();
        outcome
    }

    async fn turn(&self, hours: Hours, report: &mut Report) -> Result<(), Error> {
        match self.replica.begin_pass(&self.stop) {
            Turn::Observes => {}
            Turn::Delivers => {
                report.add(Box::pin(self.deliver()).await?);
                return Ok(());
            }
            Turn::Rests => return Ok(()),
        }
        let outcome = Box::pin(self.pass_into(hours, report)).await;
        if self.replica.is_overtaken() || matches!(outcome, Err(Error::Store(store::Error::Overtaken))) {
            // The other one records its own passes; what this one had left is judged or read by that one.
            tracing::warn!("another replica observes since: this pass ends");
            return Ok(());
        }
        let said = match &outcome {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        };
        if self.is_stopping() && outcome.is_ok() {
            // Not the last complete pass: the next one takes up what this one left.
            return outcome;
        }
        if outcome.is_ok() {
            self.keep_certificates().await?;
            self.store.settings().set("last_pass", &self.book.clock.now().to_string()).await?;
        }
        let counter = if outcome.is_ok() { "passes/done" } else { "passes/failed" };
        self.store.health().count(counter).await?;
        self.store.settings().set("last_error", &said).await?;
        outcome
    }

    /// Keeps the end of the certificate that each platform showed, when it is another one.
    async fn keep_certificates(&self) -> Result<(), Error> {
        for source in &self.sources {
            if let Some(end) = source.dn.counters().other_certificate() {
                let name = format!("{CERTIFICATE}{}", source.key());
                self.store.settings().set(&name, &end.to_string()).await?;
            }
        }
        Ok(())
    }
}
