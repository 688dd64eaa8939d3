//! The journal, append-only.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde::Serialize;

use super::chain::{EntryType, NewEntry, said};
use super::pools::{Pools, Result, micros, on, timestamp};
use super::sql;
use label::wording::journal::EntryKind;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    pub at: Timestamp,
    /// The word of an [`EntryKind`]; that of a line of another version is shown as it is.
    pub kind: String,
    pub dossier: Option<i64>,
    /// French, for people; no address, no person's name save of somebody who decided on the pages.
    pub detail: String,
}

impl JournalEntry {
    #[must_use]
    pub fn is(&self, kind: EntryKind) -> bool {
        self.kind == kind.word()
    }
}

/// A line to write; for a mail, with which mail, of which rule, and the server's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    pub kind: EntryKind,
    pub dossier: Option<i64>,
    /// French, for people; no address, no person's name save of somebody who decided on the pages.
    pub detail: String,
    pub role: Option<String>,
    pub rule: Option<String>,
    pub key: Option<String>,
    pub answer: Option<String>,
}

impl NewLine {
    #[must_use]
    pub fn new(kind: EntryKind, dossier: Option<i64>, detail: impl Into<String>) -> NewLine {
        let detail = detail.into();
        NewLine { kind, dossier, detail, role: None, rule: None, key: None, answer: None }
    }
}

/// What the record keeps of a line of the journal that tells of an act: which line, and a hash of what it says. The text
/// stays in the journal alone, from where it can be erased.
#[derive(Serialize)]
struct Act<'a> {
    line: &'a str,
    what: &'a str,
    key: Option<&'a str>,
    rule: Option<&'a str>,
    role: Option<&'a str>,
    said: String,
}

/// The entry of an act; `None` for a line that tells of none.
pub(super) fn act(id: &str, line: &NewLine, now: Timestamp) -> Option<NewEntry> {
    if !line.kind.is_act() {
        return None;
    }
    let act = Act {
        line: id,
        what: line.kind.word(),
        key: line.key.as_deref(),
        rule: line.rule.as_deref(),
        role: line.role.as_deref(),
        said: said(&line.detail, line.answer.as_deref()),
    };
    let body = serde_json::json!(act).to_string();
    let day = label::paris_date(now);
    Some(NewEntry { day, kind: EntryType::Act, case: None, dossier: line.dossier, body })
}

/// Adds lines to the journal in the transaction of the change that they report, as its last statements. A line that tells
/// of an act has its entry in the record.
macro_rules! add_lines {
    ($tx:expr, $now:expr, $lines:expr) => {
        let (mut acts, mut added) = (Vec::new(), Vec::new());
        for line in $lines {
            let line: &$crate::store::journal::NewLine = line;
            let id = $crate::store::journal::next_id($now);
            acts.extend($crate::store::journal::act(&id, line, $now));
            added.push((id, line));
        }
        $crate::store::many_rows::insert_rows!($tx, added, $crate::store::journal::ADD_LINE, |row, one| {
            let (id, line) = one;
            row.push_bind(id)
                .push_bind($crate::store::pools::micros($now))
                .push_bind(line.kind.word())
                .push_bind(line.dossier)
                .push_bind(&line.detail)
                .push_bind(&line.role)
                .push_bind(&line.rule)
                .push_bind(&line.key)
                .push_bind(&line.answer);
        });
        $crate::store::record::append_entries!($tx, $now, acts);
    };
}
pub(super) use add_lines;

pub(super) const ADD_LINE: (&str, &str) =
    ("insert into journal (id, at, kind, dossier, detail, role, rule, key, answer) ", "");

/// One line with all its columns, for export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedLine {
    pub id: String,
    pub entry: JournalEntry,
    pub role: Option<String>,
    pub rule: Option<String>,
    pub key: Option<String>,
    pub answer: Option<String>,
}

type ExportedRow = (
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

fn line(row: ExportedRow) -> ExportedLine {
    let (id, at, kind, dossier, detail, role, rule, key, answer) = row;
    let entry = JournalEntry { at: timestamp(at), kind, dossier, detail };
    ExportedLine { id, entry, role, rule, key, answer }
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
    pub async fn log(
        &self,
        now: Timestamp,
        kind: EntryKind,
        dossier: Option<i64>,
        detail: &str,
    ) -> Result<()> {
        const SQL: &str = "insert into journal (id, at, kind, dossier, detail) values ($1, $2, $3, $4, $5)";
        on!(&self.0, pool => sql::query(SQL).bind(next_id(now)).bind(micros(now)).bind(kind.word()).bind(dossier).bind(detail)
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
    ) -> Result<Vec<ExportedLine>> {
        const SQL: &str = "select id, at, kind, dossier, detail, role, rule, key, answer from journal
            where id > $1 and at >= $2 and ($3 = 0 or dossier = $3) order by id limit $4";
        let rows: Vec<ExportedRow> = on!(&self.0, pool => sql::query_as(SQL).bind(after).bind(micros(since))
            .bind(dossier.unwrap_or(0)).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(line).collect())
    }

    /// The latest entries, newest first; of one dossier or of all.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn entries(&self, dossier: Option<i64>, limit: i64) -> Result<Vec<JournalEntry>> {
        const ALL: &str = "select at, kind, dossier, detail from journal order by id desc limit $1";
        const ONE: &str =
            "select at, kind, dossier, detail from journal where dossier = $2 order by id desc limit $1";
        type EntryRow = (i64, String, Option<i64>, String);
        let rows: Vec<EntryRow> = match dossier {
            None => on!(&self.0, pool => sql::query_as(ALL).bind(limit).fetch_all(pool).await)?,
            Some(number) => {
                on!(&self.0, pool => sql::query_as(ONE).bind(limit).bind(number).fetch_all(pool).await)?
            }
        };
        let entry = |(at, kind, dossier, detail)| JournalEntry { at: timestamp(at), kind, dossier, detail };
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
    ) -> Result<Vec<(String, JournalEntry)>> {
        type NamedEntryRow = (String, i64, String, Option<i64>, String);
        let rows: Vec<NamedEntryRow> = on!(&self.0, pool => {
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
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let entry =
            |(id, at, kind, dossier, detail)| (id, JournalEntry { at: timestamp(at), kind, dossier, detail });
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
        let rows: Vec<(String,)> = on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(kind,)| kind).collect())
    }
}
