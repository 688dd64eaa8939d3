//! The work list: filtered, ordered and paged in SQL, on what each judgement left. The list of labels is in `labels`.
//!
//! A filter is looked up once for a page ([`super::narrowed`]). Counts stop at the number that is asked for.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::cases::{COLUMNS, Summary};
use super::deadlines::{After, DeadlineStatus, deadline_key, status_of};
use super::narrowed::{Filter, Narrowed, Whose, narrowed};
use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{Keyed, Unreadable, day_of, filled, no_value};
use crate::retry::store as limits;

/// Before every day that a list holds. Days are compared as text, where a year below zero would not come first.
pub const FIRST_DAY: Date = date(1, 1, 1);

/// Which deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Late,
    /// Late or to come.
    Open,
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
    /// The working day to which that one is extended, and the first day of a window.
    pub extended: Date,
    pub opens: Option<Date>,
    pub status: DeadlineStatus,
    pub name: String,
    /// The dossier's, and that of the latest dossier of the service, whose state and tier follow.
    pub organisme: String,
    pub latest: String,
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

impl<'r, R: Row> FromRow<'r, R> for WorkLine
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<WorkLine> {
        let day =
            |column: &'static str| day_of(row, column)?.ok_or_else(|| no_value(column, "a day is missing"));
        Ok(WorkLine {
            case_id: row.try_get("case_id")?,
            dossier: row.try_get("dossier")?,
            code: row.try_get("code")?,
            occurrence: row.try_get("occurrence")?,
            title: row.try_get("title")?,
            rule: row.try_get("rule")?,
            section: row.try_get("section")?,
            due: day("due")?,
            extended: day("extended")?,
            opens: day_of(row, "opens")?,
            status: status_of(row)?,
            name: row.try_get("name")?,
            organisme: row.try_get("organisme")?,
            latest: row.try_get("latest")?,
            state: row.try_get("state")?,
            tier: row.try_get("tier")?,
            demarche: row.try_get("demarche")?,
        })
    }
}

impl<'r, R: Row> Keyed<'r, R> for WorkLine
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        deadline_key(row)
    }
}

impl Span {
    fn condition(self) -> (&'static str, Date) {
        match self {
            Span::Late => ("d.status = 'late' and d.due <= $6", Date::MAX),
            Span::Open => ("d.status in ('late', 'upcoming') and d.due <= $6", Date::MAX),
            Span::Until(day) => ("d.status = 'upcoming' and d.due <= $6", day),
            Span::Beyond(day) => ("d.status = 'upcoming' and d.due > $6", day),
        }
    }
}

/// The work list, the labels and their filters; reads only.
#[derive(Clone, Debug)]
pub struct WorkList(pub(super) Pools);

