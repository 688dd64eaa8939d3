//! Worked cases: a document of inputs and expected results, run through the functions that judge real dossiers.
//!
//! Pure, like [`crate::guide`]: text in, outcomes out. A case that cannot be read gives an outcome that names the case and
//! the field; it does not stop the others. Decimal numbers are parsed exactly, never as floats.
//!
//! | file | what it holds |
//! |---|---|
//! | `input` | reading the fields of a case, and saying what is wrong with one |
//! | `result` | the values that a kind of case produces, and how they are compared with the expected ones |
//! | `kinds` | the twenty kinds of cases, each a few calls of [`crate::guide`] |
//! | [`table`] | the outcomes for people and for programs |

mod input;
mod kinds;
mod result;
pub mod table;

use serde_json::Value;

use crate::guide::choices::Choices;
use input::Field;
pub use result::Difference;

/// A document that holds no list of cases.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadDocument(String);

/// One case and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The case's own id, or its position in the list when it has none.
    pub id: String,
    /// The word that says which rules it runs, such as `palier_local`; empty when the case has none.
    pub kind: String,
    /// What the case shows, as its author wrote it; empty when the case has none.
    pub title: String,
    /// Whether the rules gave what the case expects.
    pub result: CaseResult,
}

/// The result of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseResult {
    /// Every result is as expected.
    Pass,
    /// What differs, field by field.
    Mismatch(Vec<Difference>),
    /// The case could not be run: a sentence that names it and the field.
    Error(String),
}

/// Runs every case of `document` (the form of the catalogue's `examples.json`) under the readings in force.
///
/// # Errors
/// [`BadDocument`] when the text is no JSON, or no object with a list `cases`.
pub fn run(document: &str, choices: &Choices) -> Result<Vec<CaseOutcome>, BadDocument> {
    let parsed: Value = serde_json::from_str(&input::with_exact_numbers(document))
        .map_err(|error| BadDocument(format!("Le document n'est pas un JSON lisible : {error}.")))?;
    let cases = parsed.get("cases").and_then(Value::as_array).ok_or_else(|| {
        BadDocument(
            "Le document ne contient pas de liste « cases » : { \"cases\": [ … ] } attendu.".to_owned(),
        )
    })?;
    Ok(cases.iter().zip(1..).map(|(case, place)| run_case(case, place, choices)).collect())
}

fn run_case(case: &Value, place: usize, choices: &Choices) -> CaseOutcome {
    let words = |key: &str| case.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = words("id").filter(|id| !id.trim().is_empty()).unwrap_or_else(|| format!("no {place}"));
    let (kind, title) = (words("kind").unwrap_or_default(), words("title").unwrap_or_default());
    let result = match judge(case, &kind, choices) {
        Ok(differences) if differences.is_empty() => CaseResult::Pass,
        Ok(differences) => CaseResult::Mismatch(differences),
        Err(fault) => CaseResult::Error(format!("Cas {id} : {fault}.")),
    };
    CaseOutcome { id, kind, title, result }
}

fn judge(case: &Value, kind: &str, choices: &Choices) -> Result<Vec<Difference>, input::Fault> {
    let case = Field::root(case);
    case.object()?;
    case.at("kind").words()?;
    let Some(compute) = kinds::find(kind) else {
        return Err(case.at("kind").fault("genre de cas inconnu"));
    };
    let expected = case.at("expected");
    let found = compute(&case.at("input"), choices)?;
    Ok(result::differences(expected.present()?, &found))
}

#[cfg(test)]
mod tests;
