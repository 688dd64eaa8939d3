//! The numbers of a table of survey results or an audit grid. Made by `documents/tables/`, used by `judge/recount/`. It
//! holds no text of the file: labels come from the layout, and cells are named by their address.

use serde::{Deserialize, Serialize};

use crate::case::beside::Beside;
pub use crate::case::cells::Cells;
use crate::case::facts::Facts;
use crate::case::grid_points::AgainstEdition;
use crate::case::keys::Key;
use crate::case::service::Service;
use crate::guide::choices::{Choices, QuestionBase};
use crate::guide::surveys::questionnaires::{Questionnaire, Questions, admissible};

/// The tables that are known, each with its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    /// Results of the survey of users (§ 3.4.1).
    EnqueteUsagers,
    /// Results of the survey of staff (§ 3.4.2).
    EnqueteAgents,
    /// The audit grid of a local service (annexe 6, § 3.7.1).
    GrilleLocal,
    /// The audit grid of a central service (annexe 7, § 3.7.2).
    GrilleCentral,
}

impl TableKind {
    /// Every kind, in the order of the variants.
    pub const ALL: [TableKind; 4] = [
        TableKind::EnqueteUsagers,
        TableKind::EnqueteAgents,
        TableKind::GrilleLocal,
        TableKind::GrilleCentral,
    ];

    /// The name on the command line, in `tables.toml` and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TableKind::EnqueteUsagers => "enquete-usagers",
            TableKind::EnqueteAgents => "enquete-agents",
            TableKind::GrilleLocal => "grille-local",
            TableKind::GrilleCentral => "grille-central",
        }
    }

    /// The kind of that name; `None` when no kind has it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<TableKind> {
        TableKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The table that a field's files may hold. The kind of grid depends on the kind of service.
    #[must_use]
    pub fn expected(facts: &Facts, key: Key) -> Option<TableKind> {
        match (key, Service::of(facts)) {
            (Key::EnqueteUsagersRapport, _) => Some(TableKind::EnqueteUsagers),
            (Key::EnqueteAgentsRapport, _) => Some(TableKind::EnqueteAgents),
            (Key::GrilleAudit, Service::Central) => Some(TableKind::GrilleCentral),
            (Key::GrilleAudit, Service::LocalIndependant | Service::LocalRattache) => {
                Some(TableKind::GrilleLocal)
            }
            _ => None,
        }
    }
}

/// A table of one file, read under one layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReading {
    /// The kind of table that was expected.
    pub kind: TableKind,
    /// Hash of the layout under which it was read. It is read again when the layout changes.
    pub layout: String,
    /// What was read, or why nothing was.
    pub content: TableContent,
}

/// What the reading of one file gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableContent {
    /// A PDF, a text document, a picture: there is nothing to recount, and no fault.
    NotATable,
    /// It should be a table, and could not be read.
    Unread(TableFault),
    /// The answers of a survey, of users or of staff.
    Survey(SurveyTable),
    /// The control points of a local service's grid.
    LocalGrid(LocalGrid),
    /// The control points of a central service's grid.
    CentralGrid(CentralGrid),
}

/// Why a table was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableFault {
    /// The file cannot be opened as the format that it has or announces.
    Broken,
    /// A password is asked for.
    Protected,
    /// A format that is not read: `.xls`, or the binary `.xlsb`.
    OldFormat,
    /// More parts, unpacked bytes, rows or cells than the limits allow.
    TooMuch,
    /// No sheet has the expected titles.
    NoHeader,
    /// Several sheets have them, and the layout names none.
    SeveralSheets,
    /// Two tables on one sheet have them, under these rows of titles, and neither is more complete.
    SeveralTables {
        /// The upper row, from 1.
        first: u32,
        /// The lower row, from 1.
        second: u32,
    },
    /// No visible sheet has the expected titles, and some sheets are hidden.
    HiddenSheets,
    /// The child process reached its limit of memory or time.
    TooCostly,
}

/// The answers to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredQuestion {
    /// The layout's first title for it.
    pub label: String,
    /// 1 to 8 the engagements, 9 the satisfaction.
    pub group: usize,
    /// False when the file has no row or column for it.
    pub found: bool,
    /// Answers worth 0, ¼, ¾ and 1.
    pub scored: [i64; 4],
    /// Answers *non concerné / ne se prononce pas*, which count in no mark.
    pub not_concerned: i64,
    /// Answers that the layout does not list.
    pub other: i64,
}

impl AnsweredQuestion {
    /// `answer` is the rank in [`AnsweredQuestion::scored`]; any other rank counts as "not concerned".
    pub fn add(&mut self, answer: usize, count: i64) {
        let slot = self.scored.get_mut(answer).unwrap_or(&mut self.not_concerned);
        *slot = slot.saturating_add(count);
    }
}

/// The answers of a survey, question by question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyTable {
    /// Every scored question of the layout, in its order, those that the file lacks included.
    pub questions: Vec<AnsweredQuestion>,
    /// Cells that should hold a whole number of people, and do not.
    pub bad: Cells,
    /// Counts given twice for the same question.
    pub repeated: Cells,
    /// Rows about something else.
    pub unknown_rows: u32,
    /// Cells that say neither that a questionnaire is finished nor that it is not.
    #[serde(default)]
    pub unfinished: Cells,
    /// Present when each row is a respondent.
    pub respondents: Option<Respondents>,
    /// Cells under the second of two columns with one title, that differ from the first.
    #[serde(default, skip_serializing_if = "Cells::is_empty")]
    pub twins: Cells,
    /// What was left aside, and what the file hides.
    #[serde(default, skip_serializing_if = "Beside::is_empty")]
    pub beside: Beside,
}

