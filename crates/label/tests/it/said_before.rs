//! What a mail owes to those that were sent before it: the date that it replaces, and what was told already.

use jiff::civil::Date;
use label::case::Decision;
use label::case::facts::Value;
use label::case::keys::Key;
use label::judge::agenda::{Obligation, Role, StageName};
use label::judge::review;
use label::outgoing::{MailCode, MailKey};
use label::plan::mails::wanted_mails;
use label::plan::{Known, Told};

use crate::cases::{START, case_of, day, frame, row};
use crate::documents::local;
use crate::life::{awarded, sound};

fn told(code: MailCode, about: i64, role: Role, on: i64) -> Told {
    let key = MailKey { dossier: 1, code, day: day(about), stage: StageName::Notice, role };
    Told { on: day(on), role, subject: String::new(), key, announced: None, events: Vec::new() }
}

fn knowing(told: Vec<Told>) -> Known {
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    Known { mails: told.iter().map(|told| told.key).collect(), told, ..known }
}

/// The date that the timetable of an audit replaces, when timetables of other dates were sent.
fn replaced(audit: i64, today: i64, before: &[(i64, Role)]) -> Option<Date> {
    let case = case_of(&[local(0, vec![(Key::AuditDebut, Value::Date(day(audit)))])]);
    let review = review(&case, day(today), &frame());
    let sent = before.iter().map(|(about, role)| told(MailCode::Timetable, *about, *role, 1));
    let mails = wanted_mails(&review, &case, &frame(), &knowing(sent.collect()));
    mails.iter().find(|mail| mail.key.code == MailCode::Timetable).unwrap().replaces
}

#[test]
fn a_date_that_moved_replaces_the_one_that_this_reader_was_told_last() {
    let candidat = |about: i64| (about, Role::Candidat);
    assert_eq!(replaced(60, 10, &[]), None);
    assert_eq!(replaced(60, 10, &[candidat(50)]), Some(day(50)));
    assert_eq!(replaced(60, 10, &[candidat(50), candidat(55)]), Some(day(55)));
    assert_eq!(replaced(60, 10, &[candidat(60)]), None, "it is the same date");
    assert_eq!(replaced(60, 10, &[candidat(50), candidat(60)]), None, "it was told since");
    assert_eq!(replaced(60, 10, &[(50, Role::Organisme)]), None, "another reader was told it");
}

#[test]
fn a_date_of_more_than_a_month_ago_was_that_of_another_event() {
    let replaced = |about: i64| replaced(150, 100, &[(about, Role::Candidat)]);
    assert_eq!([68, 69, 100].map(replaced), [None, Some(day(69)), Some(day(100))]);
}

/// Withdrawn on the day 400 by a decision notified on the day 302: O-30 recalls it seven days before.
#[test]
fn ditp_is_reminded_of_the_list_unless_it_hears_of_the_withdrawal_that_day() {
    let mut withdrawn = row("retrait", 300);
    withdrawn.insert(Key::EffetLe, Value::Date(day(400)));
    let case = case_of(&[sound(vec![awarded("argent"), withdrawn])]);
    let review = review(&case, day(395), &frame());
    let wanted = |known: &Known| {
        let mails = wanted_mails(&review, &case, &frame(), known);
        let unlist = MailCode::Deadline { obligation: Obligation::Unlist, occurrence: 0 };
        mails.iter().any(|mail| (mail.key.code, mail.role) == (unlist, Role::Ditp))
    };
    assert!(!wanted(&knowing(vec![])), "the mail about the withdrawal leaves now, and names the day");
    let retrait = MailCode::Decision(Decision::Retrait);
    let mails = wanted_mails(&review, &case, &frame(), &knowing(vec![]));
    let announces = mails.iter().find(|mail| (mail.key.code, mail.role) == (retrait, Role::Ditp)).unwrap();
    let sent = Told { key: announces.key, ..told(retrait, 300, Role::Ditp, 302) };
    assert!(wanted(&knowing(vec![sent.clone()])));
    let award = told(MailCode::Decision(Decision::Labellise), 0, Role::Ditp, 394);
    assert!(wanted(&knowing(vec![sent.clone(), award])), "what else it heard changes nothing");
    assert!(!wanted(&knowing(vec![Told { on: day(393), ..sent.clone() }])), "it heard of it that day");
    // It was put, and has not left.
    assert!(wanted(&Known { told: Vec::new(), ..knowing(vec![sent]) }));
}
