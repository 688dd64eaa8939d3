//! No mail says a day that is past as one that is still to come, on whichever day it is written.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use label::Tier;
use label::case::Case;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::guide::attached::CentralStanding;
use label::guide::calendar::Deadline;
use label::guide::follow_up::Window;
use label::judge::agenda::{Due, Obligation, Role, Stage, Status};
use label::judge::{Review, review};
use label::outgoing::Letter;
use label::plan::Known;
use label::plan::mails::wanted_mails;
use label::wording::letters;

use crate::cases::{START, case_of, day, facts, frame, local, row};
use crate::life::choice;

/// What a day to come is said after.
const TO_COME: [&str; 6] =
    ["avant le ", "d’ici le ", "jusqu’au ", "au plus tard le ", "d’ici au ", " et le "];

/// What shows that the sentence tells the past.
const TOLD_AS_PAST: [&str; 11] = [
    "arrivé à échéance",
    "était",
    "étaient",
    "devait",
    "devaient",
    "valait",
    "valaient",
    "avait",
    "a été ",
    "a pris fin",
    "est passée",
];

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

const DAYS: [&str; 7] = ["lundi ", "mardi ", "mercredi ", "jeudi ", "vendredi ", "samedi ", "dimanche "];

/// The date that a text begins with; the year is that of `today` where none is written.
fn date_at(text: &str, today: Date) -> Option<Date> {
    let text = DAYS.iter().find_map(|day| text.strip_prefix(day)).unwrap_or(text);
    if let Some((number, rest)) = text.split_once('/').filter(|(number, _)| number.len() == 2) {
        let (month, rest) = rest.split_once('/')?;
        return Date::new(rest.get(..4)?.parse().ok()?, month.parse().ok()?, number.parse().ok()?).ok();
    }
    let (number, rest) = text.split_once(' ')?;
    let number: i8 = number.trim_end_matches("er").parse().ok()?;
    let month = MONTHS.iter().position(|month| rest.starts_with(month))?;
    let year =
        rest.get(MONTHS[month].len() + 1..).and_then(|rest| rest.get(..4)).and_then(|year| year.parse().ok());
    Date::new(year.unwrap_or(today.year()), i8::try_from(month).unwrap() + 1, number).ok()
}

/// The sentences that say a past day as one to come.
fn wrong(text: &str, today: Date) -> Vec<String> {
    let mut wrong = Vec::new();
    for sentence in text.split(['.', ';']) {
        let past = |phrase: &str| {
            let after = sentence.split(phrase).skip(1);
            after.filter_map(|after| date_at(after, today)).any(|day| day < today)
        };
        let told_as_past = TOLD_AS_PAST.iter().any(|word| sentence.contains(word));
        if !told_as_past && TO_COME.iter().any(|phrase| past(phrase)) {
            wrong.push(sentence.trim().to_owned());
        }
    }
    wrong
}

fn texts(letter: &Letter) -> Vec<&String> {
    let sections = letter.sections.iter().flat_map(|section| &section.points);
    [&letter.what].into_iter().chain(&letter.paragraphs).chain(&letter.points).chain(sections).collect()
}

fn check(letter: &Letter, today: Date, of: &str, found: &mut Vec<String>) {
    for text in texts(letter) {
        found.extend(wrong(text, today).into_iter().map(|sentence| format!("{of}, on {today}: {sentence}")));
    }
}

#[test]
fn a_sentence_is_wrong_when_it_says_a_past_day_as_one_to_come() {
    let today = date(2028, 10, 24);
    for text in [
        "à faire au plus tard le 16 octobre",
        "valable jusqu’au lundi 16 octobre 2028 inclus",
        "avant le 16/10/2028",
    ] {
        assert_eq!(wrong(text, today).len(), 1, "{text}");
    }
    for text in [
        "à faire au plus tard le 24 octobre",
        "valable jusqu’au 1er mai 2029",
        "il était à faire au plus tard le lundi 16 octobre 2028",
        "attendu depuis le 16 octobre",
    ] {
        assert_eq!(wrong(text, today), [""; 0], "{text}");
    }
}

