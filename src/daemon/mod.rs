//! When, how often, in which order: observe, judge, act. No rule, no SQL, no HTTP, no sentence stands here.
//!
//! One [`Daemon::pass`] reads what changed ([`poll`], [`fetch`], [`fill`] at first contact, [`reconcile`] for what no
//! cursor shows), judges it ([`examine`]) and does what follows ([`deliver`], `annotate`). A [`source`] is a section of `[dn]`.
//! [`schedule`] says when passes happen. Nothing depends on a tick having happened on a given day.

mod annotate;
pub mod attachments;
mod attestation;
mod bundle;
pub mod deliver;
pub mod examine;
mod fetch;
mod fill;
mod hooks;
mod lines;
mod messages;
mod monthly;
pub mod poll;
pub mod progress;
mod ready;
mod reconcile;
pub mod rounds;
pub mod schedule;
pub mod source;
mod token;

use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use crate::casebook::CaseBook;
use crate::dn;
use crate::hooks::Hook;
use crate::mail::Mailer;
use crate::retry::passes;
use crate::store;
use label::outgoing::Action;
use progress::Progress;
use source::Source;

/// What may be done without a person.
#[derive(Clone, Debug)]
pub struct Acting {
    pub annotations: bool,
    pub mail: bool,
    /// Messages to the candidate on the platform.
    pub messages: bool,
    /// Prints instead of doing.
    pub dry_run: bool,
    /// Deadlines that ended before this day are never mailed; absent: the day of the first pass.
    pub since: Option<Date>,
    /// Last days of the tokens in use.
    pub token_ends: Vec<Date>,
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    /// Mails that one reader is sent by themselves in a day; what is past it comes in one.
    pub mails_per_day: u32,
}

/// What the hour of a pass calls for, beside observing and judging what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The morning has come: living cases of an earlier day are judged again.
    pub morning: bool,
    /// The hour of the certification body's digest has come.
    pub digest: bool,
    /// The hour of DITP's monthly report has come.
    pub monthly: bool,
}

impl Hours {
    /// Everything that a day holds: for a single pass, a demo, a test.
    pub const ALL: Hours = Hours { morning: true, digest: true, monthly: true };
}

/// The parts that a pass needs.
#[derive(Debug)]
pub struct Daemon {
    pub sources: Vec<Source>,
    pub book: CaseBook,
    pub mailer: Option<Mailer>,
    /// Programs that are told what happens to labels.
    pub hooks: Vec<Hook>,
    pub acting: Acting,
    pub progress: Progress,
    /// Absent: attachments are listed and not opened.
    pub reading: Option<attachments::Reading>,
    /// Cancelled, the action in hand is finished and no other is begun: no page, dossier, mail, message, annotation or
    /// notice. A daemon that was stopped does nothing more.
    pub stop: CancellationToken,
}

/// Why a pass stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Dn(#[from] dn::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("no form was ever read: the platform must be reached once")]
    NoForm,
}

/// What a pass did, and what went wrong without stopping it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub observed: usize,
    pub changed: usize,
    pub judged: usize,
    pub annotated: usize,
    pub mailed: usize,
    pub messaged: usize,
    /// Notices that receivers accepted.
    pub notified: usize,
    /// One clear line each; a pass with any is not a full success.
    pub failures: Vec<String>,
    /// With `dry_run`: what would have been done.
    pub would_do: Vec<Action>,
}

impl Report {
    /// Adds up what two parts of a pass did; a failure is said once.
    pub fn add(&mut self, other: Report) {
        self.observed += other.observed;
        self.changed += other.changed;
        self.judged += other.judged;
        self.annotated += other.annotated;
        self.mailed += other.mailed;
        self.messaged += other.messaged;
        self.notified += other.notified;
        for failure in other.failures {
            if !self.failures.contains(&failure) {
                self.failures.push(failure);
            }
        }
        self.would_do.extend(other.would_do);
    }
}

impl Daemon {
    /// Whether a stop was asked for.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    async fn all_filled(&self) -> Result<bool, Error> {
        for source in &self.sources {
            let position = self.book.store.pages().position(&source.key()).await?;
            if !position.is_some_and(|position| position.filled) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One full pass: observe, judge, act, and again until nothing is left to do now. What we wrote is read back,
    /// so that the next pass begins with nothing changed.
    ///
    /// # Errors
    /// When the platform refuses or cannot answer, or the store fails; what was saved stays saved.
    pub async fn pass(&self, hours: Hours) -> Result<Report, Error> {
        let mut total = Report::default();
        for _ in 0..passes::ROUNDS {
            if self.is_stopping() {
                break;
            }
            let mut round = match self.observe().await {
                Ok(round) => round,
                // The platform is away, the calendar is not: what is due today leaves on what was last read. Not so in
                // the middle of a first reading, where what was deposited may simply not have been met yet.
                Err(error @ Error::Dn(dn::Error::Later { .. }))
                    if !self.acting.dry_run && self.all_filled().await? =>
                {
                    if hours.morning {
                        self.begin_day().await?;
                    }
                    self.judge().await?;
                    if hours.monthly {
                        self.put_monthly().await?;
                    }
                    self.deliver_mails(hours).await?;
                    self.deliver_hooks().await?;
                    return Err(error);
                }
                Err(error) => return Err(error),
            };
            round.add(self.read_attachments().await?);
            if hours.morning {
                self.begin_day().await?;
            }
            round.add(self.judge().await?);
            if self.acting.dry_run {
                total.add(round);
                return Ok(total);
            }
            // After the judgement, which keeps the register.
            if hours.monthly {
                self.put_monthly().await?;
            }
            round.add(self.deliver_mails(hours).await?);
            round.add(self.deliver_hooks().await?);
            round.add(self.deliver_messages().await?);
            // A mail that left may belong in the journal annotation.
            round.add(self.judge().await?);
            round.add(self.deliver_annotations().await?);
            let acted = round.annotated + round.messaged > 0;
            total.add(round);
            if !acted || self.is_stopping() {
                break;
            }
        }
        Ok(total)
    }

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
            self.book.store.settings().set("last_pass", &self.book.clock.now().to_string()).await?;
        }
        let counter = if outcome.is_ok() { "passes/done" } else { "passes/failed" };
        self.book.store.health().count(counter).await?;
        self.book.store.settings().set("last_error", &said).await?;
        outcome
    }

    /// The day of the first pass is kept: it bounds what is mailed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn since(&self) -> Result<Date, Error> {
        if let Some(since) = self.acting.since {
            return Ok(since);
        }
        if let Some(day) = self.book.store.settings().read("since").await? {
            return Ok(day);
        }
        let today = self.book.clock.today();
        self.book.store.settings().set("since", &today.to_string()).await?;
        Ok(today)
    }

    /// Marks the living cases whose last judgement is of an earlier day: the whole reminder engine.
    async fn begin_day(&self) -> Result<(), Error> {
        let today = self.book.clock.today();
        self.warn_of_token().await?;
        let marked = self.book.store.judgements().new_day(today).await?;
        if marked > 0 {
            tracing::debug!(dossiers = marked, day = %today, "a new day: judging {marked} dossiers of living cases again");
        }
        Ok(())
    }
}
