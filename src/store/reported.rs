//! The marks of each dossier as they were first read once its report was sent (R-3.7.1-g).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::dossiers::{Dossiers, Prepared, ReportedMark, Seen, decode, report_day, reported};
use super::lists::among;
use super::pools::{Result, on};
use super::sql;
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
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
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

    /// The marks of each of these dossiers as they were first read once its report was sent; a dossier without any is
    /// absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reported_marks(&self, dossiers: &[&Facts]) -> Result<BTreeMap<i64, BTreeMap<Key, Value>>> {
        let reports =
            dossiers.iter().filter_map(|facts| Some((facts.number, report_day(facts)?.to_string())));
        let reports: BTreeMap<i64, String> = reports.collect();
        let mut marks: BTreeMap<i64, BTreeMap<Key, Value>> = BTreeMap::new();
        if reports.is_empty() {
            return Ok(marks);
        }
        let numbers: Vec<i64> = reports.keys().copied().collect();
        let rows: Vec<(i64, String, String, String)> = on!(&self.0, pool => {
            let mut query =
                sqlx::QueryBuilder::new("select dossier, report, key, value from reported_marks where dossier in (");
            among(&mut query, &numbers);
            query.push(" order by dossier, key").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let current = rows.into_iter().filter(|(dossier, report, ..)| reports.get(dossier) == Some(report));
        let mark =
            |(dossier, day, name, json): (i64, String, String, String)| -> Readable<(i64, Key, Value)> {
                let place = Place::ReportedMark;
                let unreadable = || Unreadable::of(place, dossier, format_args!("{dossier}/{day}/{name}"));
                let key = Key::from_name(&name).ok_or_else(unreadable)?;
                Ok((dossier, key, serde_json::from_str(&json).map_err(|_| unreadable())?))
            };
        for (dossier, key, value) in self.0.readable(current.map(mark)).await? {
            marks.entry(dossier).or_default().insert(key, value);
        }
        Ok(marks)
    }
}
