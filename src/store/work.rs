//! The work list and the list of labels: filtered, ordered and paged in SQL, on what each judgement left.

use jiff::civil::{Date, date};
use sqlx::AssertSqlSafe;

use super::cases::{COLUMNS, Summary, folded};
use super::deadlines::After;
use super::{Result, Store, on};

/// Before every day that a list holds. Days are compared as text, where a year below zero would not come first.
pub const FIRST_DAY: Date = date(1, 1, 1);

/// What a list is narrowed to; an empty word narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the service's name.
    pub text: String,
    pub state: String,
    pub organisme: String,
    pub type_key: String,
    pub tier: String,
}

/// Which deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Late,
    /// To come by that day, inclusive.
    Until(Date),
    /// To come after that day.
    Beyond(Date),
}

/// One thing to do, and of which service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkLine {
    pub case_id: i64,
    pub dossier: i64,
    pub code: String,
    pub occurrence: i64,
    pub title: String,
    pub rule: String,
    pub section: String,
    pub due: Date,
    pub status: String,
    pub name: String,
    pub organisme: String,
    pub state: String,
    pub tier: Option<String>,
    pub demarche: i64,
}

impl WorkLine {
    #[must_use]
    pub fn place(&self) -> After {
        let (code, occurrence) = (self.code.clone(), self.occurrence);
        After { due: self.due, dossier: self.dossier, code, occurrence }
    }
}

type Row = (
    i64,
    i64,
    String,
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
);

fn line(row: Row) -> Option<WorkLine> {
    let (
        case_id,
        dossier,
        code,
        occurrence,
        title,
        rule,
        section,
        due,
        status,
        name,
        organisme,
        state,
        tier,
        demarche,
    ) = row;
    let due = due.parse().ok()?;
    Some(WorkLine {
        case_id,
        dossier,
        code,
        occurrence,
        title,
        rule,
        section,
        due,
        status,
        name,
        organisme,
        state,
        tier,
        demarche,
    })
}

/// A label by the day on which it is lost if nothing is done: withdrawn, not lifted in time, or at its end.
const LOSS: &str = "coalesce(cases.withdrawn, cases.suspended_limit, cases.ends)";

/// The filter's five words are `$1` to `$5`.
const NARROWED: &str = "
    ($1 = '' or cases.folded like $1) and ($2 = '' or cases.state = $2) and ($3 = '' or cases.organisme = $3)
    and ($4 = '' or cases.type_key = $4) and ($5 = '' or cases.tier = $5)";

impl Filter {
    /// For `like`: a folded text holds letters, digits and spaces alone.
    fn pattern(&self) -> String {
        let text = folded(&self.text);
        if text.is_empty() { text } else { format!("%{text}%") }
    }
}

impl Span {
    fn condition(self) -> (&'static str, Date) {
        match self {
            Span::Late => ("d.status = 'late' and d.due <= $6", Date::MAX),
            Span::Until(day) => ("d.status = 'upcoming' and d.due <= $6", day),
            Span::Beyond(day) => ("d.status = 'upcoming' and d.due > $6", day),
        }
    }
}

