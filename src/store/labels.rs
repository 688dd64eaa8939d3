//! The list of labels, in force or lost on a day, by their last day.

use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::cases::{COLUMNS, Summary};
use super::narrowed::{Narrowed, narrowed};
use super::pools::{Result, on};
use super::unreadable::filled;
use super::work::WorkList;

/// Which labels: in force on a day, or lost by then, and with their last day, if nothing is done, within a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    pub today: Date,
    /// Suspended ones included, also past the limit of the suspension; else those that are withdrawn or expired.
    pub in_force: bool,
    pub from: Date,
    pub to: Date,
}

impl Labels {
    /// `$6` to `$8` are the first and the last day, and today. A label in force is that of a living case, which an index
    /// tells from those of history.
    fn condition(self) -> String {
        let status = match self.in_force {
            true => "cases.living and standings.status in ('active', 'suspended')",
            false => "standings.status in ('withdrawn', 'expired')",
        };
        format!(
            "cases.loss >= $6 and cases.loss <= $7 and standings.case_id = cases.case_id and standings.since <= $8
                and standings.until > $8 and {status}"
        )
    }
}

impl WorkList {
    /// A page of labels by their last day if nothing is done; `place` is the last line seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn labels(
        &self,
        labels: Labels,
        narrowed: &Narrowed,
        (day, case_id): (Date, i64),
        limit: i64,
    ) -> Result<Vec<Summary>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (with, few, only) = narrowed.before("cases.case_id");
        let (narrow, held) = (narrowed.conditions("cases"), labels.condition());
        let sql = format!(
            "{with}select {COLUMNS} from {few} cases cross join standings
            where {only} {narrow} and {held} and (cases.loss, cases.case_id) > ($9, $10)
            order by cases.loss, cases.case_id limit $11"
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool =>
            narrowed!(sql.clone(), narrowed).bind(labels.from.max(day).to_string()).bind(labels.to.to_string())
                .bind(labels.today.to_string()).bind(day.to_string()).bind(case_id).bind(most).fetch_all(pool).await)?))
    }

    /// How many, counted no further than one more than `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn labels_count(&self, labels: Labels, narrowed: &Narrowed, most: i64) -> Result<i64> {
        let (with, few, only) = narrowed.before("cases.case_id");
        let (narrow, held) = (narrowed.conditions("cases"), labels.condition());
        let sql = format!(
            "{with}select count(*) from (
                select 1 from {few} cases cross join standings where {only} {narrow} and {held} limit $9) counted"
        );
        self.count_to(sql, narrowed, &[labels.from, labels.to, labels.today], most).await
    }
}
