//! Sends the mails of the outbox, several at once. Each is claimed, checked again just before it is sent, and then sent,
//! tried again later, or given up with a reason ([`super::settle`]). [`super::bundle`] puts several in one,
//! [`super::ready`] makes them.
//!
//! After a crash between the sending and its record, the mail is sent again with the same Message-ID: a reminder of a legal
//! deadline sent twice does less harm than one that is not sent.

use futures_util::stream::{StreamExt, iter};

use super::error::Error;
use super::judged::Judged;
use super::postman::Postman;
use super::report::Report;
use super::round::Round;
use super::schedule::Hours;
use super::standing;
use super::waiting::wait_for_reading;
use crate::activity::Step;
use crate::mail::{Mailer, Receipt};
use crate::retry::{later, mails};
use crate::store;
use crate::store::outbox::{Task, TaskKind};

impl Postman<'_> {
    /// Sends every mail that is due, then the bundles that the hour calls for.
    ///
    /// # Errors
    /// When the store fails; a failure of one mail does not stop the others.
    #[tracing::instrument(name = "mails", skip_all)]
    pub async fn deliver_mails(&self, hours: Hours) -> Result<Report, Error> {
        let mut report = Report::default();
        let Some(mailer) = self.mailer.filter(|_| self.acting.mail) else { return Ok(report) };
        let away = standing::away(&self.settings, self.sources).await?;
        if self.observes {
            self.tell_alarms(&away).await?;
        }
        let round = Round::new(self.outbox.writers(), self.with_exports(away).await?);
        let sent = self.send_all(mailer, &round, hours, &mut report).await;
        mailer.rest().await;
        sent?;
        if round.is_mute() {
            // Waiting for the time limit at each of a hundred mails would delay everything else.
            let why =
                "the mail server does not answer, or takes nothing: the other mails wait for the next pass";
            report.failures.push(why.to_owned());
        }
        report.more_mails = round.is_over() && !round.is_mute();
        Ok(report)
    }

    async fn send_all(
        &self,
        mailer: &Mailer,
        round: &Round,
        hours: Hours,
        report: &mut Report,
    ) -> Result<(), Error> {
        self.send_due(mailer, round, report).await?;
        if !self.observes {
            return Ok(());
        }
        self.tell_refusals().await?;
        if self.goes_on(round) {
            self.bundle(hours).await?;
            self.send_due(mailer, round, report).await?;
        }
        if hours.morning && !self.stop.is_cancelled() {
            self.foresee().await?;
        }
        Ok(())
    }

    fn goes_on(&self, round: &Round) -> bool {
        !round.is_mute() && !round.is_over() && !self.stop.is_cancelled()
    }

    async fn send_due(&self, mailer: &Mailer, round: &Round, report: &mut Report) -> Result<(), Error> {
        while self.goes_on(round) {
            let tasks = self.outbox.due(TaskKind::Mail, self.clock.now(), mails::BATCH).await?;
            if tasks.is_empty() {
                return Ok(());
            }
            let judged = self.judged(&tasks).await?;
            let mut tasks = tasks.into_iter();
            // Alone until the server has answered: one that is absent is asked once, not by several at a time.
            while !round.answers() && self.goes_on(round) {
                let Some(task) = tasks.next() else { break };
                report.add(self.deliver_mail(mailer, &task, &judged, round).await?);
            }
            let under_way = iter(tasks).map(|task| {
                let judged = &judged;
                async move { self.deliver_mail(mailer, &task, judged, round).await }
            });
            let mut under_way = under_way.buffer_unordered(mailer.connections());
            let mut failed = None;
            // Those under way are waited for, whatever became of one.
            while let Some(delivered) = under_way.next().await {
                match delivered {
                    Ok(delivered) => report.add(delivered),
                    Err(error) => {
                        round.end();
                        failed.get_or_insert(error);
                    }
                }
            }
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(())
    }

    async fn deliver_mail(
        &self,
        mailer: &Mailer,
        task: &Task,
        judged: &Judged,
        round: &Round,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        let now = self.clock.now();
        let pen = round.pen().await;
        if !self.goes_on(round) || !self.outbox.claim(task, now, later(now, mails::LEASE)).await? {
            return Ok(report);
        }
        drop(pen);
        match self.deliver_claimed(mailer, task, (judged, round), &mut report).await {
            Err(Error::Store(error @ store::Error::SetAside { .. })) => {
                wait_for_reading(&self.outbox, self.clock, task, &error, &mut report).await?;
            }
            other => other?,
        }
        Ok(report)
    }

    #[tracing::instrument(name = "mail", skip_all, fields(dossier = task.dossier, tries = task.attempts))]
    async fn deliver_claimed(
        &self,
        mailer: &Mailer,
        task: &Task,
        (judged, round): (&Judged, &Round),
        report: &mut Report,
    ) -> Result<(), Error> {
        let ready = match Box::pin(self.ready(task, judged, round)).await? {
            Ok(ready) => ready,
            Err(held) => {
                let _pen = round.pen().await;
                return self.hold(task, held, report).await;
            }
        };
        let receipt = match ready.outgoing.to.is_empty() {
            // All that may be asked have it.
            true => Ok(Receipt::default()),
            false => {
                self.activity.at(Step::MailServer);
                mailer.send(&ready.outgoing, self.clock.now()).await
            }
        };
        let _pen = round.pen().await;
        self.activity.at(Step::Store);
        match receipt {
            Ok(receipt) => {
                round.hear(&receipt);
                let left = self.settle_mail(task, &ready, receipt, report).await?;
                if !left && let Some(had) = round.had.lock().await.get_mut(&ready.reader) {
                    *had -= 1;
                }
                Ok(())
            }
            Err(error) => self.give_up_unsendable(task, &ready, &error.to_string(), report).await,
        }
    }
}
