//! Act: mails from the outbox. Claimed before acting, tried again later, or given up with a reason.
//!
//! The unlucky crash is decided on purpose: a mail whose sending was not recorded leaves again with the same Message-ID,
//! for a legal deadline twice is better than never.

use jiff::{Span, Timestamp, ToSpan};

use super::token::NO_DOSSIER;
use super::{Daemon, Error, Report};
use crate::mail::{self, Outgoing};
use crate::review::agenda::Role;
use crate::review::mails::wanted_mails;
use crate::review::wording::{Letter, names};
use crate::store::outbox::Task;

/// How long a claimer has before another may take the task.
pub(super) const LEASE_MINUTES: i64 = 5;
pub(super) const BATCH: i64 = 50;

/// Whether it makes sense to hand the server another mail in this pass.
#[derive(PartialEq, Eq)]
enum Server {
    Answers,
    Mute,
}

impl Daemon {
    /// Sends every mail that is due.
    ///
    /// # Errors
    /// When the store fails; one bad mail stops no other.
    pub async fn deliver_mails(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        if !self.acting.mail || self.mailer.is_none() {
            return Ok(report);
        }
        loop {
            let tasks = self.book.store.due("mail", self.book.clock.now(), BATCH).await?;
            if tasks.is_empty() {
                return Ok(report);
            }
            for task in tasks {
                if self.deliver_mail(&task, &mut report).await? == Server::Mute {
                    // Thirty seconds for each of a hundred mails would keep everything else waiting.
                    let why =
                        "the mail server does not answer: the other mails wait for the next pass".to_owned();
                    report.failures.push(why);
                    return Ok(report);
                }
            }
        }
    }

    async fn deliver_mail(&self, task: &Task, report: &mut Report) -> Result<Server, Error> {
        let now = self.book.clock.now();
        if !self.book.store.claim(&task.key, now, plus(now, LEASE_MINUTES.minutes())).await? {
            return Ok(Server::Answers);
        }
        // Judged again at the last moment: the date may have moved, or the thing been done, since it was put.
        if !self.is_still_wanted(task).await? {
            self.book.store.cancelled(&task.key, now).await?;
            let detail = "Courriel devenu sans objet";
            self.book.store.log(now, "courriel annulé", Some(task.dossier), detail).await?;
            return Ok(Server::Answers);
        }
        let sent = match self.outgoing(task).await? {
            Ok(mail) => self.send(&mail).await.map(|refused| (mail.letter.subject, refused)),
            Err(why) => Err(mail::Error::Refused(why)),
        };
        let server = match &sent {
            Err(mail::Error::Unreachable(_)) => Server::Mute,
            _ => Server::Answers,
        };
        self.settle_mail(task, sent, report).await?;
        Ok(server)
    }

    async fn settle_mail(
        &self,
        task: &Task,
        sent: Result<(String, usize), mail::Error>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.book.clock.now();
        let number = task.dossier;
        let role = task.role.as_deref().and_then(names::role_from_key).map_or("", names::role);
        match sent {
            Ok((subject, refused)) => {
                if refused > 0 {
                    let line = format!("dossier {number}: {refused} address(es) of {role} refused for good");
                    report.failures.push(line);
                }
                self.book.store.done(&task.key, now).await?;
                self.book.store.mark_to_judge(number).await?;
                report.mailed += 1;
                self.book.store.log(now, "courriel", about(number), &format!("À {role} : {subject}")).await?;
            }
            // For as long as the mail makes sense: what no longer does is cancelled when it is claimed.
            Err(mail::Error::Later(why) | mail::Error::Unreachable(why)) => {
                let wait = 1_i64 << task.attempts.clamp(0, 8);
                tracing::warn!(
                    dossier = number,
                    wait_minutes = wait,
                    "mail of dossier {number} put off: {why}"
                );
                report.failures.push(format!(
                    "dossier {number}: a mail could not leave yet ({why}); tried again in {wait} min"
                ));
                self.book.store.later(&task.key, &why, plus(now, wait.minutes())).await?;
            }
            Err(error) => {
                let why = error.to_string();
                tracing::error!(dossier = number, "mail of dossier {number} given up: {why}");
                report.failures.push(format!("dossier {number}: a mail to {role} was given up ({why})"));
                self.book.store.given_up(&task.key, &why, now).await?;
                self.book
                    .store
                    .log(now, "courriel abandonné", about(number), &format!("À {role} : {why}"))
                    .await?;
            }
        }
        Ok(())
    }

    async fn is_still_wanted(&self, task: &Task) -> Result<bool, Error> {
        if task.dossier == NO_DOSSIER {
            return Ok(self.warning_wanted(&task.key));
        }
        let scope = self.book.store.facts_in(task.dossier).await?.map(|(_, scope)| scope);
        if scope.is_none_or(|scope| self.source_of(&scope).is_none()) {
            return Ok(false);
        }
        let Some((case, review)) = self.book.review_of(task.dossier).await? else { return Ok(false) };
        let wanted = wanted_mails(&review, &case, &self.book.frame().await?, self.since().await?);
        Ok(wanted.iter().any(|mail| mail.key == task.key))
    }

    /// The letter with its addresses, or why there is none.
    async fn outgoing(&self, task: &Task) -> Result<Result<Outgoing, String>, Error> {
        let Ok(letter) = serde_json::from_str::<Letter>(&task.payload) else {
            return Ok(Err("the letter was put by another version".to_owned()));
        };
        let to = match task.role.as_deref().and_then(names::role_from_key) {
            Some(Role::Organisme) => self.acting.organisme.clone(),
            Some(Role::Ditp) => self.acting.ditp.clone(),
            Some(Role::Candidat) => self.candidate_address(task.dossier).await?.into_iter().collect(),
            None => Vec::new(),
        };
        if to.is_empty() {
            return Ok(Err("nobody to write to: see [recipients], or the dossier's contact".to_owned()));
        }
        Ok(Ok(Outgoing::new(task.key.clone(), to, letter)))
    }

    /// The contact of the case's latest dossier: people change over three years.
    async fn candidate_address(&self, dossier: i64) -> Result<Option<String>, Error> {
        let case = self.book.review_of(dossier).await?.map(|(case, _)| case);
        Ok(case.and_then(|case| case.current().map(|facts| facts.candidate_address().to_owned())))
    }

    /// How many of its addresses were refused for good, when at least one was not.
    async fn send(&self, mail: &Outgoing) -> Result<usize, mail::Error> {
        match &self.mailer {
            Some(mailer) => mailer.send(mail, self.book.clock.now()).await,
            None => Err(mail::Error::Refused("no mail server".to_owned())),
        }
    }
}

/// What concerns no dossier names none in the journal.
fn about(number: i64) -> Option<i64> {
    (number != NO_DOSSIER).then_some(number)
}

pub(super) fn plus(now: Timestamp, span: Span) -> Timestamp {
    now.saturating_add(span).unwrap_or(now)
}
