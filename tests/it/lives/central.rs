//! A central service and two attached locals: copies to the central, its yearly follow-up, one local suspended until
//! its label is withdrawn.

use super::{
    ATTACHED, Application, CENTRAL, Life, audit, by_jumps, check, check_beginning_on_postgresql,
    check_on_postgresql, decide, on, report,
};
use jiff::civil::{Date, date};
use simulator::World;

const HEAD: u32 = 4242;
const NORTH: u32 = 4243;
const SOUTH: u32 = 4244;
const TABLE: &str = include_str!("central.txt");

fn application(
    name: &'static str,
    siret: &'static str,
    email: &'static str,
    service: &'static str,
) -> Application {
    Application {
        name,
        siret,
        email,
        demande: "Première demande",
        service,
        previous: None,
        diagnosis: date(2026, 12, 1),
        surveys: date(2026, 12, 18),
    }
}

fn local(world: &mut World, name: &'static str, siret: &'static str, email: &'static str) {
    let number = application(name, siret, email, ATTACHED).deposit(world);
    world.annotate(number, "N° de dossier du service central", i64::from(HEAD));
    audit(world, number, date(2027, 3, 8));
    world.annotate(number, "Plan d'audit transmis le", date(2027, 2, 15));
}

fn labelled(world: &mut World, number: u32, day: Date) {
    report(world, number, date(2027, 3, 20));
    decide(world, number, "Labellisé", Some("Bronze"), day);
}

fn life() -> Life {
    Life {
        from: date(2027, 1, 4),
        until: date(2029, 12, 31),
        steps: vec![
            on(2027, 1, 11, |world| {
                application("Direction de Haute-Rivelle", "99900185200012", "siege@rivelle.example", CENTRAL)
                    .deposit(world);
            }),
            on(2027, 1, 18, |world| local(world, "Agence Nord", "99900629900013", "nord@rivelle.example")),
            on(2027, 1, 19, |world| local(world, "Agence Sud", "99900666100014", "sud@rivelle.example")),
            on(2027, 4, 12, |world| labelled(world, NORTH, date(2027, 4, 12))),
            on(2027, 4, 13, |world| labelled(world, SOUTH, date(2027, 4, 13))),
            on(2027, 4, 20, |world| {
                audit(world, HEAD, date(2027, 5, 31));
                world.annotate(HEAD, "Plan d'audit transmis le", date(2027, 4, 20));
            }),
            on(2027, 6, 14, |world| {
                report(world, HEAD, date(2027, 6, 14));
                world.annotate(HEAD, "Points de contrôle validés", 36);
                world.annotate(HEAD, "Points de contrôle audités", 40);
            }),
            on(2027, 7, 5, |world| decide(world, HEAD, "Labellisé", Some("Bronze"), date(2027, 7, 5))),
            on(2028, 5, 2, |world| decide(world, SOUTH, "Suspension", None, date(2028, 5, 2))),
            on(2029, 4, 16, |world| decide(world, SOUTH, "Retrait", None, date(2029, 4, 16))),
        ],
    }
}

#[tokio::test]
async fn three_years_of_a_central_service_and_its_locals() {
    check(life(), TABLE).await;
}

#[tokio::test]
async fn the_beginning_of_a_network_on_postgresql() {
    check_beginning_on_postgresql(life(), TABLE).await;
}

#[tokio::test]
#[ignore = "minutes on PostgreSQL: cargo nextest run --run-ignored ignored-only"]
async fn three_years_of_a_central_service_and_its_locals_on_postgresql() {
    check_on_postgresql(life(), TABLE).await;
}

#[tokio::test]
async fn a_network_seen_now_and_then() {
    by_jumps(life(), TABLE, 11).await;
}
