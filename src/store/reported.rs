//! The marks of each dossier as they were first read once its report was sent (R-3.7.1-g).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::dossiers::{Dossiers, Prepared, ReportedMark, Seen, decode, report_day, reported};
use super::pools::{Result, among, on};
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
    /// The marks of reports whose day came since their dossier was read, as they stood before a page changes them. What
    /// changed before that day was changed in time.
    pub(super) async fn marks_before(
        &self,
        known: &[i64],
        changed: &[(&Seen, Prepared)],
        now: Timestamp,
    ) -> Result<Vec<ReportedMark>> {
        if known.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(i64, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, facts from dossiers where number in (");
            among(&mut query, known);
            query.build_query_as().fetch_all(pool).await
        })?;
        let today = label::paris_date(now);
        let mut marks = Vec::new();
        for (number, json) in rows {
            // Facts that cannot be read tell nothing of what stood; this very page writes over them.
            let Ok(old) = decode(number, &json, None) else { continue };
            let Some((day, stood)) = reported(&old)? else { continue };
            let seen = changed.iter().find(|(seen, _)| seen.number == number);
            let since = seen.and_then(|(seen, _)| seen.modified).map(label::paris_date);
            if day <= today && since.is_none_or(|since| since >= day) {
                marks.extend(stood);
            }
        }
        Ok(marks)
    }

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