impl WorkList {
    /// Looks a filter up, once for all that a page shows.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn narrowed(&self, filter: &Filter) -> Result<Narrowed> {
        if filter.is_any() {
            return Ok(Narrowed::All);
        }
        let many = Narrowed::Many(filter.clone());
        let rest = Filter {
            organisme: filter.organisme.clone(),
            whose: filter.whose,
            lines: filter.lines,
            ..Filter::default()
        };
        if *filter == rest {
            return Ok(many);
        }
        // The body is a column of each table: what belongs to it is not all that its cases have.
        let others = Filter { whose: Whose::Any, ..filter.clone() };
        let sql = format!(
            "select case_id from cases where {} limit {}",
            others.conditions("cases"),
            limits::NARROWED + 1
        );
        let looked_up = Narrowed::Many(others);
        let rows: Vec<(i64,)> = on!(&self.0, pool => narrowed!(sql, looked_up).fetch_all(pool).await)?;
        if rows.len() > limits::NARROWED {
            return Ok(many);
        }
        Ok(Narrowed::Few(rows.into_iter().map(|(id,)| id).collect(), rest))
    }

    /// A page of what is to be done, by day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn lines(
        &self,
        span: Span,
        narrowed: &Narrowed,
        after: &After,
        limit: i64,
    ) -> Result<Vec<WorkLine>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (condition, day) = match span {
            // A page begins in the index where the last one ended.
            Span::Beyond(day) => Span::Beyond(day.max(after.due.saturating_sub(1.day()))),
            other => other,
        }
        .condition();
        let (with, few, only) = narrowed.before("d.case_id");
        let narrow = narrowed.conditions("d");
        let sql = format!(
            "{with}select d.case_id, d.dossier, d.code, d.occurrence, d.title, d.rule, d.section, d.due,
                d.extended, d.opens, d.status,
                cases.name, d.organisme, cases.organisme as latest, cases.state, cases.tier, cases.demarche
            from {few} deadlines d cross join cases
            where {only} cases.case_id = d.case_id and {narrow} and {condition}
                and (d.due, d.dossier, d.code, d.occurrence) > ($7, $8, $9, $10)
            order by d.due, d.dossier, d.code, d.occurrence limit $11"
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool =>
            narrowed!(sql.clone(), narrowed).bind(day.to_string()).bind(after.due.to_string()).bind(after.dossier)
                .bind(&after.code).bind(after.occurrence).bind(most).fetch_all(pool).await)?))
    }

    /// How much there is to do, counted no further than one more than `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn work_count(&self, span: Span, narrowed: &Narrowed, most: i64) -> Result<i64> {
        let (condition, day) = span.condition();
        let (with, few, only) = narrowed.before("d.case_id");
        let narrow = narrowed.conditions("d");
        let sql = format!(
            "{with}select count(*) from (
                select 1 from {few} deadlines d where {only} {narrow} and {condition} limit $7) counted"
        );
        self.count_to(sql, narrowed, &[day], most).await
    }

    /// A page of cases whose judgement said something new since that day: by that day, then by number; `place` is the
    /// last line seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn changed(
        &self,
        since: Date,
        narrowed: &Narrowed,
        (day, case_id): (Date, i64),
        limit: i64,
    ) -> Result<Vec<Summary>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (with, few, only) = narrowed.before("cases.case_id");
        let narrow = narrowed.conditions("cases");
        let sql = format!(
            "{with}select {COLUMNS} from {few} cases where {only} {narrow} and cases.changed_on >= $6
                and (cases.changed_on, cases.case_id) > ($7, $8)
            order by cases.changed_on, cases.case_id limit $9"
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool =>
            narrowed!(sql.clone(), narrowed).bind(since.max(day).to_string()).bind(day.to_string()).bind(case_id)
                .bind(most).fetch_all(pool).await)?))
    }

    /// How many, counted no further than one more than `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn changed_count(&self, since: Date, narrowed: &Narrowed, most: i64) -> Result<i64> {
        let (with, few, only) = narrowed.before("cases.case_id");
        let narrow = narrowed.conditions("cases");
        let sql = format!(
            "{with}select count(*) from (
                select 1 from {few} cases where {only} {narrow} and cases.changed_on >= $6 limit $7) counted"
        );
        self.count_to(sql, narrowed, &[since], most).await
    }

    /// The days come after the filter's words, the limit after them.
    pub(super) async fn count_to(
        &self,
        sql: String,
        narrowed: &Narrowed,
        days: &[Date],
        most: i64,
    ) -> Result<i64> {
        if narrowed.is_void() {
            return Ok(0);
        }
        let (count,): (i64,) = on!(&self.0, pool => {
            let query = narrowed!(sql, narrowed);
            let query = days.iter().fold(query, |query, day| query.bind(day.to_string()));
            query.bind(most.saturating_add(1)).fetch_one(pool).await
        })?;
        Ok(count)
    }

    /// The auditors' bodies that the cases name, for a list to choose from: one look-up each.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn organismes(&self, limit: i64) -> Result<Vec<String>> {
        const SQL: &str = "
            with recursive bodies (name) as (
                select min(organisme) from cases where organisme > ''
                union all
                select (select min(cases.organisme) from cases where cases.organisme > bodies.name)
                from bodies where bodies.name is not null
            )
            select name from bodies where name is not null limit $1";
        let rows: Vec<(String,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// The rules by whose findings a person should look at cases, those of one certification body or all, for a list to
    /// choose from: one look-up each, or all cases of the body.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn rules_found(&self, body: Option<&str>, limit: i64) -> Result<Vec<String>> {
        const OF_BODY: &str = "
            select distinct case_findings.rule from cases
            join case_findings on case_findings.case_id = cases.case_id where cases.organisme = $2
            order by case_findings.rule limit $1";
        const SQL: &str = "
            with recursive rules (rule) as (
                select min(rule) from case_findings
                union all
                select (select min(case_findings.rule) from case_findings where case_findings.rule > rules.rule)
                from rules where rules.rule is not null
            )
            select rule from rules where rule is not null limit $1";
        let rows: Vec<(String,)> = on!(&self.0, pool => match body {
            None => sql::query_as(SQL).bind(limit).fetch_all(pool).await,
            Some(body) => sql::query_as(OF_BODY).bind(limit).bind(body).fetch_all(pool).await,
        })?;
        Ok(rows.into_iter().map(|(rule,)| rule).collect())
    }

    /// # Errors
    /// When the store cannot be read.
    pub async fn knows_any(&self) -> Result<bool> {
        const SQL: &str = "select case_id from cases limit 1";
        let row: Option<(i64,)> = on!(&self.0, pool => sql::query_as(SQL).fetch_optional(pool).await)?;
        Ok(row.is_some())
    }
}
