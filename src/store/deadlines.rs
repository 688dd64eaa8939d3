//! The deadlines of cases, as calendars and lists show them: by day, page by page.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::of_body::OfBody;
use super::pools::{Pools, Result, on};
use super::sql;
use super::unreadable::{Keyed, Place, Unreadable, day_of, filled, no_value};
use label::judge::agenda::{Due, Status};

/// How a deadline stands on the day of the judgement. The text of each variant is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeadlineStatus {
    #[default]
    Upcoming,
    Late,
    Passed,
    Done,
    /// Done after its extended day.
    DoneLate,
}

impl DeadlineStatus {
    const ALL: [DeadlineStatus; 5] = [
        DeadlineStatus::Upcoming,
        DeadlineStatus::Late,
        DeadlineStatus::Passed,
        DeadlineStatus::Done,
        DeadlineStatus::DoneLate,
    ];

    /// How a deadline stands on the day of its judgement.
    #[must_use]
    pub fn of(due: &Due) -> DeadlineStatus {
        if due.is_done_late() { DeadlineStatus::DoneLate } else { due.status.into() }
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            DeadlineStatus::Upcoming => "upcoming",
            DeadlineStatus::Late => "late",
            DeadlineStatus::Passed => "passed",
            DeadlineStatus::Done => "done",
            DeadlineStatus::DoneLate => "done_late",
        }
    }

    /// How a page shows it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            DeadlineStatus::DoneLate => DeadlineStatus::Done.word(),
            other => other.word(),
        }
    }
}

impl From<Status> for DeadlineStatus {
    fn from(status: Status) -> DeadlineStatus {
        match status {
            Status::Upcoming => DeadlineStatus::Upcoming,
            Status::Late => DeadlineStatus::Late,
            Status::Passed => DeadlineStatus::Passed,
            Status::Done => DeadlineStatus::Done,
        }
    }
}

/// A word of another version makes the row unreadable.
pub(super) fn status_of<'r, R: Row>(row: &'r R) -> sqlx::Result<DeadlineStatus>
where
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    let word: String = row.try_get("status")?;
    let known = DeadlineStatus::ALL.into_iter().find(|status| status.word() == word);
    known.ok_or_else(|| no_value("status", "not a status of this version"))
}

/// One obligation of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DeadlineRow {
    pub case_id: i64,
    pub dossier: i64,
    /// O-nn.
    pub code: String,
    /// Which of several alike, from 0.
    pub occurrence: i64,
    /// French.
    pub title: String,
    pub rule: String,
    pub section: String,
    pub due: Date,
    /// The working day to which the nominal one is extended.
    pub extended: Date,
    /// The first day of a window.
    pub opens: Option<Date>,
    pub status: DeadlineStatus,
    /// The service's.
    pub name: String,
    pub organisme: String,
    /// How often its day changed, and when it last did or was first set, in microseconds; the store writes them.
    pub moves: i64,
    pub moved_at: i64,
}

impl DeadlineRow {
    /// As [`Due::is_moot`], of which it is the row.
    #[must_use]
    pub fn is_moot(&self, today: Date) -> bool {
        self.status == DeadlineStatus::Passed && self.extended >= today
    }

    /// What identifies it in a calendar; it never changes.
    #[must_use]
    pub fn uid(&self) -> String {
        match self.occurrence {
            0 => format!("{}-{}", self.dossier, self.code),
            occurrence => format!("{}-{}-{occurrence}", self.dossier, self.code),
        }
    }
}

/// The line after which a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub due: Date,
    pub dossier: i64,
    pub code: String,
    pub occurrence: i64,
}

impl After {
    #[must_use]
    pub fn line(line: &DeadlineRow) -> After {
        After { due: line.due, dossier: line.dossier, code: line.code.clone(), occurrence: line.occurrence }
    }

    /// Before every line of that day.
    #[must_use]
    pub fn start_of(due: Date) -> After {
        After { due, dossier: i64::MIN, code: String::new(), occurrence: i64::MIN }
    }
}

