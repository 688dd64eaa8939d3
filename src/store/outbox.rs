//! Tasks with an effect outside the program: put once for each key, claimed by one process, tried again later, or given
//! up.

use jiff::Timestamp;

use super::journal::{NewLine, add_lines};
use super::many_rows::{insert_rows, last_of_each};
use super::observed::Begin as _;
use super::pools::{Pools, Result, micros, on, timestamp};
use super::sql;
use super::unreadable::{Place, Readable, Unreadable};
use crate::retry::annotations;
use label::judge::agenda::Role;
use label::outgoing::{MailKey, MessageKey};
use label::wording::journal::{self, EntryKind};
use label::wording::names::role_from_key;

/// The dossier of a task that concerns none: a bundle, the token, a month.
pub const NO_DOSSIER: i64 = 0;

/// The kind of a task. The text of each variant is stored: a variant may be added, no text may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    Mail,
    Annotation,
    /// To the candidate, on the platform.
    Message,
    Webhook,
}

impl TaskKind {
    pub const ALL: [TaskKind; 4] =
        [TaskKind::Mail, TaskKind::Annotation, TaskKind::Message, TaskKind::Webhook];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            TaskKind::Mail => "mail",
            TaskKind::Annotation => "annotation",
            TaskKind::Message => "message",
            TaskKind::Webhook => "webhook",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<TaskKind> {
        TaskKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub key: String,
    pub kind: TaskKind,
    pub dossier: i64,
    pub role: Option<String>,
    pub rule: Option<String>,
    pub payload: String,
    pub attempts: i64,
    /// Hashes of the addresses that accepted the mail already.
    pub reached: String,
    /// A process took it and ended before it noted what became of it.
    pub interrupted: bool,
    /// When the server first refused for good what a mail says.
    pub refused_at: Option<Timestamp>,
}

impl Task {
    /// The dossier that it is about; none for a bundle, the token, a month.
    #[must_use]
    pub fn about(&self) -> Option<i64> {
        (self.dossier != NO_DOSSIER).then_some(self.dossier)
    }

    /// The reader of a mail; `None` for a task that another version wrote.
    #[must_use]
    pub fn reader(&self) -> Option<Role> {
        self.role.as_deref().and_then(role_from_key)
    }

    /// A line of the journal that names this task by its key.
    #[must_use]
    pub fn line(&self, kind: EntryKind, detail: impl Into<String>, answer: &str) -> NewLine {
        NewLine {
            role: self.role.clone(),
            rule: self.rule.clone(),
            key: Some(self.key.clone()),
            answer: Some(answer.to_owned()),
            ..NewLine::new(kind, self.about(), detail)
        }
    }
}

/// How a task ends that is no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskEnd<'a> {
    Done,
    /// No longer wanted: the date changed, the thing was done.
    Cancelled,
    GivenUp(&'a str),
}

/// A task to put.
#[derive(Clone, Debug)]
pub struct NewTask<'a> {
    pub key: &'a str,
    pub kind: TaskKind,
    pub dossier: i64,
    pub role: Option<&'a str>,
    pub rule: Option<&'a str>,
    pub payload: &'a str,
}

pub(super) type TaskRow =
    (String, String, i64, Option<String>, Option<String>, String, i64, String, i64, Option<i64>);

/// What concerns no dossier (a bundle, the token, a month) has keys of its own.
pub(super) fn task(row: TaskRow) -> Readable<Task> {
    let (key, word, dossier, role, rule, payload, attempts, reached, claimed_until, refused_at) = row;
    let Some(kind) = TaskKind::from_word(&word) else {
        return Err(Unreadable::of(Place::Task, dossier, key));
    };
    let is_mail_key = || key.parse::<MailKey>().is_ok_and(|key| key.dossier == dossier);
    if kind == TaskKind::Mail && dossier != NO_DOSSIER && !is_mail_key() {
        return Err(Unreadable::of(Place::Mail, dossier, key));
    }
    let is_message_key = || key.parse::<MessageKey>().is_ok_and(|key| key.dossier == dossier);
    if kind == TaskKind::Message && !is_message_key() {
        return Err(Unreadable::of(Place::Message, dossier, key));
    }
    let interrupted = claimed_until > 0;
    let refused_at = refused_at.map(timestamp);
    Ok(Task { key, kind, dossier, role, rule, payload, attempts, reached, interrupted, refused_at })
}

/// The tasks of every kind: put, claimed, ended, put off.
#[derive(Clone, Debug)]
pub struct Outbox(pub(super) Pools);

impl Outbox {
    /// How many may write at once without waiting for each other.
    #[must_use]
    pub fn writers(&self) -> usize {
        match &self.0 {
            Pools::Sqlite(_) => 1,
            #[cfg(feature = "postgres")]
            Pools::Postgres(_) => usize::try_from(crate::retry::store::POSTGRES_CONNECTIONS).unwrap_or(1),
        }
    }

