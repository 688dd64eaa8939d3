//! Letters about decisions: each says what its decision changed, in the past once something later took its place; the service
//! hears good news, and the last day of the mark is the same everywhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use label::Tier;
use label::case::facts::{Facts, PlatformState, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Decision};
use label::guide::calendar::add_months;
use label::guide::choices::MarkAfterExpiry;
use label::judge::agenda::{Obligation, Role};
use label::judge::{Review, review};
use label::outgoing::{Action, Mail, MailCode};
use label::plan::corrections::Heard;
use label::plan::mails::wanted_mails;
use label::plan::notices::wanted_notices;
use label::plan::{Known, Told, next_look_once_over, plan};
use label::wording::{date_full, date_short};
use proptest::prelude::*;

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::life::choice;
use crate::outlets::any_life;

fn known() -> Known {
    Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START)
}

fn tiered(decision: &str, tier: &str, on: i64) -> Row {
    let mut row = row(decision, on);
    row.insert(Key::PalierDecide, choice(tier));
    row
}

fn dossier(number: i64, deposited: i64, demande: &str, rows: Vec<Row>) -> Facts {
    let values = vec![
        (Key::NomStructure, Value::Text("Guichet de Valdorée".to_owned())),
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice(demande)),
        (Key::DossierPrecedent, Value::Link(1)),
        (Key::Evenements, Value::Rows(rows)),
    ];
    facts(number, deposited, values)
}

fn judged(dossiers: &[Facts], on: i64) -> (Case, Review) {
    let case = case_of(dossiers);
    let review = review(&case, day(on), &frame());
    (case, review)
}

fn mails(dossiers: &[Facts], on: i64, known: &Known) -> Vec<Mail> {
    let (case, review) = judged(dossiers, on);
    wanted_mails(&review, &case, &frame(), known)
}

fn text(mail: &Mail) -> String {
    let letter = &mail.letter;
    let parts = [&letter.subject].into_iter().chain(&letter.paragraphs).chain(&letter.points);
    parts.cloned().collect::<Vec<String>>().join("\n")
}

fn about(mails: &[Mail], decision: Decision, role: Role) -> Option<String> {
    let of = |mail: &&Mail| mail.key.code == MailCode::Decision(decision) && mail.role == role;
    mails.iter().find(of).map(text)
}

/// Bronze, suspended and lifted, confirmed, Argent, withdrawn on the day 700.
fn a_life() -> Vec<Facts> {
    let first = vec![
        tiered("labellise", "bronze", 100),
        row("suspension", 300),
        row("levee", 350),
        tiered("palier_superieur", "argent", 650),
        row("retrait", 700),
    ];
    vec![dossier(1, 0, "initial", first), dossier(2, 500, "suivi", vec![row("confirme", 600)])]
}

#[test]
fn a_first_start_three_years_late_tells_a_withdrawn_life_in_the_past() {
    let mails = mails(&a_life(), 1190, &known());
    let all: Vec<String> = mails.iter().map(text).collect();
    let present =
        ["est attribué", "à publier", "à inscrire", "est suspendu", "est confirmé", "est levée", "passe au"];
    for said in present {
        let found: Vec<&String> = all.iter().filter(|text| text.contains(said)).collect();
        assert!(found.is_empty(), "{said}: {found:#?}");
    }
    let withdrawn = date_full(day(702));
    let award = about(&mails, Decision::Labellise, Role::Candidat).unwrap();
    assert!(
        award.starts_with("[SP+] Guichet de Valdorée : le label Bronze a été attribué le 14 avril 2027"),
        "{award}"
    );
    assert!(award.contains(&format!("Label retiré le {withdrawn}")), "{award}");
    let suspension = about(&mails, Decision::Suspension, Role::Ditp).unwrap();
    assert!(suspension.contains("a été suspendu à compter du mardi 2 novembre 2027"), "{suspension}");
    // Good news that does not hold any more is none.
    for decision in [Decision::Confirme, Decision::Levee, Decision::PalierSuperieur] {
        assert_eq!(about(&mails, decision, Role::Candidat), None);
    }
    let retrait = about(&mails, Decision::Retrait, Role::Candidat).unwrap();
    assert!(
        retrait.starts_with("[SP+] Guichet de Valdorée : le label est retiré depuis le 6 décembre 2028"),
        "{retrait}"
    );
    assert!(retrait.contains("devait cesser au plus tard le mardi 6 février 2029"), "{retrait}");
}

