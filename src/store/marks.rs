//! Which dossiers are to be judged: marked when they change, on a new day, or on purpose.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::judgement::{EDITION, Judgements, NEXT_EDITION};
use super::lists::{among, texts_among};
use super::many_rows::{ROWS, is_kept};
use super::observed::Begin as _;
use super::pools::{Result, on};
use super::sql;

impl Judgements {
    /// A new day: marks the dossiers, read in these scopes, of the cases that were last judged on an earlier day and of which
    /// it may change something. Returns how many dossiers were marked.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn new_day(&self, today: Date, scopes: &[String]) -> Result<u64> {
        if scopes.is_empty() {
            return Ok(0);
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(MARK_CASES);
            query.push("next_look <= ").push_bind(today.to_string());
            query.push(" and judged_on < ").push_bind(today.to_string()).push(") and scope in (");
            texts_among(&mut query, scopes);
            Ok(query.build().persistent(sql::persistent()).execute(pool).await?.rows_affected())
        })
    }

    /// The living cases, read in these scopes, of which something may change by that day, after `after`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn changing_until(
        &self,
        day: Date,
        scopes: &[String],
        after: i64,
        limit: i64,
    ) -> Result<Vec<i64>> {
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("select case_id from cases where living and next_look <= ");
            query.push_bind(day.to_string()).push(" and case_id > ").push_bind(after);
            query.push(" and case_id in (select case_id from dossiers where scope in (");
            texts_among(&mut query, scopes);
            query.push(") order by case_id limit ").push_bind(limit);
            Ok(query.build_query_scalar().persistent(sql::persistent()).fetch_all(pool).await?)
        })
    }

    /// Marks the dossiers, read in these scopes, of every living case: the rules, or what follows from them, are other ones.
    /// Returns how many dossiers were marked.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_living(&self, scopes: &[String]) -> Result<u64> {
        self.mark_those("living", scopes).await
    }

    /// The same, of every case, over or not.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_all(&self, scopes: &[String]) -> Result<u64> {
        self.mark_those("case_id is not null", scopes).await
    }

    /// `which` is a condition on cases.
    async fn mark_those(&self, which: &'static str, scopes: &[String]) -> Result<u64> {
        if scopes.is_empty() {
            return Ok(0);
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new(MARK_CASES);
            query.push(which).push(") and scope in (");
            texts_among(&mut query, scopes);
            Ok(query.build().persistent(sql::persistent()).execute(pool).await?.rows_affected())
        })
    }

    /// Dossiers read in other scopes than these are left alone: the configuration no longer names their section.
    /// Returns how many were to be judged.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn leave_alone(&self, scopes: &[String]) -> Result<u64> {
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("update dossiers set dirty = ");
            query.push_bind(false).push(" where dirty and scope not in (");
            texts_among(&mut query, scopes);
            Ok(query.build().persistent(sql::persistent()).execute(pool).await?.rows_affected())
        })
    }

    /// Dossiers to judge, after `after`, in order of number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn to_judge(&self, after: i64, limit: i64) -> Result<Vec<i64>> {
        const SQL: &str = "select number from dossiers where dirty and number > $1 order by number limit $2";
        let rows: Vec<(i64,)> =
            on!(&self.0, pool => sql::query_as(SQL).bind(after).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_to_judge(&self, dossier: i64) -> Result<()> {
        const SQL: &str = "update dossiers set dirty = $1, revision = revision + 1 where number = $2";
        on!(&self.0, pool => sql::query(SQL).bind(true).bind(dossier).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// The same of several, at once.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_each_to_judge(&self, dossiers: &BTreeSet<i64>) -> Result<()> {
        let dossiers: Vec<i64> = dossiers.iter().copied().collect();
        for page in dossiers.chunks(ROWS) {
            on!(&self.0, pool => {
                let mut query = sqlx::QueryBuilder::new("update dossiers set revision = revision + 1, dirty = ");
                query.push_bind(true).push(" where number in (");
                among(&mut query, page);
                query.build().persistent(is_kept(page.len())).execute(pool).await.map(|_| ())
            })?;
        }
        Ok(())
    }

    /// Marks the dossiers that these cases, now of the dossiers `numbers`, left behind: those that the store holds in one
    /// of them, or in the case that one of `numbers` comes from. Each is then in another case, or in none.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_left_behind(&self, cases: &[i64], numbers: &[i64]) -> Result<()> {
        if cases.is_empty() || numbers.is_empty() {
            return Ok(());
        }
        on!(&self.0, pool => {
            let mut query = sqlx::QueryBuilder::new("update dossiers set revision = revision + 1, dirty = ");
            query.push_bind(true).push(" where case_id in (select case_id from dossiers where case_id is not null and number in (");
            among(&mut query, numbers);
            query.push(" union all select case_id from cases where case_id in (");
            among(&mut query, cases);
            query.push(") and number not in (");
            among(&mut query, numbers);
            query.build().persistent(sql::persistent()).execute(pool).await.map(|_| ())
        })?;
        Ok(())
    }

    /// Everything is to be judged again: the form or the readings changed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn mark_all_to_judge(&self) -> Result<()> {
        on!(&self.0, pool => sql::query("update dossiers set dirty = $1, revision = revision + 1").bind(true).execute(pool).await.map(|_| ()))?;
        Ok(())
    }

    /// A dossier that left before any decision closes its case: nothing is left to judge, unless it was marked again
    /// since `revision`.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn drop_from_cases(&self, dossier: i64, revision: i64) -> Result<()> {
        on!(&self.0, pool => {
            let mut tx = pool.transaction().await?;
            sql::query("update dossiers set case_id = null, dirty = (revision <> $1) where number = $2")
                .bind(revision).bind(dossier).execute(&mut *tx).await?;
            sql::query("delete from found where dossier = $1").bind(dossier).execute(&mut *tx).await?;
            // The case of that number, when no dossier is left in it, with all that lists show of it.
            let mut rows = 0;
            for table in ["deadlines", "dossier_measures", "applications", "standings", "case_findings", "cases"] {
                let sql = format!(
                    "delete from {table} where case_id = $1 and not exists (select 1 from dossiers where case_id = $1)"
                );
                rows += sql::query(AssertSqlSafe(sql)).bind(dossier).execute(&mut *tx).await?.rows_affected();
            }
            if rows > 0 {
                sql::query(NEXT_EDITION).bind(EDITION).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            Ok(())
        })
    }
}

const MARK_CASES: &str = "update dossiers set revision = revision + 1, dirty = true
    where case_id in (select case_id from cases where ";
