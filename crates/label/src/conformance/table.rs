//! The outcomes of worked cases, for people (a table of at most 100 columns, in French) and for programs (JSON).

use serde_json::json;

use super::{CaseOutcome, CaseResult, Difference};

/// Columns of the table.
const WIDTH: usize = 100;
/// Columns of the longest id that is shown in full.
const WIDEST_ID: usize = 30;

/// How many cases passed, differed, and could not be run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Cases whose every result is as expected.
    pub passed: usize,
    /// Cases with at least one difference.
    pub mismatched: usize,
    /// Cases that could not be run.
    pub errors: usize,
}

impl Totals {
    /// Counts the outcomes; each is in one of the three.
    #[must_use]
    pub fn of(outcomes: &[CaseOutcome]) -> Totals {
        outcomes.iter().fold(Totals::default(), |mut sum, outcome| {
            match outcome.result {
                CaseResult::Pass => sum.passed += 1,
                CaseResult::Mismatch(_) => sum.mismatched += 1,
                CaseResult::Error(_) => sum.errors += 1,
            }
            sum
        })
    }

    /// True when every case passed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.mismatched == 0 && self.errors == 0
    }
}

/// One line per case, the differences under it, and a summary.
#[must_use]
pub fn text(outcomes: &[CaseOutcome]) -> String {
    let ids =
        outcomes.iter().map(|outcome| outcome.id.chars().count()).max().unwrap_or(0).clamp(3, WIDEST_ID);
    let mut lines = vec![line(ids, "résultat", "cas", "genre", "intitulé"), "─".repeat(WIDTH)];
    for outcome in outcomes {
        let word = match outcome.result {
            CaseResult::Pass => "conforme",
            CaseResult::Mismatch(_) => "ÉCART",
            CaseResult::Error(_) => "ERREUR",
        };
        lines.push(line(ids, word, &outcome.id, &outcome.kind, &outcome.title));
        match &outcome.result {
            CaseResult::Pass => {}
            CaseResult::Mismatch(differences) => differences.iter().for_each(|d| lines.extend(explain(d))),
            CaseResult::Error(sentence) => lines.extend(wrap(sentence)),
        }
    }
    lines.push("─".repeat(WIDTH));
    let Totals { passed, mismatched, errors } = Totals::of(outcomes);
    let total = outcomes.len();
    lines.push(format!("{total} cas : {passed} conforme(s), {mismatched} écart(s), {errors} erreur(s)"));
    lines.join("\n") + "\n"
}

/// A row: the result, the case's id on `ids` columns, its kind, and its title on the remaining columns.
fn line(ids: usize, result: &str, id: &str, kind: &str, title: &str) -> String {
    let columns = [cell(result, 8), cell(id, ids), cell(kind, 24)];
    let taken = 8 + ids + 24 + 3;
    format!("{} {}", columns.join(" "), cell(title, WIDTH - taken)).trim_end().to_owned()
}

/// The text truncated or padded to exactly `width` characters. Line breaks are replaced.
fn cell(text: &str, width: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= width {
        return format!("{clean:<width$}");
    }
    clean.chars().take(width - 1).chain(['…']).collect()
}

fn explain(difference: &Difference) -> Vec<String> {
    let Difference { path, expected, found } = difference;
    let path = if path.is_empty() { "(tout)" } else { path };
    wrap(&format!("{path} : attendu {expected}, obtenu {found}"))
}

/// A sentence under its case, on as many lines as it needs.
fn wrap(sentence: &str) -> Vec<String> {
    const INDENT: &str = "          ";
    let clean: Vec<char> = sentence.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean
        .chunks(WIDTH - INDENT.len())
        .map(|part| format!("{INDENT}{}", part.iter().collect::<String>()))
        .collect()
}

/// The same for a program.
#[must_use]
pub fn json(outcomes: &[CaseOutcome]) -> String {
    let cases: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let (result, differences, error) = match &outcome.result {
                CaseResult::Pass => ("pass", &[][..], None),
                CaseResult::Mismatch(differences) => ("mismatch", differences.as_slice(), None),
                CaseResult::Error(sentence) => ("error", &[][..], Some(sentence)),
            };
            json!({
                "id": outcome.id, "kind": outcome.kind, "title": outcome.title,
                "result": result, "differences": differences, "error": error,
            })
        })
        .collect();
    let document = json!({ "summary": Totals::of(outcomes), "cases": cases });
    format!("{document:#}\n")
}
