//! When, how often, in which order: observe, judge, act. No rule, no SQL, no HTTP, no sentence is in this folder.
//!
//! [`Daemon`] only orders its parts; each holds the fields and the groups of the store that it needs.
//!
//! | part | does | files |
//! |---|---|---|
//! | `Observer` | reads what changed on the platform | `observer`, `observing`, `standing`, `poll`, `fetch`, `fill`, `sweep`, `reconcile`, `forms`, `exports`, `translating` |
//! | `Keeper` | reads attachments and keeps copies of them | `attachments` |
//! | `Judge` | judges cases, puts what follows in the outbox | `examine`, `lines` |
//! | `Postman` | sends mails | `postman`, `deliver`, `round`, `judged`, `ready`, `settle`, `refusals`, `bundle`, `desks`, `monthly`, `token`, `alarms`, `attestation` |
//! | `Herald` | sends webhooks to other programs | `hooks`, `noticed` |
//! | `Messenger` | sends messages to candidates on the platform | `messages` |
//! | `Scribe` | writes annotations | `annotate` |
//! | `Memory` | reads what was sent, put and refused so far | `memory` |
//!
//! Several processes may share a database of PostgreSQL: one observes and judges, all deliver (`replica`, `presence`).
//!
//! A [`source`] is a section of `[dn]`. [`schedule`] says when passes happen, [`rounds`] makes them happen. Nothing depends
//! on a tick having happened on a given day.

mod acting;
mod alarms;
mod annotate;
pub mod attachments;
mod attestation;
mod bundle;
mod coming;
mod deliver;
mod desks;
mod dossier_notices;
mod error;
mod examine;
pub mod exports;
mod fetch;
mod fill;
mod forgetting;
mod forms;
mod healing;
mod hooks;
mod judged;
mod lines;
mod memory;
mod messages;
mod month;
mod monthly;
mod morning;
mod noticed;
mod observer;
mod observing;
mod pass;
mod poll;
mod postman;
pub mod presence;
pub mod progress;
pub mod quiet;
mod reading_notices;
mod ready;
mod reconcile;
mod recorded;
mod refusals;
pub mod replica;
mod report;
mod returned;
mod round;
pub mod rounds;
pub mod schedule;
mod settle;
pub mod source;
mod standing;
mod sweep;
mod token;
mod translating;
mod waiting;

use jiff::Timestamp;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use acting::{Acting, Desk};
pub use error::Error;
pub use report::Report;
pub use schedule::Hours;

use crate::activity::Activity;
use crate::casebook::CaseBook;
use crate::hooks::Hook;
use crate::mail::Mailer;
use crate::record::forget::Terms;
use crate::store::Store;
use annotate::Scribe;
use attachments::Keeper;
use examine::Judge;
use hooks::Herald;
use memory::Memory;
use messages::Messenger;
use postman::Postman;
use progress::Progress;
use replica::{Replica, Turn};
use source::Source;

/// The parts that a pass needs.
#[derive(Debug)]
pub struct Daemon {
    pub sources: Vec<Source>,
    pub store: Store,
    pub book: CaseBook,
    pub mailer: Option<Mailer>,
    /// The receivers of notices about labels.
    pub hooks: Vec<Hook>,
    pub acting: Acting,
    pub progress: Progress,
    /// How long data of finished cases is kept.
    pub terms: Terms,
    /// The spreadsheets of the platform that are read, with a token or without.
    pub exports: Option<exports::ExportReading>,
    /// Absent: attachments are listed and not opened.
    pub reading: Option<attachments::AttachmentReading>,
    /// Once cancelled, the action under way is finished and no other is begun: no page, dossier, mail, message,
    /// annotation or notice. A daemon that was stopped does nothing more.
    pub stop: CancellationToken,
    /// This process among those that share the database.
    pub replica: Replica,
    /// What the pass under way does now.
    pub activity: Arc<Activity>,
}

impl Daemon {
    /// The store as the pass under way uses it.
    fn own(&self) -> Store {
        self.replica.own(&self.store)
    }

