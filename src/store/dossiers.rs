//! What the platform said last of each dossier, and the family that is judged together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::pages::among;
use super::pools::{Error, Pools, Result, on};
use label::case::facts::Facts;
use label::case::keys::Key;
use label::case::{Event, Histories, present_event, remember};

/// Bumped when the translation changes what it makes of the same dossier: all are then judged again, once.
pub const TRANSLATION: &str = "1";
/// The largest family that is judged together; more dossiers under one SIRET are a fault of the data.
const MAX_FAMILY: usize = 500;

/// Facts as they are written in the base.
pub(super) struct Prepared {
    pub number: i64,
    pub siret: Option<String>,
    pub previous: Option<i64>,
    pub central: Option<i64>,
    pub hash: String,
    pub json: String,
    pub present: Option<Event>,
    pub audit: Option<String>,
}

/// The hash covers what the rules read, not the platform's dates of modification: our own writes change those.
pub(super) fn prepare(facts: &Facts) -> Result<Prepared> {
    let number = facts.number;
    let content = || Error::Content { table: "dossiers", column: "facts", row: number.to_string() };
    let json = serde_json::to_string(facts).map_err(|_| content())?;
    let mut hasher = Sha256::new();
    hasher.update(TRANSLATION);
    hasher.update(&json);
    let hash = BASE64.encode(hasher.finalize());
    let (previous, central) = (facts.link(Key::DossierPrecedent), facts.link(Key::CentralDossier));
    let audit = facts.date(Key::AuditDebut).map(|day| day.to_string());
    let single = facts.rows(Key::Evenements).is_empty();
    let present = present_event(facts).filter(|_| single);
    Ok(Prepared { number, siret: facts.siret.clone(), previous, central, hash, json, present, audit })
}

/// The facts of each dossier, its family, and what of it has vanished.
#[derive(Clone, Debug)]
pub struct Dossiers(pub(super) Pools);

impl Dossiers {
    /// After a write that the platform confirmed: the facts as they now are, without waiting to read them again.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn update_facts(&self, facts: &Facts) -> Result<()> {
        let dossier = prepare(facts)?;
        const SQL: &str = "update dossiers set hash = $1, facts = $2 where number = $3";
        on!(&self.0, pool => sqlx::query(SQL).bind(&dossier.hash).bind(&dossier.json).bind(dossier.number)
            .execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// # Errors
    /// When the store cannot be read, or holds facts of another version.
    pub async fn facts(&self, number: i64) -> Result<Option<Facts>> {
        const SQL: &str = "select facts, gone_at from dossiers where number = $1";
        let row: Option<(String, Option<i64>)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(number).fetch_optional(pool).await)?;
        row.map(|(json, gone_at)| decode(number, &json, gone_at)).transpose()
    }

    /// All dossiers that share a SIRET with `number` or name one another, with the decisions seen of them.
    ///
    /// # Errors
    /// When the store cannot be read, or holds facts of another version.
    pub async fn family(&self, number: i64) -> Result<(Vec<Facts>, Histories)> {
        let mut family: BTreeMap<i64, Facts> = BTreeMap::new();
        let mut sirets = BTreeSet::new();
        let mut waiting = VecDeque::from([number]);
        while let Some(number) = waiting.pop_front() {
            if family.contains_key(&number) || family.len() >= MAX_FAMILY {
                continue;
            }
            let Some(facts) = self.facts(number).await? else { continue };
            waiting.extend(facts.link(Key::DossierPrecedent));
            waiting.extend(self.numbers("select number from dossiers where previous = $1", number).await?);
            if let Some(siret) = facts.siret.clone().filter(|siret| sirets.insert(siret.clone())) {
                waiting.extend(self.numbers_by_siret(&siret).await?);
            }
            family.insert(number, facts);
        }
        let mut histories = Histories::new();
        for number in family.keys() {
            let history = self.decisions(*number).await?;
            if !history.is_empty() {
                histories.insert(*number, history);
            }
        }
        Ok((family.into_values().collect(), histories))
    }

