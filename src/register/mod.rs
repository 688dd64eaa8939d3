//! The register of labelled services (R-1.1-a, R-2.3-c, R-3.8.1-e) and the statistics, from the judgements in the store.
//! May name `store` and `label`, not `web`: the daemon attaches the same files to mails.
//!
//! [`Reader`] reads lines page by page; [`files`] writes them as CSV, JSON and HTML with one page in memory,
//! [`workbook`] as XLSX; [`changes`] compares two days, [`description`] tells programs what the files hold; [`annex`] lists the locals of one central. A line is made for a given day: labels withdrawn or expired on that day are left out.

pub mod annex;
pub mod changes;
pub mod description;
pub mod files;
pub mod statistics;
pub mod workbook;

use jiff::civil::Date;

use crate::retry::passes;
use crate::store::Result;
use crate::store::identifiers::Identifiers;
use crate::store::register::{Register, Registered, Which};
use label::life::Standing;
use label::plain;
use label::wording::{names, tier};

/// The columns of the register (`docs/registre.md`), in order; the public variant leaves the last one out.
pub const COLUMNS: [&str; 20] = [
    "nom",
    "siret",
    "type",
    "departement",
    "palier",
    "date_decision",
    "date_notification",
    "debut_periode",
    "date_fin",
    "statut",
    "statut_depuis",
    "suspension_debut",
    "suspension_delai",
    "suspension_fin_max",
    "retrait_le",
    "sites",
    "organisme",
    "central",
    "identifiant",
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
pub enum RegisterCell {
    Nothing,
    Text(String),
    Day(Date),
    List(Vec<String>),
    Number(i64),
}

/// One labelled service, a cell for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterLine {
    pub cells: Vec<RegisterCell>,
}

impl RegisterLine {
    /// Every day, tier and status is that of the standing on `on`.
    fn of(registered: &Registered, on: Date, audience: Audience, named: &Identifiers) -> RegisterLine {
        let summary = &registered.summary;
        let text = |text: &str| {
            if text.is_empty() { RegisterCell::Nothing } else { RegisterCell::Text(plain::line(text)) }
        };
        let maybe = |text: Option<&str>| {
            text.map_or(RegisterCell::Nothing, |text| RegisterCell::Text(plain::line(text)))
        };
        let label = summary.standing_on(on);
        let day = |day: Option<Date>| day.map_or(RegisterCell::Nothing, RegisterCell::Day);
        // Shown only while the suspension lasts.
        let suspended = label.and_then(Standing::suspended);
        let held = label.and_then(|label| label.tier).map(tier);
        let mut cells = vec![
            text(&summary.name),
            maybe(summary.siret.as_deref()),
            text(&summary.service),
            text(&summary.departement),
            maybe(held),
            day(label.and_then(|label| label.decided)),
            day(label.and_then(|label| label.notified)),
            day(label.map(|label| label.starts)),
            day(label.map(Standing::last_day)),
            maybe(label.map(|label| names::label_status(label.status))),
            day(label.map(|label| label.since)),
            day(suspended.map(|one| one.since)),
            day(suspended.and_then(|one| one.lift_by)),
            day(suspended.map(|one| one.limit)),
            day(label.and_then(|label| label.withdrawn)),
            RegisterCell::List(summary.sites.iter().map(|site| plain::line(site)).collect()),
            text(&summary.organisme),
            maybe(registered.central_name.as_deref()),
            RegisterCell::Text(named.of(summary.case_id)),
        ];
        if audience == Audience::Internal {
            cells.push(RegisterCell::Number(summary.dossier));
        }
        RegisterLine { cells }
    }
}

/// The position after a page: the folded name and the case of its last line.
pub type RegisterPlace = (String, i64);

/// Reads the register page by page, always in the same order: by name without accents, then by case.
#[derive(Debug)]
pub struct Reader {
    register: Register,
    which: Which,
    audience: Audience,
    day: Date,
    after: Option<RegisterPlace>,
    over: bool,
}

impl Reader {
    /// The labels in force today.
    #[must_use]
    pub fn current(register: Register, today: Date, audience: Audience) -> Reader {
        Reader::of(register, Which::Current, today, audience)
    }

    /// The labels as they were on `day`, or will be as far as is known.
    #[must_use]
    pub fn of(register: Register, which: Which, day: Date, audience: Audience) -> Reader {
        Reader { register, which, audience, day, after: None, over: false }
    }

    #[must_use]
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// The next page of lines; `None` after the last one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<RegisterLine>>> {
        if self.over {
            return Ok(None);
        }
        let (lines, next) =
            page(&self.register, self.which, self.audience, self.day, self.after.take(), passes::LINES)
                .await?;
        self.over = next.is_none();
        self.after = next.map(|next| next.place);
        Ok((!lines.is_empty()).then_some(lines))
    }
}

/// Where a page ended, when more may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub place: RegisterPlace,
    /// How many of the page's lines, at its end, have that folded name.
    pub alike: usize,
}

/// The page after a position, and where it ended.
///
/// # Errors
/// When the store cannot be read.
pub async fn page(
    register: &Register,
    which: Which,
    audience: Audience,
    day: Date,
    after: Option<RegisterPlace>,
    limit: i64,
) -> Result<(Vec<RegisterLine>, Option<Next>)> {
    let place = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut rows = register.registered(which, day, place, limit + 1).await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|(name, row)| Next {
        place: (name.clone(), row.summary.case_id),
        alike: rows.iter().rev().take_while(|(other, _)| other == name).count(),
    });
    let named = register.identifiers().await?;
    let lines = rows.iter().map(|(_, row)| RegisterLine::of(row, day, audience, &named)).collect();
    Ok((lines, next))
}