/// Questionnaires, of which only the admissible ones were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Respondents {
    /// Rows with at least one answer.
    pub rows: i64,
    /// Those of an admissible questionnaire: finished, with enough answers (R-3.4.1-f, R-3.4.2-c).
    pub admissible: i64,
}

/// The control points of one engagement, or of the Or criteria, on one site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridPoints {
    /// Points that got 0, ¼, ¾ and 1.
    pub scored: [u32; 4],
    /// Points that do not apply to the site, which count in no score.
    pub not_applicable: u32,
}

/// The control points of a local service's audit grid (R-3.7.1-d).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalGrid {
    /// By site in order of appearance: the eight engagements, then the Or criteria.
    pub sites: Vec<[GridPoints; 9]>,
    /// Cells with a note that the layout does not list, an unknown applicability, or a site beyond the greatest number.
    pub bad: Cells,
    /// Points without a note.
    pub blank: Cells,
    /// Rows of no engagement that the layout knows.
    pub unknown_rows: u32,
    /// Rows that sum up others, and are no points.
    #[serde(default)]
    pub left_aside: u32,
    /// Notes beside which no control point is written.
    #[serde(default, skip_serializing_if = "Cells::is_empty")]
    pub pointless: Cells,
    /// The grid compared with each edition that the layout describes; empty when it describes none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<AgainstEdition>,
    /// What was left aside, and what the file hides.
    #[serde(default, skip_serializing_if = "Beside::is_empty")]
    pub beside: Beside,
}

/// The control points of a central service's audit grid (R-3.7.2-c).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentralGrid {
    /// Points validated (*oui*).
    pub met: u32,
    /// Points checked and not validated (*non*).
    pub unmet: u32,
    /// Points that do not apply, which count neither as validated nor as checked.
    pub not_applicable: u32,
    /// Cells with a note that the layout does not list, an unknown applicability, or a site beyond the greatest number.
    pub bad: Cells,
    /// Points without a note.
    pub blank: Cells,
    /// Rows that sum up others, and are no points.
    #[serde(default)]
    pub left_aside: u32,
    /// Answers beside which no control point is written.
    #[serde(default, skip_serializing_if = "Cells::is_empty")]
    pub pointless: Cells,
    /// The grid compared with each edition that the layout describes; empty when it describes none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<AgainstEdition>,
    /// What was left aside, and what the file hides.
    #[serde(default, skip_serializing_if = "Beside::is_empty")]
    pub beside: Beside,
}

impl TableContent {
    /// What was left aside while a table was read; `None` when none was.
    pub fn beside(&mut self) -> Option<&mut Beside> {
        match self {
            TableContent::Survey(table) => Some(&mut table.beside),
            TableContent::LocalGrid(table) => Some(&mut table.beside),
            TableContent::CentralGrid(table) => Some(&mut table.beside),
            TableContent::NotATable | TableContent::Unread(_) => None,
        }
    }

    /// Whether it holds a note or an answer that was understood.
    #[must_use]
    pub fn has_values(&self) -> bool {
        match self {
            TableContent::Survey(table) => {
                let answered = |one: &AnsweredQuestion| one.scored != [0; 4] || one.not_concerned > 0;
                table.questions.iter().any(answered) || table.respondents.is_some_and(|all| all.rows > 0)
            }
            TableContent::LocalGrid(table) => !table.sites.is_empty(),
            TableContent::CentralGrid(table) => table.met.max(table.unmet).max(table.not_applicable) > 0,
            TableContent::NotATable | TableContent::Unread(_) => false,
        }
    }
}

/// F-03 — whether questions on the respondent's profile count among those that must be answered.
#[must_use]
pub fn profile_counts(choices: &Choices) -> bool {
    choices.question_base == QuestionBase::All
}

/// How many expressed answers, of `scored` questions and `profile` ones, make a finished questionnaire admissible
/// (R-3.4.1-f, R-3.4.2-c).
#[must_use]
pub fn answers_needed(scored: u32, profile: u32, choices: &Choices) -> u32 {
    let all = scored.saturating_add(profile);
    let enough = |expressed: &u32| {
        // Which questions were answered does not matter, only how many.
        let of_scored = (*expressed).min(scored);
        let questionnaire = Questionnaire {
            finished: true,
            scored: Questions { asked: scored, expressed: of_scored },
            profile: Questions { asked: profile, expressed: *expressed - of_scored },
        };
        admissible(&questionnaire, choices)
    };
    (0..=all).find(enough).unwrap_or(all.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-3.4.1-f, R-3.4.2-c
    #[test]
    fn more_than_half_of_the_answers_are_needed() {
        let strict = Choices::default();
        assert_eq!([15, 11, 10, 0].map(|asked| answers_needed(asked, 0, &strict)), [8, 6, 6, 1]);
        let all = Choices { question_base: QuestionBase::All, ..strict };
        assert_eq!(answers_needed(15, 5, &all), 11);
    }

    #[test]
    fn each_kind_has_its_word() {
        for kind in TableKind::ALL {
            assert_eq!(TableKind::from_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
        }
    }
}
