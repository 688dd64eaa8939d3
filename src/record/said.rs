//! What was said of a dossier on a day, from the record.

use jiff::civil::Date;

use super::content::load;
use super::judged::{JudgedBody, read};
use super::{Error, Result};
use crate::store::chain::RecordEntry;
use crate::store::record::Record;
use label::wording::statement::Statement;

/// What was said of a case on a day.
#[derive(Debug)]
pub struct Said {
    pub entry: RecordEntry,
    pub body: JudgedBody,
    pub statement: Statement,
    /// The day of the entry after it; `None` while it is the last.
    pub until: Option<Date>,
}

/// What was said of the case of a dossier on `day`: the last judgement that was recorded on that day or before.
/// `None` when nothing was recorded by then.
///
/// # Errors
/// When the store fails, or the entry, or what it names, cannot be read any more.
pub async fn on(record: &Record, dossier: i64, day: Date) -> Result<Option<Said>> {
    let mut found: Option<(RecordEntry, JudgedBody)> = None;
    let mut until = None;
    for (entry, body) in entries(record, dossier).await? {
        match day_of(&entry)? {
            of if of <= day => found = Some((entry, body)),
            of => {
                until = Some(of);
                break;
            }
        }
    }
    let Some((entry, body)) = found else { return Ok(None) };
    let statement = load(record, &body.statement).await?;
    Ok(Some(Said { entry, body, statement, until }))
}

/// The judgements of every case that held a dossier, in order.
///
/// # Errors
/// When the store fails, or an entry is of another version.
pub async fn entries(record: &Record, dossier: i64) -> Result<Vec<(RecordEntry, JudgedBody)>> {
    // Before it joined another case, a dossier was a case of its own.
    let mut cases: Vec<i64> = record.case_of(dossier).await?.into_iter().chain([dossier]).collect();
    cases.dedup();
    let mut found = Vec::new();
    for case in cases {
        for entry in record.judgements(case).await? {
            let body = read(&entry)?;
            if body.dossiers.contains_key(&dossier) {
                found.push((entry, body));
            }
        }
    }
    found.sort_by_key(|(entry, _)| entry.seq);
    Ok(found)
}

/// The day of the first judgement that was recorded of a dossier.
///
/// # Errors
/// When the store fails, or an entry is of another version.
pub async fn first(record: &Record, dossier: i64) -> Result<Option<Date>> {
    entries(record, dossier).await?.first().map(|(entry, _)| day_of(entry)).transpose()
}

/// The day of an entry.
///
/// # Errors
/// When it is no day.
pub fn day_of(entry: &RecordEntry) -> Result<Date> {
    entry.day.parse().map_err(|_| Error::OtherEntry { seq: entry.seq })
}
