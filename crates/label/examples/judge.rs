//! Judges one service from facts written by hand: its tier, its label today, what was found, and what comes next.
//! `cargo run -p label --example judge`

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write;

use jiff::civil::{Date, date};
use label::case::facts::{Facts, FormView, PlatformState, Value};
use label::case::keys::Key;
use label::case::{Frame, Remembered, assemble};
use label::judge::review;
use label::wording::{date_full, findings, standing, tier_text};

/// The form that the dossier was filled in with: a rule whose key it lacks is skipped, and said to be.
const FORM: i64 = 1;

/// A local service that was audited in March and labelled in April.
fn dossier() -> Result<Facts, Box<dyn Error>> {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let mark = |text: &str| text.parse().map(Value::Mark).map_err(|_| format!("{text} is no mark"));
    let mut values = BTreeMap::from([
        (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
        (Key::TypeService, choice("local_independant")),
        (Key::AuditDebut, Value::Date(date(2027, 3, 15))),
        (Key::AuditFin, Value::Date(date(2027, 3, 16))),
        (Key::NoteUsagers, mark("85,5")?),
        (Key::NoteAgents, mark("78")?),
        (Key::Decision, choice("labellise")),
        (Key::PalierDecide, choice("bronze")),
        (Key::DecisionLe, Value::Date(date(2027, 4, 12))),
        (Key::NotificationLe, Value::Date(date(2027, 4, 14))),
    ]);
    let scores = [Key::ScoreE1, Key::ScoreE2, Key::ScoreE3, Key::ScoreE4, Key::ScoreE5, Key::ScoreE6];
    for key in scores.into_iter().chain([Key::ScoreE7, Key::ScoreE8]) {
        values.insert(key, mark("82")?);
    }
    Ok(Facts {
        number: 4242,
        demarche: FORM,
        id: String::new(),
        state: PlatformState::EnInstruction,
        deposited: date(2027, 1, 11),
        examined: None,
        decided: None,
        expires: None,
        correction: None,
        submitted: None,
        annotated: None,
        attestation: None,
        degraded: false,
        siret: Some("99900629900013".to_owned()),
        legal_name: None,
        account: "guichet@valdoree.example".to_owned(),
        group: 1,
        author: None,
        values,
        declared: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        unknown_words: BTreeMap::new(),
        contact_doubt: None,
        unmatched: BTreeMap::new(),
        siret_doubt: None,
        gone: false,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let today: Date = date(2027, 6, 1);
    let usable: BTreeSet<Key> = Key::ALL.iter().copied().collect();
    let form = FormView { usable, ..FormView::default() };
    let frame = Frame { forms: BTreeMap::from([(FORM, form)]), ..Frame::default() };
    // All dossiers of a service make one case: a follow-up or a renewal would stand in the same list.
    let cases = assemble(vec![dossier()?], &Remembered::default());
    let mut out = std::io::stdout().lock();
    for case in &cases {
        let review = review(case, today, &frame);
        writeln!(out, "{}, le {}", review.name, date_full(today))?;
        if let Some(label) = review.standing() {
            writeln!(out, "{}", standing::validity(label))?;
        }
        for tier in &review.tiers {
            writeln!(out, "{}", tier_text(tier))?;
        }
        for finding in review.faults(None) {
            writeln!(out, "- {} ({}, § {})", findings::sentence(finding), finding.rule, finding.section)?;
        }
        for due in review.agenda.iter().filter(|due| due.is_open()) {
            writeln!(out, "> {} : {}", date_full(due.deadline.nominal), findings::due_title(due))?;
        }
    }
    Ok(())
}