#[test]
fn a_service_hears_each_good_news_while_it_holds() {
    let told = |on: i64, decision| about(&mails(&a_life(), on, &known()), decision, Role::Candidat);
    let lifted = told(352, Decision::Levee).unwrap();
    assert!(lifted.starts_with("[SP+] Guichet de Valdorée : la suspension du label est levée, label valable jusqu’au 14 avril 2030\n"), "{lifted}");
    assert!(lifted.contains("est levée depuis le mercredi 22 décembre 2027"), "{lifted}");
    assert!(lifted.contains("valable jusqu’au dimanche 14 avril 2030 inclus"), "{lifted}");
    let confirmed = told(602, Decision::Confirme).unwrap();
    assert!(
        confirmed.starts_with(
            "[SP+] Guichet de Valdorée : le label Bronze est confirmé, valable jusqu’au 14 avril 2030\n"
        ),
        "{confirmed}"
    );
    let raised = told(652, Decision::PalierSuperieur).unwrap();
    assert!(raised.starts_with("[SP+] Guichet de Valdorée : le label passe au palier Argent\n"), "{raised}");
    assert_eq!(told(652, Decision::Confirme), None, "it is Argent by now");
}

/// Earlier versions told a service neither confirmations nor higher tiers nor liftings: it knows those of before by now.
#[test]
fn what_an_earlier_version_kept_to_itself_is_not_told_years_later() {
    let upgraded = |on: i64| Known { good_news: day(on), ..known() };
    let told = |known: &Known, decision| about(&mails(&a_life(), 640, known), decision, Role::Candidat);
    assert!(told(&upgraded(602), Decision::Confirme).is_some(), "notified on the day of the upgrade");
    assert_eq!(told(&upgraded(603), Decision::Confirme), None);
    assert!(told(&upgraded(603), Decision::Labellise).is_some(), "awards were told before too");
}

#[test]
fn a_renewal_is_called_a_renewal_and_has_the_dates_of_its_period() {
    let dossiers = [
        dossier(1, 0, "initial", vec![tiered("labellise", "bronze", 100)]),
        dossier(3, 950, "renouvellement", vec![tiered("labellise", "argent", 1100)]),
    ];
    let (case, early) = judged(&dossiers, 1102);
    let (starts, ends) = (early.periods[1].starts, early.periods[1].ends);
    assert_eq!(
        starts,
        early.standing().unwrap().ends.saturating_add(1.day()),
        "the running period ends first"
    );
    let wanted = wanted_mails(&early, &case, &frame(), &known());
    for role in [Role::Candidat, Role::Ditp] {
        let of = |mail: &&Mail| mail.dossier == 3 && mail.role == role && !mail.key.code.is_deadline();
        let said = text(wanted.iter().find(of).unwrap());
        assert!(said.contains("renouvelé") && !said.contains("attribué"), "{said}");
        assert!(said.contains("Argent") && said.contains(&date_full(starts)), "{said}");
        assert!(said.contains(&date_full(ends)), "{said}");
    }
    let notices = wanted_notices(&early, &case, &frame(), START, Heard::nothing());
    let renewed = notices.iter().find(|notice| notice.dossier == 3).unwrap().data.label().unwrap();
    assert_eq!((renewed.nature, renewed.palier), (Some("renouvellement"), Some(Tier::Argent.key())));
    assert_eq!((renewed.debut_periode, renewed.date_fin), (Some(starts), Some(ends)));
    let first = notices.iter().find(|notice| notice.dossier == 1).unwrap().data.label().unwrap();
    assert_eq!((first.nature, first.palier), (Some("attribution"), Some(Tier::Bronze.key())));
}

#[test]
fn a_higher_tier_that_is_not_higher_is_told_to_nobody() {
    let dossiers = |tier| {
        let rows = vec![tiered("labellise", "argent", 100), tiered("palier_superieur", tier, 400)];
        [dossier(1, 0, "initial", rows)]
    };
    for (tier, told) in [("bronze", false), ("argent", false), ("or", true)] {
        let wanted = mails(&dossiers(tier), 402, &known());
        for role in [Role::Candidat, Role::Ditp] {
            assert_eq!(about(&wanted, Decision::PalierSuperieur, role).is_some(), told, "{tier} {role:?}");
        }
        let (case, review) = judged(&dossiers(tier), 402);
        let notices = wanted_notices(&review, &case, &frame(), START, Heard::nothing());
        assert_eq!(notices.len(), if told { 2 } else { 1 }, "{tier}: the same for other programs");
    }
}

