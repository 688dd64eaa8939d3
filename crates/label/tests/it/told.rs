//! Letters about decisions: each says what its decision changed, in the past once something later took its place; the service
//! hears good news, and the last day of the mark is the same everywhere.

use jiff::ToSpan;
use jiff::civil::Date;
use label::Tier;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Decision};
use label::guide::calendar::add_months;
use label::guide::choices::MarkAfterExpiry;
use label::judge::agenda::{Obligation, Role};
use label::judge::{Review, review};
use label::outgoing::{Mail, MailCode};
use label::plan::Known;
use label::plan::corrections::Heard;
use label::plan::mails::wanted_mails;
use label::plan::notices::wanted_notices;
use label::wording::{date_full, date_short};

use crate::cases::{START, case_of, day, facts, frame, row};
use crate::life::choice;

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
        award.starts_with("Le label Bronze a été attribué à Guichet de Valdorée le 14/04/2027"),
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
        retrait.starts_with("Le label de Guichet de Valdorée est retiré depuis le 06/12/2028"),
        "{retrait}"
    );
    assert!(retrait.contains("devait cesser au plus tard le mardi 6 février 2029"), "{retrait}");
}

#[test]
fn a_service_hears_each_good_news_while_it_holds() {
    let told = |on: i64, decision| about(&mails(&a_life(), on, &known()), decision, Role::Candidat);
    let lifted = told(352, Decision::Levee).unwrap();
    assert!(lifted.starts_with("La suspension du label de Guichet de Valdorée est levée\n"), "{lifted}");
    assert!(lifted.contains("est levée depuis le mercredi 22 décembre 2027"), "{lifted}");
    assert!(lifted.contains("valable jusqu’au dimanche 14 avril 2030 inclus"), "{lifted}");
    let confirmed = told(602, Decision::Confirme).unwrap();
    assert!(confirmed.starts_with("Le label Bronze de Guichet de Valdorée est confirmé\n"), "{confirmed}");
    let raised = told(652, Decision::PalierSuperieur).unwrap();
    assert!(raised.starts_with("Guichet de Valdorée passe au palier Argent\n"), "{raised}");
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
    let renewed = &notices.iter().find(|notice| notice.dossier == 3).unwrap().data;
    assert_eq!((renewed.nature, renewed.palier), (Some("renouvellement"), Some(Tier::Argent.key())));
    assert_eq!((renewed.debut_periode, renewed.date_fin), (Some(starts), Some(ends)));
    let first = &notices.iter().find(|notice| notice.dossier == 1).unwrap().data;
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
