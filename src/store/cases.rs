//! What was judged, and what is to be judged.

use jiff::civil::Date;

use super::{Result, Store, on};

/// The last judgement of a case, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub case_id: i64,
    pub name: String,
    pub service: String,
    pub state: String,
    pub tier: Option<String>,
    pub living: bool,
    pub late: bool,
    pub faults: i64,
    pub next_due: Option<Date>,
    pub next_what: Option<String>,
}

type Row = (i64, String, String, String, Option<String>, bool, bool, i64, Option<String>, Option<String>);

fn summary(row: Row) -> Summary {
    let (case_id, name, service, state, tier, living, late, faults, next_due, next_what) = row;
    let next_due = next_due.and_then(|day| day.parse().ok());
    Summary { case_id, name, service, state, tier, living, late, faults, next_due, next_what }
}

impl Store {
    /// Each living case is judged anew each morning: marks those whose last judgement is of an earlier day.
    /// Returns how many dossiers were marked.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn new_day(&self, today: Date) -> Result<u64> {
        const SQL: &str = "update dossiers set dirty = $1 where case_id in
            (select case_id from cases where living = $1 and judged_on < $2)";
        on!(self, pool => Ok(sqlx::query(SQL).bind(true).bind(today.to_string()).execute(pool).await?.rows_affected()))
    }

    /// Dossiers read in other scopes than these are left alone: the configuration no longer names their section.
    /// Returns how many were to be judged.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn leave_alone(&self, scopes: &[String]) -> Result<u64> {
        on!(self, pool => {
            let mut query = sqlx::QueryBuilder::new("update dossiers set dirty = ");
            query.push_bind(false).push(" where dirty = ").push_bind(true).push(" and scope not in (");
            let mut list = query.separated(", ");
            for scope in scopes {
                list.push_bind(scope);
            }
            query.push(")");
            Ok(query.build().execute(pool).await?.rows_affected())
        })
    }

    /// Dossiers to judge, after `after`, in order of number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn to_judge(&self, after: i64, limit: i64) -> Result<Vec<i64>> {
        const SQL: &str =
            "select number from dossiers where dirty = $1 and number > $2 order by number limit $3";
        let rows: Vec<(i64,)> =
            on!(self, pool => sqlx::query_as(SQL).bind(true).bind(after).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_to_judge(&self, dossier: i64) -> Result<()> {
        const SQL: &str = "update dossiers set dirty = $1 where number = $2";
        on!(self, pool => sqlx::query(SQL).bind(true).bind(dossier).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Everything is to be judged again: the form or the readings changed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_all_to_judge(&self) -> Result<()> {
        on!(self, pool => sqlx::query("update dossiers set dirty = $1").bind(true).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// Saves a judgement: its dossiers are clean from then on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn save_judgement(&self, summary: &Summary, dossiers: &[i64], today: Date) -> Result<()> {
        let next_due = summary.next_due.map(|day| day.to_string());
        on!(self, pool => {
            let mut tx = pool.begin().await?;
            sqlx::query(SAVE_CASE)
                .bind(summary.case_id).bind(&summary.name).bind(&summary.service).bind(&summary.state)
                .bind(&summary.tier).bind(summary.living).bind(summary.late).bind(summary.faults)
                .bind(next_due).bind(&summary.next_what).bind(today.to_string())
                .execute(&mut *tx).await?;
            for number in dossiers {
                sqlx::query("update dossiers set dirty = $1, case_id = $2 where number = $3")
                    .bind(false).bind(summary.case_id).bind(number).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }

    /// A dossier that left before any decision closes its case: nothing is left to judge.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn drop_from_cases(&self, dossier: i64) -> Result<()> {
        on!(self, pool => {
            let mut tx = pool.begin().await?;
            sqlx::query("update dossiers set dirty = $1, case_id = null where number = $2")
                .bind(false).bind(dossier).execute(&mut *tx).await?;
            sqlx::query("delete from cases where case_id = $1 and not exists (select 1 from dossiers where case_id = $1)")
                .bind(dossier).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// The case that a dossier belongs to, once judged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn case_of(&self, dossier: i64) -> Result<Option<i64>> {
        const SQL: &str = "select case_id from dossiers where number = $1";
        let row: Option<(Option<i64>,)> =
            on!(self, pool => sqlx::query_as(SQL).bind(dossier).fetch_optional(pool).await)?;
        Ok(row.and_then(|(case_id,)| case_id))
    }

    /// The last judgement of one case.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn summary(&self, case_id: i64) -> Result<Option<Summary>> {
        let row: Option<Row> =
            on!(self, pool => sqlx::query_as(ONE).bind(case_id).fetch_optional(pool).await)?;
        Ok(row.map(summary))
    }

    /// A page of cases by next deadline, those without one last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn work_list(&self, after: Option<(&str, i64)>, limit: i64) -> Result<Vec<Summary>> {
        let (due, id) = after.unwrap_or(("", i64::MIN));
        let rows: Vec<Row> = on!(self, pool => sqlx::query_as(WORK_LIST).bind(due).bind(id).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(summary).collect())
    }
}

const SAVE_CASE: &str = "
    insert into cases (case_id, name, service, state, tier, living, late, faults, next_due, next_what, judged_on)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (case_id) do update set name = excluded.name, service = excluded.service, state = excluded.state,
        tier = excluded.tier, living = excluded.living, late = excluded.late, faults = excluded.faults,
        next_due = excluded.next_due, next_what = excluded.next_what, judged_on = excluded.judged_on";

const ONE: &str = "
    select case_id, name, service, state, tier, living, late, faults, next_due, next_what from cases
    where case_id = $1";

const WORK_LIST: &str = "
    select case_id, name, service, state, tier, living, late, faults, next_due, next_what from cases
    where (coalesce(next_due, '9999-12-31'), case_id) > ($1, $2)
    order by coalesce(next_due, '9999-12-31'), case_id limit $3";
