//! The two limits of a suspension (§5.3.1): the delay set by the certification body and the maximum are recalled each on
//! its own days, in every text.

use std::collections::BTreeSet;

use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::judge::agenda::Role;
use label::judge::{Review, review};
use label::outgoing::{Letter, MailKey};
use label::plan::mails::wanted_mails;
use label::plan::{Known, Told};
use label::wording;

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::life::choice;

/// Labelled on the day 100, suspended from the day 302 on, with this delay.
pub fn suspended(delay: Option<i64>) -> Facts {
    let mut values = vec![
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice("initial")),
        (Key::Evenements, Value::Rows(vec![row("labellise", 100), row("suspension", 300)])),
    ];
    values.extend(delay.map(|on| (Key::DelaiLevee, Value::Date(day(on)))));
    facts(1, 0, values)
}

fn judged(facts: &Facts, on: i64) -> Review {
    review(&case_of(std::slice::from_ref(facts)), day(on), &frame())
}

/// « O-27-1/J+7/candidat » of each mail about a suspension that is wanted on that day.
fn wanted(facts: &Facts, on: i64) -> BTreeSet<String> {
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mails = wanted_mails(&judged(facts, on), &case_of(std::slice::from_ref(facts)), &frame(), &known);
    let keys = mails.iter().map(|mail| mail.key.to_string());
    let parts = keys.map(|key| key.split('/').map(str::to_owned).collect::<Vec<_>>());
    parts
        .filter(|parts| parts[1].starts_with("O-27"))
        .map(|p| format!("{}/{}/{}", p[1], p[3], p[4]))
        .collect()
}

