//! Whose public holidays count, and how it is shown: beside each deadline in working days, in its mail, and as a finding
//! when the département is not recognised.

use jiff::civil::date;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::case::{DayOff, Frame, ZoneOrigin};
use label::guide::calendar::Zone;
use label::guide::choices::{Choices, HolidaysOf};
use label::judge::agenda::{Due, Obligation, Role};
use label::judge::{Review, review};
use label::plan::Known;
use label::plan::mails::wanted_mails;
use label::wording;

use crate::cases::{START, case_of, day, facts, frame};

/// A first dossier with an audit on the Tuesday after Easter 2027, in a département as somebody wrote it.
fn dossier(more: &[(Key, Value)]) -> Facts {
    let choice = |word: &str| Value::Choice(word.to_owned());
    let mut values = vec![
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice("initial")),
        (Key::AuditDebut, Value::Date(date(2027, 4, 6))),
        (Key::AuditFin, Value::Date(date(2027, 4, 6))),
    ];
    values.extend(more.iter().cloned());
    facts(1, 0, values)
}

fn written(departement: &str) -> Facts {
    dossier(&[(Key::Departement, Value::Text(departement.to_owned()))])
}

fn judged(dossier: &Facts, frame: &Frame) -> Review {
    review(&case_of(std::slice::from_ref(dossier)), day(80), frame)
}

fn due(review: &Review, obligation: Obligation) -> &Due {
    review.agenda.iter().find(|due| due.obligation == obligation).unwrap()
}

fn plan_line(dossier: &Facts, frame: &Frame) -> String {
    wording::due_line(due(&judged(dossier, frame), Obligation::Plan), day(80))
}

/// Good Friday is the 26th of March: ten working days before the visit are one day earlier in Alsace-Moselle.
#[test]
fn the_plan_of_an_audit_counts_the_holidays_of_the_place_and_says_so() {
    let alsace = "19/03/2027 — Plan d’audit à transmettre (jours ouvrés : Alsace-Moselle)";
    for departement in ["67", "Bas-Rhin (67)", "Moselle (57)", "067", "57000", "Dépt 68", "haut-rhin"] {
        let line = plan_line(&written(departement), &frame());
        assert!(line.starts_with(alsace), "{departement}: {line}");
    }
    let elsewhere = [
        ("Meurthe-et-Moselle", "métropole"),
        ("974", "La Réunion"),
        ("975", "Saint-Pierre-et-Miquelon"),
        ("Nouvelle-Calédonie (988)", "Nouvelle-Calédonie, fixés par la collectivité : à vérifier"),
        ("986", "Wallis-et-Futuna, fixés par la collectivité : à vérifier"),
        ("Strasbourg", "métropole, département non reconnu"),
    ];
    for (departement, zone) in elsewhere {
        let line = plan_line(&written(departement), &frame());
        let expected = format!("22/03/2027 — Plan d’audit à transmettre (jours ouvrés : {zone})");
        assert!(line.starts_with(&expected), "{departement}: {line}");
    }
    let polynesia = plan_line(&written("987"), &frame());
    assert!(polynesia.starts_with("19/03/2027") && polynesia.contains("Polynésie française"), "{polynesia}");
    let nowhere = plan_line(&dossier(&[]), &frame());
    assert!(nowhere.contains("(jours ouvrés : métropole, département non précisé)"), "{nowhere}");
    let stated = dossier(&[
        (Key::Departement, Value::Text("75".to_owned())),
        (Key::ZoneFeries, Value::Choice("alsace-moselle".to_owned())),
    ]);
    assert!(plan_line(&stated, &frame()).starts_with(alsace));
    let paris = Choices { holidays_of: HolidaysOf::Metropole, ..Choices::default() };
    let for_all = plan_line(&written("67"), &Frame { choices: paris, ..frame() });
    assert!(for_all.contains("(jours ouvrés : métropole, pour tous les services (F-29))"), "{for_all}");
}

#[test]
fn only_a_deadline_that_depends_on_working_days_names_a_zone() {
    let review = judged(&written("67"), &frame());
    let zone = |obligation| due(&review, obligation).zone.map(|used| (used.zone, used.origin));
    let alsace = Some((Zone::AlsaceMoselle, ZoneOrigin::Departement));
    assert_eq!([Obligation::Plan, Obligation::Report, Obligation::Acknowledge].map(zone), [alsace; 3]);
    assert_eq!([Obligation::Deposit, Obligation::Complements].map(zone), [None; 2]);
}

