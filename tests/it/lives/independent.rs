//! An independent local: an audit postponed, Bronze, a suspension lifted, a follow-up with an action plan, a renewal.

use super::{
    Application, INDEPENDENT, Life, audit, by_jumps, check, check_beginning_on_postgresql,
    check_on_postgresql, decide, on, report,
};
use jiff::civil::date;
use simulator::World;

const FIRST: u32 = 4242;
const FOLLOW_UP: u32 = 4243;
const RENEWAL: u32 = 4244;
const TABLE: &str = include_str!("independent.txt");

fn application() -> Application {
    Application {
        name: "Guichet de Valdorée",
        siret: "99900037500017",
        email: "valdoree@service.example",
        demande: "Première demande",
        service: INDEPENDENT,
        previous: None,
        diagnosis: date(2026, 12, 1),
        surveys: date(2026, 12, 18),
    }
}

fn life() -> Life {
    let later = |demande, previous, diagnosis, surveys| {
        move |world: &mut World| {
            Application { demande, previous: Some(previous), diagnosis, surveys, ..application() }
                .deposit(world);
        }
    };
    Life {
        from: date(2027, 1, 4),
        until: date(2030, 8, 1),
        steps: vec![
            on(2027, 1, 11, |world| {
                application().deposit(world);
            }),
            on(2027, 1, 18, |world| audit(world, FIRST, date(2027, 3, 15))),
            // Postponed by four weeks, the day after the plan was first asked for.
            on(2027, 3, 2, |world| audit(world, FIRST, date(2027, 4, 12))),
            on(2027, 3, 24, |world| world.annotate(FIRST, "Plan d'audit transmis le", date(2027, 3, 24))),
            // Four days late: due on 4 May.
            on(2027, 5, 8, |world| report(world, FIRST, date(2027, 5, 8))),
            on(2027, 5, 14, |world| world.annotate(FIRST, "Observations reçues le", date(2027, 5, 14))),
            on(2027, 6, 1, |world| decide(world, FIRST, "Labellisé", Some("Bronze"), date(2027, 6, 1))),
            on(2028, 2, 1, |world| decide(world, FIRST, "Suspension", None, date(2028, 2, 1))),
            on(2028, 3, 15, |world| decide(world, FIRST, "Levée de suspension", None, date(2028, 3, 15))),
            on(2028, 9, 18, later("Audit de suivi", FIRST, date(2028, 6, 1), date(2028, 8, 25))),
            on(2028, 9, 25, |world| audit(world, FOLLOW_UP, date(2028, 11, 6))),
            on(2028, 10, 20, |world| {
                world.annotate(FOLLOW_UP, "Plan d'audit transmis le", date(2028, 10, 20))
            }),
            on(2028, 11, 20, |world| report(world, FOLLOW_UP, date(2028, 11, 20))),
            on(2028, 12, 5, |world| {
                decide(world, FOLLOW_UP, "Plan d'actions demandé", None, date(2028, 12, 5));
                world.annotate(FOLLOW_UP, "Plan d'actions demandé le", date(2028, 12, 5));
            }),
            on(2029, 1, 2, |world| world.annotate(FOLLOW_UP, "Plan d'actions reçu le", date(2029, 1, 2))),
            on(2029, 1, 15, |world| decide(world, FOLLOW_UP, "Confirmé", Some("Bronze"), date(2029, 1, 15))),
            on(2030, 1, 21, later("Renouvellement", FOLLOW_UP, date(2029, 11, 20), date(2029, 12, 14))),
            on(2030, 1, 28, |world| audit(world, RENEWAL, date(2030, 3, 18))),
            on(2030, 3, 1, |world| world.annotate(RENEWAL, "Plan d'audit transmis le", date(2030, 3, 1))),
            on(2030, 4, 2, |world| report(world, RENEWAL, date(2030, 4, 2))),
            on(2030, 5, 6, |world| decide(world, RENEWAL, "Labellisé", Some("Argent"), date(2030, 5, 6))),
        ],
    }
}

#[tokio::test]
async fn three_years_of_an_independent_local() {
    check(life(), TABLE).await;
}

#[tokio::test]
async fn the_beginning_of_an_independent_local_on_postgresql() {
    check_beginning_on_postgresql(life(), TABLE).await;
}

#[tokio::test]
#[ignore = "minutes on PostgreSQL: cargo nextest run --run-ignored ignored-only"]
async fn three_years_of_an_independent_local_on_postgresql() {
    check_on_postgresql(life(), TABLE).await;
}

#[tokio::test]
async fn an_independent_local_seen_now_and_then() {
    by_jumps(life(), TABLE, 7).await;
}
