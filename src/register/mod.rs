//! The register of labelled services (R-1.1-a, R-2.3-c, R-3.8.1-e) and the statistics, from the judgements in the store.
//! May name `casebook`, `store` and `label`, not `web`: the daemon attaches the same files to mails.
//!
//! [`Reader`] reads lines page by page; [`files`] writes them as CSV, JSON and HTML with one page in memory,
//! [`workbook`] as XLSX; [`annex`] lists the locals of one central. A line is made for a given day: labels withdrawn or expired on that day are left out.

pub mod annex;
pub mod files;
pub mod statistics;
pub mod workbook;

use jiff::civil::Date;

use crate::casebook::CaseBook;
use crate::retry::passes;
use crate::store::Result;
use crate::store::cases::Standing;
use crate::store::register::{Registered, Which};
use label::Tier;
use label::wording::tier;

/// The columns of `interface.md` §5, in order; the public variant leaves the last one out.
pub const COLUMNS: [&str; 15] = [
    "nom",
    "siret",
    "type",
    "departement",
    "palier",
    "date_decision",
    "date_notification",
    "date_fin",
    "statut",
    "suspension_debut",
    "suspension_fin_max",
    "sites",
    "organisme",
    "central",
    "dossier",
];

/// Who the register is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Leaves out the number of the dossier.
    Public,
    Internal,
}

impl Audience {
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Audience::Public => &COLUMNS[..COLUMNS.len() - 1],
            Audience::Internal => &COLUMNS,
        }
    }
}

/// The content of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Nothing,
    Text(String),
    Day(Date),
    List(Vec<String>),
    Number(i64),
}

/// One labelled service, a cell for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub cells: Vec<Cell>,
}

impl Line {
    fn of(registered: &Registered, today: Date, audience: Audience) -> Line {
        let summary = &registered.summary;
        let text = |text: &str| if text.is_empty() { Cell::Nothing } else { Cell::Text(text.to_owned()) };
        let maybe = |text: Option<&str>| text.map_or(Cell::Nothing, |text| Cell::Text(text.to_owned()));
        let label = summary.label.as_ref();
        let day = |day: Option<Date>| day.map_or(Cell::Nothing, Cell::Day);
        let standing = label.map(|label| label.standing(today));
        // Shown only while the suspension lasts.
        let suspended =
            label.and_then(|label| label.suspended).filter(|_| standing == Some(Standing::Suspended));
        let named = summary.tier.as_deref().and_then(Tier::from_key).map(tier);
        let mut cells = vec![
            text(&summary.name),
            maybe(summary.siret.as_deref()),
            text(&summary.service),
            text(&summary.departement),
            maybe(named),
            day(label.map(|label| label.granted)),
            day(label.map(|label| label.notified)),
            day(label.map(|label| label.ends)),
            maybe(standing.map(standing_word)),
            day(suspended.map(|(since, _)| since)),
            day(suspended.map(|(_, limit)| limit)),
            Cell::List(summary.sites.clone()),
            text(&summary.organisme),
            maybe(registered.central_name.as_deref()),
        ];
        if audience == Audience::Internal {
            cells.push(Cell::Number(summary.dossier));
        }
        Line { cells }
    }
}

/// The state of a label, in the register's words.
#[must_use]
pub fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "actif",
        Standing::Suspended => "suspendu",
        Standing::Withdrawn => "retiré",
        Standing::Expired => "expiré",
    }
}

/// The position after a page: the folded name and the case of its last line.
pub type Place = (String, i64);

/// Reads the register page by page, always in the same order: by name without accents, then by case.
#[derive(Debug)]
pub struct Reader {
    book: CaseBook,
    which: Which,
    audience: Audience,
    today: Date,
    after: Option<Place>,
    over: bool,
}

impl Reader {
    /// The labels in force today.
    #[must_use]
    pub fn current(book: &CaseBook, audience: Audience) -> Reader {
        Reader::of(book, Which::Current(book.today()), audience)
    }

    #[must_use]
    pub fn of(book: &CaseBook, which: Which, audience: Audience) -> Reader {
        let today = book.today();
        Reader { book: book.clone(), which, audience, today, after: None, over: false }
    }

    #[must_use]
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// The next page of lines; `None` after the last one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<Line>>> {
        if self.over {
            return Ok(None);
        }
        let (lines, after) =
            page(&self.book, self.which, self.audience, self.today, self.after.take(), passes::LINES).await?;
        self.over = after.is_none();
        self.after = after;
        Ok((!lines.is_empty()).then_some(lines))
    }
}

/// The page after a position, and the position after that page when more may follow.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(
    book: &CaseBook,
    which: Which,
    audience: Audience,
    today: Date,
    after: Option<Place>,
    limit: i64,
) -> Result<(Vec<Line>, Option<Place>)> {
    let place = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut rows = book.store.register().registered(which, place, limit + 1).await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|(name, row)| (name.clone(), row.summary.case_id));
    let lines = rows.iter().map(|(_, row)| Line::of(row, today, audience)).collect();
    Ok((lines, next))
}
