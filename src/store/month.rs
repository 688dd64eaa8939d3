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

const OPEN_FIRST: &str = "case when d.status in ('late', 'upcoming') then 0 else 1 end";
const BY_NAME: &str = "d.folded, d.dossier, d.code, d.occurrence";

/// Queries of the first lines of a day that has `all` of them, of which so many are open.
fn first_of((day, all, open): &(Date, i64, i64), most: i64, lines: &str) -> Vec<String> {
    let of = |which: &str, count: i64| {
        format!(
            "select * from (select 1 as place, {lines} and d.due = '{day}' and d.status {which}
                order by {BY_NAME} limit {count}) d"
        )
    };
    let (open, others) = (most.min(*open), most.min(*all) - most.min(*open));
    let open = (open > 0).then(|| of("in ('late', 'upcoming')", open));
    let others = (others > 0).then(|| of("not in ('late', 'upcoming')", others));
    open.into_iter().chain(others).collect()
}

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

    /// The first deadlines of each of these days, at most so many: those still open come first, each kind by name. `days`
    /// are what [`WorkList::month_days`] counted of the same span.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn month_named(
        &self,
        narrowed: &Narrowed,
        days: &[(Date, i64, i64)],
        most: i64,
    ) -> Result<Vec<DeadlineRow>> {
        if narrowed.is_void() {
            return Ok(Vec::new());
        }
        let (Some((from, ..)), Some((to, ..))) = (days.first(), days.last()) else { return Ok(Vec::new()) };
        let (with, few, only) = narrowed.before("d.case_id");
        let narrow = narrowed.conditions("d");
        let of_day = format!("{COLUMNS}, d.folded from {few} deadlines d where {only} {narrow}");
        // The lines of a day are read in the order of their names until there are enough: ranking those of the whole month
        // would read each. Few services have few lines, and each reading would go through all of them.
        let first = match narrowed {
            Narrowed::Few(..) => format!(
                "select {COLUMNS}, d.folded, row_number() over (partition by d.due order by {OPEN_FIRST}, {BY_NAME})
                    as place from {few} deadlines d where {only} {narrow} and d.due >= '{from}' and d.due <= '{to}'"
            ),
            _ => days.iter().flat_map(|day| first_of(day, most, &of_day)).collect::<Vec<_>>().join(" union all "),
        };
        let sql = format!(
            "{with}select {COLUMNS} from ({first}) d where d.place <= $6 order by d.due, {OPEN_FIRST}, {BY_NAME}"
        );
        // Each month and each day have other texts: none is kept.
        let rows = on!(&self.0, pool => narrowed!(sql, narrowed).persistent(false).bind(most).fetch_all(pool).await)?;
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
