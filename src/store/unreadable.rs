//! Rows that this version cannot read: a text that is no date, JSON of another version, a word that no enum has.
//!
//! Every read goes through [`Pools::readable`]: a row is kept or set aside, never dropped in silence and never an error
//! that ends a pass. A row set aside stays where it is, is recorded once in `unreadable`, logged once, counted on the
//! health page and in the metrics; what it came from is asked for again ([`Remedy`]). The record goes when the row is
//! written again ([`HEALED_BY_READING`], [`Pools::healed`]); each day [`super::healing`] looks at those that are left.

use std::fmt::Display;

use jiff::civil::Date;
use label::case::keys::Key;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::judged_print::FORGET;
use super::observed::Begin as _;
use super::pools::{Pools, Result, on};
use super::sql;

/// The table and column of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Facts,
    Decision,
    AuditDay,
    ReportedMark,
    Vanished,
    /// An overdue deadline that a person found settled: without it, it is overdue again.
    Settled,
    Evidence,
    Written,
    Refused,
    Case,
    Deadline,
    Application,
    Found,
    Inspection,
    Mail,
    Message,
    /// The body of a notice that was sent.
    Notice,
    Task,
    Ask,
    Setting,
}

/// What brings the value of a row back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// The dossier is read again from the platform, as if nothing were known of it.
    Dossier,
    /// Its case is judged again.
    Judgement,
    /// The attachments of that content are opened again.
    Files,
    /// Nothing is asked for that day: a person may look, or the value is written again.
    Nothing,
}

impl Place {
    pub const ALL: [Place; 20] = [
        Place::Facts,
        Place::Decision,
        Place::AuditDay,
        Place::ReportedMark,
        Place::Vanished,
        Place::Settled,
        Place::Evidence,
        Place::Written,
        Place::Refused,
        Place::Case,
        Place::Deadline,
        Place::Application,
        Place::Found,
        Place::Inspection,
        Place::Mail,
        Place::Message,
        Place::Notice,
        Place::Task,
        Place::Ask,
        Place::Setting,
    ];

    /// `table.column`, as the record, the log and the metrics name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Place::Facts => "dossiers.facts",
            Place::Decision => "decisions.event",
            Place::AuditDay => "audit_days.day",
            Place::ReportedMark => "reported_marks.value",
            Place::Vanished => "vanished.key",
            Place::Settled => "settled",
            Place::Evidence => "evidence.key",
            Place::Written => "written.key",
            Place::Refused => "refused.key",
            Place::Case => "cases",
            Place::Deadline => "deadlines",
            Place::Application => "applications",
            Place::Found => "found",
            Place::Inspection => "inspections.inspection",
            Place::Mail => "outbox.mail",
            Place::Message => "outbox.message",
            Place::Notice => "outbox.payload",
            Place::Task => "outbox.kind",
            Place::Ask => "asks.why",
            Place::Setting => "settings.value",
        }
    }

    pub(super) fn remedy(self) -> Remedy {
        match self {
            Place::Facts
            | Place::Decision
            | Place::AuditDay
            | Place::ReportedMark
            | Place::Vanished
            | Place::Evidence
            | Place::Written
            | Place::Refused
            | Place::Ask
            | Place::Mail
            | Place::Message => Remedy::Dossier,
            Place::Case | Place::Deadline | Place::Application | Place::Found => Remedy::Judgement,
            Place::Inspection => Remedy::Files,
            Place::Settled | Place::Notice | Place::Task | Place::Setting => Remedy::Nothing,
        }
    }
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub place: Place,
    /// Its key; the checksum and the purpose for an inspection.
    pub line: String,
    /// The dossier that it belongs to; the case's number for what a judgement saved.
    pub dossier: Option<i64>,
}

impl Unreadable {
    pub(super) fn of(place: Place, dossier: i64, line: impl Display) -> Unreadable {
        Unreadable { place, line: line.to_string(), dossier: Some(dossier) }
    }
}

/// The key of a form that a row names; another version may have others.
pub(super) fn known_key(place: Place, dossier: i64, key: &str) -> Readable<Key> {
    Key::from_name(key).ok_or_else(|| Unreadable::of(place, dossier, format_args!("{dossier}/{key}")))
}

/// A row as it was read.
pub(super) type Readable<T> = std::result::Result<T, Unreadable>;

