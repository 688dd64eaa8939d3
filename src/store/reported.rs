//! The marks of each dossier as they were first read once its report was sent (R-3.7.1-g).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::dossiers::{Dossiers, Prepared, ReportedMark, report_day};
use super::pools::{Result, on};
use super::unreadable::{Place, Readable, Unreadable};
use label::case::facts::{Facts, Value};
use label::case::keys::Key;

pub(super) const SAVE_MARKS: &str = " on conflict (dossier, report, key) do nothing";

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
