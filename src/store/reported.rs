//! The marks of each dossier as they were first read once its report was sent (R-3.7.1-g).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::dossiers::{Dossiers, Prepared};
use super::pools::{Error, Result, on};
use super::unreadable::{Place, Readable, Unreadable};
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::judge::coherence::revised;

/// One mark of a report: dossier, day of the report, key, JSON of the value.
pub(super) type ReportedMark = (i64, String, &'static str, String);

pub(super) const SAVE_MARKS: &str = " on conflict (dossier, report, key) do nothing";

/// The day on which the report of a dossier was sent or, when nothing says so, received.
fn report_day(facts: &Facts) -> Option<Date> {
    facts.date(Key::RapportTransmisLe).or(facts.date(Key::RapportRecuLe))
}

/// The marks of a dossier whose report has a day, with that day.
pub(super) fn reported(facts: &Facts) -> Result<Option<(Date, Vec<ReportedMark>)>> {
    let Some(day) = report_day(facts) else { return Ok(None) };
    let row = |(key, value): (Key, Value)| {
        let content =
            |_| Error::Content { table: "reported_marks", column: "value", row: facts.number.to_string() };
        let json = serde_json::to_string(&value).map_err(content)?;
        Ok((facts.number, day.to_string(), key.name(), json))
    };
    let rows: Result<Vec<ReportedMark>> = revised::shown(facts).into_iter().map(row).collect();
    Ok(Some((day, rows?)))
}

/// The marks to keep of the dossiers of a page: a report announced for a day ahead is not sent yet.
pub(super) fn new_marks<S>(changed: &[(S, Prepared)], now: Timestamp) -> Vec<ReportedMark> {
    let today = label::paris_date(now);
    let reports = changed.iter().filter_map(|(_, dossier)| dossier.reported.as_ref());
    reports.filter(|(day, _)| *day <= today).flat_map(|(_, marks)| marks.clone()).collect()
}

impl Dossiers {
    /// The marks of a dossier as they were first read once its report was sent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reported_marks(&self, facts: &Facts) -> Result<BTreeMap<Key, Value>> {
        let Some(day) = report_day(facts) else { return Ok(BTreeMap::new()) };
        const SQL: &str =
            "select key, value from reported_marks where dossier = $1 and report = $2 order by key";
        let rows: Vec<(String, String)> = on!(&self.0, pool =>
            sqlx::query_as(SQL).bind(facts.number).bind(day.to_string()).fetch_all(pool).await)?;
        let mark = |(name, json): (String, String)| -> Readable<(Key, Value)> {
            let (dossier, place) = (facts.number, Place::ReportedMark);
            let unreadable = || Unreadable::of(place, dossier, format_args!("{dossier}/{day}/{name}"));
            let key = Key::from_name(&name).ok_or_else(unreadable)?;
            Ok((key, serde_json::from_str(&json).map_err(|_| unreadable())?))
        };
        Ok(self.0.readable(rows.into_iter().map(mark)).await?.into_iter().collect())
    }
}
