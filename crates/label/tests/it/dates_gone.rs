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

fn awarded(on: i64) -> label::case::facts::Row {
    let mut row = row("labellise", on);
    row.insert(Key::PalierDecide, choice("argent"));
    row
}

/// A withdrawal takes the dates out of the service's calendar; corrected, it puts them back, with the mail that says so.
#[test]
fn a_withdrawal_taken_back_gives_the_dates_again() {
    let rows = vec![awarded(100)];
    let withdrawn = [rows.clone(), vec![row("retrait", 300)]].concat();
    let mut reader = Reader::default();
    let award = reader.send(&label(rows.clone()), 103);
    let given: Vec<_> = award[0].letter.events.iter().map(|event| (event.uid.clone(), event.day)).collect();
    assert!(given.iter().any(|(uid, _)| uid == "1-O-16"), "{given:?}");
    let sent = reader.send(&label(withdrawn.clone()), 303);
    let gone = sent.iter().find(|mail| mail.key.code == MailCode::DateGone).unwrap().clone();
    assert!(gone.letter.events.len() > 2, "{gone:?}");

    let sent = reader.send(&label(rows.clone()), 305);
    let [corrected] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(corrected.key.code, MailCode::Corrected(Decision::Retrait));
    let back: Vec<_> = corrected.letter.events.iter().map(|event| (event.uid.clone(), event.day)).collect();
    let expected: Vec<_> = gone.letter.events.iter().map(|event| (event.uid.clone(), event.day)).collect();
    assert_eq!(back, expected);
    assert!(corrected.letter.events.iter().all(|event| !event.cancelled));
    assert_eq!(corrected.letter.points.len(), back.len());
    assert_eq!(reader.send(&label(rows), 306), [], "once");
    // Withdrawn for good: the same days go again, under another key.
    let sent = reader.send(&label(withdrawn), 310);
    let again = sent.iter().find(|mail| mail.key.code == MailCode::DateGone).unwrap();
    assert_eq!(again.letter.events, gone.letter.events);
    assert_ne!(again.key, gone.key);
}

/// A date of an audit that is there again stands in no correction: it is told by itself, or by the timetable.
#[test]
fn an_audit_that_is_there_again_is_in_the_calendar_again() {
    let audited = dossier(vec![(Key::AuditDebut, Value::Date(day(60)))]);
    let mut reader = Reader::default();
    reader.send(&audited, 1);
    reader.send(&dossier(Vec::new()), 2);
    let sent = reader.send(&audited, 3);
    let [back] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(back.key.code, MailCode::DateBack);
    assert!(
        back.letter
            .events
            .iter()
            .any(|event| event.uid == "1-audit" && event.day == day(60) && !event.cancelled)
    );
    assert_eq!(reader.send(&audited, 4), [], "once");
}

/// The follow-up is counted from the notification: a notification moved gives the new window.
#[test]
fn an_award_decided_and_notified_on_another_day_gives_the_new_days() {
    let notified = |on: i64| {
        let mut row = awarded(on);
        row.insert(Key::NotificationLe, Value::Date(day(on)));
        label(vec![row])
    };
    let mut reader = Reader::default();
    let award = reader.send(&notified(102), 110);
    let closing = |mails: &[Mail]| {
        let events = mails.iter().flat_map(|mail| &mail.letter.events);
        events.filter(|event| event.uid == "1-O-16").map(|event| event.day).collect::<Vec<_>>()
    };
    let (first, second) = (closing(&award), closing(&reader.send(&notified(109), 115)));
    assert_eq!(second.len(), 1, "{second:?}");
    assert_eq!((second[0] - first[0]).get_days(), 7);
    assert_eq!(reader.send(&notified(109), 116), []);
}
