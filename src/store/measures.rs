//! Figures of dossiers beside their dates, as they were judged.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a measure is about. The text of each variant is stored, and stands in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeasureKind {
    Step,
    Delay,
    Limit,
    Survey,
}

impl MeasureKind {
    pub const ALL: [(MeasureKind, &'static str); 4] = [
        (MeasureKind::Step, "etape"),
        (MeasureKind::Delay, "delai"),
        (MeasureKind::Limit, "limite"),
        (MeasureKind::Survey, "enquete"),
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        MeasureKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<MeasureKind> {
        MeasureKind::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// One figure of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MeasureRow {
    /// The word of a [`MeasureKind`].
    pub kind: String,
    /// « O-16-1 », « engagement-3 », « usagers », « rapport ».
    pub word: String,
    pub day: Date,
    /// Days, 1 for kept and 0 for not, the ten of a mark, or nothing, by kind.
    pub number: i64,
}

/// How many plans, or reports, were sent in time, or were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayTally {
    /// Of the last day of the delay.
    pub year: String,
    pub type_key: String,
    pub organisme: String,
    /// Of the plan; else of the report.
    pub of_plan: bool,
    pub kept: bool,
    pub count: i64,
}

/// How many dossiers share a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureTally {
    pub kind: MeasureKind,
    pub word: String,
    pub number: i64,
    pub count: i64,
}

/// The same by all that the statistics tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureGroup {
    pub year: String,
    pub type_key: String,
    pub departement: String,
    pub organisme: String,
    /// The tier that was granted.
    pub tier: String,
    pub tally: MeasureTally,
}