    /// Dossiers of attached locals that name `central`, in order; a network has thousands at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn locals_of(&self, central: i64) -> Result<Vec<i64>> {
        self.numbers("select number from dossiers where central = $1 order by number limit 5000", central)
            .await
    }

    async fn numbers(&self, sql: &'static str, value: i64) -> Result<Vec<i64>> {
        let rows: Vec<(i64,)> = on!(&self.0, pool => sqlx::query_as(sql).bind(value).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    async fn numbers_by_siret(&self, siret: &str) -> Result<Vec<i64>> {
        const SQL: &str = "select number from dossiers where siret = $1 order by number limit 500";
        let rows: Vec<(i64,)> = on!(&self.0, pool => sqlx::query_as(SQL).bind(siret).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// The first visit days seen of a dossier, in the order in which they were set.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn audit_days(&self, dossier: i64) -> Result<Vec<Date>> {
        const SQL: &str = "select day from audit_days where dossier = $1 order by position";
        let rows: Vec<(String,)> =
            on!(&self.0, pool => sqlx::query_as(SQL).bind(dossier).fetch_all(pool).await)?;
        let content = |_| Error::Content { table: "audit_days", column: "day", row: dossier.to_string() };
        rows.into_iter().map(|(day,)| day.parse().map_err(content)).collect()
    }

    /// What is remembered of these dossiers, in order: decisions (dossier, position, event), first visit days.
    pub(super) async fn remembered(
        &self,
        numbers: &[i64],
    ) -> Result<(Vec<(i64, i64, String)>, Vec<(i64, String)>)> {
        if numbers.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, position, event from decisions where dossier in (");
            among(&mut query, numbers);
            let decisions = query.push(" order by dossier, position").build_query_as().fetch_all(pool).await?;
            let mut query = sqlx::QueryBuilder::new("select dossier, day from audit_days where dossier in (");
            among(&mut query, numbers);
            let days = query.push(" order by dossier, position").build_query_as().fetch_all(pool).await?;
            Ok((decisions, days))
        })
    }

    async fn decisions(&self, dossier: i64) -> Result<Vec<Event>> {
        let rows: Vec<(i64, String)> =
            on!(&self.0, pool => sqlx::query_as(DECISIONS).bind(dossier).fetch_all(pool).await)?;
        rows.iter().map(|(position, json)| event(dossier, *position, json)).collect()
    }

    /// Dossiers that could not be read, with the reason; the most recent first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn set_aside(&self) -> Result<Vec<(i64, String)>> {
        const SQL: &str = "select number, why from set_aside order by at desc, number limit 100";
        Ok(on!(&self.0, pool => sqlx::query_as(SQL).fetch_all(pool).await)?)
    }
}

const DECISIONS: &str = "select position, event from decisions where dossier = $1 order by position";

pub(super) const SAVE_DECISIONS: &str =
    " on conflict (dossier, position) do update set event = excluded.event";

/// The rows to write so that the histories hold what the dossiers now show: dossier, position, event.
pub(super) fn new_decisions<S>(
    rows: &[(i64, i64, String)],
    changed: &[(S, Prepared)],
) -> Result<Vec<(i64, i64, String)>> {
    let mut new = Vec::new();
    for (_, prepared) in changed {
        let Some(present) = prepared.present.clone() else { continue };
        let dossier = present.dossier;
        let rows = rows.iter().filter(|(of, ..)| *of == dossier);
        let history = rows.map(|(_, position, json)| event(dossier, *position, json));
        let mut history = history.collect::<Result<Vec<_>>>()?;
        if !remember(&mut history, present) {
            continue;
        }
        let position = i64::try_from(history.len()).unwrap_or(i64::MAX);
        let content = || Error::Content { table: "decisions", column: "event", row: dossier.to_string() };
        let last = history.last().ok_or_else(content)?;
        new.push((dossier, position, serde_json::to_string(last).map_err(|_| content())?));
    }
    Ok(new)
}

/// The first visit days that are not the last ones seen: dossier, position, day. `rows` are in their order.
pub(super) fn new_audit_days<S>(
    rows: &[(i64, String)],
    changed: &[(S, Prepared)],
) -> Vec<(i64, i64, String)> {
    let mut new = Vec::new();
    for (_, prepared) in changed {
        let Some(day) = &prepared.audit else { continue };
        let known: Vec<&String> =
            rows.iter().filter(|(of, _)| *of == prepared.number).map(|(_, day)| day).collect();
        if known.last() != Some(&day) {
            new.push((prepared.number, i64::try_from(known.len()).unwrap_or(i64::MAX), day.clone()));
        }
    }
    new
}

fn event(dossier: i64, position: i64, json: &str) -> Result<Event> {
    let row = || format!("{dossier}/{position}");
    serde_json::from_str(json).map_err(|_| Error::Content { table: "decisions", column: "event", row: row() })
}

pub(super) fn decode(number: i64, json: &str, gone_at: Option<i64>) -> Result<Facts> {
    let content = |_| Error::Content { table: "dossiers", column: "facts", row: number.to_string() };
    let mut facts: Facts = serde_json::from_str(json).map_err(content)?;
    facts.gone = gone_at.is_some();
    Ok(facts)
}
