//! The journal, append-only, and the record of what was written in annotations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use super::outbox::{NO_DOSSIER, Task};
use super::pools::{Pools, Result, micros, on, timestamp};
use super::unreadable::{Place, known_key};
use crate::retry::store as limits;
use label::case::keys::Key;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub at: Timestamp,
    pub kind: String,
    pub dossier: Option<i64>,
    /// French, for people; no address, no person's name.
    pub detail: String,
}

/// What a line about a mail says besides: which mail, of which rule, and the server's answer.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub dossier: Option<i64>,
    pub detail: &'a str,
    pub role: Option<&'a str>,
    pub rule: Option<&'a str>,
    pub key: &'a str,
    pub answer: &'a str,
}

impl<'a> Told<'a> {
    #[must_use]
    pub fn of(task: &'a Task, detail: &'a str, answer: &'a str) -> Told<'a> {
        // What concerns no dossier names none in the journal.
        let dossier = (task.dossier != NO_DOSSIER).then_some(task.dossier);
        let (role, rule) = (task.role.as_deref(), task.rule.as_deref());
        Told { dossier, detail, role, rule, key: &task.key, answer }
    }
}

/// One line with all its columns, for export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub entry: Entry,
    pub role: Option<String>,
    pub rule: Option<String>,
    pub key: Option<String>,
    pub answer: Option<String>,
}

type LineRow = (
    String,
    i64,
    String,
    Option<i64>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn line(row: LineRow) -> Line {
    let (id, at, kind, dossier, detail, role, rule, key, answer) = row;
    let entry = Entry { at: timestamp(at), kind, dossier, detail };
    Line { id, entry, role, rule, key, answer }
}

/// Sorts after every earlier entry of this process at the same instant.
pub(super) fn next_id(now: Timestamp) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{:020}-{:08}-{:08x}", micros(now), count, std::process::id())
}

/// The journal: what was done, and by which answer.
#[derive(Clone, Debug)]
pub struct Journal(pub(super) Pools);

impl Journal {
    /// # Errors
    /// When the store cannot be written.
    pub async fn log(&self, now: Timestamp, kind: &str, dossier: Option<i64>, detail: &str) -> Result<()> {
        const SQL: &str = "insert into journal (id, at, kind, dossier, detail) values ($1, $2, $3, $4, $5)";
        on!(&self.0, pool => sqlx::query(SQL).bind(next_id(now)).bind(micros(now)).bind(kind).bind(dossier).bind(detail)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// A line about a mail.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn log_told(&self, now: Timestamp, kind: &str, told: &Told<'_>) -> Result<()> {
        const SQL: &str = "insert into journal (id, at, kind, dossier, detail, role, rule, key, answer)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on!(&self.0, pool => sqlx::query(SQL).bind(next_id(now)).bind(micros(now)).bind(kind).bind(told.dossier)
            .bind(told.detail).bind(told.role).bind(told.rule).bind(told.key).bind(told.answer)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// A page of the journal with all its columns, oldest first, after the line `after`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn lines(
        &self,
        after: &str,
        dossier: Option<i64>,
        since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Line>> {
        const SQL: &str = "select id, at, kind, dossier, detail, role, rule, key, answer from journal
            where id > $1 and at >= $2 and ($3 = 0 or dossier = $3) order by id limit $4";
        let rows: Vec<LineRow> = on!(&self.0, pool => sqlx::query_as(SQL).bind(after).bind(micros(since))
            .bind(dossier.unwrap_or(0)).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(line).collect())
    }

    /// The latest entries, newest first; of one dossier or of all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn entries(&self, dossier: Option<i64>, limit: i64) -> Result<Vec<Entry>> {
        const ALL: &str = "select at, kind, dossier, detail from journal order by id desc limit $1";
        const ONE: &str =
            "select at, kind, dossier, detail from journal where dossier = $2 order by id desc limit $1";
        type Row = (i64, String, Option<i64>, String);
        let rows: Vec<Row> = match dossier {
            None => on!(&self.0, pool => sqlx::query_as(ALL).bind(limit).fetch_all(pool).await)?,
            Some(number) => {
                on!(&self.0, pool => sqlx::query_as(ONE).bind(limit).bind(number).fetch_all(pool).await)?
            }
        };
        let entry = |(at, kind, dossier, detail)| Entry { at: timestamp(at), kind, dossier, detail };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// A page of entries, newest first, older than the entry `before`; each with its id. A dossier or a kind narrows it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn page(
        &self,
        kind: Option<&str>,
        dossier: Option<i64>,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<(String, Entry)>> {
        type Row = (String, i64, String, Option<i64>, String);
        let rows: Vec<Row> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select id, at, kind, dossier, detail from journal where id < ");
            // Ids are digits and dashes: every one of them comes before this.
            query.push_bind(before.unwrap_or("~").to_owned());
            if let Some(kind) = kind {
                query.push(" and kind = ").push_bind(kind.to_owned());
            }
            if let Some(dossier) = dossier {
                query.push(" and dossier = ").push_bind(dossier);
            }
            query.push(" order by id desc limit ").push_bind(limit);
            query.build_query_as().fetch_all(pool).await
        })?;
        let entry =
            |(id, at, kind, dossier, detail)| (id, Entry { at: timestamp(at), kind, dossier, detail });
        Ok(rows.into_iter().map(entry).collect())
    }

