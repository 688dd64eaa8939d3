//! The register of labelled services and the rows that the statistics count.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::cases::{COLUMNS, Summary};
use super::identifiers::Identifiers;
use super::lists::among;
use super::measures::MeasureRow;
use super::of_body::OfBody;
use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{Keyed, Place, Unreadable, day_of, filled, no_value};

/// The last standing of a case holds until the last day of the calendar, which is not in it.
pub(super) const LAST_DAY: Date = date(9999, 12, 30);

/// One dossier of a case, for the statistics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ApplicationRow {
    pub dossier: i64,
    pub case_id: i64,
    pub demande: String,
    pub type_key: String,
    pub organisme: String,
    pub deposited: Date,
    /// Last day of the visit.
    pub audited: Option<Date>,
    /// Whether the plan and the report came in time; none while that is not known.
    pub plan_met: Option<bool>,
    pub report_met: Option<bool>,
    /// The decision's key, the tier that was granted, and the day.
    pub outcome: Option<String>,
    pub tier: Option<String>,
    pub decided: Option<Date>,
    /// From the deposit to the decision.
    pub days: Option<i64>,
    /// Its other figures, in order.
    pub measures: Vec<MeasureRow>,
}

/// A labelled service, with the name of its central where that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub summary: Summary,
    pub central_name: Option<String>,
    /// The name as it is sorted.
    pub folded: String,
}

/// Which of the labels a page shows, by their standing on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// In force, suspended ones included.
    Current,
    /// Over: withdrawn or expired.
    Past,
    /// Granted by that day.
    All,
}

/// How many labels share a standing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    pub type_key: String,
    pub tier: Option<String>,
    pub status: String,
    pub count: i64,
}

/// How many dossiers share these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub demande: String,
    pub type_key: String,
    pub organisme: String,
    pub deposited_year: String,
    pub audited_year: Option<String>,
    pub decided_year: Option<String>,
    pub outcome: Option<String>,
    pub tier: Option<String>,
    pub count: i64,
}

impl<'r, R: Row> FromRow<'r, R> for Registered
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Registered> {
        let (central_name, folded) = (row.try_get("central_name")?, row.try_get("folded")?);
        Ok(Registered { summary: Summary::from_row(row)?, central_name, folded })
    }
}

impl<'r, R: Row> Keyed<'r, R> for Registered
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        Summary::key(row)
    }
}

impl<'r, R: Row> FromRow<'r, R> for ApplicationRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<ApplicationRow> {
        let measures: String = row.try_get("measures")?;
        Ok(ApplicationRow {
            dossier: row.try_get("dossier")?,
            case_id: row.try_get("case_id")?,
            demande: row.try_get("demande")?,
            type_key: row.try_get("type_key")?,
            organisme: row.try_get("organisme")?,
            deposited: day_of(row, "deposited")?.ok_or_else(|| no_value("deposited", "a day is missing"))?,
            audited: day_of(row, "audited")?,
            plan_met: row.try_get("plan_met")?,
            report_met: row.try_get("report_met")?,
            outcome: row.try_get("outcome")?,
            tier: row.try_get("tier")?,
            decided: day_of(row, "decided")?,
            days: row.try_get("days")?,
            measures: serde_json::from_str(&measures).map_err(|error| no_value("measures", error))?,
        })
    }
}

impl<'r, R: Row> Keyed<'r, R> for ApplicationRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        let dossier: i64 = row.try_get("dossier")?;
        Ok(Unreadable::of(Place::Application, row.try_get("case_id")?, dossier))
    }
}

/// The labelled services and the statistics; reads only.
#[derive(Clone, Debug)]
pub struct Register(pub(super) Pools, pub(super) OfBody);

impl Register {
    /// The same, of the cases of one certification body.
    #[must_use]
    pub fn of(self, body: OfBody) -> Register {
        Register(self.0, body)
    }

