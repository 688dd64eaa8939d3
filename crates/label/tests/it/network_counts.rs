//! What a network counts: which locals of a year, which application of the central, and which decision ends a year.

use label::Tier;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Held, Local, LocalResult, Remembered, assemble};
use label::guide::attached::CentralStanding as Standing;
use label::guide::choices::Choices;
use label::judge::finding::What;
use label::judge::network::{CentralView, central_of};
use label::judge::review;

use crate::cases::{case_of, day, frame, local, row};
use crate::life::choice;
use crate::network::{central, dossier, labelled_local, network};

fn many(first: i64, count: usize, on: i64, tier: Option<Tier>) -> Vec<Local> {
    (first..).take(count).map(|number| local(number, on, tier)).collect()
}

fn view(dossiers: &[Facts], locals: Vec<Local>, on: i64) -> CentralView {
    let mut case = case_of(dossiers);
    case.locals = locals;
    review(&case, day(on), &frame()).network.unwrap()
}

fn tier(mut row: Row, tier: &str) -> Row {
    row.insert(Key::PalierDecide, choice(tier));
    row
}

/// A central of 36 locals with these points, and what was decided.
fn with_points(number: i64, deposited: i64, demande: &str, rows: Vec<Row>) -> Facts {
    let mut facts = dossier(number, deposited, ("central", demande), &[]);
    facts.siret = Some("11000000000011".to_owned());
    let counts = [(Key::NLocaux, 36), (Key::PointsValides, 36), (Key::PointsTotal, 40)];
    facts.values.extend(counts.map(|(key, count)| (key, Value::Count(count))));
    facts.values.insert(Key::Evenements, Value::Rows(rows));
    facts
}

/// R-2.2.2-b: six of thirty-six; five of six are three quarters.
#[test]
fn three_quarters_are_at_risk_when_somebody_was_refused_and_too_few_are_labelled() {
    let at_risk = |locals: Vec<Local>| {
        let found = review(&network(&[("labellise", 150)], locals), day(420), &frame()).findings;
        found.iter().any(|one| matches!(one.what, What::ThreeQuartersAtRisk(_)))
    };
    let (bronze, refused) = (|count| many(20, count, 200, Some(Tier::Bronze)), many(30, 1, 210, None));
    assert!(at_risk([bronze(1), refused.clone()].concat()));
    assert!(at_risk([bronze(2), refused.clone()].concat()));
    assert!(!at_risk([bronze(3), refused.clone()].concat()), "four audited: three are needed");
    assert!(!at_risk([bronze(5), refused].concat()));
    assert!(!at_risk(bronze(5)));
    // Labelled this year, and withdrawn since: nobody was refused.
    let mut gone = local(40, 300, Some(Tier::Bronze));
    gone.held[0].to = day(400);
    assert!(!at_risk(vec![gone]));
}

/// Renewed early, its next period is still ahead; one that was withdrawn before its first day has none.
#[test]
fn a_local_whose_next_period_is_ahead_is_labelled() {
    let labelled = |from: i64, to: i64| {
        let held = Held { from: day(from), to: day(to), tiers: vec![(day(from), Some(Tier::Bronze))] };
        let results = vec![LocalResult { on: day(300), labelled: true }];
        let local = Local { case: 20, results, held: vec![held], ..Local::default() };
        let view = view(&[central(9, 0, &[])], vec![local], 350);
        (view.audited, view.labelled)
    };
    assert_eq!(labelled(351, 1400), (1, [1, 0, 0]));
    assert_eq!(labelled(350, 1400), (1, [1, 0, 0]));
    assert_eq!(labelled(350, 349), (1, [0; 3]));
    assert_eq!(labelled(300, 349), (1, [0; 3]));
}

