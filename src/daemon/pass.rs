//! One pass: what is read, judged and done, in which order.

use tracing::{Instrument as _, info_span};

use super::{Daemon, Error, Hours, Report, replica, standing};
use crate::retry::passes;
use crate::store::overview::done_setting;

impl Daemon {
    /// One full pass: observe, judge, act, and again until nothing is left to do now. What we wrote is read back,
    /// so that the next pass begins with nothing changed.
    ///
    /// # Errors
    /// When the platform refuses or cannot answer, or the store fails; what was saved stays saved, and what was done is
    /// logged.
    pub async fn pass(&self, hours: Hours) -> Result<Report, Error> {
        let mut total = Report::default();
        self.pass_into(hours, &mut total).await?;
        Ok(total)
    }

    /// The same; what was done before an error is in the report too.
    ///
    /// # Errors
    /// As [`Daemon::pass`].
    pub async fn pass_into(&self, hours: Hours, report: &mut Report) -> Result<(), Error> {
        let mut total = Report::default();
        let outcome = self.rounds_of(hours, &mut total).await;
        let counted = self.count_done(&total).await;
        if outcome.is_err() {
            total.log("pass stopped");
        }
        report.add(total);
        counted?;
        outcome
    }

    async fn rounds_of(&self, hours: Hours, total: &mut Report) -> Result<(), Error> {
        self.look_again().await?;
        total.add(self.read_returned().await?);
        for _ in 0..passes::ROUNDS {
            if self.is_stopping() || self.replica.is_overtaken() {
                break;
            }
            let before = total.annotated + total.messaged;
            let (read, failed) = Box::pin(self.observer().observe_each()).await?;
            total.add(read);
            // A section that cannot be read stops alone: the others go on, and what is due of it is still sent, from what
            // was last read. Not in the middle of a first reading, when half a network would be judged.
            if let Some(error) = failed {
                if self.acting.dry_run || self.is_half_read().await? {
                    return Err(error);
                }
                self.act(hours, total).await?;
                return Err(error);
            }
            self.act(hours, total).await?;
            if self.acting.dry_run || total.annotated + total.messaged == before {
                break;
            }
        }
        Ok(())
    }

    /// Judges what was read, and does what follows from it.
    async fn act(&self, hours: Hours, total: &mut Report) -> Result<(), Error> {
        total.add(self.keeper().read_attachments().instrument(info_span!("attachments")).await?);
        if hours.morning {
            self.begin_day().await?;
        }
        let judged = self.judge().await?;
        if self.acting.dry_run {
            total.add(judged);
            return Ok(());
        }
        if judged.judged > 0 {
            self.replica.tell(replica::TASKS).await;
        }
        total.add(judged);
        // After the judgement, which updates the register.
        if hours.monthly && self.are_all_read().await? {
            self.postman().put_monthly().await?;
        }
        total.add(self.deliver_mails(hours).await?);
        let away = standing::away(&self.store.settings(), &self.sources).await?;
        self.herald().put_readings(&away).await?;
        total.add(self.herald().deliver_hooks().instrument(info_span!("webhooks")).await?);
        total.add(self.deliver_messages().await?);
        // A mail that was sent may have to be listed in the annotation `auto_journal`.
        total.add(self.judge().await?);
        total.add(self.deliver_annotations().await?);
        Ok(())
    }

    /// The pass of a process that does not observe: what is due leaves.
    ///
    /// # Errors
    /// When the store fails, or the platform refuses a section.
    pub(super) async fn deliver(&self) -> Result<Report, Error> {
        let none = Hours { morning: false, digest: false, monthly: false };
        let mut total = self.deliver_mails(none).await?;
        total.add(self.herald().deliver_hooks().instrument(info_span!("webhooks")).await?);
        total.add(self.deliver_messages().await?);
        total.add(self.deliver_annotations().await?);
        self.count_done(&total).await?;
        Ok(total)
    }

    /// What was done is counted as it is done: the tasks that are over become more and more.
    async fn count_done(&self, report: &Report) -> Result<(), Error> {
        let health = self.store.health();
        for (kind, count) in report.done() {
            if count > 0 {
                health.count_more(&done_setting(kind), count).await?;
            }
        }
        Ok(())
    }

    /// Whether each section was read to its end once: DITP is not told of a month of which a part was never read.
    async fn are_all_read(&self) -> Result<bool, Error> {
        let away = standing::away(&self.store.settings(), &self.sources).await?;
        Ok(away.values().all(|failing| failing.read.is_some()))
    }

    /// Whether a first reading was begun of a section that cannot be read now. One of which nothing was read changes nothing
    /// for the others.
    async fn is_half_read(&self) -> Result<bool, Error> {
        for scope in standing::away(&self.store.settings(), &self.sources).await?.keys() {
            let position = self.store.pages().position(scope).await?;
            if position.is_some_and(|position| !position.filled && position.dossiers.is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
