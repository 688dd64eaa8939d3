//! What vigie stores. The only folder that holds SQL: one text for SQLite and PostgreSQL.
//!
//! It may name `label`'s types, never a rule. [`Store`] is opened once; its methods are reached by groups, so that a
//! part of the program holds what it needs and no more (code that lists cases cannot settle a mail). A group is cheap
//! to make and to clone.
//!
//! | group | files | what it is |
//! |---|---|---|
//! | [`Store::settings`] | [`settings`] | texts by name |
//! | [`Store::asks`] | [`asks`] | what is to be asked for by number: a dossier, or the attachments of one |
//! | [`Store::access`] | [`calendars`] | the calendars that people subscribed to |
//! | [`Store::sessions`] | [`sessions`], [`views`] | who is signed in, and the lists that people named |
//! | [`Store::tokens`] | [`tokens`] | the tokens of programs that read the API |
//! | [`Store::judgements`] | [`judgement`], `changes`, `judged_rows`, `judged_print`, `marks` | what is to be judged, and what a judgement leaves |
//! | [`Store::cases`] | [`cases`], [`judgement`], [`rules`] | the cases as they were last judged; reads only |
//! | [`Store::agenda`] | [`deadlines`] | the deadlines of cases; reads only |
//! | [`Store::dossiers`] | [`dossiers`], [`families`], `reported`, `vanished`, [`pages`] | the facts of each dossier, its family, the marks of its report, and what of it has vanished |
//! | [`Store::files`] | [`evidence`], `tables` | attachments: inspections, copies, tables that were read |
//! | [`Store::journal`] | [`journal`] | the journal: what was done, and by which answer |
//! | [`Store::writes`] | [`writes`] | the values that were written in annotations, and those that the platform refused |
//! | [`Store::ledger`] | [`ledger`], [`carried`], [`mails`], [`refusals`], [`coming`], [`settled`] | the mails: put, bundled, sent, refused, to come, stopped; overdue deadlines that a person found settled |
//! | [`Store::outbox`] | [`outbox`], [`outward`] | the tasks of every kind: put, claimed, ended, put off |
//! | [`Store::health`] | [`overview`] | counts for the health page and the metrics |
//! | [`Store::pages`] | [`pages`], [`position`], [`sweep`] | the pages that were read, and the position of each reading |
//! | [`Store::forgetting`] | [`forget`], [`terms`] | erases what is over, or was asked to be forgotten |
//! | [`Store::record`] | [`record`], [`chain`], [`rules`] | what was judged and done, append-only, each entry with the hash of the one before |
//! | [`Store::replicas`] | [`replicas`], [`session`] | the processes that share a database: who observes, who is there, their share of the quota |
//! | [`Store::register`] | [`register`], [`identifiers`], [`behind`], [`measures`], [`year`] | the labelled services, their names in open files, the statistics and what is behind each figure; reads only |
//! | [`Store::work`] | [`work`], [`labels`], [`services`], [`narrowed`], [`search`], [`lines_of`] | the work list, the labels, all services, and what they are narrowed to; reads only |
//!
//! [`of_body`] keeps a group that reads to the cases of one certification body.
//!
//! Portable subset: natural keys, instants as microseconds, days and JSON as text, `$1` placeholders, `on conflict`.

pub mod asks;
mod awarded;
pub mod backup;
mod base_file;
pub mod behind;
pub mod calendars;
pub mod carried;
pub mod cases;
pub mod chain;
mod changes;
pub mod coming;
pub mod deadlines;
mod decisions;
#[cfg(feature = "postgres")]
mod direct;
pub mod dossiers;
mod establishments;
pub mod evidence;
pub mod exported;
pub mod families;
mod fault_words;
pub mod forget;
pub mod found;
pub mod healing;
pub mod identifiers;
pub mod journal;
mod judged_print;
mod judged_rows;
pub mod judgement;
pub mod labels;
pub mod ledger;
pub mod lines_of;
mod lists;
pub mod loose;
pub mod mails;
mod many_rows;
mod marks;
mod measured;
pub mod measures;
mod month;
pub mod narrowed;
mod observed;
pub mod of_body;
pub mod outbox;
pub mod outward;
pub mod overview;
pub mod pages;
#[cfg(feature = "postgres")]
mod pooler;
mod pools;
pub mod position;
pub mod record;
pub mod refusals;
pub mod register;
pub mod replicas;
mod reported;
pub mod returned;
pub mod room;
pub mod rules;
mod running;
pub mod search;
#[cfg(feature = "postgres")]
mod server;
pub mod services;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod settled;
mod sizes;
mod sql;
mod sqlite;
pub mod sweep;
mod tables;
pub mod terms;
pub mod tokens;
mod unopened;
pub mod unreadable;
mod vanished;
pub mod views;
pub mod work;
pub mod writes;
pub mod year;

use std::sync::Arc;

