//! A central service and its attached locals: what a central must do, depending on the state of its locals.

use label::case::facts::{Facts, Row, Value};
use label::case::keys::Key;
use label::case::{Case, Local};
use label::guide::choices::Choices;
use label::judge::agenda::{Due, Obligation};
use label::judge::finding::{Level, What};
use label::judge::network::{each_once, not_audited};
use label::judge::{Review, review};
use label::{Tier, wording};

use crate::cases::{case_of, day, facts, frame, local, row};
use crate::life::choice;

/// A dossier with a visit that ends on the day 51 of its deposit, and these decisions.
pub fn dossier(number: i64, deposited: i64, kind: (&str, &str), decisions: &[(&str, i64)]) -> Facts {
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
pub fn labelled_local() -> Facts {
    dossier(1, 0, ("local_rattache", "initial"), &[("labellise", 100)])
}

pub fn due(review: &Review, obligation: Obligation) -> Option<&Due> {
    review.agenda.iter().find(|due| due.obligation == obligation)
}

/// A central's dossier of a SIRET of its own.
pub fn central(number: i64, deposited: i64, decisions: &[(&str, i64)]) -> Facts {
    let mut facts = dossier(number, deposited, ("central", "initial"), decisions);
    facts.siret = Some("11000000000011".to_owned());
    facts
}

/// A central with these locals: n = 36, so a sample of six.
pub fn network(decisions: &[(&str, i64)], locals: Vec<Local>) -> Case {
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
    // Two services count as two locals.
    assert_eq!(each_once(vec![local(20, 40, None), labelled]).len(), 2);
    assert!(not_audited(&network(&[], locals), None).is_empty());
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

/// A condition whose values are not entered does not count as not met.
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

pub fn contradictions(case: &Case, on: i64) -> Vec<String> {
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

/// R-3.9.2-c, §3.10: a renewal is obtained as the first label is; its cycle draws among all the locals.
#[test]
fn the_draw_begins_again_with_the_cycle_of_a_renewal() {
    let row_of = |decision: &str, on| row(decision, on);
    let mut first = central(9, 0, &[]);
    let rows = vec![row_of("labellise", 150), row_of("confirme", 500), row_of("confirme", 860)];
    first.values.insert(Key::Evenements, Value::Rows(rows));
    let audited = |on| many(20, &[(100, Some(Tier::Bronze)), (on, Some(Tier::Argent))]);
    let left = |dossiers: &[Facts], locals: Vec<Local>, on| {
        let mut case = case_of(dossiers);
        case.locals = locals;
        let cycle = review(&case, day(on), &frame()).network.unwrap().cycle;
        not_audited(&case, cycle).iter().map(|local| local.case).collect::<Vec<_>>()
    };
    let own = std::slice::from_ref(&first);
    assert_eq!(left(own, audited(850), 859), [0; 0], "in the third year");
    assert_eq!(left(own, audited(850), 860), [20, 21], "the three years are over");
    assert_eq!(left(own, audited(870), 900), [20], "drawn again in the new cycle");
    // The renewal decided, its own first year belongs to its cycle.
    let mut renewal = dossier(10, 900, ("central", "renouvellement"), &[("labellise", 1000)]);
    renewal.siret = first.siret.clone();
    let both = [first.clone(), renewal.clone()];
    assert_eq!(left(&both, audited(870), 1400), [20]);
    assert_eq!(left(&both, audited(850), 1400), [20, 21]);
    // Without the second follow-up, the application for the renewal begins it.
    let rows = vec![row_of("labellise", 150), row_of("confirme", 500)];
    first.values.insert(Key::Evenements, Value::Rows(rows));
    renewal.values.remove(&Key::Evenements);
    assert_eq!(left(&[first.clone()], audited(490), 950), [0; 0]);
    assert_eq!(left(&[first, renewal], audited(490), 950), [20, 21]);
}

/// R-2.2.2-e: the visit of the follow-up is on the day 450.
#[test]
fn a_follow_up_of_a_central_counts_the_surveys_of_its_labelled_locals() {
    let mut case = network(&[("labellise", 150)], vec![]);
    let mut second = dossier(10, 400, ("central", "suivi"), &[]);
    second.siret = case.dossiers[0].siret.clone();
    case.dossiers.push(second);
    let with = |number, users: i64, staff: i64| {
        let (users, staff) = (Some(day(users)), Some(day(staff)));
        Local { users_survey: users, staff_survey: staff, ..local(number, 100, Some(Tier::Or)) }
    };
    let said = |locals: Vec<Local>| {
        let mut case = case.clone();
        case.locals = locals;
        let review = review(&case, day(420), &frame());
        let found: Vec<_> = review.findings.iter().filter(|f| f.rule == "R-2.2.2-e").collect();
        found.iter().map(|finding| (finding.level, wording::finding(finding))).collect::<Vec<_>>()
    };
    assert_eq!(said(vec![]), []);
    // Labelled this year, by the sample of the follow-up.
    assert_eq!(said(vec![local(30, 300, Some(Tier::Or))]), []);
    // Twelve months before the visit is the day 84.
    let (level, words) = said(vec![with(20, 85, 450), with(21, 85, 84), with(22, 451, 90)]).remove(0);
    assert!(level == Level::ToCheck && words.contains("1 sur 3 dans les douze mois"), "{words}");
    assert_eq!(said(vec![with(20, 85, 450)])[0].0, Level::Ok);
}

/// R-3.1-c
#[test]
fn more_locals_known_than_declared_is_a_finding() {
    let with = |known: usize| {
        let locals = (20..).take(known).map(|number| local(number, 100, None)).collect();
        let review = review(&network(&[], locals), day(120), &frame());
        let more = review.findings.into_iter().filter(|f| matches!(f.what, What::MoreLocalsKnown { .. }));
        more.map(|finding| wording::finding(&finding)).collect::<Vec<_>>()
    };
    assert_eq!(with(36), Vec::<String>::new());
    let said = with(37);
    assert!(said.len() == 1 && said[0].contains("36") && said[0].contains("37"), "{said:?}");
}

/// §2.2.2: what was labelled in the year counts, suspended or not; a withdrawal ends it.
#[test]
fn a_suspended_local_stays_in_the_count_of_its_central() {
    let counted = |decision: &str| {
        let mut facts = labelled_local();
        facts.values.insert(Key::Evenements, Value::Rows(vec![row("labellise", 100), row(decision, 150)]));
        let local = label::judge::network::as_local(&case_of(&[facts]), &Choices::default(), day(200));
        let view = review(&network(&[], vec![local]), day(200), &frame()).network.unwrap();
        (view.audited, view.labelled_in_all())
    };
    assert_eq!((counted("suspension"), counted("retrait")), ((1, 1), (1, 0)));
}

/// Reminders of a network name the locals that the deadline is about, at most twenty, and count the others.
#[test]
fn a_reminder_of_a_network_names_the_locals_that_it_is_about() {
    use label::judge::agenda::{Role, Stage, Status};
    let days = |count: usize, on: i64, tier: Option<Tier>| vec![(on, tier); count];
    let mut locals = many(20, &days(3, 140, Some(Tier::Bronze)));
    locals.extend(many(30, &days(2, 141, None)));
    let waiting = many(100, &days(25, 0, None)).into_iter();
    locals.extend(waiting.map(|local| Local { results: Vec::new(), ..local }));
    for local in &mut locals {
        local.name = format!("Local n° {}", local.case);
    }
    let case = network(&[("labellise", 130)], locals);
    let review = review(&case, day(200), &frame());
    let points = |obligation: Obligation| {
        let sample = due(&review, Obligation::Sample).unwrap();
        let due = Due { obligation, status: Status::Upcoming, ..sample.clone() };
        let stage = Stage { name: "J-7".parse().unwrap(), on: review.today, role: Role::Candidat };
        let letter = wording::letters::reminder(&due, &stage, Role::Candidat, &review, &case);
        let section = letter.sections.into_iter().find(|section| section.title == "Votre réseau").unwrap();
        section.points
    };
    let named = |points: &[String]| -> Vec<String> {
        let names = points.iter().filter_map(|point| point.strip_prefix("Local n° "));
        names.map(|name| name.split(' ').next().unwrap().to_owned()).collect()
    };
    let sample = points(Obligation::Sample);
    assert!(
        sample.contains(&"Services locaux pas encore audités dans ce cycle : 25".to_owned()),
        "{sample:#?}"
    );
    assert_eq!((named(&sample).len(), sample.last().unwrap().as_str()), (20, "… et 5 autres"));
    assert!(named(&sample).iter().all(|case| case.parse::<i64>().unwrap() >= 100), "{sample:#?}");
    assert_eq!(named(&points(Obligation::ThreeQuarters)), ["30", "31"]);
    assert_eq!(named(&points(Obligation::FollowUpCentral)), ["20", "21", "22", "30", "31"]);
}
