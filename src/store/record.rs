//! The record: entries in a chain, and the contents that they name by their hash. Nothing of it is ever changed, save
//! that a content is erased when its time is over.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::chain::RecordEntry;
use super::pools::{Pools, Result, on, timestamp};
use super::sql;

/// What a content is. Its word is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// A version of the facts of one dossier.
    Facts,
    /// All else that a judgement used of a case.
    Case,
    /// Readings, forms, days off.
    Frame,
    /// What was said.
    Statement,
}

impl ContentKind {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ContentKind::Facts => "facts",
            ContentKind::Case => "case",
            ContentKind::Frame => "frame",
            ContentKind::Statement => "statement",
        }
    }
}

/// A content to keep; one whose hash is known is not written again.
#[derive(Clone, Debug)]
pub struct NewContent {
    pub hash: String,
    pub kind: ContentKind,
    pub subject: Option<i64>,
    pub packed: Vec<u8>,
}

/// A content as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptContent {
    /// `None` once it was erased.
    pub packed: Option<Vec<u8>>,
    pub erased: Option<Timestamp>,
}

/// What a line of the journal says of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActLine {
    pub detail: String,
    pub answer: Option<String>,
    pub erased: bool,
}

/// Appends entries within a transaction, as its last statements: the row of the head is locked until it ends.
macro_rules! append_entries {
    ($tx:expr, $now:expr, $entries:expr) => {
        let entries: Vec<$crate::store::chain::NewEntry> = $entries;
        if let Ok(count @ 1..) = i64::try_from(entries.len()) {
            let (last, previous): (i64, String) =
                $crate::store::sql::query_as($crate::store::record::TAKE_HEAD)
                    .bind(count)
                    .fetch_one(&mut *$tx)
                    .await?;
            let chained = $crate::store::chain::chained(last - count, &previous, $now, entries);
            // One statement holds 200 rows of nine values: the engines bound the number of values.
            for page in chained.chunks(200) {
                let mut query = sqlx::QueryBuilder::new($crate::store::record::APPEND);
                query.push_values(page, |mut row, entry| {
                    row.push_bind(entry.seq)
                        .push_bind($crate::store::pools::micros(entry.at))
                        .push_bind(&entry.day)
                        .push_bind(&entry.kind)
                        .push_bind(entry.case)
                        .push_bind(entry.dossier)
                        .push_bind(&entry.body)
                        .push_bind(&entry.previous)
                        .push_bind(&entry.hash);
                });
                query.build().persistent($crate::store::sql::persistent()).execute(&mut *$tx).await?;
            }
            if let Some(entry) = chained.last() {
                $crate::store::sql::query($crate::store::record::SET_HEAD)
                    .bind(&entry.hash)
                    .execute(&mut *$tx)
                    .await?;
            }
        }
    };
}
pub(super) use append_entries;

/// Keeps contents within a transaction.
macro_rules! keep_contents {
    ($tx:expr, $now:expr, $contents:expr) => {
        let contents = $crate::store::many_rows::last_of_each(
            $contents.into_iter(),
            |content: &&$crate::store::record::NewContent| content.hash.as_str(),
        );
        $crate::store::many_rows::insert_rows!(
            $tx,
            contents,
            $crate::store::record::KEEP,
            |line, content| {
                line.push_bind(&content.hash)
                    .push_bind(content.kind.word())
                    .push_bind(content.subject)
                    .push_bind(&content.packed)
                    .push_bind($crate::store::pools::micros($now));
            }
        );
    };
}
pub(super) use keep_contents;

pub(super) const TAKE_HEAD: &str = "update record_head set seq = seq + $1 where id = 1 returning seq, hash";
pub(super) const SET_HEAD: &str = "update record_head set hash = $1 where id = 1";
pub(super) const APPEND: &str =
    "insert into record (seq, at, day, kind, case_id, dossier, body, previous, hash) ";
/// A content that was erased, and is there again, stays erased: somebody asked for it.
pub(super) const KEEP: (&str, &str) =
    ("insert into record_contents (hash, kind, subject, packed, at) ", " on conflict (hash) do nothing");

const LAST_JUDGEMENTS: &str =
    ") select seq, at, day, kind, case_id, dossier, body, previous, hash from record
    where seq in (select (select last.seq from record last where last.case_id = judged.case_id
        and last.kind = 'judgement' order by last.seq desc limit 1) from judged)";