#[test]
fn a_follow_up_in_which_nobody_was_audited_has_no_outcome() {
    let award = || tier(row("labellise", 150), "bronze");
    let dossiers = [with_points(9, 0, "initial", vec![award()]), with_points(10, 400, "suivi", vec![])];
    let outcome = |locals: Vec<Local>| view(&dossiers, locals, 420).follow_up.map(|outcome| outcome.tier);
    assert_eq!(outcome(vec![]), None);
    assert_eq!(outcome(many(20, 6, 100, Some(Tier::Bronze))), None, "those of the first year");
    assert_eq!(outcome(many(20, 6, 300, Some(Tier::Bronze))), Some(Tier::Bronze));
}

/// The points of the dossier that was decided are those of the year that it ended.
#[test]
fn the_points_of_a_year_that_is_over_are_not_those_of_the_next_one() {
    let dossiers = [with_points(9, 0, "initial", vec![row("labellise", 150)])];
    let points = |on: i64| view(&dossiers, vec![], on).points;
    assert_eq!([149, 150, 160].map(points), [Some((36, 40)), None, None]);
    let refused = [with_points(9, 0, "initial", vec![row("rejete", 150)])];
    assert_eq!(view(&refused, vec![], 160).points, Some((36, 40)));
}

/// F-32
#[test]
fn a_year_ends_with_an_award_after_a_follow_up_and_not_with_an_extension() {
    let since = |demande: &str| {
        let dossiers = [
            with_points(9, 0, "initial", vec![row("labellise", 150)]),
            with_points(10, 400, demande, vec![row("labellise", 520)]),
        ];
        view(&dossiers, vec![], 560).since
    };
    assert_eq!([since("suivi"), since("extension")], [Some(day(521)), Some(day(151))]);
}

/// R-2.2.2-e: the year began on the day 151.
#[test]
fn the_yearly_surveys_are_those_of_the_locals_labelled_before_the_year() {
    let counted = |labelled: i64| {
        let dossiers = [
            with_points(9, 0, "initial", vec![row("labellise", 150)]),
            with_points(10, 400, "suivi", vec![]),
        ];
        view(&dossiers, vec![local(20, labelled, Some(Tier::Or))], 420)
            .surveys
            .map(|surveys| surveys.labelled)
    };
    assert_eq!([149, 150, 151].map(counted), [Some(1), Some(1), None]);
}

/// The central that a local names by the number 9, among these applications.
fn named(named: Option<&Facts>, family: &[Facts]) -> Standing {
    let mut local = labelled_local();
    local.values.insert(Key::CentralDossier, Value::Link(9));
    let family = assemble(family.to_vec(), &Remembered::default());
    central_of(&case_of(&[local]), named, &family, &Choices::default(), day(600)).standing
}

#[test]
fn an_application_of_another_service_is_not_that_of_the_central() {
    let refused = central(9, 0, &[("rejete", 150)]);
    let labelled = |siret: Option<&str>| Facts {
        siret: siret.map(str::to_owned),
        ..central(12, 400, &[("labellise", 500)])
    };
    let own = Some("11000000000011");
    let at = Standing::Refused(day(150));
    assert_eq!(named(None, &[refused.clone(), labelled(own)]), Standing::Labelled);
    for other in [Some("11000000000029"), None] {
        assert_eq!(named(None, &[refused.clone(), labelled(other)]), at, "{other:?}");
    }
    // Neither says its SIRET: that is not the same one.
    let silent = Facts { siret: None, ..refused };
    assert_eq!(named(None, &[silent.clone(), labelled(None)]), at);
    // Nobody knows the dossier of the number any more, and a later one says that it follows it.
    let mut follows = labelled(None);
    assert_eq!(named(None, &[follows.clone()]), Standing::Unknown(9));
    follows.values.insert(Key::DossierPrecedent, Value::Link(9));
    assert_eq!(named(None, &[follows]), Standing::Labelled);
    let gone = Facts { gone: true, ..central(9, 0, &[]) };
    assert_eq!(named(Some(&gone), &[labelled(own)]), Standing::Labelled);
    assert_eq!(named(Some(&gone), &[labelled(Some("11000000000029"))]), Standing::Unknown(9));
}