/// Mail, list of deadlines and calendar event.
fn mark_days(dossiers: &[Facts], on: i64, choices: MarkAfterExpiry) -> (Date, Date, Vec<String>) {
    let case = case_of(dossiers);
    let mut frame = frame();
    frame.choices.mark_after_expiry = choices;
    let review = review(&case, day(on), &frame);
    let due = review.agenda.iter().find(|due| due.obligation == Obligation::MarkStops);
    let due = due.unwrap().deadline.nominal;
    let wanted = wanted_mails(&review, &case, &frame, &known());
    let said = wanted.iter().filter(|mail| mail.role == Role::Candidat).map(text);
    (review.label.unwrap().mark_stops, due, said.filter(|text| text.contains("marque")).collect())
}

#[test]
fn the_last_day_of_the_mark_is_the_same_everywhere() {
    let withdrawn = [dossier(1, 0, "initial", vec![tiered("labellise", "bronze", 100), row("retrait", 700)])];
    let (label, due, mails) = mark_days(&withdrawn, 740, MarkAfterExpiry::TwoMonths);
    assert_eq!((label, due), (add_months(day(702), 2), add_months(day(702), 2)));
    assert_eq!(mails.len(), 2, "the withdrawal, and the reminder a month before: {mails:#?}");
    assert!(mails.iter().all(|text| text.contains(&date_full(label)) || text.contains(&date_short(label))));
    let expired = [dossier(1, 0, "initial", vec![tiered("labellise", "bronze", 100)])];
    let (_, standing) = judged(&expired, 1250);
    let ends = standing.standing().unwrap().ends;
    for (choice, stops) in
        [(MarkAfterExpiry::TwoMonths, add_months(ends, 2)), (MarkAfterExpiry::AtOnce, ends)]
    {
        let (label, due, mails) = mark_days(&expired, 1250, choice);
        assert_eq!((label, due), (stops, stops));
        assert!(!mails.is_empty() && mails.iter().all(|text| text.contains(&date_full(stops))), "{mails:#?}");
    }
}

/// A day-by-day life: what is sent each day, with what was said before.
fn texts_sent(case: &Case, days: impl Iterator<Item = i64>) -> Vec<(Role, String)> {
    let (mut known, mut sent) = (known(), Vec::new());
    for on in days.map(day) {
        let review = review(case, on, &frame());
        for action in plan(&review, case, &frame(), &known) {
            let Action::Mail(mail) = action else { continue };
            let (subject, announced) = (mail.letter.subject.clone(), mail.letter.announced);
            known.mails.insert(mail.key);
            let events = mail.letter.events.clone();
            known.told.push(Told { on, role: mail.role, subject, key: mail.key, announced, events });
            let sections = mail.letter.sections.iter().flat_map(|section| &section.points);
            sent.push((mail.role, sections.fold(text(&mail), |all, point| all + "\n" + point)));
        }
    }
    sent
}

/// The readers that the operator's table names for each obligation.
fn readers_in_the_table() -> BTreeMap<String, Vec<Role>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/courriels.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| O-"));
    let words = [
        ("service", Role::Candidat),
        ("organisme", Role::Organisme),
        ("DITP", Role::Ditp),
        ("service central", Role::Central),
    ];
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let named = cells[5].split(", ").filter(|word| !word.is_empty());
        let role = |word: &str| words.iter().find(|(known, _)| *known == word).unwrap().1;
        (cells[1].to_owned(), named.map(role).collect())
    };
    rows.map(row).collect()
}

#[test]
fn the_table_of_readers_has_every_obligation() {
    let table = readers_in_the_table();
    let codes: Vec<&str> = Obligation::ALL.iter().map(|obligation| obligation.code()).collect();
    assert_eq!(table.keys().collect::<Vec<_>>(), codes);
}

proptest! {
    #![proptest_config(crate::cases_tried(10))]

    #[test]
    fn no_stage_has_a_reader_that_the_table_does_not_name(case in any_life(), first in 90_i64..250) {
        let table = readers_in_the_table();
        for step in 0..12 {
            for due in review(&case, day(first + 120 * step), &frame()).agenda {
                let named = &table[due.obligation.code()];
                for stage in &due.stages {
                    prop_assert!(named.contains(&stage.role), "{} {:?}", due.obligation.code(), stage.role);
                }
            }
        }
    }

    #[test]
    fn no_reader_gets_the_same_text_twice_in_one_life(case in any_life()) {
        let sent = texts_sent(&case, (90..1500).step_by(7));
        let mut seen = BTreeSet::new();
        for one in &sent {
            prop_assert!(seen.insert((one.0.key(), &one.1)), "{}", one.1);
        }
        prop_assert!(sent.len() > 5, "a life has mails");
    }

    #[test]
    fn what_ended_before_the_first_day_is_never_mailed(case in any_life(), since in 150_i64..1300, after in 0_i64..200) {
        let review = review(&case, day(since + after), &frame());
        for mail in wanted_mails(&review, &case, &frame(), &Known { since: day(since), ..known() }) {
            let MailCode::Deadline { obligation, occurrence } = mail.key.code else { continue };
            let same = |due: &&label::judge::agenda::Due| {
                (due.obligation, due.occurrence, due.dossier, due.deadline.nominal)
                    == (obligation, occurrence, mail.dossier, mail.key.day)
            };
            let due = review.agenda.iter().find(same).unwrap();
            // An invitation is for the whole of what is left of the label.
            let ends = match obligation {
                Obligation::Renewal => review.label.as_ref().unwrap().ends,
                Obligation::FollowUpSurveys => due.horizon,
                _ => due.deadline.extended,
            };
            prop_assert!(ends >= day(since), "{}: ended on {ends}", mail.key);
        }
    }
}

