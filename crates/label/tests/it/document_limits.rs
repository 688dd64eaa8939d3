//! The findings about documents, on each side of a day or a count that the others do not stand on.

use label::case::facts::{Facts, UnreadableValue, Value};
use label::case::keys::Key;
use label::guide::surveys::Freshness;
use label::judge::finding::{Level, What};
use label::judge::review;

use crate::cases::{case_of, day, frame};
use crate::documents::local;
use crate::life::{awarded, choice, sound};

fn found(dossiers: &[Facts], number: i64, rule: &str, on: i64) -> Vec<(Level, What)> {
    let review = review(&case_of(dossiers), day(on), &frame());
    let of = review.findings.into_iter().filter(|one| one.dossier == number && one.rule == rule);
    of.map(|one| (one.level, one.what)).collect()
}

#[test]
fn each_value_that_a_plain_export_cannot_say_is_listed_by_what_it_may_be() {
    let mut dossier = local(0, vec![]);
    dossier.unreadable.extend([
        (Key::UsagersSollicites, UnreadableValue::ZeroOrEmpty),
        (Key::ContratSigne, UnreadableValue::NoOrEmpty),
        (Key::Indicateurs, UnreadableValue::NotExported),
        (Key::AutodiagnosticLe, UnreadableValue::NotADate),
    ]);
    let silent = found(&[dossier], 1, "DN", 40)
        .into_iter()
        .filter(|(_, what)| matches!(what, What::SilentExport { .. }));
    let what = What::SilentExport {
        zeros: vec![Key::UsagersSollicites],
        noes: vec![Key::ContratSigne],
        columns: vec![Key::Indicateurs],
    };
    assert_eq!(silent.collect::<Vec<_>>(), [(Level::Unknown, what)]);
    let other: Vec<_> = found(&[local(0, vec![])], 1, "DN", 40);
    assert!(!other.iter().any(|(_, what)| matches!(what, What::SilentExport { .. })));
}

/// F-04
#[test]
fn as_many_answers_as_invitations_are_not_too_many() {
    let more = |answers: i64| {
        let counts = [(Key::UsagersSollicites, 200), (Key::UsagersRecevables, answers)];
        let counts = counts.map(|(key, count)| (key, Value::Count(count))).to_vec();
        let found = found(&[local(0, counts)], 1, "R-3.4.1-g", 40);
        found.iter().any(|(_, what)| matches!(what, What::MoreAnswersThanInvited { .. }))
    };
    assert_eq!([199, 200, 201].map(more), [false, false, true]);
}

/// L1774: from the audit before it, which a visit of the same day is not.
#[test]
fn the_survey_of_a_follow_up_is_not_counted_from_a_visit_of_its_own_day() {
    let level = |audit: i64| {
        let values = [(Key::AuditDebut, audit), (Key::AuditFin, audit), (Key::EnqueteUsagersCloture, 40)];
        let mut follow_up = local(0, values.map(|(key, on)| (key, Value::Date(day(on)))).to_vec());
        follow_up
            .values
            .extend([(Key::TypeDemande, choice("suivi")), (Key::DossierPrecedent, Value::Link(1))]);
        let follow_up = Facts { number: 2, ..follow_up };
        // The visit of the first dossier ends on the day 51.
        found(&[sound(vec![awarded("argent")]), follow_up], 2, "R-3.4-a", 120)[0].0
    };
    assert_eq!([51, 52].map(level), [Level::Ok, Level::Ko]);
}

/// A day after the decision is a proof of a later year, which the field of the application cannot hold.
#[test]
fn a_survey_closed_on_the_day_of_the_decision_was_not_typed_over_the_first_one() {
    let said = |closed: i64| {
        let mut dossier = sound(vec![awarded("argent")]);
        dossier.values.insert(Key::EnqueteUsagersCloture, Value::Date(day(closed)));
        found(&[dossier], 1, "R-3.4-a", 200)
    };
    let (key, audit, freshness) = (Key::EnqueteUsagersCloture, day(50), Freshness::TooLate);
    assert_eq!(said(100), [(Level::Ko, What::Survey { key, closed: day(100), audit, freshness })]);
    assert_eq!(said(101), [(Level::ToCheck, What::TypedOver { key, on: day(101) })]);
}
