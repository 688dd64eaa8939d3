//! An attached local: what it must do, depending on the state of its central service on that day.

use jiff::civil::Date;
use label::case::facts::{Facts, Value};
use label::case::keys::Key;
use label::case::{Case, Remembered, assemble};
use label::guide::attached::CentralStanding as Standing;
use label::guide::choices::Choices;
use label::guide::follow_up::Window;
use label::judge::agenda::{Obligation, Role};
use label::judge::finding::What;
use label::judge::network::central_of;
use label::judge::review;
use label::outgoing::Action;
use label::plan::Known;
use label::plan::mails::wanted_mails;
use label::wording;
use proptest::prelude::*;

use crate::cases::{START, case_of, day, frame};
use crate::life::choice;
use crate::network::{central, contradictions, dossier, due, labelled_local};

/// R-3.9.2-f, F-07: the eighteen months run from the last visit day, which is the first one when no other is written.
#[test]
fn a_visit_of_one_day_starts_the_eighteen_months_of_the_surveys() {
    let on = |facts: Facts| {
        let review = review(&case_of(&[facts]), day(120), &frame());
        due(&review, Obligation::AttachedSurveys).map(|due| due.deadline.nominal)
    };
    let mut one_day = labelled_local();
    one_day.values.remove(&Key::AuditFin);
    let months = |from: i64| Some(label::guide::calendar::add_months(day(from), 18));
    assert_eq!((on(labelled_local()), on(one_day)), (months(51), months(50)));
}

/// The standing, on a day, of the central that a local of that dossier names, among these dossiers.
fn standing(named: i64, others: &[Facts], on: i64) -> Standing {
    let mut facts = labelled_local();
    facts.values.insert(Key::CentralDossier, Value::Link(named));
    let local = case_of(&[facts]);
    let family = assemble(others.to_vec(), &Remembered::default());
    let own = others.iter().find(|facts| facts.number == named);
    central_of(&local, own, &family, &Choices::default(), day(on)).standing
}

#[test]
fn a_local_is_judged_by_what_is_true_of_its_central_on_that_day() {
    let all = [("labellise", 150), ("suspension", 300), ("levee", 350), ("retrait", 500)];
    let life = [central(9, 0, &all)];
    let on = |day| standing(9, &life, day);
    assert_eq!([on(149), on(150), on(299)], [Standing::Pending, Standing::Labelled, Standing::Labelled]);
    // A suspension is in force from its notification, two days after its decision (F-21).
    assert_eq!(
        [on(302), on(352), on(502)],
        [Standing::Suspended, Standing::Labelled, Standing::Withdrawn(day(502))]
    );
    let refused = [central(9, 0, &[("rejete", 150)])];
    assert_eq!(
        [149, 150].map(|on| standing(9, &refused, on)),
        [Standing::Pending, Standing::Refused(day(150))]
    );
    let ended = [central(9, 0, &[("labellise", 150)])];
    let last = label::guide::decision::last_valid_day(day(150));
    let after = (last - START).get_days().into();
    assert_eq!(standing(9, &ended, after), Standing::Labelled);
    assert_eq!(standing(9, &ended, after + 1), Standing::Expired(last));
}

/// A later application of the same service, and an earlier number of it, are the same central.
#[test]
fn a_central_that_applied_again_is_known_by_any_of_its_numbers() {
    let twice = [central(9, 0, &[("rejete", 150)]), central(12, 400, &[("labellise", 500)])];
    let of = |named, on| standing(named, &twice, on);
    assert_eq!([of(9, 300), of(9, 450)], [Standing::Refused(day(150)), Standing::Pending]);
    assert_eq!([of(9, 500), of(12, 500)], [Standing::Labelled; 2]);
    // The first dossier left the platform before any decision.
    let gone = Facts { gone: true, ..central(9, 0, &[]) };
    let mut local = labelled_local();
    local.values.insert(Key::CentralDossier, Value::Link(9));
    let later = assemble(vec![central(12, 400, &[("labellise", 500)])], &Remembered::default());
    let found = central_of(&case_of(&[local]), Some(&gone), &later, &Choices::default(), day(500));
    assert_eq!((found.standing, found.case.map(|case| case.id)), (Standing::Labelled, Some(12)));
    // Another service of the same SIRET is not the central.
    let mut other = central(9, 0, &[("labellise", 100)]);
    other.values.insert(Key::TypeService, choice("local_independant"));
    let both = [other, central(12, 400, &[("labellise", 500)])];
    assert_eq!(standing(9, &both, 600), Standing::NotCentral(9));
}