/// The report of a visit that ended on the 14th of April is due on the 5th of May; the day after is Ascension.
#[test]
fn an_extended_day_names_its_zone_too() {
    let visit = [(Key::AuditFin, Value::Date(date(2027, 4, 15)))];
    let review = judged(&dossier(&visit), &frame());
    let line = wording::due_line(due(&review, Obligation::Report), review.today);
    let expected = "06/05/2027 — Rapport d’audit à transmettre (jour ouvré suivant : 07/05/2027 ; jours ouvrés : métropole, département non précisé)";
    assert!(line.starts_with(expected), "{line}");
}

#[test]
fn the_mail_names_the_zone_of_its_deadline() {
    let dossier = written("Bas-Rhin (67)");
    let case = case_of(std::slice::from_ref(&dossier));
    let review = review(&case, date(2027, 3, 16), &frame());
    let known = Known::nothing("2027-03-16T08:00:00Z".parse().unwrap(), START);
    let mails = wanted_mails(&review, &case, &frame(), &known);
    let of = |obligation: Obligation| {
        let rule = obligation.reference().1;
        mails.iter().find(|mail| mail.rule == rule && mail.role == Role::Organisme).unwrap()
    };
    let sentence = "Jours ouvrés comptés avec les jours fériés de la zone : Alsace-Moselle.";
    assert!(of(Obligation::Plan).letter.paragraphs.iter().any(|text| text == sentence));
    let digest = label::wording::digest::daily(&mails, &[], date(2027, 3, 16), None);
    let lines = digest.sections.iter().flat_map(|section| &section.lines);
    let lines: Vec<&String> = lines.map(|line| &line.text).collect();
    let line = lines.iter().find(|line| line.contains("plan d’audit à transmettre")).unwrap();
    assert!(line.ends_with("(§ 3.7.1, R-3.7.1-b, jours ouvrés : Alsace-Moselle)"), "{line}");
    let others = mails.iter().filter(|mail| mail.key.code != of(Obligation::Plan).key.code);
    let told: Vec<_> =
        others.filter(|mail| mail.letter.paragraphs.iter().any(|text| text == sentence)).collect();
    assert!(told.iter().all(|mail| mail.rule == "R-3.5.2-c"), "{told:#?}");
}

#[test]
fn a_departement_that_is_not_recognised_is_a_finding() {
    let said = |dossier: &Facts, frame: &Frame| -> Vec<String> {
        let findings = judged(dossier, frame).findings;
        findings.iter().map(wording::finding).filter(|line| line.contains("Département")).collect()
    };
    let line = "À vérifier — Département non reconnu : « Strasbourg » ; les jours fériés de la métropole sont retenus, indiquez le numéro du département ou la zone de jours fériés";
    assert_eq!(said(&written("Strasbourg"), &frame()), [line]);
    assert_eq!(said(&written("Bas-Rhin (67)"), &frame()), [""; 0]);
    assert_eq!(said(&dossier(&[]), &frame()), [""; 0]);
    let stated = dossier(&[
        (Key::Departement, Value::Text("Strasbourg".to_owned())),
        (Key::ZoneFeries, Value::Choice("alsace-moselle".to_owned())),
    ]);
    assert_eq!(said(&stated, &frame()), [""; 0]);
}

/// The 25th of March is one of the ten working days before the visit.
#[test]
fn a_declared_day_off_counts_in_its_zone_alone() {
    let off = |zone| Frame { extra_holidays: vec![DayOff { day: date(2027, 3, 25), zone }], ..frame() };
    let day_in = |departement: &str, frame: &Frame| plan_line(&written(departement), frame)[..5].to_owned();
    for (zone, paris, mayotte) in [
        (None, "19/03", "19/03"),
        (Some(Zone::Mayotte), "22/03", "19/03"),
        (Some(Zone::Metropole), "19/03", "22/03"),
    ] {
        assert_eq!([day_in("75", &off(zone)), day_in("976", &off(zone))], [paris, mayotte], "{zone:?}");
    }
}