type EntryRow = (i64, i64, String, String, Option<i64>, Option<i64>, String, String, String);

fn entry(row: EntryRow) -> RecordEntry {
    let (seq, at, day, kind, case, dossier, body, previous, hash) = row;
    RecordEntry { seq, at: timestamp(at), day, kind, case, dossier, body, previous, hash }
}

/// The record: reads, and what is appended by itself.
#[derive(Clone, Debug)]
pub struct Record(pub(super) Pools);

impl Record {
    /// The number and the hash of the last entry; 0 and zeros before the first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn head(&self) -> Result<(i64, String)> {
        const SQL: &str = "select seq, hash from record_head where id = 1";
        Ok(on!(&self.0, pool => sql::query_as(SQL).fetch_one(pool).await)?)
    }

    /// Entries after the one of number `seq`, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn after(&self, seq: i64, limit: i64) -> Result<Vec<RecordEntry>> {
        const SQL: &str = "select seq, at, day, kind, case_id, dossier, body, previous, hash from record
            where seq > $1 order by seq limit $2";
        let rows: Vec<EntryRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(seq).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(entry).collect())
    }

    /// The last judgement of a case.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_judgement(&self, case: i64) -> Result<Option<RecordEntry>> {
        Ok(self.last_judgements(&[case]).await?.remove(&case))
    }

    /// The last judgement of each of these cases; a case that was never judged is absent. One row of the index is read
    /// for each, whatever the number of its judgements.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_judgements(&self, cases: &[i64]) -> Result<BTreeMap<i64, RecordEntry>> {
        if cases.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<EntryRow> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("with judged (case_id) as (");
            query.push_values(cases, |mut row, case| {
                row.push_bind(*case);
            });
            query.push(LAST_JUDGEMENTS).build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let entries = rows.into_iter().map(entry);
        Ok(entries.filter_map(|entry| entry.case.map(|case| (case, entry))).collect())
    }

    /// The entry of the rules that judge since then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn last_rules(&self) -> Result<Option<RecordEntry>> {
        const SQL: &str = "select seq, at, day, kind, case_id, dossier, body, previous, hash from record
            where kind = 'rules' order by seq desc limit 1";
        let row: Option<EntryRow> = on!(&self.0, pool => sql::query_as(SQL).fetch_optional(pool).await)?;
        Ok(row.map(entry))
    }

    /// The judgements of a case, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn judgements(&self, case: i64) -> Result<Vec<RecordEntry>> {
        const SQL: &str = "select seq, at, day, kind, case_id, dossier, body, previous, hash from record
            where case_id = $1 and kind = 'judgement' order by seq";
        let rows: Vec<EntryRow> = on!(&self.0, pool => sql::query_as(SQL).bind(case).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(entry).collect())
    }

    /// All entries about a dossier itself (acts, erasures), in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn about(&self, dossier: i64) -> Result<Vec<RecordEntry>> {
        const SQL: &str = "select seq, at, day, kind, case_id, dossier, body, previous, hash from record
            where dossier = $1 order by seq";
        let rows: Vec<EntryRow> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(entry).collect())
    }

    /// A content by its hash; `None` when no such content was ever kept.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn content(&self, hash: &str) -> Result<Option<KeptContent>> {
        const SQL: &str = "select packed, erased_at from record_contents where hash = $1";
        let row: Option<(Option<Vec<u8>>, Option<i64>)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(hash).fetch_optional(pool).await)?;
        Ok(row.map(|(packed, erased)| KeptContent { packed, erased: erased.map(timestamp) }))
    }

    /// The line of the journal that tells of an act; `None` when there is no such line.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn line(&self, id: &str) -> Result<Option<ActLine>> {
        const SQL: &str = "select detail, answer, erased from journal where id = $1";
        let row: Option<(String, Option<String>, bool)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(id).fetch_optional(pool).await)?;
        Ok(row.map(|(detail, answer, erased)| ActLine { detail, answer, erased }))
    }

    /// The case to which a dossier belongs now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn case_of(&self, dossier: i64) -> Result<Option<i64>> {
        const SQL: &str = "select case_id from dossiers where number = $1";
        let row: Option<(Option<i64>,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_optional(pool).await)?;
        Ok(row.and_then(|(case,)| case))
    }
}
