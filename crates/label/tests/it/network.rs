//! A central service and its attached locals: what each is to do by what is true of the other.

use jiff::civil::Date;
use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Local, Remembered, assemble};
use label::guide::attached::CentralStanding as Standing;
use label::guide::choices::Choices;
use label::guide::follow_up::Window;
use label::judge::agenda::{Due, Obligation, Role};
use label::judge::finding::What;
use label::judge::network::{central_of, each_once, not_audited};
use label::judge::{Review, review};
use label::plan::Known;
use label::plan::mails::wanted_mails;
use label::{Tier, wording};
use proptest::prelude::*;

use crate::cases::{START, case_of, day, facts, frame, local, row};
use crate::life::choice;

/// A dossier with a visit that ends on the day 51 of its deposit, and these decisions.
fn dossier(number: i64, deposited: i64, kind: (&str, &str), decisions: &[(&str, i64)]) -> Facts {
    let rows = decisions.iter().map(|(decision, on)| row(decision, *on)).collect();
    let values = vec![
        (Key::TypeService, choice(kind.0)),
        (Key::TypeDemande, choice(kind.1)),
        (Key::AuditDebut, Value::Date(day(deposited + 50))),
        (Key::AuditFin, Value::Date(day(deposited + 51))),
        (Key::Evenements, Value::Rows(rows)),
    ];
    facts(number, deposited, values)
}

/// An attached local, labelled on the day 100.
fn labelled_local() -> Facts {
    dossier(1, 0, ("local_rattache", "initial"), &[("labellise", 100)])
}

fn due(review: &Review, obligation: Obligation) -> Option<&Due> {
    review.agenda.iter().find(|due| due.obligation == obligation)
}

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

/// A central's dossier of a SIRET of its own.
fn central(number: i64, deposited: i64, decisions: &[(&str, i64)]) -> Facts {
    let mut facts = dossier(number, deposited, ("central", "initial"), decisions);
    facts.siret = Some("11000000000011".to_owned());
    facts
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

/// What no central can be found behind: the follow-up of a local whose central is not labelled, a finding that names the
/// number, and nothing sent "to the central".
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
    assert_eq!(judged.label.unwrap().next_window(day(300)), Some((0, own)));
    case.central = Some(Standing::Expired(day(700)));
    let later = review(&case, day(720), &frame());
    let window = due(&later, Obligation::ConditionalFollowUp).unwrap().window.unwrap();
    assert_eq!(window, Window::after(day(700), 6));
}

/// A central with these locals: n = 36, so a sample of six.
fn network(decisions: &[(&str, i64)], locals: Vec<Local>) -> Case {
    let mut facts = central(9, 0, decisions);
    facts.values.insert(Key::NLocaux, Value::Count(36));
    let mut case = case_of(&[facts]);
    case.locals = locals;
    case
}

fn many(first: i64, on: &[(i64, Option<Tier>)]) -> Vec<Local> {
    (first..).zip(on).map(|(number, (on, tier))| local(number, *on, *tier)).collect()
}

/// F-41
#[test]
fn a_service_refused_then_labelled_counts_once_with_its_last_result() {
    let siret = Some("22000000000022".to_owned());
    let refused = Local { siret: siret.clone(), ..local(20, 40, None) };
    let labelled = Local { siret, ..local(30, 120, Some(Tier::Or)) };
    let locals = each_once(vec![refused, labelled.clone()]);
    assert_eq!((locals.len(), locals[0].case, locals[0].results.len()), (1, 30, 2));
    let view =
        |on, locals: &[Local]| review(&network(&[], locals.to_vec()), day(on), &frame()).network.unwrap();
    let now = view(130, &locals);
    assert_eq!((now.audited, now.labelled, now.three_quarters.refused), (1, [0, 0, 1], 0));
    let before = view(100, &locals);
    assert_eq!((before.audited, before.labelled, before.three_quarters.refused), (1, [0, 0, 0], 1));
    // Two services are two.
    assert_eq!(each_once(vec![local(20, 40, None), labelled]).len(), 2);
    assert!(not_audited(&network(&[], locals)).is_empty());
}

