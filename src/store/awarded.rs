//! What each dossier said of its service when its label was awarded: kept beside the marks of its report, under a word in the
//! place of the report's day.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::dossiers::{Dossiers, Prepared, ReportedMark, Seen, decode};
use super::journal::{NewLine, add_lines};
use super::judged_print::FORGET_OF_DOSSIER;
use super::ledger::Ledger;
use super::lists::among;
use super::observed::Begin as _;
use super::pools::{Error, Result, on};
use super::sql;
use super::unreadable::{Place, Readable, Unreadable};
use label::case::awarded::{self, Award};
use label::case::facts::{Facts, Value};
use label::case::keys::Key;

/// In the place of the day of a report.
const AWARD: &str = "attribution";

/// What is kept of the dossiers that a page changes.
#[derive(Debug, Default)]
pub(super) struct Awards {
    /// By dossier: what the store holds, and what this page adds.
    kept: BTreeMap<i64, BTreeMap<Key, Value>>,
    /// What this page adds.
    pub new: Vec<ReportedMark>,
    /// Dossiers of which no award stands any more: what was kept of them goes.
    pub void: Vec<i64>,
}

impl Awards {
    /// Families and networks are found by what is kept.
    pub(super) fn place(&self, dossier: &mut Prepared) {
        let Some(kept) = self.kept.get(&dossier.number) else { return };
        if let Some(Value::Text(siret)) = kept.get(&Key::Siret) {
            dossier.siret = Some(siret.clone());
        }
        if let Some(Value::Link(central)) = kept.get(&Key::CentralDossier) {
            dossier.central = Some(*central);
        }
    }

    /// Keeps what the dossier says, where nothing is kept yet.
    fn add(&mut self, facts: &Facts) -> Result<()> {
        let kept = self.kept.entry(facts.number).or_default();
        for (key, value) in awarded::shown(facts) {
            if kept.contains_key(&key) {
                continue;
            }
            self.new.push((facts.number, AWARD.to_owned(), key.name(), json(facts.number, &value)?));
            kept.insert(key, value);
        }
        Ok(())
    }
}

fn json(dossier: i64, value: &Value) -> Result<String> {
    let content = |_| Error::Content { table: "reported_marks", column: "value", row: dossier.to_string() };
    serde_json::to_string(value).map_err(content)
}

impl Dossiers {
    /// What is kept of each of these dossiers since its award; one without any is absent.
    pub(super) async fn kept_at_award(
        &self,
        dossiers: &[i64],
    ) -> Result<BTreeMap<i64, BTreeMap<Key, Value>>> {
        let mut kept: BTreeMap<i64, BTreeMap<Key, Value>> = BTreeMap::new();
        if dossiers.is_empty() {
            return Ok(kept);
        }
        let rows: Vec<(i64, String, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, key, value from reported_marks where report = '");
            query.push(AWARD).push("' and dossier in (");
            among(&mut query, dossiers);
            query.push(" order by dossier, key").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let value = |(dossier, name, json): (i64, String, String)| -> Readable<(i64, Key, Value)> {
            let unreadable =
                || Unreadable::of(Place::ReportedMark, dossier, format_args!("{dossier}/{AWARD}/{name}"));
            let key = Key::from_name(&name).ok_or_else(unreadable)?;
            Ok((dossier, key, serde_json::from_str(&json).map_err(|_| unreadable())?))
        };
        for (dossier, key, value) in self.0.readable(rows.into_iter().map(value)).await? {
            kept.entry(dossier).or_default().insert(key, value);
        }
        Ok(kept)
    }

    /// What is kept of the dossiers of a page. Of one that was awarded before anything was kept, what it said until now.
    pub(super) async fn awards(&self, known: &[i64], changed: &[(&Seen, Prepared)]) -> Result<Awards> {
        let mut awards = Awards { kept: self.kept_at_award(known).await?, ..Awards::default() };
        let old = self.read_before(known).await?;
        for (seen, prepared) in changed {
            let Some(facts) = &seen.facts else { continue };
            let award = Award::of(facts, prepared.emptied);
            if award == Award::None {
                awards.kept.remove(&facts.number);
                awards.void.push(facts.number);
                continue;
            }
            if let Some(old) = old.get(&facts.number).filter(|old| Award::of(old, false) == Award::Stands) {
                awards.add(old)?;
            }
            if award == Award::Stands {
                awards.add(facts)?;
            }
        }
        Ok(awards)
    }

    /// The facts of these dossiers before a page changes them, of those that can be read.
    async fn read_before(&self, known: &[i64]) -> Result<BTreeMap<i64, Facts>> {
        if known.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(i64, String)> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select number, facts from dossiers where number in (");
            among(&mut query, known);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let facts =
            rows.into_iter().filter_map(|(number, json)| Some((number, decode(number, &json, None).ok()?)));
        Ok(facts.collect())
    }
}

impl Ledger {
    /// Keeps another value than that of the award, with its line of the journal, and has the case judged again. `None`: the
    /// dossier says nothing any more. False when nothing is kept of it.
    ///
    /// # Errors
    /// When the store cannot be written: nothing of it is then kept.
    pub async fn keep_instead(
        &self,
        (dossier, key): (i64, Key),
        value: Option<&Value>,
        line: &NewLine,
        now: Timestamp,
    ) -> Result<bool> {
        let new = value.map(|value| json(dossier, value)).transpose()?;
        let (siret, central) = match value {
            Some(Value::Text(siret)) => (Some(siret.clone()), None),
            Some(Value::Link(central)) => (None, Some(*central)),
            _ => (None, None),
        };
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            let touched = match &new {
                Some(json) => sql::query(REPLACE).bind(json).bind(dossier).bind(AWARD).bind(key.name())
                    .execute(&mut *tx).await?.rows_affected(),
                None => sql::query(REMOVE).bind(dossier).bind(AWARD).bind(key.name())
                    .execute(&mut *tx).await?.rows_affected(),
            };
            if touched > 0 {
                if key == Key::Siret {
                    sql::query(SIRET).bind(&siret).bind(dossier).execute(&mut *tx).await?;
                } else if key == Key::CentralDossier {
                    sql::query(CENTRAL).bind(central).bind(dossier).execute(&mut *tx).await?;
                }
                sql::query(JUDGE_AGAIN).bind(dossier).execute(&mut *tx).await?;
                sql::query(FORGET_OF_DOSSIER).bind(dossier).execute(&mut *tx).await?;
                add_lines!(tx, now, [line]);
            }
            tx.commit().await?;
            Ok(touched > 0)
        })
    }
}

/// What each of these dossiers says since the award in the place of what its facts are made to hold again.
pub(super) fn said_since(
    facts: &mut Facts,
    kept: &BTreeMap<i64, BTreeMap<Key, Value>>,
) -> Option<awarded::SaidSince> {
    let since = awarded::keep(facts, kept.get(&facts.number)?);
    (!since.is_empty()).then_some(since)
}

const REPLACE: &str = "update reported_marks set value = $1 where dossier = $2 and report = $3 and key = $4";
const REMOVE: &str = "delete from reported_marks where dossier = $1 and report = $2 and key = $3";
/// Followed by the dossiers.
pub(super) const VOID: &str = "delete from reported_marks where report = 'attribution' and dossier in (";
const SIRET: &str = "update dossiers set siret = $1 where number = $2";
const CENTRAL: &str = "update dossiers set central = $1 where number = $2";
const JUDGE_AGAIN: &str = "update dossiers set dirty = true, revision = revision + 1 where number = $1";