const COLUMNS: &str =
    "case_id, dossier, code, occurrence, title, rule, section, due, extended, opens, status, name,
    organisme, moves, moved_at";

impl<'r, R: Row> FromRow<'r, R> for DeadlineRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<DeadlineRow> {
        let day =
            |column: &'static str| day_of(row, column)?.ok_or_else(|| no_value(column, "a day is missing"));
        Ok(DeadlineRow {
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
            moves: row.try_get("moves")?,
            moved_at: row.try_get("moved_at")?,
        })
    }
}

impl<'r, R: Row> Keyed<'r, R> for DeadlineRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        deadline_key(row)
    }
}

pub(super) fn deadline_key<'r, R: Row>(row: &'r R) -> sqlx::Result<Unreadable>
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    let (dossier, occurrence): (i64, i64) = (row.try_get("dossier")?, row.try_get("occurrence")?);
    let (case_id, code): (i64, String) = (row.try_get("case_id")?, row.try_get("code")?);
    Ok(Unreadable::of(Place::Deadline, case_id, format_args!("{dossier}/{code}/{occurrence}")))
}

/// The deadlines of cases; reads only.
#[derive(Clone, Debug)]
pub struct Agenda(pub(super) Pools, pub(super) OfBody);

impl Agenda {
    /// The same, of the cases of one certification body.
    #[must_use]
    pub fn of(self, body: OfBody) -> Agenda {
        Agenda(self.0, body)
    }

    /// The deadlines of one case, in the order of their key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn deadlines_of(&self, case_id: i64) -> Result<Vec<DeadlineRow>> {
        let rows = on!(&self.0, pool =>
            sql::query_as(AssertSqlSafe(deadlines_of())).bind(case_id).fetch_all(pool).await)?;
        self.0.stored(rows).await
    }

    /// A page of what is still open, by day; `late`: only what is late.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open_deadlines(&self, late: bool, after: &After, limit: i64) -> Result<Vec<DeadlineRow>> {
        let status = if late { "('late')" } else { "('late', 'upcoming')" };
        let sql = format!(
            "select {COLUMNS} from deadlines
            where status in {status} and (due, dossier, code, occurrence) > ($1, $2, $3, $4) and {}
            order by due, dossier, code, occurrence limit $5",
            self.1.condition("organisme", 6)
        );
        self.page_of(sql, after, limit).await
    }

    /// The démarche of each case that has an open deadline up to `until`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn demarches(&self, until: Date) -> Result<BTreeMap<i64, i64>> {
        const SQL: &str = "select case_id, demarche from cases where case_id in (
            select case_id from deadlines where status in ('late', 'upcoming') and due <= $1)";
        let rows: Vec<(i64, i64)> = on!(&self.0, pool =>
            sql::query_as(SQL).bind(until.to_string()).fetch_all(pool).await)?;
        Ok(rows.into_iter().collect())
    }

    async fn page_of(&self, sql: String, after: &After, limit: i64) -> Result<Vec<DeadlineRow>> {
        Ok(filled!(self.0, limit, most => on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql.clone()))
            .bind(after.due.to_string()).bind(after.dossier).bind(&after.code).bind(after.occurrence).bind(most)
            .bind(self.1.name()).fetch_all(pool).await)?))
    }
}

/// Sets aside the lines whose day cannot be read.
pub(super) async fn set_day_aside(pools: &Pools, due: &str) -> Result<()> {
    let sql = format!("select {COLUMNS} from deadlines where due = $1");
    let rows = on!(pools, pool => sql::query_as(AssertSqlSafe(sql)).bind(due).fetch_all(pool).await)?;
    let _: Vec<DeadlineRow> = pools.stored(rows).await?;
    Ok(())
}

/// The lines of one case, `$1`.
fn deadlines_of() -> String {
    format!("select {COLUMNS} from deadlines where case_id = $1 order by dossier, code, occurrence")
}

/// The deadlines of cases whose numbers follow.
pub(super) fn deadlines_among() -> String {
    format!("select {COLUMNS} from deadlines where case_id in (")
}

pub(super) const DEADLINES_IN_ORDER: &str = " order by dossier, code, occurrence";