/// A number under which no central is found: the local has the follow-up of one whose central is not labelled, a
/// finding names the number, and nothing is sent to a central.
#[test]
fn a_central_that_cannot_be_known_leaves_a_follow_up_and_a_finding() {
    let other_local = dossier(5, 0, ("local_rattache", "initial"), &[("labellise", 90)]);
    let others = [other_local];
    let of = |named: Option<i64>| {
        let mut facts = labelled_local();
        facts.values.extend(named.map(|number| (Key::CentralDossier, Value::Link(number))));
        let mut case = case_of(&[facts]);
        let family = assemble(others.to_vec(), &Remembered::default());
        case.central = Some(central_of(&case, None, &family, &Choices::default(), day(200)).standing);
        case
    };
    let cases = [
        (None, Standing::NotNamed, "n’est pas indiqué"),
        (Some(99_999_999), Standing::Unknown(99_999_999), "n° 99999999"),
        (
            Some(1),
            Standing::Itself(1),
            "n° 1, indiqué comme celui du service central, est celui de ce service",
        ),
        (Some(5), Standing::NotCentral(5), "n° 5, indiqué comme celui du service central, n’est pas celui"),
    ];
    for (named, expected, words) in cases {
        let case = of(named);
        assert_eq!(case.central, Some(expected));
        let review = review(&case, day(200), &frame());
        let window = Window::after(day(102), 18);
        assert_eq!(due(&review, Obligation::AttachedFollowUp).unwrap().window, Some(window), "{expected:?}");
        let told: Vec<String> = review
            .findings
            .iter()
            .filter(|finding| matches!(finding.what, What::CentralNotKnown(_)))
            .map(wording::finding)
            .collect();
        assert_eq!(told.len(), 1, "{expected:?}");
        assert!(told[0].contains(words) && told[0].contains("R-3.8.2-e"), "{told:?}");
        let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
        let to_central = |on| {
            let review = label::judge::review(&case, on, &frame());
            wanted_mails(&review, &case, &frame(), &known).into_iter().any(|mail| mail.role == Role::Central)
        };
        assert!([day(110), day(700), day(900)].into_iter().all(|on| !to_central(on)));
    }
}

/// F-37, F-43: an end without renewal is a withdrawal, and the window that follows has two months on each side.
#[test]
fn locals_of_a_central_that_was_not_renewed_keep_the_mark_under_condition() {
    let mut case = case_of(&[labelled_local()]);
    case.central = Some(Standing::Expired(day(400)));
    let judged = review(&case, day(420), &frame());
    let own = Window::after(day(102), 18);
    assert_eq!(due(&judged, Obligation::ConditionalFollowUp).unwrap().window, Some(own));
    assert_eq!(judged.label.unwrap().next_window(day(420)).map(|(_, window)| window), Some(own));
    let told = |on: i64| {
        let judged = review(&case, day(on), &frame());
        let due = due(&judged, Obligation::ConditionalFollowUp).unwrap();
        let stage = due.stage(Role::Candidat, judged.today).unwrap();
        label::wording::letters::reminder(due, stage, Role::Candidat, &judged, &case).paragraphs.join("\n")
    };
    let said = told(420);
    let (last, text) = (label::wording::date_full(day(400)), &said);
    assert!(
        text.contains(&format!("Le label du service central a pris fin le {last} sans renouvellement")),
        "{said}"
    );
    assert!(said.contains("rapports annuels de l’autodiagnostic et des enquêtes"), "{said}");
    case.central = Some(Standing::Expired(day(700)));
    let later = review(&case, day(720), &frame());
    let window = due(&later, Obligation::ConditionalFollowUp).unwrap().window.unwrap();
    assert_eq!(window, Window::after(day(700), 6));
}

