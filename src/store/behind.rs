//! What is behind a figure of the statistics: the dossiers, or the labels, that it counts, line by line.

use jiff::civil::{Date, date};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

use super::measures::MeasureKind;
use super::pools::{Result, on};
use super::register::{ApplicationRow, LAST_DAY, Register};
use super::sql;
use super::unreadable::{Keyed, Unreadable, day_of, filled, no_value};

/// The delay of the audit plan, and that of the report, as measures name them.
pub(super) const PLAN: &str = "O-07";
pub(super) const REPORT: &str = "O-08";

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
    /// A step of an application, by the day of its deposit.
    Stepped,
    /// A delay, which a word names.
    Kept,
    Missed,
    /// A criterion below Bronze, of a refused dossier.
    Limited,
    /// A survey whose mark is in some ten.
    Surveyed,
}

impl Fact {
    pub const ALL: [(Fact, &'static str); 13] = [
        (Fact::Applied, "candidatures"),
        (Fact::Audited, "audits"),
        (Fact::Labelled, "labellises"),
        (Fact::Refused, "refuses"),
        (Fact::PlanMet, "plans_a_temps"),
        (Fact::PlanLate, "plans_en_retard"),
        (Fact::ReportMet, "rapports_a_temps"),
        (Fact::ReportLate, "rapports_en_retard"),
        (Fact::Stepped, "etape"),
        (Fact::Kept, "delai_tenu"),
        (Fact::Missed, "delai_depasse"),
        (Fact::Limited, "limite"),
        (Fact::Surveyed, "enquete"),
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        Fact::ALL.iter().find(|(counted, _)| *counted == self).map_or("", |(_, word)| word)
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Fact> {
        Fact::ALL.iter().find(|(_, known)| *known == word).map(|(counted, _)| *counted)
    }

    /// The figures that it counts; `None` when it counts dossiers by their own columns.
    #[must_use]
    pub fn kind(self) -> Option<MeasureKind> {
        match self {
            Fact::Stepped => Some(MeasureKind::Step),
            Fact::Kept | Fact::Missed => Some(MeasureKind::Delay),
            Fact::Limited => Some(MeasureKind::Limit),
            Fact::Surveyed => Some(MeasureKind::Survey),
            _ => None,
        }
    }

    /// The delay that it counts, whatever is asked; a delay that a word names is [`Fact::Kept`] or [`Fact::Missed`].
    fn delay(self) -> Option<&'static str> {
        match self {
            Fact::PlanMet | Fact::PlanLate => Some(PLAN),
            Fact::ReportMet | Fact::ReportLate => Some(REPORT),
            _ => None,
        }
    }

    /// The day on which it happened: of a delay, its last day.
    fn column(self) -> &'static str {
        match self {
            Fact::Applied | Fact::Stepped => "a.deposited",
            Fact::Labelled | Fact::Refused => "a.decided",
            Fact::Audited => "a.audited",
            Fact::PlanMet
            | Fact::PlanLate
            | Fact::ReportMet
            | Fact::ReportLate
            | Fact::Kept
            | Fact::Missed
            | Fact::Limited
            | Fact::Surveyed => "m.day",
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Fact::Applied => "a.demande in ('initial', 'renouvellement')",
            Fact::Labelled => "a.demande in ('initial', 'renouvellement') and a.outcome = 'labellise'",
            Fact::Refused => "a.demande in ('initial', 'renouvellement') and a.outcome = 'rejete'",
            Fact::Audited => "1 = 1",
            Fact::Kept | Fact::PlanMet | Fact::ReportMet => "m.number = 1",
            Fact::Missed | Fact::PlanLate | Fact::ReportLate => "m.number = 0",
            Fact::Stepped => "m.day <= $1",
            Fact::Limited | Fact::Surveyed => "1 = 1",
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
    pub departement: Option<String>,
    /// What a figure of dossiers is about; the empty word of no figure.
    pub about: About,
}

impl Figure {
    /// All of it, whenever it happened, as far as is known on `day`.
    #[must_use]
    pub fn ever(what: Fact, day: Date) -> Figure {
        let (from, to) = (date(1, 1, 1), LAST_DAY);
        let about = About::default();
        Figure { what, from, to, day, type_key: None, organisme: None, tier: None, departement: None, about }
    }
}

/// « O-16-1 », « engagement-3 », « usagers » with the ten of its marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub word: String,
    pub ten: Option<i64>,
}

/// A dossier with the name of its service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    pub name: String,
    /// When what is counted happened.
    pub day: Date,
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
        let day = day_of(row, "happened")?.ok_or_else(|| no_value("happened", "a day is missing"))?;
        Ok(Behind { name: row.try_get("name")?, day, row: ApplicationRow::from_row(row)? })
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
    /// The tables that it is read from. `$8` is the word of what it is about.
    fn tables(&self) -> String {
        let joined = |kind: MeasureKind, word: &str| {
            let kind = kind.word();
            format!(
                " join dossier_measures m on m.dossier = a.dossier and m.kind = '{kind}' and m.word = {word}"
            )
        };
        let delay = self.what.delay().map(|code| joined(MeasureKind::Delay, &format!("'{code}'")));
        let measures = delay.or(self.what.kind().map(|kind| joined(kind, "$8")));
        format!("applications a{} left join cases on cases.case_id = a.case_id", measures.unwrap_or_default())
    }

