//! The year of a certification body: its audits, the windows of its follow-ups, the ends of its labels, as they were judged.

use jiff::ToSpan;
use jiff::civil::Date;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::pools::{Result, on};
use super::register::Register;
use super::sql;
use super::unreadable::{Keyed, Place, Unreadable, day_of, filled, no_value};

/// What a year is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearPart {
    /// Visits, by their last day; those that are fixed and still ahead too.
    Audits,
    /// Windows of follow-up audits, open on some day of it.
    Windows,
    /// The last days of labels, from the decisions known today.
    Ends,
}

impl YearPart {
    /// In order, each with its word in addresses.
    pub const ALL: [(YearPart, &'static str); 3] =
        [(YearPart::Audits, "audits"), (YearPart::Windows, "fenetres"), (YearPart::Ends, "fins")];

    #[must_use]
    pub fn word(self) -> &'static str {
        YearPart::ALL.iter().find(|(part, _)| *part == self).map_or("", |(_, word)| word)
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<YearPart> {
        YearPart::ALL.iter().find(|(_, known)| *known == word).map(|(part, _)| *part)
    }

    /// The lines of a part: `opens` and `day` bound each.
    fn lines(self) -> &'static str {
        match self {
            YearPart::Audits => {
                "select a.case_id, a.dossier, coalesce(cases.name, '') as name, a.organisme, a.audited as opens,
                    a.audited as day, '' as mark
                from applications a left join cases on cases.case_id = a.case_id
                where a.audited >= $1 and a.audited <= $2"
            }
            YearPart::Windows => {
                "select case_id, dossier, name, organisme, opens, due as day,
                    code || '-' || cast(occurrence as text) as mark
                from deadlines where opens <= $2 and due >= $1"
            }
            // A standing ends on the day before the next one.
            YearPart::Ends => {
                "select s.case_id, cases.dossier, cases.name, cases.organisme, s.since as opens, s.until as day,
                    '' as mark
                from standings s join cases on cases.case_id = s.case_id
                join standings n on n.case_id = s.case_id and n.since = s.until and n.status in ('withdrawn', 'expired')
                where s.status in ('active', 'suspended') and s.until >= $1 and s.until <= $2"
            }
        }
    }

    /// What is bound for the first and the last day: of an end, the day after it is stored.
    fn bounds(self, from: Date, to: Date) -> (String, String) {
        let shift = i64::from(self == YearPart::Ends);
        let shifted = |day: Date| day.saturating_add(shift.days()).to_string();
        (shifted(from), shifted(to))
    }

    /// The last day of a line, from the day that is stored.
    fn last(self, day: Date) -> Date {
        day.saturating_sub(i64::from(self == YearPart::Ends).days())
    }
}

/// One line of a part of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearRow {
    pub case_id: i64,
    pub dossier: i64,
    pub name: String,
    pub organisme: String,
    /// The first day of a window; else that of the visit, or of the standing that ends.
    pub opens: Date,
    /// As it is stored, to go on from: of an end, the day after it.
    stored: Date,
    /// Which of several windows of a dossier.
    mark: String,
}

impl YearRow {
    /// The last day.
    #[must_use]
    pub fn day(&self, part: YearPart) -> Date {
        part.last(self.stored)
    }

    /// Where a page after this line begins.
    #[must_use]
    pub fn place(&self) -> YearPlace {
        YearPlace { day: self.stored, dossier: self.dossier, mark: self.mark.clone() }
    }
}

/// The last line seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearPlace {
    pub day: Date,
    pub dossier: i64,
    pub mark: String,
}

impl YearPlace {
    #[must_use]
    pub fn start() -> YearPlace {
        YearPlace { day: Date::MIN, dossier: i64::MIN, mark: String::new() }
    }
}

impl<'r, R: Row> FromRow<'r, R> for YearRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<YearRow> {
        let day =
            |column: &'static str| day_of(row, column)?.ok_or_else(|| no_value(column, "a day is missing"));
        Ok(YearRow {
            case_id: row.try_get("case_id")?,
            dossier: row.try_get("dossier")?,
            name: row.try_get("name")?,
            organisme: row.try_get("organisme")?,
            opens: day("opens")?,
            stored: day("day")?,
            mark: row.try_get("mark")?,
        })
    }
}

impl<'r, R: Row> Keyed<'r, R> for YearRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        let case_id: i64 = row.try_get("case_id")?;
        Ok(Unreadable::of(Place::Case, case_id, case_id))
    }
}

impl Register {
    /// A page of one part of the days from `from` to `to`, by its last day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn year_lines(
        &self,
        part: YearPart,
        (from, to): (Date, Date),
        after: &YearPlace,
        limit: i64,
    ) -> Result<Vec<YearRow>> {
        let sql = format!(
            "select * from ({}) y where (day, dossier, mark) > ($4, $5, $6) and {}
            order by day, dossier, mark limit $7",
            part.lines(),
            self.1.condition("organisme", 3)
        );
        let (first, last) = part.bounds(from, to);
        Ok(filled!(self.0, limit, most => on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql.clone()))
            .bind(&first).bind(&last).bind(self.1.name()).bind(after.day.to_string()).bind(after.dossier)
            .bind(&after.mark).bind(most).fetch_all(pool).await)?))
    }

    /// How many lines of one part fall into each of the twelve months of a year; a window counts in each month in which
    /// it is open.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn year_counts(&self, part: YearPart, year: i16) -> Result<[i64; 12]> {
        let month = |rank: i8| Date::new(year, rank, 1).unwrap_or(Date::MAX);
        let (from, to) = (month(1), month(12).last_of_month());
        // Windows by the months of their days, the others by their day: as many groups as the year has days at most, or
        // as a year has pairs of months.
        let group = match part {
            YearPart::Windows => "substr(opens, 1, 7) || '-01', substr(day, 1, 7) || '-01'",
            _ => "day, day",
        };
        let sql = format!(
            "select {group}, count(*) from ({}) y where {} group by 1, 2",
            part.lines(),
            self.1.condition("organisme", 3)
        );
        let (first, last) = part.bounds(from, to);
        let rows: Vec<(String, String, i64)> = on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql))
            .bind(first).bind(last).bind(self.1.name()).fetch_all(pool).await)?;
        let mut counts = [0; 12];
        for (opens, day, count) in rows {
            // A line whose day cannot be read is set aside, and said, by the lists that show it.
            let (Ok(opens), Ok(day)) = (opens.parse::<Date>(), day.parse::<Date>()) else { continue };
            let (opens, day) = (part.last(opens), part.last(day));
            for (rank, total) in (1..=12).map(month).zip(&mut counts) {
                let inside = opens <= rank.last_of_month() && day >= rank;
                *total += if inside { count } else { 0 };
            }
        }
        Ok(counts)
    }
}