use asks::Asks;
use base_file::Modes;
use calendars::Subscriptions;
use cases::Cases;
use deadlines::Agenda;
use dossiers::Dossiers;
use evidence::Files;
use forget::Forgetting;
use found::FoundRows;
use healing::Healing;
use journal::Journal;
use judgement::Judgements;
use ledger::Ledger;
use of_body::OfBody;
use outbox::Outbox;
use overview::Health;
use pools::Pools;
use position::Pages;
use record::Record;
use register::Register;
use replicas::Replicas;
use sessions::Sessions;
use settings::StoredSettings;
use tokens::Tokens;
use work::WorkList;
use writes::Writes;

pub(crate) use pools::timestamp;
pub use pools::{Error, Result, json};

/// The store, on one of its two engines; a clone names the same one.
#[derive(Clone, Debug)]
pub struct Store(Pools);

impl Store {
    /// Opens the store and brings it up to date. `sqlite::memory:` lives as long as the value.
    ///
    /// # Errors
    /// A scheme that is neither, a base that cannot be reached, a migration that fails, a schema that a newer version
    /// wrote ([`Error::Newer`]; nothing is then changed).
    pub async fn open(url: &str) -> Result<Store> {
        Store::open_with(url, None).await
    }

    /// The same. `direct`: the address of PostgreSQL itself, where `url` leads to a pooler, for what a pooler cannot do.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(url: &str, direct: Option<&str>) -> Result<Store> {
        Ok(Store(Box::pin(Pools::open(url, direct, Modes::Closed)).await?))
    }

    /// The same, for a look: a file that everybody may read is left open to them.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_as_it_is(url: &str, direct: Option<&str>) -> Result<Store> {
        Ok(Store(Box::pin(Pools::open(url, direct, Modes::Kept)).await?))
    }

    /// The same store, in the name of a process, and for what it observes under a lease (0: none is compared).
    #[must_use]
    pub fn of(&self, by: &Arc<str>, fence: i64) -> Store {
        Store(self.0.of(by, fence))
    }

    /// A session that holds the lock `key`; `None` where there can be none.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn session(&self, key: i64) -> Result<Option<session::Session>> {
        session::Session::open(&self.0, key).await
    }

    #[must_use]
    pub fn engine(&self) -> &'static str {
        self.0.engine()
    }

    #[must_use]
    pub fn settings(&self) -> StoredSettings {
        StoredSettings(self.0.clone())
    }

    #[must_use]
    pub fn asks(&self) -> Asks {
        Asks(self.0.clone())
    }

    #[must_use]
    pub fn exported(&self) -> exported::Exported {
        exported::Exported(self.0.clone())
    }

    #[must_use]
    pub fn access(&self) -> Subscriptions {
        Subscriptions(self.0.clone())
    }

    #[must_use]
    pub fn replicas(&self) -> Replicas {
        Replicas(self.0.clone())
    }

    #[must_use]
    pub fn sessions(&self) -> Sessions {
        Sessions(self.0.clone())
    }

    #[must_use]
    pub fn tokens(&self) -> Tokens {
        Tokens(self.0.clone())
    }

    #[must_use]
    pub fn judgements(&self) -> Judgements {
        Judgements(self.0.clone())
    }

    #[must_use]
    pub fn found(&self) -> FoundRows {
        FoundRows(self.0.clone())
    }

    #[must_use]
    pub fn cases(&self) -> Cases {
        Cases(self.0.clone())
    }

    #[must_use]
    pub fn agenda(&self) -> Agenda {
        Agenda(self.0.clone(), OfBody::default())
    }

    #[must_use]
    pub fn dossiers(&self) -> Dossiers {
        Dossiers(self.0.clone())
    }

    #[must_use]
    pub fn files(&self) -> Files {
        Files(self.0.clone())
    }

    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal(self.0.clone())
    }

    #[must_use]
    pub fn writes(&self) -> Writes {
        Writes(self.0.clone())
    }

    #[must_use]
    pub fn ledger(&self) -> Ledger {
        Ledger(self.0.clone())
    }

    #[must_use]
    pub fn outbox(&self) -> Outbox {
        Outbox(self.0.clone())
    }

    #[must_use]
    pub fn health(&self) -> Health {
        Health(self.0.clone())
    }

    #[must_use]
    pub fn pages(&self) -> Pages {
        Pages(self.0.clone())
    }

    #[must_use]
    pub fn forgetting(&self) -> Forgetting {
        Forgetting(self.0.clone())
    }

    #[must_use]
    pub fn healing(&self) -> Healing {
        Healing(self.0.clone())
    }

    #[must_use]
    pub fn record(&self) -> Record {
        Record(self.0.clone())
    }

    #[must_use]
    pub fn register(&self) -> Register {
        Register(self.0.clone(), OfBody::default())
    }

    #[must_use]
    pub fn work(&self) -> WorkList {
        WorkList(self.0.clone())
    }
}