    /// `$1` to `$7` are the day, the body, the period, the type, the body that is asked for and the tier; `$9` the
    /// département.
    fn condition(&self, body: &str) -> String {
        let own = if self.what.kind().is_some() { "1 = 1" } else { "$8 = ''" };
        let ten = self.about.ten.map_or_else(|| "1 = 1".to_owned(), |ten| format!("m.number = {ten}"));
        let what = self.what.condition();
        format!("{} and {own} and {ten} and ({what})", self.narrowed(self.what.column(), body))
    }

    /// What all figures share: the period of what happened on the day in `column`, and the words.
    fn narrowed(&self, column: &str, body: &str) -> String {
        let word = |column: &str, given: &Option<String>, bound: usize| match given {
            Some(_) => format!("coalesce({column}, '') = ${bound}"),
            None => format!("${bound} = ''"),
        };
        [
            "a.deposited <= $1".to_owned(),
            body.to_owned(),
            format!("{column} >= $3 and {column} <= $4 and {column} <= $1"),
            word("a.type_key", &self.type_key, 5),
            word("a.organisme", &self.organisme, 6),
            word("a.tier", &self.tier, 7),
            word("cases.departement", &self.departement, 9),
        ]
        .join(" and ")
    }

    /// The figures of all kinds of the dossiers that it narrows to, whatever it is about; with their cases where a column
    /// of theirs is asked for.
    pub(super) fn measured(&self, with_cases: bool) -> &'static str {
        match with_cases || self.departement.is_some() {
            true => {
                "applications a join dossier_measures m on m.dossier = a.dossier
                    left join cases on cases.case_id = a.case_id"
            }
            false => "applications a join dossier_measures m on m.dossier = a.dossier",
        }
    }

    /// As [`Figure::condition`], of the figures of all kinds.
    pub(super) fn measured_condition(&self, body: &str) -> String {
        let own = "case when m.kind = 'etape' then a.deposited else m.day end";
        format!("{} and m.day <= $1 and $8 = ''", self.narrowed(own, body))
    }
}

/// A query with what a figure says bound: what else is bound begins with `$10`.
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
            .bind(if $figure.what.kind().is_some() { $figure.about.word.as_str() } else { "" })
            .bind($figure.departement.as_deref().unwrap_or_default())
    };
}

pub(super) use figure;

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
                a.report_met, a.outcome, a.tier, a.decided, a.days, a.measures, coalesce(cases.name, '') as name,
                {column} as happened
            from {} where {} and ({column}, a.dossier) > ($10, $11)
            order by {column}, a.dossier limit $12",
            figure.tables(),
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
            "select substr({column}, 1, 7), count(*) from {} where {} group by 1 order by 1",
            figure.tables(),
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