/// F-32: the year of the award ends with it, and the next one begins the day after.
#[test]
fn a_year_of_the_network_ends_with_the_decision_on_its_central() {
    let first = many(20, &[(60, Some(Tier::Bronze)), (140, Some(Tier::Bronze)), (150, Some(Tier::Argent))]);
    let next = many(30, &[(151, Some(Tier::Or)), (300, None)]);
    let case = network(&[("labellise", 150)], [first, next].concat());
    let view = |on| review(&case, day(on), &frame()).network.unwrap();
    assert_eq!((view(149).audited, view(149).labelled, view(149).since), (2, [2, 0, 0], None));
    let after = view(310);
    assert_eq!((after.audited, after.labelled, after.since), (2, [0, 0, 1], Some(day(151))));
    assert_eq!(after.first_year.map(|majority| majority.tier), Some(Tier::Bronze));
}

/// O-25, R-3.9.2-g: six of thirty-six, of which one may be refused.
#[test]
fn three_quarters_are_lost_with_the_refusal_that_makes_it_certain() {
    let of = |results: &[(i64, Option<Tier>)]| {
        let case = network(&[("labellise", 150)], many(20, results));
        let review = review(&case, day(420), &frame());
        let due = due(&review, Obligation::ThreeQuarters).map(|due| due.stages[0].on);
        let said: Vec<String> = review
            .findings
            .iter()
            .filter(|f| matches!(f.what, What::Supplements(_) | What::ThreeQuartersAtRisk(_)))
            .map(wording::finding)
            .collect();
        (due, said)
    };
    assert_eq!(of(&[]), (None, vec![]), "never before a single result");
    let bronze = Some(Tier::Bronze);
    assert_eq!(of(&[(200, bronze), (210, bronze)]), (None, vec![]));
    let (due, said) = of(&[(200, None), (210, bronze)]);
    assert_eq!((due, said.len()), (None, 1));
    assert!(said[0].contains("1 refus sur un échantillon de 6, qui en permet 1"), "{said:?}");
    // The points of the central are not known: it is certain all the same.
    let (due, said) = of(&[(200, None), (210, bronze), (260, None)]);
    assert_eq!((due, said.len()), (Some(day(260)), 1));
    assert!(said[0].contains("locaux supplémentaires à présenter : 2 s’ils comptent"), "{said:?}");
}

/// What is not entered is no condition that is not met.
#[test]
fn a_condition_that_is_not_known_is_not_a_condition_that_is_not_met() {
    let case = network(&[], many(20, &[(60, Some(Tier::Or)); 6]));
    let judged = review(&case, day(120), &frame());
    let award = judged.network.as_ref().and_then(|view| view.award.clone()).unwrap();
    assert_eq!((award.faults, award.unknown.len()), (vec![], 2));
    let text = wording::network_text(&judged.network.unwrap());
    assert!(text.contains("pas encore toutes connues"), "{text}");
    // A label without a stated tier counts among the three quarters, and for no tier.
    let mut untold = local(30, 60, Some(Tier::Or));
    untold.held[0].tiers = vec![(day(60), None)];
    let view = review(&network(&[], vec![untold]), day(120), &frame()).network.unwrap();
    assert_eq!((view.labelled_in_all(), view.labelled_required, view.majority), (1, 1, None));
}

fn contradictions(case: &Case, on: i64) -> Vec<String> {
    let review = review(case, day(on), &frame());
    let found = review.findings.iter().filter(|f| matches!(f.what, What::Coherence(_)));
    found.map(wording::finding).collect()
}

/// R-3.7.2-a: the central's visit is on the day 50 of its dossier.
#[test]
fn a_central_audited_before_the_results_of_its_locals_is_a_finding() {
    let early = |locals: Vec<Local>, on| {
        contradictions(&network(&[], locals), on).into_iter().find(|said| said.contains("R-3.7.2-a"))
    };
    let known = many(20, &[(40, Some(Tier::Bronze)); 6]);
    assert_eq!(early(known.clone(), 60), None);
    let five = known[..5].to_vec();
    let said = early(five.clone(), 60).unwrap();
    assert!(said.contains("5 sur 6"), "{said}");
    assert_eq!(early(five.clone(), 49), None, "until then a result may still come");
    let later = Local { awaited: vec![(day(55), day(56))], case: 26, ..Local::default() };
    let said = early([five, vec![later]].concat(), 30).unwrap();
    assert!(said.contains("un local doit encore être visité"), "{said}");
}

