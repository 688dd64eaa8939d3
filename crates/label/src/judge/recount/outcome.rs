//! The result of a recount: the computed mark and the declared one, or why there is none.

use serde::Serialize;

use crate::case::beside::{Beside, TitledColumn};
use crate::case::grid_points::PointsGap;
use crate::case::keys::Key;
use crate::case::table::{Cells, TableFault, TableKind};
use crate::guide::score::Fraction;
use crate::guide::tiers::Tier;
use crate::judge::level::Level;

/// A mark, computed and declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The field that declares it.
    pub key: Key,
    /// Computed from the table, out of 100, exact.
    pub recounted: Fraction,
    /// As typed in the dossier; `None` when nobody declared it.
    pub declared: Option<Fraction>,
    /// The notes that it is the mean of, when they may be shown.
    pub mean_of: Vec<Fraction>,
    /// The tier that each of the two allows by itself, when they are not the same.
    pub tiers: Option<(Option<Tier>, Option<Tier>)>,
}

/// The result of recounting one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Recount {
    /// The mark of a survey, or a score of a local's grid that differs from the declared one.
    Mark(Mark),
    /// Scores of a grid that equal the declared ones, or that nobody declared.
    Scores {
        /// The scores, in the guide's order; at least one.
        marks: Vec<Mark>,
        /// True when each equals a declared score, false when none was declared.
        declared: bool,
    },
    /// Points validated and checked of a central's grid.
    Points {
        /// Validated, then checked, by the grid.
        counted: (i64, i64),
        /// Validated, then checked, as typed; `None`: not declared.
        declared: (Option<i64>, Option<i64>),
    },
    /// Questionnaires that are admissible among the rows.
    Admissible {
        /// The field that declares their number, which tells users from staff.
        key: Key,
        /// Rows with at least one answer.
        rows: i64,
        /// The admissible ones among them (R-3.4.1-f, R-3.4.2-c).
        counted: i64,
        /// As typed in the dossier; `None`: not declared.
        declared: Option<i64>,
    },
    /// A question has more answers than there are admissible questionnaires.
    TooManyAnswers {
        /// The layout's first title for the question that has the most answers.
        question: String,
        /// Its answers, *non concerné* included.
        answers: i64,
        /// The field that declares the admissible questionnaires.
        key: Key,
        /// Their number, as typed in the dossier.
        admissible: i64,
    },
    /// Lines about something else, which are ignored.
    OtherLines {
        /// The kind of table.
        kind: TableKind,
        /// How many; at least 1.
        lines: u32,
    },
    /// Rows that sum up others, which are no points.
    LeftAside {
        /// The kind of grid.
        kind: TableKind,
        /// How many; at least 1.
        lines: u32,
    },
    /// What else the file holds, and was not counted.
    Beside {
        /// The kind of table.
        kind: TableKind,
        /// What is left aside, with its places.
        beside: Box<Beside>,
    },
    /// Rows or columns that the file hides, and that were counted as the others.
    Hidden {
        /// The kind of table.
        kind: TableKind,
        /// The rows, by their numbers.
        rows: Cells,
        /// The columns.
        columns: Cells,
    },
    /// Why the table cannot be used, with the name of the file.
    Doubtful {
        /// The kind of table.
        kind: TableKind,
        /// The file's name, as deposited.
        name: String,
        /// At least one.
        doubts: Vec<TableDoubt>,
    },
    /// The table could not be read, with the name of the file.
    Unread {
        /// The kind of table that was expected.
        kind: TableKind,
        /// The file's name, as deposited.
        name: String,
        /// Why it was not read.
        fault: TableFault,
    },
}

/// Why a table that was read cannot be recounted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum TableDoubt {
    /// Cells of a survey that should hold a number of answers, and do not.
    NotNumbers(Cells),
    /// Cells of a grid that cannot be used: a note that the layout does not list, an unknown applicability.
    UnknownNotes(Cells),
    /// Control points of a grid without a note.
    NoNote(Cells),
    /// A questionnaire is said neither finished nor unfinished.
    Unfinished(Cells),
    /// Answers given again for a question that a row above has already.
    Twice(Cells),
    /// Several columns may hold the notes, and they differ.
    NoteColumns(Vec<TitledColumn>),
    /// Two columns with one title differ in these cells.
    TwinColumns(Cells),
    /// Notes beside which no control point is written.
    NoPoint(Cells),
    /// Questions of the layout that the survey has no row or column for, by their first title.
    MissingQuestions(Vec<String>),
    /// Answers to a question that the layout does not list; only the first such question is told.
    UnknownAnswers {
        /// The layout's first title for the question.
        question: String,
        /// How many such answers.
        answers: i64,
    },
    /// The grid has not exactly the control points of the edition in force on the day of the audit.
    OtherPoints {
        /// The name of the edition.
        edition: String,
        /// The engagements that differ; at least one.
        gaps: Vec<PointsGap>,
    },
    /// A survey without a single answer that has a mark, or a grid without a single point that applies.
    Empty,
}

impl Mark {
    /// Whether the declared mark equals the computed one to the decimals that it has.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.declared.as_ref().is_none_or(|declared| same(declared, &self.recounted))
    }

    pub(super) fn level(&self) -> Level {
        level(self.declared.as_ref().map(|_| self.agrees()))
    }
}

/// The level of a comparison; `None` when nobody declared the number, which is then only shown.
pub(super) fn level(agrees: Option<bool>) -> Level {
    match agrees {
        None => Level::Unknown,
        Some(true) => Level::Ok,
        Some(false) => Level::ToCheck,
    }
}

/// True for the exact mark, and for the mark truncated or rounded to two decimals or more, unless rounding reaches a
/// whole number.
fn same(declared: &Fraction, exact: &Fraction) -> bool {
    let written = |decimals: u32| {
        let unit = (0..decimals).fold(Fraction::from(1), |unit, _| unit / Fraction::from(10));
        let rounded = exact.clone() + unit / Fraction::from(2);
        [exact, &rounded].iter().any(|mark| mark.truncated(decimals).parse().as_ref() == Ok(declared))
    };
    let side = declared.truncated(0) == exact.truncated(0);
    declared == exact || (side && (2..=6).any(written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_mark_may_be_cut_or_rounded_at_the_hundredth_and_reach_no_threshold() {
        let same = |declared: &str, exact: &str| same(&declared.parse().unwrap(), &exact.parse().unwrap());
        // 2879/36 is 79.9722…
        assert!(same("79.97", "2879/36") && same("79.972", "2879/36") && same("2879/36", "2879/36"));
        assert!(!same("80", "2879/36") && !same("79.9", "2879/36") && !same("79.98", "2879/36"));
        // Truncated, and rounded.
        assert!(same("66.66", "200/3") && same("66.67", "200/3") && !same("66.7", "200/3"));
        // Rounded to the hundredth, and yet it would pass a threshold.
        assert!(!same("80", "79.996") && same("79.99", "79.996") && same("80", "80.004"));
        assert!(!same("79.99", "80"));
    }
}
