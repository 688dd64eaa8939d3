//! What is to be done in the world: put once for its key, claimed by one, tried again later, or given up.

use jiff::Timestamp;
use label::outgoing::MailKey;

use super::pools::{Pools, Result, micros, on};
use super::unreadable::{Place, Readable, Unreadable};

/// The dossier of a task that concerns none: a bundle, the token, a month.
pub const NO_DOSSIER: i64 = 0;

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub key: String,
    /// « mail » or « annotation ».
    pub kind: String,
    pub dossier: i64,
    pub role: Option<String>,
    pub rule: Option<String>,
    pub payload: String,
    pub attempts: i64,
    /// Prints of the addresses that accepted the mail already.
    pub reached: String,
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

pub(super) type TaskRow = (String, String, i64, Option<String>, Option<String>, String, i64, String);

pub(super) fn task(row: TaskRow) -> Task {
    let (key, kind, dossier, role, rule, payload, attempts, reached) = row;
    Task { key, kind, dossier, role, rule, payload, attempts, reached }
}

/// What concerns no dossier (a bundle, the token, a month) has keys of its own.
pub(super) fn readable(task: Task) -> Readable<Task> {
    if task.kind != "mail" || task.dossier == NO_DOSSIER || is_mail_key(&task.key, task.dossier) {
        return Ok(task);
    }
    Err(Unreadable::of(Place::Mail, task.dossier, task.key))
}

pub(super) fn is_mail_key(key: &str, dossier: i64) -> bool {
    key.parse::<MailKey>().is_ok_and(|key| key.dossier == dossier)
}

/// The tasks of every kind: put, claimed, ended, put off.
#[derive(Clone, Debug)]
pub struct Outbox(pub(super) Pools);

impl Outbox {
    /// Puts a task; true when the key was new, or had been cancelled and is wanted again. Any other is left as it is.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_once(&self, task: &NewTask<'_>, now: Timestamp) -> Result<bool> {
        on!(&self.0, pool => {
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
        on!(&self.0, pool => {
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
        let rows: Vec<TaskRow> = on!(&self.0, pool =>
            sqlx::query_as(DUE).bind(kind).bind(micros(now)).bind(limit).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(task).map(readable)).await
    }

    /// What was told of a dossier, oldest first: the key and the payload of each finished task of a kind.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn told(&self, kind: &str, dossier: i64) -> Result<Vec<(String, String)>> {
        const SQL: &str = "select key, payload from outbox
            where dossier = $1 and kind = $2 and state = 'done' order by done_at, key";
        Ok(on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).bind(kind).fetch_all(pool).await)?)
    }

    /// Sets aside the tasks of a kind that this version does not know, which nobody would ever claim.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_unknown_aside(&self) -> Result<()> {
        const SQL: &str = "select key, dossier from outbox
            where state = 'pending' and kind not in ('mail', 'annotation', 'message', 'webhook')";
        let rows: Vec<(String, i64)> = on!(&self.0, pool => sqlx::query_as(SQL).fetch_all(pool).await)?;
        for (line, dossier) in rows {
            let dossier = (dossier != NO_DOSSIER).then_some(dossier);
            self.0.set_row_aside(&Unreadable { place: Place::Task, line, dossier }).await?;
        }
        Ok(())
    }

    /// One row changed: it is ours until `until`. A claimer that dies loses it then.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn claim(&self, key: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
        const SQL: &str = "update outbox set claimed_until = $1, attempts = attempts + 1
            where key = $2 and state = 'pending' and not_before <= $3 and claimed_until <= $3";
        on!(&self.0, pool => {
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

    pub(super) async fn finish(
        &self,
        key: &str,
        state: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        const SQL: &str =
            "update outbox set state = $1, last_error = $2, done_at = $3, claimed_until = 0 where key = $4";
        on!(&self.0, pool => sqlx::query(SQL).bind(state).bind(why).bind(micros(now)).bind(key)
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
        on!(&self.0, pool => sqlx::query(SQL).bind(micros(at)).bind(why).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// How many tasks wait, and how many will not be tried again as things stand.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn backlog(&self) -> Result<(i64, i64)> {
        const SQL: &str = "select state, count(*) from outbox
            where state in ('pending', 'given_up', 'undeliverable') group by state";
        let rows: Vec<(String, i64)> = on!(&self.0, pool => sqlx::query_as(SQL).fetch_all(pool).await)?;
        let (waiting, over): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(state, _)| state == "pending");
        let sum = |rows: Vec<(String, i64)>| rows.into_iter().map(|(_, count)| count).sum();
        Ok((sum(waiting), sum(over)))
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
    select key, kind, dossier, role, rule, payload, attempts, reached from outbox
    where state = 'pending' and lane = 'now' and kind = $1 and not_before <= $2 and claimed_until <= $2
    order by not_before, key limit $3";
