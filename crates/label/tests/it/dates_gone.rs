//! The mail about days that are gone: it says why, and only what its reader was sent.

use label::case::Decision;
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
        let sent = self.send(facts, on);
        sent.into_iter().find(|mail| mail.key.code == MailCode::DateGone).map(|mail| mail.letter)
    }

    fn send(&mut self, facts: &Facts, on: i64) -> Vec<Mail> {
        self.send_all(std::slice::from_ref(facts), on)
    }

    fn send_all(&mut self, facts: &[Facts], on: i64) -> Vec<Mail> {
        let case = case_of(facts);
        let review = review(&case, day(on), &frame());
        let mut known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
        known.told.clone_from(&self.0);
        known.mails = self.0.iter().map(|told| told.key).collect();
        let mut sent = Vec::new();
        for action in plan(&review, &case, &frame(), &known) {
            let Action::Mail(mail) = action else { continue };
            if mail.role != Role::Candidat {
                continue;
            }
            let Mail { key, letter, .. } = mail.clone();
            let Letter { subject, announced, events, .. } = letter;
            self.0.push(Told { on: day(on), role: Role::Candidat, subject, key, announced, events });
            sent.push(mail);
        }
        sent
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

/// The reminder of its limit announces a suspension to the service: one that is corrected is told as DITP is told.
#[test]
fn a_suspension_taken_back_is_a_correction_and_not_a_lifting() {
    let (labelled, suspended) = (row("labellise", 100), row("suspension", 300));
    let mut reader = Reader::default();
    reader.send(&label(vec![labelled.clone(), suspended.clone()]), 303);
    let void = label(vec![labelled.clone()]);
    let sent = reader.send(&void, 305);
    let corrected =
        sent.iter().find(|mail| mail.key.code == MailCode::Corrected(Decision::Suspension)).unwrap();
    let text = corrected.letter.paragraphs.join(" ");
    assert!(text.contains("suspension, le mardi 2 novembre 2027"), "{text}");
    assert!(text.contains("elle ne tient plus"), "{text}");
    let gone = sent.iter().find(|mail| mail.key.code == MailCode::DateGone).unwrap();
    let why = "L’organisme de certification a corrigé la décision de suspension : elle ne tient plus.";
    assert_eq!(gone.letter.paragraphs[0], why);
    assert_eq!(reader.send(&void, 306), [], "once");
    // It was no mistake after all: told again, with its day.
    let sent = reader.send(&label(vec![labelled.clone(), suspended.clone()]), 310);
    let [again] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(again.key.code, MailCode::Corrected(Decision::Suspension));
    assert!(again.letter.paragraphs[1].contains("désormais : suspension"), "{again:?}");
    // A lifting stays a lifting.
    let lifted = label(vec![labelled, suspended, row("levee", 350)]);
    let sent = reader.send(&lifted, 352);
    assert!(sent.iter().all(|mail| !matches!(mail.key.code, MailCode::Corrected(_))), "{sent:?}");
}

/// Written in the dossier of a follow-up, it is told once and corrected once all the same.
#[test]
fn a_suspension_written_in_another_dossier_is_corrected_in_its_own() {
    let first = label(vec![row("labellise", 100)]);
    let second = |rows: Vec<label::case::facts::Row>| {
        let mut facts =
            dossier(vec![(Key::TypeDemande, choice("suivi")), (Key::Evenements, Value::Rows(rows))]);
        facts.number = 2;
        facts
    };
    let mut reader = Reader::default();
    let with = |rows| [first.clone(), second(rows)];
    reader.send_all(&with(vec![row("suspension", 300)]), 303);
    let sent = reader.send_all(&with(vec![row("suspension", 300)]), 304);
    assert_eq!(sent, []);
    let sent = reader.send_all(&with(Vec::new()), 305);
    let corrected: Vec<_> = sent
        .iter()
        .filter(|mail| matches!(mail.key.code, MailCode::Corrected(_)))
        .map(|mail| mail.key.dossier)
        .collect();
    assert_eq!(corrected, [2]);
    assert_eq!(reader.send_all(&with(Vec::new()), 306), []);
}
