//! The deadlines of a month, narrowed as the other lists are: how many on each day, the first names of each, page by page.

use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::deadlines::{After, DeadlineRow, set_day_aside};
use super::narrowed::{Narrowed, narrowed};
use super::pools::{Result, on};
use super::unreadable::filled;
use super::work::WorkList;

const COLUMNS: &str =
    "d.case_id, d.dossier, d.code, d.occurrence, d.title, d.rule, d.section, d.due, d.extended, d.opens,
    d.status, d.name, d.organisme, d.moves, d.moved_at";

impl WorkList {
    /// A page of what falls on the days up to `until`, whatever its status.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn month_lines(
        &self,
        narrowed: &Narrowed,
        after: &After,
        until: Date,
        limit: i64,
    ) -> Result<Vec<DeadlineRow>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (with, few, only) = narrowed.before("d.case_id");
        let narrow = narrowed.conditions("d");
        let sql = format!(
            "{with}select {COLUMNS} from {few} deadlines d where {only} {narrow} and d.due <= $6
                and (d.due, d.dossier, d.code, d.occurrence) > ($7, $8, $9, $10)
            order by d.due, d.dossier, d.code, d.occurrence limit $11"
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool =>
            narrowed!(sql.clone(), narrowed).bind(until.to_string()).bind(after.due.to_string())
                .bind(after.dossier).bind(&after.code).bind(after.occurrence).bind(most).fetch_all(pool).await)?))
    }

    /// The first deadlines of each day of a span, at most so many: those still open come first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn month_named(
        &self,
        narrowed: &Narrowed,
        (from, to): (Date, Date),
        most: i64,
    ) -> Result<Vec<DeadlineRow>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (with, few, only) = narrowed.before("d.case_id");
        let narrow = narrowed.conditions("d");
        let sql = format!(
            "{with}select {COLUMNS} from (select d.*, row_number() over (partition by d.due order by
                case when d.status in ('late', 'upcoming') then 0 else 1 end, d.folded, d.dossier, d.code, d.occurrence)
                as place from {few} deadlines d where {only} {narrow} and d.due >= $6 and d.due <= $7) d
            where d.place <= $8 order by d.due, d.place"
        );
        let rows = on!(&self.0, pool => narrowed!(sql, narrowed).bind(from.to_string()).bind(to.to_string())
            .bind(most).fetch_all(pool).await)?;
        self.0.stored(rows).await
    }

    /// How many deadlines fall on each day of a span, and how many of them are open.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn month_days(
        &self,
        narrowed: &Narrowed,
        (from, to): (Date, Date),
    ) -> Result<Vec<(Date, i64, i64)>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (with, few, only) = narrowed.before("d.case_id");
        let narrow = narrowed.conditions("d");
        let sql = format!(
            "{with}select d.due, count(*),
                cast(sum(case when d.status in ('late', 'upcoming') then 1 else 0 end) as bigint)
            from {few} deadlines d where {only} {narrow} and d.due >= $6 and d.due <= $7 group by d.due order by d.due"
        );
        let rows: Vec<(String, i64, i64)> = on!(&self.0, pool =>
            narrowed!(sql, narrowed).bind(from.to_string()).bind(to.to_string()).fetch_all(pool).await)?;
        let mut days = Vec::new();
        for (due, all, open) in rows {
            match due.parse() {
                Ok(day) => days.push((day, all, open)),
                Err(_) => set_day_aside(&self.0, &due).await?,
            }
        }
        Ok(days)
    }
}
