//! What is behind a figure of the statistics: the dossiers, or the labels, that it counts, line by line.

use jiff::civil::Date;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::pools::{Result, on};
use super::register::{ApplicationRow, LAST_DAY, Register};
use super::sql;
use super::unreadable::{Keyed, Unreadable, filled};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// First applications and renewals.
    Applied,
    /// Visits, follow-ups included.
    Audited,
    Labelled,
    Refused,
    PlanMet,
    PlanLate,
    ReportMet,
    ReportLate,
}

impl Fact {
    pub const ALL: [(Fact, &'static str); 8] = [
        (Fact::Applied, "candidatures"),
        (Fact::Audited, "audits"),
        (Fact::Labelled, "labellises"),
        (Fact::Refused, "refuses"),
        (Fact::PlanMet, "plans_a_temps"),
        (Fact::PlanLate, "plans_en_retard"),
        (Fact::ReportMet, "rapports_a_temps"),
        (Fact::ReportLate, "rapports_en_retard"),
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        Fact::ALL.iter().find(|(counted, _)| *counted == self).map_or("", |(_, word)| word)
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Fact> {
        Fact::ALL.iter().find(|(_, known)| *known == word).map(|(counted, _)| *counted)
    }

    /// The day on which it happened.
    fn column(self) -> &'static str {
        match self {
            Fact::Applied => "deposited",
            Fact::Labelled | Fact::Refused => "decided",
            _ => "audited",
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Fact::Applied => "demande in ('initial', 'renouvellement')",
            Fact::Labelled => "demande in ('initial', 'renouvellement') and outcome = 'labellise'",
            Fact::Refused => "demande in ('initial', 'renouvellement') and outcome = 'rejete'",
            Fact::Audited => "1 = 1",
            Fact::PlanMet => "plan_met",
            Fact::PlanLate => "not plan_met",
            Fact::ReportMet => "report_met",
            Fact::ReportLate => "not report_met",
        }
    }

    #[must_use]
    pub fn day(self, row: &ApplicationRow) -> Option<Date> {
        match self.column() {
            "deposited" => Some(row.deposited),
            "decided" => row.decided,
            _ => row.audited,
        }
    }
}

/// Which dossiers a figure counts; an absent word narrows nothing, an empty one is what is not stated.
#[derive(Clone, Debug)]
pub struct Figure {
    pub what: Fact,
    /// The first and the last day of the period.
    pub from: Date,
    pub to: Date,
    /// What was deposited later is left out.
    pub day: Date,
    pub type_key: Option<String>,
    pub organisme: Option<String>,
    pub tier: Option<String>,
}

/// A dossier with the name of its service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    pub name: String,
    pub row: ApplicationRow,
}

impl<'r, R: Row> FromRow<'r, R> for Behind
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Behind> {
        Ok(Behind { name: row.try_get("name")?, row: ApplicationRow::from_row(row)? })
    }
}

impl<'r, R: Row> Keyed<'r, R> for Behind
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn key(row: &'r R) -> sqlx::Result<Unreadable> {
        ApplicationRow::key(row)
    }
}

impl Figure {
    /// `$1` to `$6` are the day, the body, the period and the words; `$7` the tier.
    fn condition(&self, body: &str) -> String {
        let word = |column: &str, given: &Option<String>, bound: usize| match given {
            Some(_) => format!("coalesce(a.{column}, '') = ${bound}"),
            None => format!("${bound} = ''"),
        };
        let column = self.what.column();
        [
            "a.deposited <= $1".to_owned(),
            body.to_owned(),
            format!("a.{column} >= $3 and a.{column} <= $4 and a.{column} <= $1"),
            word("type_key", &self.type_key, 5),
            word("organisme", &self.organisme, 6),
            word("tier", &self.tier, 7),
            format!("({})", self.what.condition()),
        ]
        .join(" and ")
    }
}

/// A query with what a figure says bound: what else is bound begins with `$8`.
macro_rules! figure {
    ($sql:expr, $register:expr, $figure:expr) => {
        sql::query_as(AssertSqlSafe($sql))
            .bind($figure.day.to_string())
            .bind($register.1.name())
            .bind($figure.from.to_string())
            .bind($figure.to.to_string())
            .bind($figure.type_key.as_deref().unwrap_or_default())
            .bind($figure.organisme.as_deref().unwrap_or_default())
            .bind($figure.tier.as_deref().unwrap_or_default())
    };
}

impl Register {
    /// A page of the dossiers behind a figure, by the day on which it happened; `place` is the last line seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn behind(
        &self,
        figure: &Figure,
        (day, dossier): (Date, i64),
        limit: i64,
    ) -> Result<Vec<Behind>> {
        let column = figure.what.column();
        let sql = format!(
            "select a.dossier, a.case_id, a.demande, a.type_key, a.organisme, a.deposited, a.audited, a.plan_met,
                a.report_met, a.outcome, a.tier, a.decided, a.days, coalesce(cases.name, '') as name
            from applications a left join cases on cases.case_id = a.case_id
            where {} and (a.{column}, a.dossier) > ($8, $9)
            order by a.{column}, a.dossier limit $10",
            figure.condition(&self.1.condition("a.organisme", 2))
        );
        Ok(filled!(self.0, limit, most => on!(&self.0, pool => figure!(sql.clone(), self, figure)
            .bind(day.to_string()).bind(dossier).bind(most).fetch_all(pool).await)?))
    }

    /// How many things happened in each month of a span: the month as « 2027-03 ».
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn by_month(&self, figure: &Figure) -> Result<Vec<(String, i64)>> {
        let column = figure.what.column();
        let sql = format!(
            "select substr(a.{column}, 1, 7), count(*) from applications a where {} group by 1 order by 1",
            figure.condition(&self.1.condition("a.organisme", 2))
        );
        Ok(on!(&self.0, pool => figure!(sql, self, figure).fetch_all(pool).await)?)
    }

    /// The labels in force on `day`, suspended ones included, counted by département, then by certification body.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn in_force_by(&self, place: Place, day: Date) -> Result<Vec<(String, i64)>> {
        let column = place.column();
        let sql = format!(
            "select cases.{column}, count(*) from standings join cases on cases.case_id = standings.case_id
            where standings.since <= $1 and standings.until > $1 and standings.status in ('active', 'suspended')
                and {} group by 1 order by 1",
            self.1.condition("cases.organisme", 2)
        );
        Ok(on!(&self.0, pool => sql::query_as(AssertSqlSafe(sql)).bind(day.min(LAST_DAY).to_string())
            .bind(self.1.name()).fetch_all(pool).await)?)
    }
}

/// By what labels are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Departement,
    Organisme,
}

impl Place {
    fn column(self) -> &'static str {
        match self {
            Place::Departement => "departement",
            Place::Organisme => "organisme",
        }
    }
}
