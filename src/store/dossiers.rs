//! What the platform last answered about each dossier, and the family that is judged together.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::asks::AskReason;
use super::decisions::StoredEvent;
use super::lists::among;
use super::pools::{Error, Pools, Result, on};
use super::sql;
use super::unreadable::{Place, Readable, Unreadable};
use crate::retry::store as limits;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::case::{Event, is_emptied, present_event};
use label::judge::coherence::revised;

/// Incremented when the translation makes other facts of the same dossier: all are then judged again, once.
pub const TRANSLATION: &str = "3";

/// One dossier of a page.
#[derive(Clone, Debug)]
pub struct Seen {
    pub number: i64,
    pub place: Option<String>,
    pub modified: Option<Timestamp>,
    pub print: String,
    /// Absent when the hash is the stored one.
    pub facts: Option<Facts>,
    /// Why it is to be asked for by number later, and when.
    pub waits: Vec<(AskReason, Timestamp)>,
    /// Its form has a field for the decision: an empty one was emptied.
    pub answerable: bool,
}

/// Facts as they are written in the database.
pub(super) struct Prepared {
    pub number: i64,
    pub siret: Option<String>,
    pub previous: Option<i64>,
    pub central: Option<i64>,
    pub hash: String,
    pub json: String,
    pub present: Option<Event>,
    /// The decision of its single fields was emptied, or declared void.
    pub emptied: bool,
    pub audit: Option<String>,
    pub reported: Option<(Date, Vec<ReportedMark>)>,
}

/// One mark of a report: dossier, day of the report, key, JSON of the value.
pub(super) type ReportedMark = (i64, String, &'static str, String);

/// The day on which the report of a dossier was sent or, when nothing says so, received.
pub(super) fn report_day(facts: &Facts) -> Option<Date> {
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

/// The hash covers what the rules read, not the platform's dates of modification: our own writes change those.
pub(super) fn prepare(facts: &Facts, answerable: bool) -> Result<Prepared> {
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
    let emptied = is_emptied(facts, answerable);
    let (siret, reported) = (facts.siret.clone(), reported(facts)?);
    Ok(Prepared { number, siret, previous, central, hash, json, present, emptied, audit, reported })
}

/// The facts of each dossier, its family, and what of it has vanished.
#[derive(Clone, Debug)]
pub struct Dossiers(pub(super) Pools);

impl Dossiers {
    /// # Errors
    /// When the store cannot be read; [`Error::SetAside`] when its row cannot.
    pub async fn facts(&self, number: i64) -> Result<Option<Facts>> {
        Ok(self.revised(number).await?.map(|(facts, _)| facts))
    }

    /// The facts with their revision.
    async fn revised(&self, number: i64) -> Result<Option<(Facts, i64)>> {
        const SQL: &str = "select facts, gone_at, revision from dossiers where number = $1";
        let row: Option<(String, Option<i64>, i64)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(number).fetch_optional(pool).await)?;
        match row {
            Some((json, gone_at, revision)) => {
                Ok(Some((self.whole(decode(number, &json, gone_at)).await?, revision)))
            }
            None => Ok(None),
        }
    }

    /// The facts, or what to do without them: the dossier is set aside.
    pub(super) async fn whole(&self, facts: Readable<Facts>) -> Result<Facts> {
        match facts {
            Ok(facts) => Ok(facts),
            Err(row) => {
                self.0.set_row_aside(&row).await?;
                Err(Error::SetAside { dossier: row.dossier.unwrap_or_default() })
            }
        }
    }

    /// Dossiers of attached locals that name one of these centrals: the central's number and the dossier's, in that
    /// order; a network has thousands at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn locals_of(&self, centrals: &[i64]) -> Result<Vec<(i64, i64)>> {
        if centrals.is_empty() {
            return Ok(Vec::new());
        }
        Ok(on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(LOCALS_OF);
            among(&mut query, centrals);
            query.push(") as ranked where place <= ").push_bind(limits::NETWORK).push(" order by central, number");
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?)
    }

    /// The first visit days seen of each of these dossiers, in the order in which they were set; a dossier without any is
    /// absent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn audit_days(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, Vec<Date>>> {
        let mut days: BTreeMap<i64, Vec<Date>> = BTreeMap::new();
        if dossiers.is_empty() {
            return Ok(days);
        }
        let rows: Vec<StoredDay> = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, position, day from audit_days where dossier in (");
            among(&mut query, dossiers);
            query.push(" order by dossier, position").build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        let day = |(dossier, position, day): StoredDay| match day.parse::<Date>() {
            Ok(day) => Ok((dossier, day)),
            Err(_) => Err(Unreadable::of(Place::AuditDay, dossier, format_args!("{dossier}/{position}"))),
        };
        for (dossier, day) in self.0.readable(rows.into_iter().map(day)).await? {
            days.entry(dossier).or_default().push(day);
        }
        Ok(days)
    }

    /// What the store holds of the history of these dossiers, in order of position.
    pub(super) async fn remembered(&self, numbers: &[i64]) -> Result<(Vec<StoredEvent>, Vec<StoredDay>)> {
        if numbers.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select dossier, position, event from decisions where dossier in (");
            among(&mut query, numbers);
            let decisions = query.push(" order by dossier, position").build_query_as().persistent(sql::persistent()).fetch_all(pool).await?;
            let mut query = sqlx::QueryBuilder::new("select dossier, position, day from audit_days where dossier in (");
            among(&mut query, numbers);
            let days = query.push(" order by dossier, position").build_query_as().persistent(sql::persistent()).fetch_all(pool).await?;
            Ok((decisions, days))
        })
    }

    /// Dossiers that could not be read, with the reason; the most recent first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn set_aside(&self) -> Result<Vec<(i64, String)>> {
        const SQL: &str = "select number, why from set_aside order by at desc, number limit 100";
        Ok(on!(&self.0, pool => sql::query_as(SQL).fetch_all(pool).await)?)
    }
}

const LOCALS_OF: &str = "select central, number from (select central, number,
    row_number() over (partition by central order by number) as place from dossiers where central in (";

/// One stored first visit day: dossier, position from 0, day.
pub(super) type StoredDay = (i64, i64, String);

/// The first visit days that are not the last ones seen; a last one that cannot be read is written over.
pub(super) fn new_audit_days<S>(rows: &[StoredDay], changed: &[(S, Prepared)]) -> Vec<StoredDay> {
    let mut new = Vec::new();
    for (_, prepared) in changed {
        let Some(day) = &prepared.audit else { continue };
        let last = rows.iter().rfind(|(of, ..)| *of == prepared.number);
        let position = match last {
            Some((.., known)) if known == day => continue,
            Some((_, position, known)) if known.parse::<Date>().is_err() => *position,
            Some((_, position, _)) => position + 1,
            None => 0,
        };
        new.push((prepared.number, position, day.clone()));
    }
    new
}

pub(super) fn decode(number: i64, json: &str, gone_at: Option<i64>) -> Readable<Facts> {
    let mut facts: Facts =
        serde_json::from_str(json).map_err(|_| Unreadable::of(Place::Facts, number, number))?;
    facts.gone = gone_at.is_some();
    Ok(facts)
}
