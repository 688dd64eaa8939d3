//! What is to be done in the world: put once for its key, claimed by one, tried again later, or given up.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Result, Store, micros, on, timestamp};

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub key: String,
    /// « mail » or « annotation ».
    pub kind: String,
    pub dossier: i64,
    pub role: Option<String>,
    pub payload: String,
    pub attempts: i64,
}

/// A thing to put.
#[derive(Clone, Debug)]
pub struct NewTask<'a> {
    pub key: &'a str,
    pub kind: &'a str,
    pub dossier: i64,
    pub role: Option<&'a str>,
    pub rule: Option<&'a str>,
    pub payload: &'a str,
}

/// A mail that was put, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub key: String,
    pub dossier: i64,
    pub role: String,
    pub rule: String,
    pub payload: String,
    pub state: String,
    pub last_error: Option<String>,
    pub at: Timestamp,
}

type TaskRow = (String, String, i64, Option<String>, String, i64);
type SentRow =
    (String, i64, Option<String>, Option<String>, String, String, Option<String>, i64, Option<i64>);

fn sent(row: SentRow) -> Sent {
    let (key, dossier, role, rule, payload, state, last_error, created_at, done_at) = row;
    let at = timestamp(done_at.unwrap_or(created_at));
    Sent {
        key,
        dossier,
        role: role.unwrap_or_default(),
        rule: rule.unwrap_or_default(),
        payload,
        state,
        last_error,
        at,
    }
}

impl Store {
    /// Puts a task; true when the key was new, or had been cancelled and is wanted again. Any other is left as it is.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_once(&self, task: &NewTask<'_>, now: Timestamp) -> Result<bool> {
        on!(self, pool => {
            let done = sqlx::query(PUT_ONCE)
                .bind(task.key).bind(task.kind).bind(task.dossier).bind(task.role).bind(task.rule).bind(task.payload)
                .bind(micros(now)).execute(pool).await?;
            Ok(done.rows_affected() == 1)
        })
    }

    /// Puts a task that may come back (annotations): a finished one becomes pending again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_again(&self, task: &NewTask<'_>, now: Timestamp) -> Result<()> {
        on!(self, pool => {
            sqlx::query(PUT_AGAIN)
                .bind(task.key).bind(task.kind).bind(task.dossier).bind(task.role).bind(task.rule).bind(task.payload)
                .bind(micros(now)).execute(pool).await?;
            Ok(())
        })
    }

    /// Tasks of a kind that may be tried now, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due(&self, kind: &str, now: Timestamp, limit: i64) -> Result<Vec<Task>> {
        let rows: Vec<TaskRow> = on!(self, pool =>
            sqlx::query_as(DUE).bind(kind).bind(micros(now)).bind(limit).fetch_all(pool).await)?;
        Ok(rows
            .into_iter()
            .map(|(key, kind, dossier, role, payload, attempts)| Task {
                key,
                kind,
                dossier,
                role,
                payload,
                attempts,
            })
            .collect())
    }

    /// One row changed: it is ours until `until`. A claimer that dies loses it then.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn claim(&self, key: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        const SQL: &str = "update outbox set claimed_until = $1, attempts = attempts + 1
            where key = $2 and state = 'pending' and not_before <= $3 and claimed_until <= $3";
        on!(self, pool => {
            let done = sqlx::query(SQL).bind(micros(until)).bind(key).bind(micros(now)).execute(pool).await?;
            Ok(done.rows_affected() == 1)
        })
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn done(&self, key: &str, now: Timestamp) -> Result<()> {
        self.finish(key, "done", None, now).await
    }

    /// No longer wanted: the date moved, the thing was done.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn cancelled(&self, key: &str, now: Timestamp) -> Result<()> {
        self.finish(key, "cancelled", None, now).await
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn given_up(&self, key: &str, why: &str, now: Timestamp) -> Result<()> {
        self.finish(key, "given_up", Some(why), now).await
    }

    async fn finish(&self, key: &str, state: &str, why: Option<&str>, now: Timestamp) -> Result<()> {
        const SQL: &str =
            "update outbox set state = $1, last_error = $2, done_at = $3, claimed_until = 0 where key = $4";
        on!(self, pool => sqlx::query(SQL).bind(state).bind(why).bind(micros(now)).bind(key)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Lets a claimed task go, to be tried again at `at`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn later(&self, key: &str, why: &str, at: Timestamp) -> Result<()> {
        const SQL: &str =
            "update outbox set not_before = $1, last_error = $2, claimed_until = 0 where key = $3";
        on!(self, pool => sqlx::query(SQL).bind(micros(at)).bind(why).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Keys of all mails put for a dossier and not cancelled since: the ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mail_keys(&self, dossier: i64) -> Result<BTreeSet<String>> {
        const SQL: &str =
            "select key from outbox where dossier = $1 and kind = 'mail' and state <> 'cancelled'";
        let rows: Vec<(String,)> =
            on!(self, pool => sqlx::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }

    /// Mails of a dossier that went out, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mails_sent(&self, dossier: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(self, pool => sqlx::query_as(MAILS_SENT).bind(dossier).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(sent).collect())
    }

    /// The latest mails, sent, waiting or given up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn latest_mails(&self, limit: i64) -> Result<Vec<Sent>> {
        let rows: Vec<SentRow> =
            on!(self, pool => sqlx::query_as(LATEST_MAILS).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(sent).collect())
    }

    /// How many tasks wait, and how many were given up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn backlog(&self) -> Result<(i64, i64)> {
        const SQL: &str = "select count(*) from outbox where state = $1";
        let count = |state: &'static str| async move {
            let row: (i64,) = on!(self, pool => sqlx::query_as(SQL).bind(state).fetch_one(pool).await)?;
            Ok::<i64, super::Error>(row.0)
        };
        Ok((count("pending").await?, count("given_up").await?))
    }
}

const PUT_ONCE: &str = "
    insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at)
    values ($1, $2, $3, $4, $5, $6, 'pending', $7, 0, 0, $7)
    on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before
    where outbox.state = 'cancelled'";

const PUT_AGAIN: &str = "
    insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at)
    values ($1, $2, $3, $4, $5, $6, 'pending', $7, 0, 0, $7)
    on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before
    where outbox.state <> 'pending'";

const DUE: &str = "
    select key, kind, dossier, role, payload, attempts from outbox
    where state = 'pending' and kind = $1 and not_before <= $2 and claimed_until <= $2
    order by not_before, key limit $3";

const MAILS_SENT: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where dossier = $1 and kind = 'mail' and state = 'done' order by done_at, key";

const LATEST_MAILS: &str = "
    select key, dossier, role, rule, payload, state, last_error, created_at, done_at from outbox
    where kind = 'mail' order by coalesce(done_at, created_at) desc, key limit $1";
