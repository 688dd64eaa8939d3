//! Which case a dossier belongs to, and who is informed while that is not sure.

use std::collections::BTreeSet;

use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::case::{Case, Doubt, Remembered, assemble};
use label::judge::agenda::Role;
use label::judge::review;
use label::outgoing::MailCode;
use label::plan::Known;
use label::plan::corrections::Heard;
use label::plan::mails::wanted_mails;
use label::plan::notices::wanted_notices;
use label::wording;

use crate::cases::{START, day, facts, frame, row};
use crate::life::choice;

const OWN: &str = "11111111100011";

fn dossier(number: i64, deposited: i64, demande: &str, decision: (&str, i64), siret: &str) -> Facts {
    let values = vec![
        (Key::TypeService, choice("local_independant")),
        (Key::TypeDemande, choice(demande)),
        (Key::Evenements, Value::Rows(vec![row(decision.0, decision.1)])),
    ];
    Facts { siret: Some(siret.to_owned()), ..facts(number, deposited, values) }
}

fn naming(previous: i64, mut facts: Facts) -> Facts {
    facts.values.insert(Key::DossierPrecedent, Value::Link(previous));
    facts
}

fn cases(siret_of_the_follow_up: &str) -> Vec<Case> {
    let first = dossier(1, 0, "initial", ("labellise", 100), OWN);
    let follow_up = naming(1, dossier(2, 600, "suivi", ("confirme", 660), siret_of_the_follow_up));
    assemble(vec![first, follow_up], &Remembered::default())
}

#[test]
fn a_follow_up_that_names_the_dossier_of_another_service_does_not_join_it() {
    assert_eq!(cases(OWN).len(), 1);
    let told = |siret: &str| {
        let cases = cases(siret);
        assert_eq!(cases.iter().map(|case| case.dossiers.len()).collect::<Vec<_>>(), [1, 1]);
        assert!(!cases[0].attachment_is_doubtful() && cases[1].attachment_is_doubtful());
        let review = review(&cases[1], day(700), &frame());
        review.findings.iter().map(wording::finding).collect::<Vec<_>>().join("\n")
    };
    let other = told("22222222200022");
    assert!(other.contains("(1) est celui d’un autre service (autre SIRET)"), "{other}");
    let moved = told("11111111100029");
    assert!(moved.contains("même SIREN") && moved.contains("a déménagé"), "{moved}");
    let doubt = Doubt::OtherService { number: 1, moved: true };
    assert!(cases("11111111100029")[1].doubts.contains(&doubt));
}

/// A follow-up that names nothing, under a new SIRET of the same SIREN.
#[test]
fn a_moved_establishment_is_proposed_when_only_one_may_be_meant() {
    let first = || dossier(1, 0, "initial", ("labellise", 100), OWN);
    let alone = || dossier(3, 600, "suivi", ("confirme", 660), "11111111100029");
    let doubts = |family: Vec<Facts>| {
        let cases = assemble(family, &Remembered::default());
        let case = cases.into_iter().find(|case| case.holds(3)).unwrap();
        assert!(case.attachment_is_doubtful());
        case.doubts
    };
    assert_eq!(doubts(vec![first(), alone()]), [Doubt::PerhapsMoved { number: 1 }]);
    let second = dossier(2, 10, "initial", ("labellise", 100), "11111111100037");
    assert_eq!(doubts(vec![first(), second, alone()]), [Doubt::Unattached { candidates: 0 }]);
    let mut other_kind = first();
    other_kind.values.insert(Key::TypeService, choice("central"));
    assert_eq!(doubts(vec![other_kind, alone()]), [Doubt::Unattached { candidates: 0 }]);
    // Found by the store, outside of the family.
    let mut case = assemble(vec![alone()], &Remembered::default()).remove(0);
    assert_eq!(case.siret_without_application(), Some("11111111100029"));
    case.perhaps_moved_from(&dossier(5, 0, "initial", ("labellise", 100), "22222222200022"));
    assert_eq!(case.doubts, [Doubt::Unattached { candidates: 0 }], "another SIREN");
    case.perhaps_moved_from(&first());
    assert_eq!(
        (case.doubts.as_slice(), case.siret_without_application()),
        (&[Doubt::PerhapsMoved { number: 1 }][..], None)
    );
    let said = review(&case, day(700), &frame())
        .findings
        .iter()
        .map(wording::finding)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(said.contains("indiquez dans ce dossier-ci le SIRET du dossier 1"), "{said}");
}

/// Only the body is informed of a decision, and of what follows from it, while its label is not known for sure.
#[test]
fn nothing_leaves_about_a_decision_whose_label_is_not_sure() {
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    let told = |case: &Case| {
        let mut roles = BTreeSet::new();
        let mut notices = 0;
        for on in (0..2400).step_by(10).map(day) {
            let review = review(case, on, &frame());
            let about = |code: &MailCode| match code {
                MailCode::Decision(_) => true,
                MailCode::Deadline { obligation, .. } => obligation.follows_a_decision(),
                _ => false,
            };
            let mails = wanted_mails(&review, case, &frame(), &known);
            roles.extend(mails.iter().filter(|mail| about(&mail.key.code)).map(|mail| mail.role));
            notices += wanted_notices(&review, case, &frame(), START, Heard::nothing()).len();
        }
        (roles, notices)
    };
    let renewal = |siret: &str| {
        let first = dossier(1, 0, "initial", ("rejete", 100), OWN);
        let renewal = naming(1, dossier(2, 600, "renouvellement", ("labellise", 660), siret));
        assemble(vec![first, renewal], &Remembered::default()).pop().unwrap()
    };
    let doubtful = renewal("22222222200022");
    assert!(doubtful.attachment_is_doubtful());
    assert_eq!(told(&doubtful), (BTreeSet::from([Role::Organisme]), 0));
    let (roles, notices) = told(&renewal(OWN));
    assert!(roles.contains(&Role::Candidat) && roles.contains(&Role::Ditp) && notices > 0);
}