/// An attached local whose label is suspended; its reminders are written by hand below.
fn suspended(service: &str) -> Case {
    let values = vec![
        (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
        (Key::TypeService, choice(service)),
        (Key::AuditDebut, Value::Date(day(60))),
        (Key::Evenements, Value::Rows(vec![row("labellise", 100), row("suspension", 400)])),
    ];
    let mut case = case_of(&[facts(1, 0, values)]);
    case.central = (service == "local_rattache").then_some(CentralStanding::Labelled);
    case.locals = (2..9).map(|number| local(number, 40, Some(Tier::Argent))).collect();
    case
}

fn due(obligation: Obligation, on: Date, status: Status) -> Due {
    let follows = matches!(
        obligation,
        Obligation::FollowUp
            | Obligation::FollowUpCentral
            | Obligation::AttachedFollowUp
            | Obligation::ConditionalFollowUp
    );
    let back = |months: i64| on.saturating_sub(months.months());
    let window = follows.then(|| Window { opens: back(4), theory: back(2), closes: on });
    Due {
        obligation,
        dossier: 1,
        deadline: Deadline::fixed(on),
        window,
        zone: None,
        occurrence: 0,
        horizon: on,
        status,
        settled: None,
        done_on: None,
        stages: Vec::new(),
    }
}

#[test]
fn no_reminder_says_its_day_as_one_to_come_once_it_is_past() {
    let mut found = Vec::new();
    for service in ["local_rattache", "central"] {
        let case = suspended(service);
        // The last days of the suspension, of the label and of its mark are past on some of these days.
        for offset in [500, 800, 1200, 1400] {
            let review: Review = review(&case, day(offset), &frame());
            for obligation in Obligation::ALL {
                for (late, status) in
                    [(8, Status::Late), (8, Status::Passed), (8, Status::Upcoming), (-8, Status::Upcoming)]
                {
                    for (role, name) in Role::ALL
                        .into_iter()
                        .flat_map(|role| ["J-7", "reception", "J", "fin"].map(|name| (role, name)))
                    {
                        let due = due(*obligation, review.today.saturating_sub(late.days()), status);
                        let stage = Stage { name: name.parse().unwrap(), on: review.today, role };
                        let letter = letters::reminder(&due, &stage, role, &review, &case);
                        let of = format!("{} {role:?} {status:?} {name} {service}", obligation.code());
                        check(&letter, review.today, &of, &mut found);
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "{} sentences:\n{}", found.len(), found.join("\n"));
}

fn tiered(decision: &str, tier: &str, on: i64) -> Row {
    let mut row = row(decision, on);
    row.insert(Key::PalierDecide, choice(tier));
    row
}

/// Whole lives, with an application that is late in everything.
fn lives() -> Vec<Vec<Facts>> {
    let dossier = |number: i64, deposited: i64, service: &str, demande: &str, more: Vec<(Key, Value)>| {
        let mut values = vec![
            (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
            (Key::TypeService, choice(service)),
            (Key::TypeDemande, choice(demande)),
            (Key::DossierPrecedent, Value::Link(1)),
        ];
        values.extend(more);
        facts(number, deposited, values)
    };
    let rows = |rows: Vec<Row>| vec![(Key::Evenements, Value::Rows(rows))];
    let visit = vec![(Key::AuditDebut, Value::Date(day(50))), (Key::AuditFin, Value::Date(day(51)))];
    let award = || tiered("labellise", "bronze", 100);
    let mut lives = Vec::new();
    for service in ["local_independant", "local_rattache", "central"] {
        lives.extend([
            vec![dossier(1, 0, service, "initial", visit.clone())],
            vec![dossier(1, 0, service, "initial", rows(vec![award()]))],
            vec![dossier(
                1,
                0,
                service,
                "initial",
                rows(vec![award(), row("plan_actions", 500), row("suspension", 600)]),
            )],
            vec![dossier(
                1,
                0,
                service,
                "initial",
                rows(vec![
                    award(),
                    row("suspension", 300),
                    row("levee", 350),
                    tiered("palier_superieur", "argent", 500),
                    row("retrait", 700),
                ]),
            )],
            vec![dossier(1, 0, service, "initial", rows(vec![row("rejete", 100)]))],
            vec![
                dossier(1, 0, service, "initial", rows(vec![award()])),
                dossier(2, 500, service, "suivi", rows(vec![row("confirme", 600)])),
                dossier(3, 900, service, "renouvellement", rows(vec![tiered("labellise", "argent", 1100)])),
            ],
            vec![
                dossier(1, 0, service, "initial", rows(vec![award()])),
                dossier(2, 900, service, "renouvellement", rows(vec![row("rejete", 1000)])),
            ],
            vec![
                dossier(1, 0, service, "initial", rows(vec![award()])),
                dossier(2, 900, service, "renouvellement", Vec::new()),
            ],
        ]);
    }
    lives
}

#[test]
fn no_mail_of_a_whole_life_does_on_any_day_of_it() {
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let mut found = Vec::new();
    let mut written = 0;
    for (rank, life) in lives().iter().enumerate() {
        let case = case_of(life);
        for offset in (0..1500).step_by(29) {
            let review = review(&case, day(offset), &frame());
            for mail in wanted_mails(&review, &case, &frame(), &known) {
                written += 1;
                check(&mail.letter, review.today, &format!("life {rank}, {}", mail.key), &mut found);
            }
        }
    }
    found.sort();
    found.dedup_by(|one, other| one.rsplit(": ").next() == other.rsplit(": ").next());
    assert!(written > 500, "{written}");
    assert!(found.is_empty(), "{} sentences:\n{}", found.len(), found.join("\n"));
}
