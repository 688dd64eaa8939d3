//! What is written into the annotations of each dossier, what is read back from them, and what other programs are told.

use std::collections::BTreeMap;

use label::case::Decision;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::{Action, Announced, Instead, LastTold, Mail, MailCode, NoticeKind};
use label::plan::coming::coming;
use label::plan::corrections::Heard;
use label::plan::mails::wanted_mails;
use label::plan::notices::wanted_notices;
use label::plan::{Known, Told, fingerprint, plan};
use label::wording::{self, date_short, names};

use crate::cases::{START, case_of, day, frame, row};
use crate::follow_ups::next;
use crate::life::{awarded, sound};

fn nothing() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

fn actions(dossiers: &[Facts], on: i64, known: &Known) -> Vec<Action> {
    let case = case_of(dossiers);
    plan(&review(&case, day(on), &frame()), &case, &frame(), known)
}

/// The annotations to change, by dossier.
fn written(dossiers: &[Facts], on: i64, known: &Known) -> BTreeMap<i64, BTreeMap<Key, Value>> {
    let changes = actions(dossiers, on, known).into_iter().filter_map(|action| match action {
        Action::Annotate(one) => Some((one.dossier, one.changes.into_iter().collect())),
        _ => None,
    });
    changes.collect()
}

fn two() -> [Facts; 2] {
    let users: &[(Key, &str)] = &[(Key::NoteUsagers, "60"), (Key::ScoreE1, "20")];
    [sound(vec![awarded("argent")]), next(2, "suivi", 600, vec![], users)]
}

#[test]
fn each_dossier_shows_its_own_findings_and_its_own_tier() {
    let written = written(&two(), 650, &nothing());
    let case = case_of(&two());
    let review = review(&case, day(650), &frame());
    let mut tiers = Vec::new();
    for (number, values) in &written {
        let Some(Value::Text(text)) = values.get(&Key::AutoControles) else { panic!("{values:?}") };
        let mut lines: Vec<&str> = text.lines().collect();
        let own = review.findings.iter().filter(|finding| finding.dossier == *number);
        let mut own: Vec<String> = own.map(wording::finding).collect();
        assert!(own.len() > 3, "{own:?}");
        own.sort();
        lines.sort_unstable();
        assert_eq!(lines, own, "{number}");
        let Some(Value::Text(tier)) = values.get(&Key::AutoPalier) else { panic!("{values:?}") };
        let own = review.tiers.iter().find(|tier| tier.dossier == *number).unwrap();
        assert_eq!(*tier, wording::tier_text(own));
        tiers.push(tier.clone());
    }
    assert_eq!(written.len(), 2);
    assert_ne!(tiers[0], tiers[1]);
}

#[test]
fn the_journal_holds_what_was_sent_newest_first_and_is_not_written_before() {
    let journal = |known: &Known| {
        let mut written = written(&[sound(vec![awarded("argent")])], 110, known);
        written.remove(&1).and_then(|mut values| values.remove(&Key::AutoJournal))
    };
    assert_eq!(journal(&nothing()), None);
    let told = |on: i64, subject: &str| Told {
        on: day(on),
        role: Role::Ditp,
        subject: subject.to_owned(),
        key: "1/N-labellise/2027-01-04/avis/ditp".parse().unwrap(),
        announced: None,
        events: Vec::new(),
    };
    let known = Known { told: vec![told(103, "Un"), told(104, "Deux")], ..nothing() };
    let line = |on: i64, subject: &str| format!("{} — DITP — {subject}", date_short(day(on)));
    let expected = [line(104, "Deux"), line(103, "Un")].join("\n");
    assert_eq!(journal(&known), Some(Value::Text(expected)));
}

/// Two values have two prints: the platform refused one of them.
#[test]
fn a_value_that_the_platform_refused_is_not_written_again_and_another_one_is() {
    let dossiers = || [sound(vec![awarded("argent")])];
    let all = written(&dossiers(), 110, &nothing()).remove(&1).unwrap();
    let texts =
        [Value::Text("un".to_owned()), Value::Text("deux".to_owned()), Value::Flag(true), Value::Flag(false)];
    let prints: std::collections::BTreeSet<String> = texts.iter().map(fingerprint).collect();
    assert_eq!(prints.len(), texts.len());
    let with = |value: &Value| {
        let known = Known { stuck: [(1, Key::AutoControles, fingerprint(value))].into(), ..nothing() };
        written(&dossiers(), 110, &known).remove(&1).unwrap().contains_key(&Key::AutoControles)
    };
    assert!(!with(&all[&Key::AutoControles]));
    assert!(with(&Value::Text("autre chose".to_owned())));
}