impl Store {
    /// A page of what is to be done, by day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn work(
        &self,
        span: Span,
        filter: &Filter,
        after: &After,
        limit: i64,
    ) -> Result<Vec<WorkLine>> {
        let (condition, day) = span.condition();
        let sql = format!(
            "select d.case_id, d.dossier, d.code, d.occurrence, d.title, d.rule, d.section, d.due, d.status,
                cases.name, cases.organisme, cases.state, cases.tier, cases.demarche
            from deadlines d join cases on cases.case_id = d.case_id
            where {NARROWED} and {condition} and (d.due, d.dossier, d.code, d.occurrence) > ($7, $8, $9, $10)
            order by d.due, d.dossier, d.code, d.occurrence limit $11"
        );
        let sql = AssertSqlSafe(sql);
        let rows: Vec<Row> = on!(self, pool =>
            sqlx::query_as(sql).bind(filter.pattern()).bind(&filter.state).bind(&filter.organisme)
                .bind(&filter.type_key).bind(&filter.tier).bind(day.to_string()).bind(after.due.to_string())
                .bind(after.dossier).bind(&after.code).bind(after.occurrence).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().filter_map(line).collect())
    }

    /// How much there is to do.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn work_count(&self, span: Span, filter: &Filter) -> Result<i64> {
        let (condition, day) = span.condition();
        let sql = format!(
            "select count(*) from deadlines d join cases on cases.case_id = d.case_id
            where {NARROWED} and {condition}"
        );
        let sql = AssertSqlSafe(sql);
        let (count,): (i64,) = on!(self, pool =>
            sqlx::query_as(sql).bind(filter.pattern()).bind(&filter.state).bind(&filter.organisme)
                .bind(&filter.type_key).bind(&filter.tier).bind(day.to_string()).fetch_one(pool).await)?;
        Ok(count)
    }

    /// Cases whose judgement said something new since that day, by number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn changed(
        &self,
        since: Date,
        filter: &Filter,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Summary>> {
        let sql = format!(
            "select {COLUMNS} from cases where {NARROWED} and cases.changed_on >= $6 and cases.case_id > $7
            order by cases.case_id limit $8"
        );
        let sql = AssertSqlSafe(sql);
        Ok(on!(self, pool =>
            sqlx::query_as(sql).bind(filter.pattern()).bind(&filter.state).bind(&filter.organisme)
                .bind(&filter.type_key).bind(&filter.tier).bind(since.to_string()).bind(after).bind(limit)
                .fetch_all(pool).await)?)
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn changed_count(&self, since: Date, filter: &Filter) -> Result<i64> {
        let sql = format!("select count(*) from cases where {NARROWED} and cases.changed_on >= $6");
        let sql = AssertSqlSafe(sql);
        let (count,): (i64,) = on!(self, pool =>
            sqlx::query_as(sql).bind(filter.pattern()).bind(&filter.state).bind(&filter.organisme)
                .bind(&filter.type_key).bind(&filter.tier).bind(since.to_string()).fetch_one(pool).await)?;
        Ok(count)
    }

    /// A page of labelled services by the day on which they lose it, that day within a span; `place` is the last line seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn labels(
        &self,
        (from, to): (Date, Date),
        filter: &Filter,
        (day, case_id): (Date, i64),
        limit: i64,
    ) -> Result<Vec<Summary>> {
        let sql = format!(
            "select {COLUMNS} from cases where {NARROWED} and cases.granted is not null
                and {LOSS} >= $6 and {LOSS} <= $7 and ({LOSS}, cases.case_id) > ($8, $9)
            order by {LOSS}, cases.case_id limit $10"
        );
        let sql = AssertSqlSafe(sql);
        Ok(on!(self, pool =>
            sqlx::query_as(sql).bind(filter.pattern()).bind(&filter.state).bind(&filter.organisme)
                .bind(&filter.type_key).bind(&filter.tier).bind(from.to_string()).bind(to.to_string())
                .bind(day.to_string()).bind(case_id).bind(limit).fetch_all(pool).await)?)
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn labels_count(&self, (from, to): (Date, Date), filter: &Filter) -> Result<i64> {
        let sql = format!(
            "select count(*) from cases where {NARROWED} and cases.granted is not null
                and {LOSS} >= $6 and {LOSS} <= $7"
        );
        let sql = AssertSqlSafe(sql);
        let (count,): (i64,) = on!(self, pool =>
            sqlx::query_as(sql).bind(filter.pattern()).bind(&filter.state).bind(&filter.organisme)
                .bind(&filter.type_key).bind(&filter.tier).bind(from.to_string()).bind(to.to_string())
                .fetch_one(pool).await)?;
        Ok(count)
    }

    /// The auditors' bodies that the cases name, for a list to choose from.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn organismes(&self, limit: i64) -> Result<Vec<String>> {
        const SQL: &str =
            "select distinct organisme from cases where organisme <> '' order by organisme limit $1";
        let rows: Vec<(String,)> = on!(self, pool => sqlx::query_as(SQL).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }
}