    /// The names of cases in open files.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn identifiers(&self) -> Result<Identifiers> {
        Identifiers::kept(&self.0).await
    }

    /// A page of the register as of `day`, by name, after `(folded name, case)`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn registered(
        &self,
        which: Which,
        day: Date,
        after: Option<(&str, i64)>,
        limit: i64,
    ) -> Result<Vec<(String, Registered)>> {
        let status = match which {
            Which::Current => "and standings.status in ('active', 'suspended')",
            Which::Past => "and standings.status in ('withdrawn', 'expired')",
            Which::All => "",
        };
        let sql = format!(
            "select {COLUMNS}, cases.folded, centrals.name as central_name from cases
            join standings on standings.case_id = cases.case_id and standings.since <= $4 and standings.until > $4
            left join dossiers on dossiers.number = cases.central
            left join cases centrals on centrals.case_id = dossiers.case_id
            where (cases.folded, cases.case_id) > ($1, $2) {status} and {}
            order by cases.folded, cases.case_id limit $3",
            self.1.condition("cases.organisme", 5)
        );
        let (name, id) = after.unwrap_or(("", i64::MIN));
        let day = day.min(LAST_DAY);
        let lines: Vec<Registered> = filled!(self.0, limit, most => on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(sql.clone())).bind(name).bind(id).bind(most).bind(day.to_string())
                .bind(self.1.name()).fetch_all(pool).await)?);
        Ok(lines.into_iter().map(|line| (line.folded.clone(), line)).collect())
    }

    /// The labels in force on `day`, suspended ones included, counted by type of service, tier and status.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn in_force(&self, day: Date) -> Result<Vec<InForce>> {
        let sql = format!(
            "select cases.type_key, standings.tier, standings.status, count(*) as count
            from standings join cases on cases.case_id = standings.case_id
            where standings.since <= $1 and standings.until > $1 and standings.status in ('active', 'suspended')
                and {}
            group by 1, 2, 3 order by 1, 2, 3",
            self.1.condition("cases.organisme", 2)
        );
        let rows: Vec<(String, Option<String>, String, i64)> = on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(sql)).bind(day.min(LAST_DAY).to_string()).bind(self.1.name())
                .fetch_all(pool).await)?;
        let in_force = |(type_key, tier, status, count)| InForce { type_key, tier, status, count };
        Ok(rows.into_iter().map(in_force).collect())
    }

    /// The certification body of a dossier, once judged; empty when it names none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn body_of(&self, dossier: i64) -> Result<Option<String>> {
        const SQL: &str = "select organisme from applications where dossier = $1";
        let row: Option<(String,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_optional(pool).await)?;
        Ok(row.map(|(organisme,)| organisme))
    }

    /// The certification body of the case that a dossier belongs to, which is that of its latest dossier.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn current_body(&self, dossier: i64) -> Result<Option<String>> {
        const SQL: &str =
            "select cases.organisme from dossiers join cases on cases.case_id = dossiers.case_id
            where dossiers.number = $1";
        let row: Option<(String,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(dossier).fetch_optional(pool).await)?;
        Ok(row.map(|(organisme,)| organisme))
    }

    /// The certification body of each of these dossiers; none of one that was never judged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn bodies_of(&self, dossiers: &[i64]) -> Result<BTreeMap<i64, String>> {
        if dossiers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(i64, String)> = on!(&self.0, pool => {
            let mut query =
                sqlx::QueryBuilder::new("select dossier, organisme from applications where dossier in (");
            among(&mut query, dossiers);
            query.build_query_as().persistent(sql::persistent()).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().collect())
    }

    /// The rows that the statistics count, of one case.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn applications_of(&self, case_id: i64) -> Result<Vec<ApplicationRow>> {
        let rows = on!(&self.0, pool => sql::query_as(APPLICATIONS_OF).bind(case_id).fetch_all(pool).await)?;
        self.0.stored(rows).await
    }

    /// Every dossier of a case, counted by what the statistics ask as of `day`: what was deposited, visited or decided
    /// later is left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tallies(&self, day: Date) -> Result<Vec<Tally>> {
        type TallyRow = (
            String,
            String,
            String,
            String,
            Option<String>,
            Option<String>,
            Option<String>,
            Option<String>,
            i64,
        );
        let sql = format!(
            "select demande, type_key, organisme, substr(deposited, 1, 4),
                case when audited <= $1 then substr(audited, 1, 4) end,
                case when decided <= $1 then substr(decided, 1, 4) end, case when decided <= $1 then outcome end,
                case when decided <= $1 then tier end, count(*)
            from applications where deposited <= $1 and {}
            group by 1, 2, 3, 4, 5, 6, 7, 8 order by 4, 2, 3, 1",
            self.1.condition("organisme", 2)
        );
        let rows: Vec<TallyRow> = on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(sql)).bind(day.to_string()).bind(self.1.name()).fetch_all(pool).await)?;
        let tally = |line: TallyRow| Tally {
            demande: line.0,
            type_key: line.1,
            organisme: line.2,
            deposited_year: line.3,
            audited_year: line.4,
            decided_year: line.5,
            outcome: line.6,
            tier: line.7,
            count: line.8,
        };
        Ok(rows.into_iter().map(tally).collect())
    }

    /// By year of decision, how many first applications and renewals decided by `day` took so many days from deposit to
    /// decision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn decision_days(&self, day: Date) -> Result<Vec<(String, i64, i64)>> {
        let sql = format!(
            "select substr(decided, 1, 4), days, count(*) from applications
            where days is not null and decided <= $1 and outcome in ('labellise', 'rejete')
                and demande in ('initial', 'renouvellement') and {}
            group by 1, 2 order by 1, 2",
            self.1.condition("organisme", 2)
        );
        Ok(on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(sql)).bind(day.to_string()).bind(self.1.name()).fetch_all(pool).await)?)
    }
}

/// The lines behind the statistics, of one case, `$1`.
const APPLICATIONS_OF: &str = "
    select dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met, outcome, tier,
        decided, days, measures
    from applications where case_id = $1 order by dossier";

/// The applications of cases whose numbers follow.
pub(super) const APPLICATIONS_AMONG: &str = "
    select dossier, case_id, demande, type_key, organisme, deposited, audited, plan_met, report_met, outcome, tier,
        decided, days, measures
    from applications where case_id in (";

pub(super) const APPLICATIONS_IN_ORDER: &str = " order by dossier";