    /// Whether a stop was asked for.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    fn memory(&self) -> Memory<'_> {
        let store = &self.own();
        Memory {
            book: &self.book,
            clock: &self.book.clock,
            acting: &self.acting,
            settings: store.settings(),
            cases: store.cases(),
            ledger: store.ledger(),
            outbox: store.outbox(),
            writes: store.writes(),
            found: store.found(),
        }
    }

    fn keeper(&self) -> Keeper<'_> {
        let store = &self.own();
        Keeper {
            activity: &self.activity,
            sources: &self.sources,
            reading: self.reading.as_ref(),
            exports: self.exports.as_ref(),
            named: &[],
            dry_run: self.acting.dry_run,
            clock: &self.book.clock,
            files: store.files(),
            exported: store.exported(),
            asks: store.asks(),
            dossiers: store.dossiers(),
            judgements: store.judgements(),
            settings: store.settings(),
            stop: self.replica.until_overtaken(&self.stop),
        }
    }

    fn herald(&self) -> Herald<'_> {
        let store = &self.own();
        Herald {
            activity: &self.activity,
            book: &self.book,
            clock: &self.book.clock,
            hooks: &self.hooks,
            memory: self.memory(),
            outbox: store.outbox(),
            settings: store.settings(),
            judgements: store.judgements(),
            found: store.found(),
            stop: &self.stop,
        }
    }

    fn messenger(&self) -> Messenger<'_> {
        let store = &self.own();
        Messenger {
            activity: &self.activity,
            book: &self.book,
            clock: &self.book.clock,
            sources: &self.sources,
            allowed: self.acting.messages,
            memory: self.memory(),
            outbox: store.outbox(),
            dossiers: store.dossiers(),
            stop: &self.stop,
        }
    }

    fn judging(&self) -> Judge<'_> {
        let store = &self.own();
        Judge {
            activity: &self.activity,
            book: &self.book,
            clock: &self.book.clock,
            sources: &self.sources,
            acting: &self.acting,
            reads_files: self.reading.is_some(),
            memory: self.memory(),
            herald: self.herald(),
            messenger: self.messenger(),
            outbox: store.outbox(),
            ledger: store.ledger(),
            record: store.record(),
            cases: store.cases(),
            judgements: store.judgements(),
            stop: self.replica.until_overtaken(&self.stop),
        }
    }

    fn scribe(&self) -> Scribe<'_> {
        let store = &self.own();
        Scribe {
            activity: &self.activity,
            book: &self.book,
            clock: &self.book.clock,
            sources: &self.sources,
            allowed: self.acting.annotations,
            observer: self.observer(),
            memory: self.memory(),
            outbox: store.outbox(),
            writes: store.writes(),
            dossiers: store.dossiers(),
            asks: store.asks(),
            stop: &self.stop,
        }
    }

    fn postman(&self) -> Postman<'_> {
        let store = &self.own();
        Postman {
            activity: &self.activity,
            book: &self.book,
            clock: &self.book.clock,
            acting: &self.acting,
            mailer: self.mailer.as_ref(),
            observes: self.replica.observes(),
            sources: &self.sources,
            reading: self.reading.as_ref(),
            memory: self.memory(),
            herald: self.herald(),
            outbox: store.outbox(),
            ledger: store.ledger(),
            dossiers: store.dossiers(),
            judgements: store.judgements(),
            settings: store.settings(),
            writes: store.writes(),
            health: store.health(),
            register: store.register(),
            record: store.record(),
            stop: &self.stop,
        }
    }

    /// Reads each section of `[dn]` to its end.
    ///
    /// # Errors
    /// When the platform refuses or cannot answer, or the store fails; what was saved stays saved.
    pub async fn observe(&self) -> Result<Report, Error> {
        Box::pin(self.observer().observe()).await
    }

    /// Judges what is marked, and puts the actions in the outbox.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn judge(&self) -> Result<Report, Error> {
        Box::pin(self.judging().judge()).await
    }

    /// Sends the mails that are due, and the bundles that the hour calls for.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn deliver_mails(&self, hours: Hours) -> Result<Report, Error> {
        Box::pin(self.postman().deliver_mails(hours)).await
    }

    /// Sends the notices that are due.
    ///
    /// # Errors
    /// When the store fails; a failure of one receiver does not stop the others.
    pub async fn deliver_hooks(&self) -> Result<Report, Error> {
        self.herald().deliver_hooks().await
    }

    /// Has the notices of a receiver tried again that were given up since an instant; how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn notices_again(&self, hook: &Hook, since: Timestamp, now: Timestamp) -> Result<u64, Error> {
        self.herald().again(hook, since, now).await
    }

    /// Sends the messages on the platform that are due.
    ///
    /// # Errors
    /// When the platform refuses for all, or the store fails.
    pub async fn deliver_messages(&self) -> Result<Report, Error> {
        self.messenger().deliver_messages().await
    }

    /// Writes the annotations that are due.
    ///
    /// # Errors
    /// When the platform refuses for all, or the store fails.
    pub async fn deliver_annotations(&self) -> Result<Report, Error> {
        Box::pin(self.scribe().deliver_annotations()).await
    }

    /// Begins the nightly reading of each section whose last one began before `due` says.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_sweep(&self, due: impl Fn(jiff::Timestamp) -> bool) -> Result<(), Error> {
        self.observer().begin_sweep(due).await
    }

    /// Whether a reading has more to read, a first one or the nightly one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_more(&self) -> Result<bool, Error> {
        self.observer().has_more().await
    }

    /// How many tasks are taken, by this process or another, and until when.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claimed(&self) -> Result<Option<(i64, jiff::Timestamp)>, Error> {
        Ok(self.store.outbox().claimed(self.book.clock.now()).await?)
    }

    /// Whether a nightly reading is under way.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_sweeping(&self) -> Result<bool, Error> {
        self.observer().is_sweeping().await
    }
}