/// A row of a list: a column that does not hold what this version writes makes it unreadable, and no error.
pub(super) struct Stored<T>(pub Readable<T>);

/// How a row is named when it cannot be read.
pub(super) trait Keyed<'r, R: Row>: FromRow<'r, R> {
    /// # Errors
    /// When not even its key can be read.
    fn key(row: &'r R) -> sqlx::Result<Unreadable>;
}

impl<'r, R: Row, T: Keyed<'r, R>> FromRow<'r, R> for Stored<T> {
    fn from_row(row: &'r R) -> sqlx::Result<Stored<T>> {
        match T::from_row(row) {
            Ok(value) => Ok(Stored(Ok(value))),
            Err(sqlx::Error::ColumnDecode { .. }) => Ok(Stored(Err(T::key(row)?))),
            Err(error) => Err(error),
        }
    }
}

/// A day, or nothing; a text that is no day is an error of that column.
pub(super) fn day_of<'r, R: Row>(row: &'r R, column: &'static str) -> sqlx::Result<Option<Date>>
where
    &'static str: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    let text: Option<String> = row.try_get(column)?;
    text.filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|error| no_value(column, error)))
        .transpose()
}

/// A column that holds a value of another version.
pub(super) fn no_value(
    column: &'static str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: error.into() }
}

/// A page of a list, filled up to `$limit` readable rows: a shorter one would look like the last. `$rows` is read with
/// the limit `$most`, which grows by the rows that were set aside.
macro_rules! filled {
    ($pools:expr, $limit:expr, $most:ident => $rows:expr) => {{
        let mut $most: i64 = $limit;
        loop {
            let rows = $rows;
            let read = rows.len();
            let mut kept = $pools.stored(rows).await?;
            let wanted = usize::try_from($limit).unwrap_or(usize::MAX);
            if kept.len() >= wanted || i64::try_from(read).unwrap_or(i64::MAX) < $most {
                kept.truncate(wanted);
                break kept;
            }
            $most = i64::try_from(read - kept.len()).unwrap_or(i64::MAX).saturating_add($limit);
        }
    }};
}
pub(super) use filled;

impl Pools {
    /// The rows of a list that can be read, in their order; the others are set aside.
    pub(super) async fn stored<T>(&self, rows: Vec<Stored<T>>) -> Result<Vec<T>> {
        self.readable(rows.into_iter().map(|row| row.0)).await
    }

    /// The rows that can be read, in their order; the others are set aside.
    pub(super) async fn readable<T>(&self, rows: impl IntoIterator<Item = Readable<T>>) -> Result<Vec<T>> {
        let (mut kept, mut aside) = (Vec::new(), Vec::new());
        for row in rows {
            match row {
                Ok(row) => kept.push(row),
                Err(row) => aside.push(row),
            }
        }
        for row in &aside {
            self.set_row_aside(row).await?;
        }
        Ok(kept)
    }

