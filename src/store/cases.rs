//! The cases as they were last judged.

use jiff::civil::Date;
use label::life::Standing;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::lists::among;
use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{Keyed, Place, Unreadable, day_of, filled, no_value};

/// The last judgement of a case, as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Summary {
    pub case_id: i64,
    pub name: String,
    /// French, for people; `type_key` is the form's word.
    pub service: String,
    pub type_key: String,
    pub state: String,
    pub tier: Option<String>,
    pub living: bool,
    pub late: bool,
    pub faults: i64,
    pub next_due: Option<Date>,
    pub next_what: Option<String>,
    pub siret: Option<String>,
    pub departement: String,
    pub organisme: String,
    /// What follows the @ in the contact's first address; empty when there is none.
    pub contact_domain: String,
    /// Who audits, by the latest dossier that says so; empty when none does.
    pub auditor: String,
    /// The dossier of the central service that an attached local names.
    pub central: Option<i64>,
    pub demarche: i64,
    /// The dossier that matters now, and the first day of its visit.
    pub dossier: i64,
    pub audit: Option<Date>,
    /// « Nom (Commune) ».
    pub sites: Vec<String>,
    /// The last day on which the label holds if nothing is done, as judged.
    pub loss: Option<Date>,
    /// The rules by which a person should look at it, in order, each once.
    pub found: Vec<String>,
    /// Every change of the label's standing, past and to come, each with its first day, in order.
    pub standings: Vec<(Date, Standing)>,
    /// The last day on which the judgement differed from the one before; the store writes it.
    pub changed_on: Option<Date>,
}

impl Summary {
    /// The label as it stands on `day`; `None` before the first award.
    #[must_use]
    pub fn standing_on(&self, day: Date) -> Option<&Standing> {
        self.standings.iter().rev().find(|(from, _)| *from <= day).map(|(_, standing)| standing)
    }
}

/// The columns that [`Summary`] reads.
pub(super) const COLUMNS: &str =
    "cases.case_id, cases.name, cases.service, cases.type_key, cases.state, cases.tier,
    cases.living, cases.late, cases.faults, cases.next_due, cases.next_what, cases.siret, cases.departement,
    cases.organisme, cases.contact_domain, cases.auditor, cases.central, cases.demarche, cases.dossier, cases.audit, cases.sites, cases.standings,
    cases.loss, cases.changed_on, cases.found";

impl<'r, R: Row> FromRow<'r, R> for Summary
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Summary> {
        let day = |column: &'static str| day_of(row, column);
        let (sites, standings): (String, String) = (row.try_get("sites")?, row.try_get("standings")?);
        let found: String = row.try_get("found")?;
        Ok(Summary {
            case_id: row.try_get("case_id")?,
            name: row.try_get("name")?,
            service: row.try_get("service")?,
            type_key: row.try_get("type_key")?,
            state: row.try_get("state")?,
            tier: row.try_get("tier")?,
            living: row.try_get("living")?,
            late: row.try_get("late")?,
            faults: row.try_get("faults")?,
            next_due: day("next_due")?,
            next_what: row.try_get("next_what")?,
            siret: row.try_get("siret")?,
            departement: row.try_get("departement")?,
            organisme: row.try_get("organisme")?,
            contact_domain: row.try_get("contact_domain")?,
            auditor: row.try_get("auditor")?,
            central: row.try_get("central")?,
            demarche: row.try_get("demarche")?,
            dossier: row.try_get("dossier")?,
            audit: day("audit")?,
            sites: serde_json::from_str(&sites).map_err(|error| no_value("sites", error))?,
            found: serde_json::from_str(&found).map_err(|error| no_value("found", error))?,
            standings: serde_json::from_str(&standings).map_err(|error| no_value("standings", error))?,
            loss: day("loss")?,
            changed_on: day("changed_on")?,
        })
    }
}

impl<'r, R: Row> Keyed<'r, R> for Summary
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        let case_id: i64 = row.try_get("case_id")?;
        Ok(Unreadable::of(Place::Case, case_id, case_id))
    }
}

/// The cases as they were last judged; reads only.
#[derive(Clone, Debug)]
pub struct Cases(pub(super) Pools);

impl Cases {
    /// Whether a case was ever judged over this store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn any(&self) -> Result<bool> {
        const SQL: &str = "select exists (select 1 from cases)";
        let (any,): (bool,) = on!(&self.0, pool => sql::query_as(SQL).fetch_one(pool).await)?;
        Ok(any)
    }

    /// The case that a dossier belongs to, once judged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn case_of(&self, dossier: i64) -> Result<Option<i64>> {
        const SQL: &str = "select case_id from dossiers where number = $1";
        let row: Option<(Option<i64>,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_optional(pool).await)?;
        Ok(row.and_then(|(case_id,)| case_id))
    }

    /// The last judgement of one case.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn summary(&self, case_id: i64) -> Result<Option<Summary>> {
        Ok(self.summaries(&[case_id]).await?.pop())
    }

    /// The last judgements of these cases, in no order; none of a case that was never judged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn summaries(&self, cases: &[i64]) -> Result<Vec<Summary>> {
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let rows = on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(summaries_among());
            among(&mut query, cases);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        self.0.stored(rows).await
    }

    /// A page of cases by next deadline, those without one last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn work_list(&self, after: Option<(&str, i64)>, limit: i64) -> Result<Vec<Summary>> {
        let (due, id) = after.unwrap_or(("", i64::MIN));
        let sql = format!(
            "select {COLUMNS} from cases
            where (coalesce(next_due, '9999-12-31'), case_id) > ($1, $2)
            order by coalesce(next_due, '9999-12-31'), case_id limit $3"
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(sql.clone())).bind(due).bind(id).bind(most).fetch_all(pool).await)?))
    }
}

/// The last judgements of cases whose numbers follow.
pub(super) fn summaries_among() -> String {
    format!("select {COLUMNS} from cases where case_id in (")
}
