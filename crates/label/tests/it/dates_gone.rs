//! The mail about days that are gone: it says why, and only what its reader was sent.

use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::{Action, Letter, Mail, MailCode};
use label::plan::{Known, Told, plan};

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::life::choice;

fn dossier(values: Vec<(Key, Value)>) -> Facts {
    let mut all = vec![
        (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice("initial")),
    ];
    all.extend(values);
    facts(1, 0, all)
}

/// What a service was sent from one day to another, and what it is told on the last of them of days that are gone.
#[derive(Default)]
struct Reader(Vec<Told>);

impl Reader {
    fn day(&mut self, facts: &Facts, on: i64) -> Option<Letter> {
        let case = case_of(std::slice::from_ref(facts));
        let review = review(&case, day(on), &frame());
        let mut known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
        known.told.clone_from(&self.0);
        known.mails = self.0.iter().map(|told| told.key).collect();
        let mut gone = None;
        for action in plan(&review, &case, &frame(), &known) {
            let Action::Mail(Mail { key, role: Role::Candidat, letter, .. }) = action else { continue };
            if key.code == MailCode::DateGone {
                gone = Some(letter.clone());
            }
            let Letter { subject, announced, events, .. } = letter;
            self.0.push(Told { on: day(on), role: Role::Candidat, subject, key, announced, events });
        }
        gone
    }
}

fn label(rows: Vec<label::case::facts::Row>) -> Facts {
    dossier(vec![(Key::Evenements, Value::Rows(rows))])
}

#[test]
fn a_lifted_suspension_and_a_withdrawal_say_that_they_are_why() {
    let (labelled, suspended) = (row("labellise", 100), row("suspension", 300));
    let mut reader = Reader::default();
    assert_eq!(reader.day(&label(vec![labelled.clone(), suspended.clone()]), 303), None);
    let lifted = label(vec![labelled.clone(), suspended.clone(), row("levee", 350)]);
    let letter = reader.day(&lifted, 352).unwrap();
    assert_eq!(letter.paragraphs[0], "La suspension du label est levée.");
    assert!(letter.paragraphs[1].contains("rien n’est à faire à cette date"), "{letter:?}");
    assert!(letter.events.iter().all(|event| event.cancelled && event.uid.starts_with("1-O-27")));
    assert_eq!(reader.day(&lifted, 353), None, "once");

    let mut reader = Reader::default();
    reader.day(&label(vec![labelled.clone(), suspended.clone()]), 303);
    let letter = reader.day(&label(vec![labelled, suspended, row("retrait", 350)]), 352).unwrap();
    assert_eq!(letter.paragraphs[0], "Le label est retiré.");
}

#[test]
fn an_audit_without_a_date_says_so() {
    let mut reader = Reader::default();
    assert_eq!(reader.day(&dossier(vec![(Key::AuditDebut, Value::Date(day(60)))]), 1), None);
    let letter = reader.day(&dossier(Vec::new()), 2).unwrap();
    assert_eq!(letter.paragraphs[0], "La date de l’audit n’est plus indiquée dans le dossier.");
    assert!(letter.events.iter().any(|event| event.uid == "1-audit"));
}
