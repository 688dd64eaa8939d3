//! Sends the mails of the outbox. Each is claimed, checked again just before it is sent, and then sent, tried again
//! later, or given up with a reason. [`super::bundle`] puts several in one, [`super::ready`] makes them.
//!
//! After a crash between the sending and its record, the mail is sent again with the same Message-ID: a reminder of a legal
//! deadline sent twice does less harm than one that is not sent.

use std::collections::BTreeSet;

use super::error::Error;
use super::postman::Postman;
use super::ready::{NotSent, Ready};
use super::report::Report;
use super::schedule::Hours;
use super::waiting::wait_for_reading;
use crate::casebook::print;
use crate::mail::{MailError, Receipt};
use crate::retry::{later, mails};
use crate::store;
use crate::store::journal::NewLine;
use crate::store::ledger::{Ending, Fate, PutOff};
use crate::store::outbox::{Task, TaskKind};
use label::outgoing::Letter;
use label::wording::journal::{self, EntryKind};
use label::wording::names;

/// Whether another mail is sent to the server in this pass.
#[derive(PartialEq, Eq)]
enum Server {
    Answers,
    Mute,
}

impl Postman<'_> {
    /// Sends every mail that is due, then the bundles that the hour calls for.
    ///
    /// # Errors
    /// When the store fails; a failure of one mail does not stop the others.
    pub async fn deliver_mails(&self, hours: Hours) -> Result<Report, Error> {
        let mut report = Report::default();
        if !self.acting.mail || self.mailer.is_none() {
            return Ok(report);
        }
        if self.send_due(&mut report).await? == Server::Answers && !self.stop.is_cancelled() {
            self.bundle(hours).await?;
            self.send_due(&mut report).await?;
        }
        Ok(report)
    }

    async fn send_due(&self, report: &mut Report) -> Result<Server, Error> {
        loop {
            let tasks = self.outbox.due(TaskKind::Mail, self.clock.now(), mails::BATCH).await?;
            if tasks.is_empty() {
                return Ok(Server::Answers);
            }
            for task in tasks {
                if self.stop.is_cancelled() {
                    return Ok(Server::Answers);
                }
                let server = match self.deliver_mail(&task, report).await {
                    Err(Error::Store(error @ store::Error::SetAside { .. })) => {
                        wait_for_reading(&self.outbox, self.clock, &task, &error, report).await?;
                        Server::Answers
                    }
                    other => other?,
                };
                if server == Server::Mute {
                    // Waiting for the time limit at each of a hundred mails would delay everything else.
                    let why =
                        "the mail server does not answer: the other mails wait for the next pass".to_owned();
                    report.failures.push(why);
                    return Ok(Server::Mute);
                }
            }
        }
    }

    async fn deliver_mail(&self, task: &Task, report: &mut Report) -> Result<Server, Error> {
        let now = self.clock.now();
        if !self.outbox.claim(task, now, later(now, mails::LEASE)).await? {
            return Ok(Server::Answers);
        }
        let ready = match self.ready(task).await? {
            Ok(ready) => ready,
            Err(held) => {
                self.hold(task, held, report).await?;
                return Ok(Server::Answers);
            }
        };
        let receipt = match self.mailer {
            Some(mailer) => mailer.send(&ready.outgoing, now).await,
            None => Err(MailError::Refused("no mail server".to_owned())),
        };
        match receipt {
            Ok(receipt) => {
                let mute = receipt.later.as_ref().is_some_and(MailError::is_mute);
                self.settle_mail(task, &ready, receipt, report).await?;
                Ok(if mute { Server::Mute } else { Server::Answers })
            }
            Err(error) => {
                self.give_up(task, Fate::GivenUp, (&error.to_string(), Some(&ready.reader)), report).await?;
                Ok(Server::Answers)
            }
        }
    }

    async fn hold(&self, task: &Task, held: NotSent, report: &mut Report) -> Result<(), Error> {
        let now = self.clock.now();
        match held {
            NotSent::Overflow(reader) => Ok(self.ledger.overflow(&task.key, &reader).await?),
            NotSent::Moot => {
                let line = task.line(EntryKind::MailCancelled, journal::MAIL_MOOT, "");
                Ok(self.ledger.settle(&task.key, &Ending::of(Fate::Cancelled, None), &[line], now).await?)
            }
            NotSent::Unknown => {
                let why = "the central service has no dossier here";
                let line = task.line(EntryKind::MailGivenUp, journal::NO_CENTRAL, "");
                Ok(self.ledger.settle(&task.key, &Ending::of(Fate::GivenUp, Some(why)), &[line], now).await?)
            }
            NotSent::Undeliverable(why, reader) => {
                self.give_up(task, Fate::Undeliverable, (&why, Some(&reader)), report).await
            }
            // The print of nobody: whoever is to be written to later is another reader.
            NotSent::Impossible(why) => self.give_up(task, Fate::GivenUp, (&why, Some("")), report).await,
        }
    }

    async fn give_up(
        &self,
        task: &Task,
        fate: Fate,
        (why, reader): (&str, Option<&str>),
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let number = task.dossier;
        let role = role_name(task);
        tracing::error!(dossier = number, "mail of dossier {number} given up: {why}");
        report.failures.push(format!("dossier {number}: a mail to {role} was given up ({why})"));
        let line = task.line(EntryKind::MailGivenUp, journal::mail(task.reader(), why), "");
        let end = Ending { recipient: reader, ..Ending::of(fate, Some(why)) };
        Ok(self.ledger.settle(&task.key, &end, &[line], now).await?)
    }

    async fn settle_mail(
        &self,
        task: &Task,
        ready: &Ready,
        receipt: Receipt,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let number = task.dossier;
        let accepted = receipt.accepted.iter().map(|(address, _)| print(address));
        let reached: Vec<String> =
            task.reached.split_whitespace().map(str::to_owned).chain(accepted).collect();
        if let Some(why) = receipt.later {
            // There is no last try: a mail that is no longer wanted is cancelled when it is claimed.
            let wait = mails::WAIT.after(task.attempts);
            let minutes = wait.as_mins();
            tracing::warn!(
                dossier = number,
                wait_minutes = minutes,
                "mail of dossier {number} put off: {why}"
            );
            report.failures.push(format!(
                "dossier {number}: a mail could not leave yet ({why}); tried again in {minutes} min"
            ));
            let lines = left_so_far(task, ready, &receipt.accepted, &why);
            let (why, at) = (why.to_string(), later(now, wait));
            let put_off = PutOff { why: &why, reached: &reached.join(" "), at };
            return Ok(self.ledger.later_for_some(&task.key, &put_off, &lines, now).await?);
        }
        if reached.is_empty() {
            return self.refused(task, &ready.reader, &receipt.refused, report).await;
        }
        if !receipt.refused.is_empty() {
            let (count, role) = (receipt.refused.len(), role_name(task));
            report.failures.push(format!("dossier {number}: {count} address(es) of {role} refused for good"));
        }
        let answer = receipt.accepted.first().map_or("", |(_, answer)| answer);
        self.sent(task, ready, answer).await?;
        report.mailed += 1;
        Ok(())
    }

    async fn sent(&self, task: &Task, ready: &Ready, answer: &str) -> Result<(), Error> {
        let now = self.clock.now();
        let carried = self.ledger.bundled(&task.key).await?;
        let end = Ending {
            recipient: Some(&ready.reader),
            answer: Some(answer),
            payload: Some(&ready.payload),
            ..Ending::of(Fate::Sent, None)
        };
        let to = task.reader();
        let said = journal::mail(to, &ready.outgoing.letter.subject);
        let mut lines = vec![task.line(EntryKind::Mail, said, answer)];
        for task in &carried {
            let subject = serde_json::from_str::<Letter>(&task.payload).map(|letter| letter.subject);
            lines.push(task.line(
                EntryKind::Mail,
                journal::carried(to, &subject.unwrap_or_default()),
                answer,
            ));
        }
        self.ledger.settle(&task.key, &end, &lines, now).await?;
        Ok(self.ledger.judge_lost(&ready.reader).await?)
    }

    /// Every address refused. A service's is recorded, so that it is not tried again and the body is informed.
    async fn refused(
        &self,
        task: &Task,
        reader: &str,
        refused: &[(String, String)],
        report: &mut Report,
    ) -> Result<(), Error> {
        let why = refused.first().map_or("nobody to write to", |(_, why)| why);
        let why = format!("refused for good: {why}");
        let outward = matches!(task.role.as_deref(), Some("candidat" | "central"));
        let Some((address, _)) = refused.first().filter(|_| outward) else {
            return self.give_up(task, Fate::GivenUp, (&why, Some(reader)), report).await;
        };
        let carried = self.ledger.bundled(&task.key).await?;
        let dossier = carried.first().map_or(task.dossier, |task| task.dossier);
        self.ledger.refuse_address(&print(address), dossier, &why, self.clock.now()).await?;
        // The next judgement of each tells the body.
        for dossier in carried.iter().filter_map(Task::about).chain(task.about()).collect::<BTreeSet<i64>>() {
            self.judgements.mark_to_judge(dossier).await?;
        }
        self.give_up(task, Fate::Undeliverable, (&why, Some(reader)), report).await
    }
}

/// The lines of a mail that is tried again: to some of its addresses it left, to one it may have.
fn left_so_far(task: &Task, ready: &Ready, accepted: &[(String, String)], why: &MailError) -> Vec<NewLine> {
    let subject = &ready.outgoing.letter.subject;
    let some = accepted
        .first()
        .map(|(_, answer)| task.line(EntryKind::Mail, journal::mail_to_some(task.reader(), subject), answer));
    let unheard = matches!(why, MailError::Unheard(_));
    let perhaps = unheard.then(|| task.line(EntryKind::Interrupted, journal::UNHEARD, ""));
    some.into_iter().chain(perhaps).collect()
}

fn role_name(task: &Task) -> &'static str {
    task.reader().map_or("", names::role)
}
