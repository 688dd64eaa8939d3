//! Sends messages to the candidate on the platform, each at most once.
//!
//! Sending twice is worse than sending late. Before each try, the dossier's own messages are read: one that holds our
//! reference counts as sent, whatever the store says.

use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::memory::Memory;
use super::report::Report;
use super::source::{Source, source_of};
use super::standing::{self, HALTED, Halted};
use super::waiting::wait_for_reading;
use crate::activity::{Activity, Step};
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::dn;
use crate::dn::messages::Posted;
use crate::retry::{self, Doubling};
use crate::store;
use crate::store::dossiers::Dossiers;
use crate::store::journal::NewLine;
use crate::store::outbox::{NewTask, Outbox, Task, TaskEnd, TaskKind};
use label::outgoing::Message;
use label::plan::messages::wanted_messages;
use label::wording::journal::{self, EntryKind};
use label::wording::messages::title;

/// How one try ended.
enum End {
    Sent,
    /// The message was in the dossier already, or a person did what it asks for.
    Found,
    /// No longer wanted.
    Void,
    GivenUp(String),
    Later(String, Doubling),
}

/// Sends the messages on the platform: that a dossier was received, and what it lacks.
pub(super) struct Messenger<'a> {
    pub activity: &'a Activity,
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub sources: &'a [Source],
    /// `act.messages`.
    pub allowed: bool,
    pub memory: Memory<'a>,
    pub outbox: Outbox,
    pub dossiers: Dossiers,
    pub stop: &'a CancellationToken,
}

impl Messenger<'_> {
    /// The task does not hold the text, which is made again when the message is sent.
    pub(super) async fn put_message(&self, message: &Message) -> Result<(), Error> {
        let key = message.key.to_string();
        let task = NewTask {
            key: &key,
            kind: TaskKind::Message,
            dossier: message.dossier,
            role: Some("candidat"),
            rule: Some(message.rule),
            payload: "",
        };
        self.outbox.put_once(&task, self.clock.now()).await?;
        Ok(())
    }

    /// Sends every message that is due.
    ///
    /// # Errors
    /// When the platform refuses a section (token, rights), after the others were served; when the store fails. A failure
    /// on one dossier does not stop the others.
    #[tracing::instrument(name = "messages", skip_all)]
    pub async fn deliver_messages(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        if !self.allowed {
            return Ok(report);
        }
        let mut halted = Halted::new(standing::away(&self.memory.settings, self.sources).await?);
        loop {
            let mut tasks =
                self.outbox.due(TaskKind::Message, self.clock.now(), retry::messages::BATCH).await?;
            // The acknowledgement is sent before the request, even when it was tried later.
            tasks.sort_by(|a, b| a.key.cmp(&b.key));
            if tasks.is_empty() {
                return halted.end(&self.memory.settings, self.clock.now(), report).await;
            }
            for task in tasks {
                if self.stop.is_cancelled() {
                    return Ok(report);
                }
                match self.deliver_message(&task, &mut halted, &mut report).await {
                    Err(Error::Store(error @ store::Error::SetAside { .. })) => {
                        wait_for_reading(&self.outbox, self.clock, &task, &error, &mut report).await?
                    }
                    other => other?,
                }
            }
        }
    }

    async fn deliver_message(
        &self,
        task: &Task,
        halted: &mut Halted,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        if !self.outbox.claim(task, now, retry::later(now, retry::messages::LEASE)).await? {
            return Ok(());
        }
        let Some((message, source)) = self.message_for(task).await? else {
            return self.settle_message(task, "message", End::Void, report).await;
        };
        if halted.holds(&source.key()) {
            let at = retry::later(now, retry::messages::REFUSED);
            return Ok(self.outbox.untried(&task.key, HALTED, at).await?);
        }
        self.activity.at(Step::Platform);
        let end = match self.say(&message, source).await {
            Ok(end) => end,
            // Every other write of that section would be refused too.
            Err(error @ dn::Error::Refused { .. }) => {
                self.outbox
                    .later(&task.key, &error.to_string(), retry::later(now, retry::messages::REFUSED))
                    .await?;
                halted.refused(source.key(), error.under(&source.keys));
                return Ok(());
            }
            // Moved to another group, or changed since it was read: this may last long.
            Err(error @ dn::Error::Changed { .. }) => End::Later(error.to_string(), retry::messages::CHANGED),
            Err(error) => End::Later(error.to_string(), retry::messages::WAIT),
        };
        self.settle_message(task, title(&message), end, report).await
    }

    /// Reads the messages of the dossier, then sends this one unless it is there.
    async fn say(&self, message: &Message, source: &Source) -> Result<End, dn::Error> {
        let clock = self.clock;
        let Some(there) = source.dn.correspondence(message.dossier, clock).await? else {
            return Ok(End::Later(
                "the platform does not show the dossier".to_owned(),
                retry::messages::CHANGED,
            ));
        };
        let received = message.correction.is_none() && there.corrected;
        if received || there.holds(&message.reference) {
            return Ok(End::Found);
        }
        if there.archived {
            return Ok(End::GivenUp(journal::ARCHIVED.to_owned()));
        }
        if there.closed || (message.correction.is_some() && there.correction_pending) {
            return Ok(End::Void);
        }
        Ok(match source.dn.send_message(message, clock).await? {
            Posted::Sent => End::Sent,
            Posted::Pending => End::Void,
            Posted::Refused(why) => End::GivenUp(why),
        })
    }

    async fn settle_message(
        &self,
        task: &Task,
        title: &str,
        end: End,
        report: &mut Report,
    ) -> Result<(), Error> {
        let (now, number) = (self.clock.now(), task.dossier);
        let (kind, said, end) = match &end {
            End::Sent => {
                report.messaged += 1;
                (EntryKind::Message, journal::message_sent(title), TaskEnd::Done)
            }
            End::Found => (EntryKind::Message, journal::message_found(title), TaskEnd::Done),
            End::Void => (EntryKind::MessageCancelled, journal::MESSAGE_MOOT.to_owned(), TaskEnd::Cancelled),
            End::GivenUp(why) => {
                tracing::error!(dossier = number, "message to dossier {number} given up: {why}");
                report.failures.push(format!("dossier {number}: a message was given up ({why})"));
                (EntryKind::MessageGivenUp, journal::message_given_up(title, why), TaskEnd::GivenUp(why))
            }
            End::Later(why, waits) => {
                let wait = waits.after(task.attempts);
                tracing::warn!(
                    dossier = number,
                    wait_minutes = wait.as_mins(),
                    "message to dossier {number} put off: {why}"
                );
                report.failures.push(format!("dossier {number}: a message was not sent yet ({why})"));
                return Ok(self.outbox.later(&task.key, why, retry::later(now, wait)).await?);
            }
        };
        let line = NewLine::new(kind, Some(number), said);
        Ok(self.outbox.end(&task.key, end, Some(&line), now).await?)
    }

    /// The message as it should be now, with the section that sends it; `None` when it is no longer wanted.
    async fn message_for(&self, task: &Task) -> Result<Option<(Message, &Source)>, Error> {
        let scope = self.dossiers.facts_in(task.dossier).await?.map(|(_, scope)| scope);
        let Some(source) = scope.and_then(|scope| source_of(self.sources, &scope)) else { return Ok(None) };
        let Some((case, review)) = self.book.review_of(task.dossier).await? else { return Ok(None) };
        let wanted = wanted_messages(&review, &case, self.memory.since().await?);
        Ok(wanted
            .into_iter()
            .find(|message| message.key.to_string() == task.key)
            .map(|message| (message, source)))
    }
}
