//! Files that left rows of yearly proofs without the candidate touching them, as the store keeps them among what has
//! vanished: one line a file.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::proofs::{ProofKind, proof};
use crate::case::facts::{Facts, Row, Value};
use crate::case::keys::Key;

/// The file that a row had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostPiece {
    /// What the row is a proof of.
    pub kind: ProofKind,
    /// The day of the row.
    pub on: Date,
    /// The name of the first file that the row had.
    pub name: String,
}

impl LostPiece {
    /// Reads the stored text; a line of another version is left out.
    #[must_use]
    pub fn list(text: &str) -> Vec<LostPiece> {
        let read = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            let (kind, on, name) = (parts.next()?, parts.next()?, parts.next()?);
            Some(LostPiece { kind: ProofKind::from_key(kind)?, on: on.parse().ok()?, name: name.to_owned() })
        };
        text.lines().filter_map(read).collect()
    }

    /// The text to store; empty when there is none.
    #[must_use]
    pub fn text(lost: &[LostPiece]) -> String {
        let line = |one: &LostPiece| {
            // A line is a file: a name must not look like two.
            let name: String = one.name.split(['\r', '\n']).collect::<Vec<_>>().join(" ");
            format!("{} {} {name}", one.kind.key(), one.on)
        };
        lost.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// What is lost after a new reading: what was before, and the files of rows that still are there and have none now. A
/// change of the candidate's own explains them all.
#[must_use]
pub fn lost_pieces(before: &[LostPiece], old: &Facts, new: &Facts) -> Vec<LostPiece> {
    if old.submitted != new.submitted {
        return Vec::new();
    }
    let (filed, now) = (named(old), named(new));
    let mut lost = before.to_vec();
    for ((kind, on), name) in filed {
        if let Some(name) = name.filter(|_| !lost.iter().any(|one| (one.kind, one.on) == (kind, on))) {
            lost.push(LostPiece { kind, on, name });
        }
    }
    lost.retain(|one| now.get(&(one.kind, one.on)) == Some(&None));
    lost
}

/// The rows that prove something, with the name of the file of each. A row of the candidate and the body's row of the same
/// proof are one.
fn named(facts: &Facts) -> BTreeMap<(ProofKind, Date), Option<String>> {
    let declared = match facts.declared.get(&Key::Preuves) {
        Some(Value::Rows(rows)) => rows.as_slice(),
        _ => &[],
    };
    let file = |row: &Row| match row.get(&Key::PreuvePiece) {
        Some(Value::Files(files)) => files.first().map(|file| file.name.clone()),
        _ => None,
    };
    let mut named = BTreeMap::new();
    for row in facts.rows(Key::Preuves).iter().chain(declared) {
        if let Ok(proof) = proof(row) {
            let name: &mut Option<String> = named.entry((proof.kind, proof.on)).or_default();
            *name = name.take().or_else(|| file(row));
        }
    }
    named
}