    /// Puts a task; true when the key was new, or had been cancelled and is wanted again. Any other is left as it is.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_once(&self, task: &NewTask<'_>, now: Timestamp) -> Result<bool> {
        self.put(task, now, false).await
    }

    /// The same for a correction: one that was given up is put again too.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_correction(&self, task: &NewTask<'_>, now: Timestamp) -> Result<bool> {
        self.put(task, now, true).await
    }

    async fn put(&self, task: &NewTask<'_>, now: Timestamp, given_up_too: bool) -> Result<bool> {
        on!(&self.0, pool => {
            let done = sql::query(PUT_ONCE)
                .bind(task.key).bind(task.kind.word()).bind(task.dossier).bind(task.role).bind(task.rule).bind(task.payload)
                .bind(micros(now)).bind(given_up_too).execute(pool).await?;
            Ok(done.rows_affected() == 1)
        })
    }

    /// Puts a task that may come back (annotations): a finished one becomes pending again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_again(&self, task: &NewTask<'_>, now: Timestamp) -> Result<()> {
        self.put_all_once_read(std::slice::from_ref(task), now, now).await
    }

    /// The same of many; while attachments of a dossier are still to be read, its task waits until `at_last`. One that waits
    /// already waits no longer than it did, and no more once they are read.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn put_all_once_read(
        &self,
        tasks: &[NewTask<'_>],
        now: Timestamp,
        at_last: Timestamp,
    ) -> Result<()> {
        if tasks.is_empty() {
            return Ok(());
        }
        let (now, at_last) = (micros(now), micros(at_last));
        let tasks = last_of_each(tasks.iter(), |task| task.key);
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            insert_rows!(tx, tasks, PUT_AGAIN, |line, task| {
                line.push_bind(task.key).push_bind(task.kind.word()).push_bind(task.dossier).push_bind(task.role)
                    .push_bind(task.rule).push_bind(task.payload).push("'pending'")
                    .push("case when exists (select 1 from asks where number = ").push_bind_unseparated(task.dossier)
                    .push_unseparated(" and why = 'files' and attempts < ")
                    .push_bind_unseparated(annotations::FILE_TRIES)
                    .push_unseparated(") then ").push_bind_unseparated(at_last)
                    .push_unseparated(" else ").push_bind_unseparated(now).push_unseparated(" end")
                    .push("0, 0").push_bind(now)
            });
            tx.commit().await?;
            Ok(())
        })
    }

    /// Tasks of a kind that may be tried now, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due(&self, kind: TaskKind, now: Timestamp, limit: i64) -> Result<Vec<Task>> {
        let rows: Vec<TaskRow> = on!(&self.0, pool =>
            sql::query_as(DUE).bind(kind.word()).bind(micros(now)).bind(limit).fetch_all(pool).await)?;
        self.0.readable(rows.into_iter().map(task)).await
    }

    /// Sets aside the tasks of a kind that this version does not know, which no process would ever claim.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn set_unknown_aside(&self) -> Result<()> {
        let rows: Vec<(String, i64)> = on!(&self.0, pool => {
            let mut query =
                sqlx::QueryBuilder::new("select key, dossier from outbox where state = 'pending' and kind not in (");
            let mut known = query.separated(", ");
            for kind in TaskKind::ALL {
                known.push_bind(kind.word());
            }
            query.push(")");
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        for (line, dossier) in rows {
            let dossier = (dossier != NO_DOSSIER).then_some(dossier);
            self.0.set_row_aside(&Unreadable { place: Place::Task, line, dossier }).await?;
        }
        Ok(())
    }

    /// Claims a task until `until`; true when it was free. A process that dies holds its claim until then, and whoever
    /// claims it next notes that the act may have been done.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn claim(&self, task: &Task, now: Timestamp, until: Timestamp) -> Result<bool> {
        const SQL: &str = "update outbox set claimed_until = $1, attempts = attempts + 1, claimed_by = $4
            where key = $2 and state = 'pending' and not_before <= $3 and claimed_until <= $3";
        let line = task.line(EntryKind::Interrupted, journal::INTERRUPTED, "");
        let lines = if task.interrupted { std::slice::from_ref(&line) } else { &[] };
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let done = sql::query(SQL).bind(micros(until)).bind(&task.key).bind(micros(now)).bind(self.0.by())
                .execute(&mut *tx).await?.rows_affected() == 1;
            if done {
                add_lines!(tx, now, lines);
            }
            tx.commit().await?;
            Ok(done)
        })
    }

    /// Ends a task, with the line that says so.
    ///
    /// # Errors
    /// When the store cannot be written: neither is then kept.
    pub async fn end(
        &self,
        key: &str,
        end: TaskEnd<'_>,
        line: Option<&NewLine>,
        now: Timestamp,
    ) -> Result<()> {
        let (state, why) = match end {
            TaskEnd::Done => ("done", None),
            TaskEnd::Cancelled => ("cancelled", None),
            TaskEnd::GivenUp(why) => ("given_up", Some(why)),
        };
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            sql::query(FINISH).bind(state).bind(why).bind(micros(now)).bind(key).execute(&mut *tx).await?;
            add_lines!(tx, now, line.as_slice());
            tx.commit().await?;
            Ok(())
        })
    }

    /// How many tasks a process has taken and not ended, and until when the last of them is its own; `None` when there
    /// is none. A process that was killed keeps what it took until then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn claimed(&self, now: Timestamp) -> Result<Option<(i64, Timestamp)>> {
        const SQL: &str = "select count(*), max(claimed_until) from outbox
            where state = 'pending' and claimed_until > $1";
        let (count, until): (i64, Option<i64>) =
            on!(&self.0, pool => sql::query_as(SQL).bind(micros(now)).fetch_one(pool).await)?;
        Ok(until.map(|until| (count, timestamp(until))))
    }

    /// Releases a claimed task, to be tried again at `at`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn later(&self, key: &str, why: &str, at: Timestamp) -> Result<()> {
        const SQL: &str =
            "update outbox set not_before = $1, last_error = $2, claimed_until = 0 where key = $3";
        on!(&self.0, pool => sql::query(SQL).bind(micros(at)).bind(why).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Lets a claimed task go that could not be tried: as [`later`](Self::later), and its attempt does not count.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn untried(&self, key: &str, why: &str, at: Timestamp) -> Result<()> {
        const SQL: &str = "update outbox set not_before = $1, last_error = $2, claimed_until = 0,
            attempts = case when attempts > 0 then attempts - 1 else 0 end where key = $3";
        on!(&self.0, pool => sql::query(SQL).bind(micros(at)).bind(why).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// A claimed task waits for a better hour: this is neither a try nor an error.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn wait_until(&self, key: &str, at: Timestamp) -> Result<()> {
        const SQL: &str = "update outbox set not_before = $1, claimed_until = 0,
            attempts = case when attempts > 0 then attempts - 1 else 0 end where key = $2";
        on!(&self.0, pool => sql::query(SQL).bind(micros(at)).bind(key).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Whether a task was done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_done(&self, key: &str) -> Result<bool> {
        const SQL: &str = "select count(*) from outbox where key = $1 and state = 'done'";
        let (count,): (i64,) = on!(&self.0, pool => sql::query_as(SQL).bind(key).fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// Whether a task of this kind is still to be done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn has_pending(&self, kind: TaskKind) -> Result<bool> {
        const SQL: &str = "select count(*) from (select 1 from outbox where state = 'pending' and kind = $1 limit 1) as one";
        let (count,): (i64,) =
            on!(&self.0, pool => sql::query_as(SQL).bind(kind.word()).fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// How many tasks wait, and how many will not be tried again as things stand.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn backlog(&self) -> Result<(i64, i64)> {
        const SQL: &str = "select state, count(*) from outbox
            where state in ('pending', 'given_up', 'undeliverable') group by state";
        let rows: Vec<(String, i64)> = on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        let (waiting, over): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(state, _)| state == "pending");
        let sum = |rows: Vec<(String, i64)>| rows.into_iter().map(|(_, count)| count).sum();
        Ok((sum(waiting), sum(over)))
    }
}

pub(super) const FINISH: &str =
    "update outbox set state = $1, last_error = $2, done_at = $3, claimed_until = 0 where key = $4";

const PUT_ONCE: &str = "
    insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at)
    values ($1, $2, $3, $4, $5, $6, 'pending', $7, 0, 0, $7)
    on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before
    where outbox.state = 'cancelled' or (outbox.state = 'given_up' and $8)";

const PUT_AGAIN: (&str, &str) = (
    "insert into outbox (key, kind, dossier, role, rule, payload, state, not_before, claimed_until, attempts, created_at) ",
    " on conflict (key) do update set payload = excluded.payload, state = 'pending', attempts = 0, last_error = null,
        not_before = excluded.not_before
    where outbox.state <> 'pending' or (outbox.attempts = 0 and outbox.claimed_until = 0
        and outbox.not_before > excluded.not_before)",
);

const DUE: &str = "
    select key, kind, dossier, role, rule, payload, attempts, reached, claimed_until, refused_at from outbox
    where state = 'pending' and lane = 'now' and kind = $1 and not_before <= $2 and claimed_until <= $2
    order by not_before, key limit $3";
