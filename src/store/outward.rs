//! The keys of what was put otherwise than as mail: messages on the platform.

use std::collections::BTreeSet;

use super::outbox::{Outbox, TaskKind};
use super::pools::{Result, on};
use super::unreadable::{Place, SET_ASIDE, Unreadable};
use label::outgoing::MessageKey;

impl Outbox {
    /// Keys of all tasks of a kind put for a dossier and not cancelled since.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn keys_of(&self, kind: TaskKind, dossier: i64) -> Result<BTreeSet<String>> {
        const SQL: &str = "select key from outbox where dossier = $1 and kind = $2 and state <> 'cancelled'";
        let rows: Vec<(String,)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).bind(kind.word()).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }

    /// Keys of all messages put for a dossier and not cancelled since. One that this version cannot read is set aside.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn message_keys(&self, dossier: i64) -> Result<BTreeSet<MessageKey>> {
        const SQL: &str = "select key, state from outbox where dossier = $1 and kind = 'message'
            and state <> 'cancelled'";
        let rows: Vec<(String, String)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        // Rows that were set aside are on the health page already.
        let known = rows.into_iter().filter_map(|(key, state)| match key.parse::<MessageKey>() {
            Ok(known) if known.dossier == dossier => Some(Ok(known)),
            _ if state == SET_ASIDE => None,
            _ => Some(Err(Unreadable::of(Place::Message, dossier, key))),
        });
        Ok(self.0.readable(known).await?.into_iter().collect())
    }

    /// Whether a task was put under this key and not cancelled since.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_put(&self, key: &str) -> Result<bool> {
        const SQL: &str = "select key from outbox where key = $1 and state <> 'cancelled'";
        let row: Option<(String,)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(key).fetch_optional(pool).await)?;
        Ok(row.is_some())
    }

    /// Records that the body of a notice that was sent cannot be read: what it told is not corrected.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_notice_aside(&self, key: &str, dossier: i64) -> Result<()> {
        self.0.set_row_aside(&Unreadable::of(Place::Notice, dossier, key)).await
    }

    /// Tasks of a kind put for a dossier that did not reach anybody: those that wait, and those that were given up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn untold(&self, kind: TaskKind, dossier: i64) -> Result<Vec<UntoldTask>> {
        const SQL: &str = "select key, payload, state from outbox
            where dossier = $1 and kind = $2 and state in ('pending', 'given_up') order by key";
        let rows: Vec<(String, String, String)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).bind(kind.word()).fetch_all(pool).await)?;
        let task = |(key, payload, state)| UntoldTask { key, payload, given_up: state == "given_up" };
        Ok(rows.into_iter().map(task).collect())
    }
}

/// A task that did not reach anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntoldTask {
    pub key: String,
    pub payload: String,
    /// It is not tried again.
    pub given_up: bool,
}