fn set(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// O-27: the day 302 + 12 months is the day 668.
#[test]
fn the_delay_and_the_maximum_are_recalled_each_on_its_days() {
    let facts = suspended(Some(400));
    let started = set(&["O-27/debut/candidat"]);
    assert_eq!(wanted(&facts, 399), started);
    let with = |more: &[&str]| started.union(&set(more)).cloned().collect::<BTreeSet<_>>();
    let delay = |stage: &str| ["candidat", "organisme"].map(|role| format!("O-27-1/{stage}/{role}"));
    let day_itself = [delay("J").as_slice(), &["O-27-1/J/ditp".to_owned()]].concat();
    let told = |more: &[String]| with(&more.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(wanted(&facts, 400), told(&day_itself));
    let ditp = ["O-27-1/J/ditp".to_owned()];
    assert_eq!(wanted(&facts, 407), told(&[delay("J+7").as_slice(), &ditp].concat()));
    assert_eq!(wanted(&facts, 428), told(&[delay("J+28").as_slice(), &ditp].concat()));
    // The maximum is still recalled once the delay has passed.
    for (on, stage) in [(578, "J-90"), (608, "J-60"), (638, "J-30"), (661, "J-7"), (668, "J")] {
        let wanted = wanted(&facts, on);
        for role in ["candidat", "organisme"] {
            assert!(wanted.contains(&format!("O-27/{stage}/{role}")), "day {on}: {wanted:?}");
        }
    }
    assert!(wanted(&facts, 668).contains("O-27/J/ditp"));
}

#[test]
fn without_a_delay_only_the_maximum_is_recalled() {
    assert_eq!(wanted(&suspended(None), 430), set(&["O-27/debut/candidat"]));
    let review = judged(&suspended(Some(668)), 430);
    let stops = review.agenda.iter().filter(|due| due.obligation.code() == "O-27").count();
    assert_eq!(stops, 1, "a delay that ends with the maximum is no second deadline");
}

/// The page of the case, the mail and the timetable say both days.
#[test]
fn both_limits_are_said_together() {
    let review = judged(&suspended(Some(400)), 350);
    let running = review.label.as_ref().unwrap().suspension.as_ref().unwrap();
    assert_eq!((running.since, running.lift_by, running.limit), (day(302), Some(day(400)), day(668)));
    assert_eq!(
        wording::suspension::limits(running, day(400)),
        "à lever au plus tard le mardi 8 février 2028 (délai fixé par l’organisme), sans dépasser le jeudi 2 novembre 2028 (douze mois de suspension)"
    );
    assert_eq!(
        wording::suspension::limits(running, day(401)),
        "le délai fixé par l’organisme a pris fin le mardi 8 février 2028, à lever sans dépasser le jeudi 2 novembre 2028 (douze mois de suspension)"
    );
    assert_eq!(
        wording::suspension::limits(running, day(669)),
        "le délai fixé par l’organisme a pris fin le mardi 8 février 2028, elle devait être levée sans dépasser le jeudi 2 novembre 2028 (douze mois de suspension)"
    );
    let lines: Vec<String> = review.agenda.iter().map(|due| wording::due_line(due, review.today)).collect();
    for line in [
        "08/02/2028 — Suspension à lever, délai fixé par l’organisme — § 5.3.1 (R-5.3.1-h)",
        "02/11/2028 — Suspension à lever, dernier jour — § 5.3.1 (R-5.3.1-h)",
    ] {
        assert!(lines.iter().any(|said| said == line), "« {line} » is not among {lines:#?}");
    }
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mails = wanted_mails(&review, &case_of(&[suspended(Some(400))]), &frame(), &known);
    let mail = mails.iter().find(|mail| mail.key.to_string().contains("/O-27/")).unwrap();
    let text = mail.letter.paragraphs.join(" ");
    assert!(text.contains("mardi 8 février 2028") && text.contains("jeudi 2 novembre 2028"), "{text}");
}

/// A ledger of the version that had one deadline for both limits.
#[test]
fn what_an_earlier_version_told_is_not_told_again() {
    let facts = suspended(Some(400));
    let case = case_of(std::slice::from_ref(&facts));
    let missing = |on: i64, told: &[&str]| {
        let keys: BTreeSet<MailKey> = told.iter().map(|key| key.parse().unwrap()).collect();
        let known = Known { mails: keys, ..Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START) };
        let planned = label::plan::plan(&judged(&facts, on), &case, &frame(), &known);
        let mails = planned.into_iter().filter_map(|action| match action {
            label::outgoing::Action::Mail(mail) => Some(mail.key.to_string()),
            _ => None,
        });
        mails.filter(|key| key.contains("/O-27")).collect::<Vec<_>>()
    };
    assert_eq!(missing(350, &["1/O-27/2028-02-08/debut/candidat"]), Vec::<String>::new());
    let day_itself = ["candidat", "organisme", "ditp"].map(|role| format!("1/O-27/2028-02-08/J/{role}"));
    let mut told: Vec<&str> = day_itself.iter().map(String::as_str).collect();
    told.push("1/O-27/2028-02-08/debut/candidat");
    assert_eq!(missing(400, &told), Vec::<String>::new());
    assert_eq!(missing(350, &[]), ["1/O-27/2028-11-02/debut/candidat"]);
}

/// A delay after the last day that the suspension may last, or after the label's end: that day is the limit everywhere.
#[test]
fn a_delay_after_the_limit_is_the_limit() {
    let shown = |facts: &Facts, on: i64| {
        let review = judged(facts, on);
        let standing = review.standing().unwrap().suspension.clone().unwrap();
        assert_eq!(review.label.as_ref().unwrap().suspension.as_ref(), Some(&standing));
        let dues = review.agenda.iter().filter(|due| due.obligation.code() == "O-27");
        let dues: Vec<_> = dues.map(|due| due.deadline.nominal).collect();
        (standing.lift_by, dues, wording::suspension::limits(&standing, day(on)))
    };
    let maximum = || (Some(day(668)), vec![day(668)]);
    for delay in [668, 669, 1300] {
        let (lift_by, dues, words) = shown(&suspended(Some(delay)), 430);
        assert_eq!((lift_by, dues), maximum(), "{delay}");
        assert_eq!(words, "à lever au plus tard le jeudi 2 novembre 2028 (douze mois de suspension)");
    }
    // Suspended three months before the end of the label, on the day 1196.
    let late = |delay: i64| {
        let mut facts = suspended(Some(delay));
        let rows = vec![row("labellise", 100), row("suspension", 1098)];
        facts.values.insert(Key::Evenements, Value::Rows(rows));
        facts
    };
    for delay in [1196, 1197, 1400] {
        let (lift_by, dues, words) = shown(&late(delay), 1150);
        assert_eq!((lift_by, dues), (Some(day(1196)), vec![day(1196)]), "{delay}");
        assert!(
            words.starts_with("à lever au plus tard le") && words.ends_with("(fin de validité du label)"),
            "{words}"
        );
    }
    let (lift_by, dues, _) = shown(&late(1195), 1150);
    assert_eq!((lift_by, dues.len()), (Some(day(1195)), 2));
}

#[test]
fn a_delay_outside_its_suspension_is_a_finding() {
    let said = |delay: i64| {
        let review = judged(&suspended(Some(delay)), 350);
        let said: Vec<String> = review.findings.iter().map(wording::finding).collect();
        said.iter().any(|sentence| sentence.contains("hors de la suspension"))
    };
    assert_eq!([301, 302, 668, 669].map(said), [true, false, false, true]);
}

/// A delay typed once the suspension is announced, or changed, is told at once, and once; one that was known is not.
#[test]
fn a_delay_typed_later_is_told_at_once() {
    let mut known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mut told = |delay: Option<i64>, on: i64| {
        let facts = suspended(delay);
        let case = case_of(std::slice::from_ref(&facts));
        let mut sent = Vec::new();
        for mail in wanted_mails(&judged(&facts, on), &case, &frame(), &known) {
            let about = mail.key.to_string();
            if mail.role != Role::Candidat || !about.contains("/O-27") || !known.mails.insert(mail.key) {
                continue;
            }
            let Letter { subject, announced, events, .. } = mail.letter;
            sent.push(subject.clone());
            known.told.push(Told { on: day(on), role: mail.role, subject, key: mail.key, announced, events });
        }
        sent
    };
    assert_eq!(told(None, 302).len(), 1);
    let [later] = told(Some(330), 303).try_into().unwrap();
    assert!(later.contains("au plus tard le 30 novembre (2e rappel)"), "{later}");
    assert_eq!(told(Some(330), 304), Vec::<String>::new(), "once");
    let [changed] = told(Some(340), 305).try_into().unwrap();
    assert!(changed.contains("au plus tard le 10 décembre"), "{changed}");
    assert_eq!(told(Some(340), 306), Vec::<String>::new());
}

#[test]
fn a_delay_known_from_the_start_is_told_with_the_suspension() {
    let facts = suspended(Some(330));
    let case = case_of(std::slice::from_ref(&facts));
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mails = wanted_mails(&judged(&facts, 302), &case, &frame(), &known);
    let own =
        mails.iter().filter(|mail| mail.role == Role::Candidat && mail.key.to_string().contains("/O-27"));
    let events: Vec<_> = own
        .map(|mail| mail.letter.events.iter().map(|event| event.uid.as_str()).collect::<Vec<_>>())
        .collect();
    assert_eq!(events, [["1-O-27", "1-O-27-1"]]);
}

/// A second suspension while one runs is in doubt, and changes neither its day nor its limits: DITP is told of the first.
#[test]
fn a_second_suspension_while_one_runs_is_not_published() {
    let mut facts = suspended(None);
    let rows = vec![row("labellise", 100), row("suspension", 300), row("suspension", 320)];
    facts.values.insert(Key::Evenements, Value::Rows(rows));
    let case = case_of(std::slice::from_ref(&facts));
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mails = wanted_mails(&judged(&facts, 330), &case, &frame(), &known);
    let told = mails.iter().filter(|mail| mail.key.to_string().contains("N-suspension"));
    let days: Vec<_> = told.map(|mail| (mail.role, mail.key.day)).collect();
    assert_eq!(days, [(Role::Ditp, day(302))]);
}