/// F-44
#[test]
fn an_attached_local_is_not_raised_by_its_central_s_follow_up() {
    let rows = [("labellise", 100), ("palier_superieur", 400)];
    let mut alone = dossier(1, 0, ("local_rattache", "initial"), &rows);
    alone.values.insert(Key::CentralDossier, Value::Link(9));
    let said = |dossiers: &[Facts]| {
        contradictions(&case_of(dossiers), 420).into_iter().any(|said| said.contains("F-44"))
    };
    assert!(said(&[alone.clone()]));
    let mut own = dossier(2, 330, ("local_rattache", "extension"), &[]);
    own.values.insert(Key::DossierPrecedent, Value::Link(1));
    assert!(!said(&[alone, own]));
}

fn any_standing() -> impl Strategy<Value = Standing> {
    let on = (0_i64..1500).prop_map(day);
    prop_oneof![
        Just(Standing::NotNamed),
        Just(Standing::Unknown(7)),
        Just(Standing::Pending),
        Just(Standing::Labelled),
        Just(Standing::Suspended),
        on.clone().prop_map(Standing::Refused),
        on.clone().prop_map(Standing::Withdrawn),
        on.prop_map(Standing::Expired),
    ]
}

/// The follow-up that a local must have, and its window.
fn owed(case: &Case, on: i64) -> Option<(Obligation, Option<Window>, Date)> {
    let review = review(case, day(on), &frame());
    let kinds = [Obligation::AttachedFollowUp, Obligation::ConditionalFollowUp];
    let due = review.agenda.iter().find(|due| kinds.contains(&due.obligation))?;
    Some((due.obligation, due.window, due.deadline.nominal))
}

proptest! {
    #![proptest_config(crate::cases_tried(48))]

    /// While neither its own life nor its central's standing changes, the duties of a local do not change.
    #[test]
    fn what_a_local_owes_only_changes_with_its_life_or_its_central(
        standing in any_standing(), one in 110_i64..1000, other in 110_i64..1000,
    ) {
        let mut case = case_of(&[labelled_local()]);
        case.central = Some(standing);
        prop_assert_eq!(owed(&case, one), owed(&case, other));
    }

    /// The standing of a central, seen through its local, changes on the days of its own decisions and ends only.
    #[test]
    fn a_standing_only_changes_on_a_day_of_the_central_s_life(
        days in prop::collection::vec(100_i64..1400, 0..4), on in 0_i64..2600,
    ) {
        let words = ["labellise", "suspension", "levee", "retrait"];
        let mut days = days;
        days.sort_unstable();
        let decisions: Vec<(&str, i64)> = words.into_iter().zip(days).collect();
        let life = [central(9, 0, &decisions)];
        let (before, after) = (standing(9, &life, on), standing(9, &life, on + 1));
        let ends = decisions.first().map(|(_, day)| label::guide::decision::last_valid_day(self::day(*day)));
        let of_its_life = decisions.iter().any(|(_, day)| [*day, day + 2].contains(&(on + 1)))
            || ends == Some(day(on));
        prop_assert!(before == after || of_its_life, "{before:?} {after:?} {decisions:?}");
    }

    /// A local of another network changes nothing for a central, nor does a dossier of another service for a local.
    #[test]
    fn another_case_changes_nothing_but_through_the_network(on in 110_i64..1000, other in 0_i64..400) {
        let stranger = dossier(40, other, ("local_independant", "initial"), &[("rejete", other + 90)]);
        let with = [central(9, 0, &[("labellise", 150)]), Facts { siret: Some("33000000000033".to_owned()), ..stranger }];
        prop_assert_eq!(standing(9, &with[..1], on), standing(9, &with, on));
    }
}

