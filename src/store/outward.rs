//! The keys of what was put otherwise than as mail: messages on the platform.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::lists::among;
use super::outbox::{Outbox, TaskKind};
use super::pools::{Result, micros, on, timestamp};
use super::sql;
use super::unreadable::{Place, SET_ASIDE, Unreadable};
use label::outgoing::{MessageKey, NoticeKind};

type PutRow = (i64, String, String, String, Option<i64>);

impl Outbox {
    /// What was put of a kind for these dossiers and not cancelled since, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn put_for(&self, kind: TaskKind, dossiers: &[i64]) -> Result<Vec<PutTask>> {
        if dossiers.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<PutRow> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(
                "select dossier, key, payload, state, done_at from outbox where state <> 'cancelled' and kind = ");
            query.push_bind(kind.word()).push(" and dossier in (");
            among(&mut query, dossiers);
            query.push(" order by dossier, done_at, key").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let task = |(dossier, key, payload, state, done_at): PutRow| {
            let reached = match state.as_str() {
                "done" => Reached::Told,
                "given_up" => Reached::GivenUp(timestamp(done_at.unwrap_or_default())),
                "pending" => Reached::Waiting,
                _ => Reached::Unknown,
            };
            PutTask { dossier, key, payload, reached }
        };
        Ok(rows.into_iter().map(task).collect())
    }

    /// Keys of all messages put for these dossiers and not cancelled since. One that this version cannot read is set
    /// aside.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn message_keys(&self, dossiers: &[i64]) -> Result<BTreeSet<MessageKey>> {
        if dossiers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<(String, String, i64)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select key, state, dossier from outbox
                where kind = 'message' and state <> 'cancelled' and dossier in (");
            among(&mut query, dossiers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        // Rows that were set aside are on the health page already.
        let known = rows.into_iter().filter_map(|(key, state, dossier)| match key.parse::<MessageKey>() {
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
            on!(&self.0, pool => sql::query_as(SQL).bind(key).fetch_optional(pool).await)?;
        Ok(row.is_some())
    }

    /// Records that the body of a notice that was sent cannot be read: what it told is not corrected.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_notice_aside(&self, key: &str, dossier: i64) -> Result<()> {
        self.0.set_row_aside(&Unreadable::of(Place::Notice, dossier, key)).await
    }

    /// Whether a receiver accepted a notice after an instant; its tasks begin with `prefix`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn accepted_after(&self, prefix: &str, at: Timestamp) -> Result<bool> {
        const SQL: &str = "select count(*) from outbox where state = 'done' and kind = 'webhook'
            and substr(key, 1, length($1)) = $1 and done_at > $2";
        let (count,): (i64,) = on!(&self.0, pool =>
            sql::query_as(SQL).bind(prefix).bind(micros(at)).fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// Puts again the notices of a receiver that were given up since an instant; how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn notices_again(&self, prefix: &str, since: Timestamp, now: Timestamp) -> Result<u64> {
        const SQL: &str =
            "update outbox set state = 'pending', attempts = 0, last_error = null, done_at = null,
                claimed_until = 0, not_before = $3
            where kind = 'webhook' and state = 'given_up' and substr(key, 1, length($1)) = $1
                and coalesce(done_at, created_at) >= $2";
        Ok(
            on!(&self.0, pool => sql::query(SQL).bind(prefix).bind(micros(since)).bind(micros(now)).execute(pool)
            .await.map(|done| done.rows_affected()))?,
        )
    }

    /// Marks the dossiers with a corrective notice that a receiver did not take: it can be called.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn judge_given_up(&self, prefix: &str, kind: NoticeKind) -> Result<()> {
        const SQL: &str = "update dossiers set dirty = $1, revision = revision + 1 where number in (
            select dossier from outbox where state = 'given_up' and kind = 'webhook'
            and substr(key, 1, length($2)) = $2 and key like '%/' || $3 || '/%')";
        on!(&self.0, pool => sql::query(SQL).bind(true).bind(prefix).bind(kind.as_str()).execute(pool)
            .await.map(|_| ()))?;
        Ok(())
    }
}

/// Whether a task reached its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Told,
    Waiting,
    /// It is not tried again: given up at that instant.
    GivenUp(Timestamp),
    /// Its row was set aside.
    Unknown,
}

/// A task that was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutTask {
    pub dossier: i64,
    pub key: String,
    pub payload: String,
    pub reached: Reached,
}