#[test]
fn a_repeated_reminder_says_which_one_it_is_and_what_changed() {
    let mut first = vec![tiered("labellise", "bronze", 100)];
    first.push(row("plan_actions", 600));
    let sent = texts_sent(&case_of(&[dossier(1, 0, "initial", first)]), 595..700);
    let plans: Vec<&String> = sent
        .iter()
        .filter(|(role, text)| *role == Role::Candidat && text.contains("plan d’actions vous a été demandé"))
        .map(|(_, text)| text)
        .collect();
    let subjects: Vec<&str> = plans
        .iter()
        .filter_map(|text| text.lines().next()?.split_once(" : ").map(|(_, what)| what))
        .collect();
    assert_eq!(
        subjects[..5],
        [
            "plan d’actions à proposer au plus tard le 26 septembre",
            "plan d’actions à proposer au plus tard le 26 septembre (2e rappel)",
            "plan d’actions à proposer au plus tard le 26 septembre (3e rappel)",
            "plan d’actions à proposer au plus tard le 26 septembre (4e rappel)",
            "plan d’actions attendu depuis le 26 septembre (5e rappel)",
        ]
    );
    assert!(
        plans[1].contains("2e rappel, après celui du samedi 26 août 2028. Il reste 15 jours."),
        "{}",
        plans[1]
    );
    assert!(
        plans[4]
            .contains("5e rappel, après celui du lundi 25 septembre 2028. La date est passée depuis hier.")
    );
}

#[test]
fn a_reminder_after_the_day_does_not_make_a_deadline_last() {
    let mut first = dossier(1, 0, "initial", vec![tiered("labellise", "bronze", 100)]);
    first.values.insert(Key::AutodiagnosticLe, Value::Date(day(20)));
    let (case, review) = judged(&[first], 20 + 366 + 30);
    let due = review.agenda.iter().find(|due| due.obligation == Obligation::SelfAssessment).unwrap();
    let told = |since: Date| {
        let mails = wanted_mails(&review, &case, &frame(), &Known { since, ..known() });
        let code = MailCode::Deadline { obligation: Obligation::SelfAssessment, occurrence: 0 };
        mails.iter().filter(|mail| mail.key.code == code).count()
    };
    assert_eq!(told(due.deadline.nominal), 1, "thirty days late, and its day is not before the first one");
    assert_eq!(told(due.deadline.nominal.saturating_add(1.day())), 0);
}

/// O-37: the platform deletes refused and closed dossiers first.
#[test]
fn a_closed_dossier_is_announced_before_the_platform_deletes_it() {
    let refused = Facts {
        state: PlatformState::Refuse,
        expires: Some(day(465)),
        ..dossier(1, 0, "initial", vec![row("rejete", 100)])
    };
    let extension = Facts { expires: Some(day(465)), ..dossier(1, 0, "extension", Vec::new()) };
    for facts in [refused, extension] {
        let told = |on: i64| {
            let mails = mails(std::slice::from_ref(&facts), on, &known());
            let code = MailCode::Deadline { obligation: Obligation::Expiring, occurrence: 0 };
            let of = mails.into_iter().filter(|mail| mail.key.code == code);
            of.map(|mail| (mail.role, mail.key.stage.to_string())).collect::<Vec<_>>()
        };
        let both = |stage: &str| [Role::Organisme, Role::Ditp].map(|role| (role, stage.to_owned()));
        assert_eq!(told(404), []);
        assert_eq!(told(405), both("J-60"));
        assert_eq!(told(450), both("J-15"));
        assert_eq!(told(466), [], "it is gone");
        let looked = |on: i64| next_look_once_over(&judged(std::slice::from_ref(&facts), on).1);
        assert_eq!([looked(300), looked(405), looked(450)], [day(405), day(450), day(466)]);
        assert_eq!(looked(466), Date::MAX);
    }
}