/// R-3.8.2-d: only the loss of the central's label sets a condition, for two years.
#[test]
fn a_local_keeps_its_label_whatever_becomes_of_its_central() {
    let said = |central: Standing| {
        let mut case = case_of(&[labelled_local()]);
        case.central = Some(central);
        let found = review(&case, day(900), &frame()).findings;
        found.iter().filter(|f| f.rule == "R-3.8.2-d").map(wording::finding).collect::<Vec<_>>()
    };
    let refused = said(Standing::Refused(day(150)));
    assert!(
        refused.len() == 1
            && refused[0].contains("garde son label, son palier et sa fin de validité (14/04/2030)"),
        "{refused:?}"
    );
    assert_eq!(said(Standing::Suspended).len(), 1);
    // The day 100 and two years more is the day 831.
    assert_eq!([830, 831].map(|on| said(Standing::Withdrawn(day(on))).len()), [0, 1]);
    assert_eq!([said(Standing::Labelled).len(), said(Standing::Pending).len()], [0, 0]);
}

/// A date cannot be emptied on the platform: the window of a local is written once nothing can take it away.
#[test]
fn the_window_of_a_local_is_written_once_it_is_sure() {
    let known = Known::nothing("2027-01-04T08:00:00Z".parse().unwrap(), START);
    // The window, and what is written of it in the dossier that was labelled.
    let written = |central: Standing, dossiers: &[Facts], on: i64| {
        let mut case = case_of(dossiers);
        case.central = Some(central);
        let review = review(&case, day(on), &frame());
        let planned = label::plan::plan(&review, &case, &frame(), &known);
        let changes = planned.into_iter().find_map(|action| match action {
            Action::Annotate(annotation) if annotation.dossier == 1 => Some(annotation.changes),
            _ => None,
        });
        let dates = changes.unwrap().into_iter().filter_map(|(key, value)| match (key, value) {
            (Key::AutoSuiviDebut | Key::AutoSuiviFin, Value::Date(day)) => Some(day),
            _ => None,
        });
        let windows = review.label.as_ref().map(|label| label.windows.clone()).unwrap_or_default();
        (windows.first().map(|window| [window.opens, window.closes].to_vec()), dates.collect::<Vec<Date>>())
    };
    let alone = [labelled_local()];
    let own = Window::after(day(102), 18);
    let owed = Some(vec![own.opens, own.closes]);
    // The local obtained its label on the day 100.
    let unsure = [
        Standing::Pending,
        Standing::NotNamed,
        Standing::Unknown(8),
        Standing::Itself(1),
        Standing::NotCentral(5),
        Standing::Refused(day(150)),
        Standing::Withdrawn(day(99)),
        Standing::Expired(day(99)),
    ];
    for standing in unsure {
        assert_eq!(
            written(standing, &alone, 200),
            (owed.clone(), Vec::new()),
            "{standing:?}: owed all the same"
        );
    }
    // A label that exempted it and was lost since sets a condition that a later one does not take back.
    for standing in [Standing::Withdrawn(day(150)), Standing::Expired(day(150))] {
        let (window, dates) = written(standing, &alone, 200);
        assert_eq!(window, Some(dates), "{standing:?}");
    }
    // Nothing is owed under a label in force.
    for standing in [Standing::Labelled, Standing::Suspended] {
        assert_eq!(written(standing, &alone, 200), (None, Vec::new()), "{standing:?}");
    }
    // A follow-up that took place in its window did so whatever follows; one that is only planned did not.
    let audit = |on: i64| {
        let values = vec![
            (Key::TypeDemande, choice("suivi")),
            (Key::TypeService, choice("local_rattache")),
            (Key::DossierPrecedent, Value::Link(1)),
            (Key::AuditDebut, Value::Date(day(on))),
            (Key::AuditFin, Value::Date(day(on))),
        ];
        [labelled_local(), crate::cases::facts(2, 560, values)]
    };
    let inside = audit(102 + 548);
    for standing in [Standing::Pending, Standing::Refused(day(150))] {
        assert_eq!(written(standing, &inside, 640), (owed.clone(), Vec::new()), "{standing:?}");
        assert_eq!(written(standing, &inside, 651), (owed.clone(), owed.clone().unwrap()), "{standing:?}");
    }
}
