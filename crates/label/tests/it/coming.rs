//! What others will be sent in the days to come, as the digest announces it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use label::case::Case;
use label::case::facts::Value;
use label::case::keys::Key;
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::Mail;
use label::plan::Known;
use label::plan::coming::coming;
use label::plan::mails::wanted_mails;
use label::wording::digest::daily;

use crate::cases::{START, case_of, day, facts, frame, row};

fn known() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

/// A labelled service whose yearly self-assessment is due.
fn labelled() -> Case {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let values = vec![
        (Key::NomStructure, Value::Text("Agence Nord".to_owned())),
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice("initial")),
        (Key::AutodiagnosticLe, Value::Date(day(20))),
        (Key::Evenements, Value::Rows(vec![row("labellise", 100)])),
    ];
    case_of(&[facts(1, 0, values)])
}

fn keys(mails: &[Mail]) -> BTreeSet<String> {
    mails.iter().map(|mail| mail.key.to_string()).collect()
}

/// Everything that is announced is what the days to come then call for, on the day that was announced, and nothing else.
#[test]
fn what_is_announced_is_what_leaves() {
    let (case, frame) = (labelled(), frame());
    let mut announced = 0;
    for on in (110..1200).step_by(7) {
        let (today, until) = (day(on), day(on + 7));
        let mut known: Known = known();
        let wanted = |on: Date, known: &Known| -> Vec<Mail> {
            let mails = wanted_mails(&review(&case, on, &frame), &case, &frame, known);
            mails.into_iter().filter(|mail| mail.role != Role::Organisme).collect()
        };
        known.mails.extend(wanted(today, &known).iter().map(|mail| mail.key));
        let said = coming(&case, &frame, &known, today, until);
        let mut left = BTreeSet::new();
        for later in 1..=7 {
            let new = wanted(day(on + later), &known);
            let new: Vec<Mail> = new.into_iter().filter(|mail| !known.mails.contains(&mail.key)).collect();
            for mail in &new {
                let told = said.iter().find(|told| told.key == mail.key);
                assert_eq!(told.map(|told| told.from), Some(day(on + later)), "{}", mail.key);
            }
            left.extend(keys(&new));
            known.mails.extend(new.iter().map(|mail| mail.key));
        }
        assert_eq!(keys(&said), left, "on {today}");
        announced += said.len();
    }
    assert!(announced > 10, "{announced}");
}

#[test]
fn the_digest_ends_with_them_and_names_their_readers() {
    let (case, frame, known) = (labelled(), frame(), known());
    let first = (110..1200).map(day).find_map(|today| {
        let until = today.checked_add(jiff::ToSpan::days(7)).unwrap();
        let said = coming(&case, &frame, &known, today, until);
        let one = said.iter().find(|mail| mail.letter.what.contains("autodiagnostic"))?.clone();
        Some((today, one))
    });
    let (today, mail) = first.unwrap();
    let digest = daily(&[], std::slice::from_ref(&mail), today, None);
    let [section] = digest.sections.as_slice() else { panic!("one list: {:?}", digest.sections) };
    assert_eq!(section.title, "Courriels qui partiront cette semaine");
    let line = &section.lines[0];
    assert!(
        line.text.contains(", au service candidat — Agence Nord : autodiagnostic annuel à réaliser"),
        "{line:?}"
    );
    assert_eq!(line.about.as_ref().unwrap().dossier, 1);
}
