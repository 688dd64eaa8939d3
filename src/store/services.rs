//! All services that were ever judged, whatever became of them.

use sqlx::AssertSqlSafe;

use super::cases::{COLUMNS, Summary};
use super::narrowed::{Narrowed, narrowed};
use super::pools::{Result, on};
use super::sql;
use super::unreadable::filled;
use super::work::WorkList;

/// How the list is sorted; by number among equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    /// By the next deadline, those without one last.
    Next,
    Departement,
    /// By the day on which the judgement last said something else, the earliest first.
    Changed,
}

impl Order {
    fn column(self) -> &'static str {
        match self {
            Order::Name => "cases.folded",
            Order::Next => "coalesce(cases.next_due, '9999-12-31')",
            Order::Departement => "cases.departement",
            Order::Changed => "cases.changed_on",
        }
    }

    /// The place of a line in this order.
    #[must_use]
    pub fn place(self, summary: &Summary) -> (String, i64) {
        let key = match self {
            Order::Name => label::folding::folded(&summary.name),
            Order::Next => summary.next_due.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
            Order::Departement => summary.departement.clone(),
            Order::Changed => summary.changed_on.map(|day| day.to_string()).unwrap_or_default(),
        };
        (key, summary.case_id)
    }
}

impl WorkList {
    /// A page of services; `place` is the last line seen, before the first one an empty text and the least number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn services(
        &self,
        narrowed: &Narrowed,
        order: Order,
        (key, case_id): (&str, i64),
        limit: i64,
    ) -> Result<Vec<Summary>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (with, few, only) = narrowed.before("cases.case_id");
        let (narrow, column) = (narrowed.conditions("cases"), order.column());
        let sql = format!(
            "{with}select {COLUMNS} from {few} cases where {only} {narrow}
                and ({column}, cases.case_id) > ($6, $7)
            order by {column}, cases.case_id limit $8"
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool =>
            narrowed!(sql.clone(), narrowed).bind(key).bind(case_id).bind(most).fetch_all(pool).await)?))
    }

    /// How many, counted no further than one more than `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn services_count(&self, narrowed: &Narrowed, most: i64) -> Result<i64> {
        let (with, few, only) = narrowed.before("cases.case_id");
        let narrow = narrowed.conditions("cases");
        let sql = format!(
            "{with}select count(*) from (select 1 from {few} cases where {only} {narrow} limit $6) counted"
        );
        self.count_to(sql, narrowed, &[], most).await
    }

    /// The départements that the services name, or those of one certification body, for a list to choose from: one look-up
    /// each, or all services of the body.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn departements(&self, body: Option<&str>, limit: i64) -> Result<Vec<String>> {
        const OF_BODY: &str = "
            select distinct departement from cases where organisme = $2 and departement > ''
            order by departement limit $1";
        const SQL: &str = "
            with recursive places (name) as (
                select min(departement) from cases where departement > ''
                union all
                select (select min(cases.departement) from cases where cases.departement > places.name)
                from places where places.name is not null
            )
            select name from places where name is not null limit $1";
        let rows: Vec<(String,)> = on!(&self.0, pool => match body {
            None => sql::query_as(SQL).bind(limit).fetch_all(pool).await,
            Some(body) => sql::query_as(OF_BODY).bind(limit).bind(body).fetch_all(pool).await,
        })?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// Those who audit the services, each once, for a list to choose from; those of one certification body where one is given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn auditors(&self, body: Option<&str>, limit: i64) -> Result<Vec<String>> {
        const OF_BODY: &str = "
            select min(auditor) from cases where organisme = $2 and auditor_folded > '' group by auditor_folded
            order by auditor_folded limit $1";
        const SQL: &str = "
            with recursive people (name) as (
                select min(auditor_folded) from cases where auditor_folded > ''
                union all
                select (select min(cases.auditor_folded) from cases where cases.auditor_folded > people.name)
                from people where people.name is not null
            )
            select (select min(cases.auditor) from cases where cases.auditor_folded = people.name)
            from people where people.name is not null limit $1";
        let rows: Vec<(String,)> = on!(&self.0, pool => match body {
            None => sql::query_as(SQL).bind(limit).fetch_all(pool).await,
            Some(body) => sql::query_as(OF_BODY).bind(limit).bind(body).fetch_all(pool).await,
        })?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }
}