/// The ledger was lost: what `auto_journal` lists was sent.
#[test]
fn a_mail_that_the_journal_lists_is_recalled_and_not_sent_again() {
    let dossier = || sound(vec![awarded("argent")]);
    let mails = |dossier: Facts, known: &Known| -> (Vec<Mail>, Vec<(Mail, i64)>) {
        let (mut sent, mut recalled) = (Vec::new(), Vec::new());
        for action in actions(&[dossier], 110, known) {
            match action {
                Action::Mail(mail) => sent.push(mail),
                Action::Recall(one) => recalled.push((one.mail, i64::from((one.on - START).get_days()))),
                _ => {}
            }
        }
        (sent, recalled)
    };
    let (sent, recalled) = mails(dossier(), &nothing());
    assert!(sent.len() > 1 && recalled.is_empty());
    let listed = &sent[0];
    let mut known_there = dossier();
    let line = |on: i64| {
        format!("{} — {} — {}", date_short(day(on)), names::role(listed.role), listed.letter.subject)
    };
    known_there.values.insert(Key::AutoJournal, Value::Text(line(105)));
    let (left, recalled) = mails(known_there.clone(), &nothing());
    assert_eq!(left, sent[1..]);
    assert_eq!(recalled, [(listed.clone(), 105)]);
    // A line of a day to come is not believed, nor one about a mail that came back.
    known_there.values.insert(Key::AutoJournal, Value::Text(line(111)));
    assert_eq!(mails(known_there.clone(), &nothing()).1, []);
    known_there.values.insert(Key::AutoJournal, Value::Text(line(105)));
    let known = Known { came_back: [listed.key].into(), ..nothing() };
    assert_eq!(mails(known_there, &known).1, []);
}

/// The mail about an award has the day of the deposit: what is to come says when it leaves.
#[test]
fn what_is_to_come_has_the_day_on_which_it_leaves() {
    let case = case_of(&[sound(vec![awarded("argent")])]);
    let code = MailCode::Decision(Decision::Labellise);
    let said = coming(&case, &frame(), &nothing(), day(101), day(105));
    let award: Vec<_> =
        said.iter().filter(|mail| mail.key.code == code).map(|mail| (mail.role, mail.from)).collect();
    assert_eq!(award, [(Role::Candidat, day(102)), (Role::Ditp, day(102))]);
    let today = wanted_mails(&review(&case, day(102), &frame()), &case, &frame(), &nothing());
    let today: Vec<_> = today.iter().filter(|mail| mail.key.code == code).map(|mail| mail.from).collect();
    assert_eq!(today, [day(0), day(0)]);
}

/// The notices of the decisions of a case to a program that was told of these suspensions.
#[test]
fn a_notice_is_about_its_dossier_and_says_which_one_it_takes_the_place_of() {
    let dossiers = |suspensions: &[i64]| {
        let place = |facts: &mut Facts, name: &str| {
            drop(facts.values.insert(Key::Departement, Value::Text(name.to_owned())));
        };
        let rows: Vec<Row> = suspensions.iter().map(|on| row("suspension", *on)).collect();
        let mut both = [sound(vec![awarded("argent")]), next(2, "suivi", 250, rows, &[])];
        place(&mut both[0], "75");
        place(&mut both[1], "33");
        both
    };
    let told = |announced: &[i64], suspensions: &[i64]| {
        let case = case_of(&dossiers(suspensions));
        let review = review(&case, day(330), &frame());
        let last = announced.iter().map(|on| LastTold {
            dossier: 2,
            decision: Decision::Suspension,
            told: day(*on),
            announced: Some(Announced::new(None, day(*on))),
            before: None,
        });
        let last: Vec<LastTold> = last.collect();
        let heard = Heard { told: &last, ..Heard::nothing() };
        let notices = wanted_notices(&review, &case, &frame(), START, heard);
        let of = |kind| {
            notices.iter().find(|one| one.kind == kind).and_then(|one| one.data.label()).cloned().unwrap()
        };
        let (award, suspended) = (of(NoticeKind::Awarded), of(NoticeKind::Suspended));
        assert_eq!((award.dossier, award.departement.as_deref()), (1, Some("75")));
        assert_eq!((suspended.dossier, suspended.departement.as_deref()), (2, Some("33")));
        assert_eq!(award.remplace, Instead::All);
        suspended.remplace
    };
    assert_eq!(told(&[], &[300]), Instead::Nothing);
    assert_eq!(told(&[310], &[300]), Instead::Of(day(310)), "the day that was told moved");
    assert_eq!(told(&[302], &[300]), Instead::Nothing);
}