    /// The kinds of entries that there are, one look-up each.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn kinds(&self) -> Result<Vec<String>> {
        const SQL: &str = "
            with recursive kinds (kind) as (
                select min(kind) from journal
                union all
                select (select min(journal.kind) from journal where journal.kind > kinds.kind)
                from kinds where kinds.kind is not null
            )
            select kind from kinds where kind is not null";
        let rows: Vec<(String,)> = on!(&self.0, pool => sqlx::query_as(SQL).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(kind,)| kind).collect())
    }
}

/// The values that were written in annotations, and those that the platform refused.
#[derive(Clone, Debug)]
pub struct Writes(pub(super) Pools);

impl Writes {
    /// Values that are not to be tried again in this dossier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stuck(&self, dossier: i64) -> Result<BTreeSet<(i64, Key, String)>> {
        const SQL: &str = "select key, value from refused where dossier = $1";
        let rows: Vec<(String, String)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        let known =
            |(key, value): (String, String)| Ok((dossier, known_key(Place::Refused, dossier, &key)?, value));
        Ok(self.0.readable(rows.into_iter().map(known)).await?.into_iter().collect())
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn refused(
        &self,
        dossier: i64,
        key: Key,
        value: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        const SQL: &str = "insert into refused (dossier, key, value, why, at) values ($1, $2, $3, $4, $5)
            on conflict (dossier, key, value) do update set why = excluded.why, at = excluded.at";
        on!(&self.0, pool => sqlx::query(SQL).bind(dossier).bind(key.name()).bind(value).bind(why).bind(micros(now))
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// The form changed: what it refused may now be accepted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget_refusals(&self) -> Result<()> {
        on!(&self.0, pool => {
            sqlx::query("delete from refused").execute(pool).await?;
            sqlx::query("delete from written").execute(pool).await?;
            Ok(())
        })
    }

    /// What was last written in each annotation of a dossier, as prints.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_written(&self, dossier: i64) -> Result<BTreeMap<Key, String>> {
        const SQL: &str = "select key, value from written where dossier = $1";
        let rows: Vec<(String, String)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        let known = |(key, value): (String, String)| Ok((known_key(Place::Written, dossier, &key)?, value));
        Ok(self.0.readable(rows.into_iter().map(known)).await?.into_iter().collect())
    }

    /// Notes that a value was written. After three writes of the same value in a row, which somebody or something
    /// undoes each time, it is left alone; returns true when that happens.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn wrote(&self, dossier: i64, key: Key, value: &str, now: Timestamp) -> Result<bool> {
        const SQL: &str = "insert into written (dossier, key, value, times) values ($1, $2, $3, 1)
            on conflict (dossier, key) do update set
                times = case when written.value = excluded.value then written.times + 1 else 1 end,
                value = excluded.value
            returning times";
        let (times,): (i64,) = on!(&self.0, pool =>
            sqlx::query_as(SQL).bind(dossier).bind(key.name()).bind(value).fetch_one(pool).await)?;
        if times < limits::WRITES {
            return Ok(false);
        }
        let why = "the value was written three times and does not hold";
        self.refused(dossier, key, value, why, now).await?;
        Ok(true)
    }
}