/// §2.2.2, 3.9.2: a central labelled or raised although its network does not allow it.
#[test]
fn a_decision_on_a_central_is_compared_with_its_network() {
    let with =
        |row: Row, tier: &str| Row::from_iter(row.into_iter().chain([(Key::PalierDecide, choice(tier))]));
    let figures = |facts: &mut Facts, valid: i64| {
        let counts = [(Key::NLocaux, 36), (Key::AutodiagnosticsFournis, 36), (Key::PointsTotal, 40)];
        facts.values.extend(counts.map(|(key, count)| (key, Value::Count(count))));
        facts.values.insert(Key::PointsValides, Value::Count(valid));
    };
    let mut first = central(9, 0, &[]);
    figures(&mut first, 36);
    let award = with(row("labellise", 150), "bronze");
    first.values.insert(Key::Evenements, Value::Rows(vec![award]));
    let mut second = dossier(10, 400, ("central", "suivi"), &[]);
    figures(&mut second, 20);
    second.siret = first.siret.clone();
    second.values.insert(Key::DossierPrecedent, Value::Link(9));
    let raise = with(row("palier_superieur", 520), "or");
    second.values.insert(Key::Evenements, Value::Rows(vec![raise]));
    let mut case = case_of(&[first, second]);
    let (bronze, argent) = (Some(Tier::Bronze), Some(Tier::Argent));
    case.locals =
        [many(20, &[(40, bronze); 6]), many(30, &[(300, argent), (310, None), (320, None)])].concat();
    let said = contradictions(&case, 560).join("\n");
    let expected = [
        "passé au palier supérieur : Locaux audités dans l’année : 3 ; il en faut 6",
        "passé au palier supérieur : Locaux labellisés parmi les audités : 1 ; il en faut 3",
        "passé au palier supérieur : 20 points de contrôle validés sur 40",
        "Palier décidé Or, la majorité des locaux de l’année donne Bronze",
    ];
    for words in expected {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    assert!(!said.contains("Service central labellisé"), "{said}");
    case.locals.truncate(2);
    let said = contradictions(&case, 560).join("\n");
    assert!(
        said.contains("Service central labellisé : Locaux audités dans l’année : 2 ; il en faut 6"),
        "{said}"
    );
}

/// F-38
#[test]
fn a_follow_up_shows_the_other_reading_of_the_locals_of_year_n() {
    let with =
        |row: Row, tier: &str| Row::from_iter(row.into_iter().chain([(Key::PalierDecide, choice(tier))]));
    let mut first = central(9, 0, &[]);
    first.values.insert(Key::NLocaux, Value::Count(4));
    first.values.insert(Key::Evenements, Value::Rows(vec![with(row("labellise", 150), "argent")]));
    let mut second = dossier(10, 400, ("central", "suivi"), &[]);
    second.siret = first.siret.clone();
    second
        .values
        .extend([(Key::PointsValides, 30), (Key::PointsTotal, 40)].map(|(key, n)| (key, Value::Count(n))));
    let mut case = case_of(&[first, second]);
    let bronze = Some(Tier::Bronze);
    case.locals = [many(20, &[(40, bronze); 2]), many(30, &[(300, bronze); 2])].concat();
    let judged = review(&case, day(420), &frame());
    let outcome = judged.network.as_ref().and_then(|view| view.follow_up.clone()).unwrap();
    assert_eq!((outcome.tier, outcome.alerts.len()), (Tier::Argent, 0), "the same as in year N");
    let said: Vec<String> = judged.findings.iter().map(wording::finding).collect();
    assert!(said.iter().any(|said| said.contains("F-38") && said.contains("inférieure")), "{said:?}");
    assert!(!said.iter().any(|said| said.contains("(F-17)")), "{said:?}");
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

/// The follow-up that a local owes, and its window.
fn owed(case: &Case, on: i64) -> Option<(Obligation, Option<Window>, Date)> {
    let review = review(case, day(on), &frame());
    let kinds = [Obligation::AttachedFollowUp, Obligation::ConditionalFollowUp];
    let due = review.agenda.iter().find(|due| kinds.contains(&due.obligation))?;
    Some((due.obligation, due.window, due.deadline.nominal))
}

proptest! {
    #![proptest_config(crate::cases_tried(48))]

    /// While neither its own life nor its central's standing changes, a local owes the same.
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
