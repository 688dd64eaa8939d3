//! The proofs that a label asks for every year (§3.9): self-assessments and surveys, from the rows `preuves` and the
//! single fields of every dossier of a case.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::contents::Case;
use crate::case::facts::{Attachment, Facts, Row, Value};
use crate::case::keys::Key;

/// What a proof is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// A yearly self-assessment (R-3.9.1-c).
    SelfAssessment,
    /// A survey of users.
    UsersSurvey,
    /// A survey of staff.
    StaffSurvey,
}

impl ProofKind {
    /// Every kind, with its word in forms and in the store.
    pub const ALL: [(ProofKind, &'static str); 3] = [
        (ProofKind::SelfAssessment, "autodiagnostic"),
        (ProofKind::UsersSurvey, "enquete_usagers"),
        (ProofKind::StaffSurvey, "enquete_agents"),
    ];

    /// The single field that holds the day of such a proof.
    #[must_use]
    pub fn field(self) -> Key {
        match self {
            ProofKind::SelfAssessment => Key::AutodiagnosticLe,
            ProofKind::UsersSurvey => Key::EnqueteUsagersCloture,
            ProofKind::StaffSurvey => Key::EnqueteAgentsCloture,
        }
    }

    /// The word for it in forms and in the store.
    #[must_use]
    pub fn key(self) -> &'static str {
        ProofKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    pub(super) fn from_key(key: &str) -> Option<ProofKind> {
        ProofKind::ALL.iter().find(|(_, name)| *name == key).map(|(kind, _)| *kind)
    }
}

/// One self-assessment or one survey that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Proof {
    /// What it is a proof of.
    pub kind: ProofKind,
    /// The day of the report, or of the closing of the survey.
    pub on: Date,
    /// The year that its row says it is for.
    pub year: Option<i64>,
}

impl Proof {
    /// The year that it is for: the written one, else that of its day.
    fn proves(self) -> i64 {
        self.year.unwrap_or(i64::from(self.on.year()))
    }
}

/// What is wrong with a row of proofs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RowFault {
    /// It does not say what it is a proof of: it is not used.
    NoKind,
    /// It has no day: it is not used.
    NoDate,
    /// The year is neither that of the date nor the one before or after.
    OtherYear {
        /// The year that the row says it is for.
        year: i64,
        /// The day of the row.
        on: Date,
    },
    /// Its day is in the future: it proves nothing yet.
    Ahead {
        /// The day of the row.
        on: Date,
    },
    /// No file goes with it.
    NoPiece,
}

impl Case {
    /// The proofs of one kind, by day. A day that stands in several places is one proof.
    #[must_use]
    pub fn proofs(&self, kind: ProofKind) -> Vec<Proof> {
        let mut proofs: Vec<Proof> = self.dossiers.iter().flat_map(proofs_of).collect();
        proofs.retain(|proof| proof.kind == kind);
        // Of one day, the row that says its year comes first.
        proofs.sort_by_key(|proof| (proof.on, proof.year.is_none(), proof.year));
        proofs.dedup_by_key(|proof| proof.on);
        proofs
    }
}

/// The day of the proof that was deposited for the audit of its own dossier. A verified day after the audit is that of a
/// later proof: the candidate's own day, when it is not after the audit, is then the one that the audit rests on.
#[must_use]
pub fn at_the_audit(facts: &Facts, kind: ProofKind) -> Option<Date> {
    let verified = facts.date(kind.field())?;
    let Some(audit) = facts.date(Key::AuditDebut).filter(|audit| verified > *audit) else {
        return Some(verified);
    };
    let declared = match facts.declared.get(&kind.field()) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    declared.filter(|day| *day <= audit).or(Some(verified))
}

/// The rows of proofs of a dossier that are not used, or doubted, counted from 1. `pieces`: its form has a place for the
/// file of a row; `had`: whether the row of a proof had a file that vanished, which is another finding.
#[must_use]
pub fn faulty_rows(
    facts: &Facts,
    pieces: bool,
    had: impl Fn(Proof) -> bool,
    today: Date,
) -> Vec<(usize, RowFault)> {
    let fault = |row: &Row| {
        let bare = Some(RowFault::NoPiece).filter(|_| pieces && !row.contains_key(&Key::PreuvePiece));
        proof(row).map_or_else(Some, |proof| doubted(proof, today).or(bare.filter(|_| !had(proof))))
    };
    rows(facts).filter_map(|(place, row)| Some((place, fault(row)?))).collect()
}

/// The files of the rows of proofs that are used.
pub fn pieces(facts: &Facts) -> impl Iterator<Item = &Attachment> {
    let files = rows(facts).filter_map(|(_, row)| match row.get(&Key::PreuvePiece) {
        Some(Value::Files(files)) => Some(files),
        _ => None,
    });
    files.flatten()
}

fn proofs_of(facts: &Facts) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = rows(facts).filter_map(|(_, row)| proof(row).ok()).collect();
    for (kind, _) in ProofKind::ALL {
        let days = [at_the_audit(facts, kind), facts.date(kind.field())];
        proofs.extend(days.into_iter().flatten().map(|on| Proof { kind, on, year: None }));
    }
    proofs
}

/// The body's rows, then those of the candidate that it did not verify; each with its place in its own block, from 1.
fn rows(facts: &Facts) -> impl Iterator<Item = (usize, &Row)> {
    let declared = match facts.declared.get(&Key::Preuves) {
        Some(Value::Rows(rows)) => rows.as_slice(),
        _ => &[],
    };
    let verified = facts.rows(Key::Preuves);
    let left = move |(_, row): &(usize, &Row)| !verified.iter().any(|own| verifies(own, row));
    verified.iter().enumerate().chain(declared.iter().enumerate().filter(left)).map(|(at, row)| (at + 1, row))
}

/// Whether the body's row is the candidate's own one, or its verified day: the same kind of proof, for the same year.
fn verifies(own: &Row, candidate: &Row) -> bool {
    let same_year = |one: Proof, other: Proof| one.kind == other.kind && one.proves() == other.proves();
    own == candidate
        || matches!((proof(own), proof(candidate)), (Ok(one), Ok(other)) if same_year(one, other))
}

pub(super) fn proof(row: &Row) -> Result<Proof, RowFault> {
    let kind = match row.get(&Key::PreuveType) {
        Some(Value::Choice(word)) => ProofKind::from_key(word),
        _ => None,
    };
    let year = match row.get(&Key::PreuveAnnee) {
        Some(Value::Count(year)) => Some(*year),
        _ => None,
    };
    let kind = kind.ok_or(RowFault::NoKind)?;
    match row.get(&Key::PreuveLe) {
        Some(Value::Date(on)) => Ok(Proof { kind, on: *on, year }),
        _ => Err(RowFault::NoDate),
    }
}

fn doubted(proof: Proof, today: Date) -> Option<RowFault> {
    if proof.on > today {
        return Some(RowFault::Ahead { on: proof.on });
    }
    let year = proof.year.filter(|year| (year - i64::from(proof.on.year())).abs() > 1)?;
    Some(RowFault::OtherYear { year, on: proof.on })
}
