//! What a central service and its locals know of one another: the results and visits of a local, and which application of
//! the central is the one that counts.

use jiff::civil::Date;
use label::case::facts::{Facts, PlatformState, Value};
use label::case::keys::Key;
use label::case::{Local, Remembered, assemble};
use label::guide::attached::CentralStanding as Standing;
use label::guide::choices::Choices;
use label::judge::network::{as_local, central_of};

use crate::cases::{case_of, day};
use crate::network::{central, dossier, labelled_local};

fn local(dossiers: &[Facts], on: i64) -> Local {
    as_local(&case_of(dossiers), &Choices::default(), day(on))
}

fn later(number: i64, deposited: i64, demande: &str, decisions: &[(&str, i64)]) -> Facts {
    let mut later = dossier(number, deposited, ("local_rattache", demande), decisions);
    later.values.insert(Key::DossierPrecedent, Value::Link(1));
    later
}

/// R-2.2.2-b counts the locals that a year labelled or refused.
#[test]
fn an_award_or_a_refusal_is_a_result_and_a_follow_up_is_none() {
    let results = |dossiers: &[Facts]| {
        let local = local(dossiers, 1150);
        local.results.iter().map(|result| (result.on, result.labelled)).collect::<Vec<_>>()
    };
    let first = labelled_local();
    assert_eq!(results(std::slice::from_ref(&first)), [(day(100), true)]);
    let followed = later(2, 500, "suivi", &[("labellise", 600)]);
    assert_eq!(results(&[first.clone(), followed]), [(day(100), true)]);
    let renewed = later(2, 1000, "renouvellement", &[("labellise", 1100)]);
    assert_eq!(results(&[first.clone(), renewed]), [(day(100), true), (day(1100), true)]);
    let refused = later(2, 1000, "renouvellement", &[("rejete", 1100)]);
    assert_eq!(results(&[first, refused]), [(day(100), true), (day(1100), false)]);
}

#[test]
fn a_visit_is_awaited_while_an_application_is_under_way() {
    let awaited = |dossiers: &[Facts]| local(dossiers, 40).awaited;
    let open = || dossier(1, 0, ("local_rattache", "initial"), &[]);
    assert_eq!(awaited(&[open()]), [(day(50), day(51))]);
    assert_eq!(awaited(&[Facts { gone: true, ..open() }]), []);
    assert_eq!(awaited(&[Facts { state: PlatformState::Refuse, decided: Some(day(30)), ..open() }]), []);
    assert_eq!(local(&[labelled_local()], 200).awaited, []);
    let of = |demande| local(&[labelled_local(), later(2, 500, demande, &[])], 510).awaited;
    assert_eq!(of("suivi"), []);
    assert_eq!(of("renouvellement"), [(day(550), day(551))]);
}

#[test]
fn the_latest_proof_of_each_kind_is_known_from_its_day_on() {
    let kinds = [Key::AutodiagnosticLe, Key::EnqueteUsagersCloture, Key::EnqueteAgentsCloture];
    for (rank, key) in kinds.into_iter().enumerate() {
        let mut facts = labelled_local();
        facts.values.insert(key, Value::Date(day(20)));
        let known = |on: i64| {
            let local = local(std::slice::from_ref(&facts), on);
            [local.self_assessment, local.users_survey, local.staff_survey]
        };
        let mut expected = [None::<Date>; 3];
        assert_eq!(known(19), expected);
        expected[rank] = Some(day(20));
        assert_eq!(known(20), expected);
    }
}

/// The central's standing, and the case in which its people are found.
fn found(applications: &[Facts], on: i64) -> (Standing, Option<i64>) {
    let mut local = labelled_local();
    local.values.insert(Key::CentralDossier, Value::Link(9));
    let family = assemble(applications.to_vec(), &Remembered::default());
    let found = central_of(&case_of(&[local]), None, &family, &Choices::default(), day(on));
    (found.standing, found.case.map(|case| case.id))
}

#[test]
fn a_label_in_force_counts_before_one_that_was_lost_and_that_before_an_application_or_a_refusal() {
    let held = central(9, 0, &[("labellise", 150)]);
    let lost = central(9, 0, &[("labellise", 150), ("retrait", 300)]);
    let next = |decisions: &[(&str, i64)]| central(12, 400, decisions);
    assert_eq!(found(&[held.clone(), next(&[])], 450), (Standing::Labelled, Some(9)));
    // R-5.3.2-g: what the loss asks of the locals lasts; people are found in the latest application.
    let (Standing::Withdrawn(on), Some(12)) = found(&[lost.clone(), next(&[])], 450) else {
        panic!("{:?}", found(&[lost, next(&[])], 450))
    };
    assert!((day(300)..=day(302)).contains(&on));
    let refused = central(9, 0, &[("rejete", 440)]);
    assert_eq!(found(&[refused.clone(), next(&[])], 450), (Standing::Pending, Some(12)));
    assert_eq!(found(&[refused, next(&[("rejete", 430)])], 450), (Standing::Refused(day(440)), Some(12)));
}

#[test]
fn an_application_that_was_closed_without_a_decision_is_refused_from_that_day() {
    let open = central(9, 0, &[]);
    assert_eq!(found(std::slice::from_ref(&open), 300).0, Standing::Pending);
    let closed = Facts { state: PlatformState::SansSuite, decided: Some(day(200)), ..open };
    let of = |on| found(std::slice::from_ref(&closed), on).0;
    assert_eq!([of(199), of(200)], [Standing::Pending, Standing::Refused(day(200))]);
}