    /// Records a row and asks for what it came from, once: while the record stands, nothing more happens.
    pub(super) async fn set_row_aside(&self, row: &Unreadable) -> Result<()> {
        let (place, line) = (row.place.as_str(), row.line.as_str());
        let dossier = row.dossier.unwrap_or_default();
        let checksum = line.split_once('/').map_or(line, |(checksum, _)| checksum);
        let new = on!(self, pool => {
            let mut tx = pool.transaction().await?;
            let recorded = sql::query(RECORD).bind(place).bind(line).bind(row.dossier).execute(&mut *tx).await?;
            let new = recorded.rows_affected() == 1;
            match row.place.remedy() {
                _ if !new => {}
                Remedy::Dossier => {
                    sql::query(FORGET_TEXT).bind(dossier).execute(&mut *tx).await?;
                    sql::query(ASK_AGAIN).bind(dossier).execute(&mut *tx).await?;
                }
                Remedy::Judgement => {
                    sql::query(JUDGE_AGAIN).bind(true).bind(dossier).execute(&mut *tx).await?;
                    sql::query(FORGET).bind(dossier).execute(&mut *tx).await?;
                }
                Remedy::Files => {
                    sql::query(OPEN_AGAIN).bind(checksum).execute(&mut *tx).await?;
                }
                Remedy::Nothing => {}
            }
            if matches!(row.place, Place::Mail | Place::Message | Place::Notice | Place::Task) && new {
                sql::query(TAKE_OUT).bind(line).bind(SET_ASIDE).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            new
        });
        if new {
            tracing::error!(place, line, dossier = row.dossier, "a stored row cannot be read: set aside");
        }
        Ok(())
    }

    /// The value of a row that depends on no other was written again.
    pub(super) async fn healed(&self, place: Place, line: &str) -> Result<()> {
        on!(self, pool => sql::query(HEALED).bind(place.as_str()).bind(line).execute(pool).await.map(|_| ()))?;
        Ok(())
    }
}

/// Cases were judged: their rows were written again. Their numbers follow.
pub(super) const HEALED_BY_JUDGEMENT: &str =
    "delete from unreadable where place in ('cases', 'deadlines', 'applications', 'found') and dossier in (";

pub(super) const HEALED: &str = "delete from unreadable where place = $1 and line = $2";

const RECORD: &str =
    "insert into unreadable (place, line, dossier) values ($1, $2, $3) on conflict (place, line) do nothing";

/// Without its two hashes, the next reading of the dossier counts as a change, and is saved whole.
pub(super) const FORGET_TEXT: &str = "update dossiers set print = null, hash = '' where number = $1";

/// At once: an instant of zero is before every other.
pub(super) const ASK_AGAIN: &str = "insert into asks (number, why, scope, due_at, attempts)
    select number, 'unreadable', scope, cast(0 as bigint), cast(0 as bigint) from dossiers
    where number = $1 and gone_at is null
    on conflict (number, why) do nothing";

/// The state of a task whose row cannot be read.
pub(super) const SET_ASIDE: &str = "set_aside";

/// A task that this version cannot read must not be claimed; one that was sent still counts as put.
const TAKE_OUT: &str = "update outbox set state = $2 where key = $1";

pub(super) const JUDGE_AGAIN: &str =
    "update dossiers set dirty = $1, revision = revision + 1 where case_id = $2";

pub(super) const OPEN_AGAIN: &str = "insert into asks (number, why, scope, due_at, attempts)
    select distinct dossiers.number, 'files', dossiers.scope, cast(0 as bigint), cast(0 as bigint)
    from evidence join dossiers on dossiers.number = evidence.dossier where evidence.checksum = $1
    on conflict (number, why) do nothing";

/// The facts of a dossier were saved: its own row, and the rows of a key that this version does not know, are rebuilt.
/// What stood in the others is lost to this version. Runs before anything else of the dossier is written; `$1` is the
/// dossier.
pub(super) const HEALED_BY_READING: [&str; 8] = [
    "delete from written where dossier = $1 and cast(dossier as text) || '/' || key in
        (select line from unreadable where place = 'written.key' and dossier = $1)",
    "delete from refused where dossier = $1 and cast(dossier as text) || '/' || key in
        (select line from unreadable where place = 'refused.key' and dossier = $1)",
    "delete from vanished where dossier = $1 and cast(dossier as text) || '/' || key in
        (select line from unreadable where place = 'vanished.key' and dossier = $1)",
    "delete from evidence where dossier = $1 and cast(dossier as text) || '/' || key in
        (select line from unreadable where place = 'evidence.key' and dossier = $1)",
    "delete from reported_marks where dossier = $1 and cast(dossier as text) || '/' || report || '/' || key in
        (select line from unreadable where place = 'reported_marks.value' and dossier = $1)",
    "delete from audit_days where dossier = $1 and cast(dossier as text) || '/' || cast(position as text) in
        (select line from unreadable where place = 'audit_days.day' and dossier = $1)",
    "delete from asks where number = $1 and cast(number as text) || '/' || why in
        (select line from unreadable where place = 'asks.why' and dossier = $1)",
    "delete from unreadable where dossier = $1
        and place in ('dossiers.facts', 'written.key', 'refused.key', 'vanished.key', 'evidence.key',
            'reported_marks.value', 'audit_days.day', 'asks.why', 'outbox.mail', 'outbox.message', 'outbox.payload',
            'outbox.kind')",
];

/// The decisions seen in single fields are not used of a dossier with a table of decisions. `$1` is the dossier.
pub(super) const HEALED_BY_A_TABLE: [&str; 2] = [
    "delete from decisions where dossier = $1 and cast(dossier as text) || '/' || cast(position as text) in
        (select line from unreadable where place = 'decisions.event' and dossier = $1)",
    "delete from unreadable where dossier = $1 and place = 'decisions.event'",
];
