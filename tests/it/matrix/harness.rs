//! Any fault at any request, on many dossiers: whatever fails on the way, the store ends equal to the platform, every
//! annotation is there, and none was written twice. A sample runs with the tests, the whole by `cargo bench`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, ToSpan};
use label::case::facts::Facts;
use simulator::{Fault, On, Simulator};

use crate::bench::Bench;

/// Passes that an interrupted reading may take before it is complete.
const PASSES: usize = 8;

/// The faults of a query.
pub fn reading_faults() -> Vec<Fault> {
    let cut_json = Fault::Rewrite { from: "\"pageInfo\"".to_owned(), to: "\"page".to_owned() };
    let deep = format!("\"profond\":{}1{},\"usager\"", "[".repeat(5000), "]".repeat(5000));
    vec![
        Fault::RateLimited,
        Fault::Maintenance,
        Fault::BadGateway,
        Fault::GatewayTimeout,
        Fault::InternalError,
        Fault::Moved,
        Fault::TokenExpired,
        Fault::ForbiddenNetwork,
        Fault::NoToken,
        Fault::Timeout,
        Fault::RootError,
        Fault::InvalidNull(0),
        Fault::InvalidNull(17),
        Fault::NullData,
        Fault::Truncated,
        Fault::Foreign,
        Fault::Html,
        Fault::Empty,
        Fault::Cut,
        Fault::CutInBody,
        Fault::LostResponse,
        Fault::LyingGzip,
        Fault::Endless(64 * 1024 * 1024),
        Fault::Status(204),
        Fault::Status(408),
        Fault::Status(418),
        Fault::Redirect("http://127.0.0.1:9/".to_owned()),
        Fault::Rewrite { from: "\"usager\"".to_owned(), to: deep },
        cut_json,
    ]
}

/// The faults of a write: nothing was done, or all was done and the answer was lost.
pub fn writing_faults() -> Vec<Fault> {
    vec![
        Fault::RateLimited,
        Fault::Maintenance,
        Fault::BadGateway,
        Fault::GatewayTimeout,
        Fault::GatewayTimeoutAfter,
        Fault::InternalError,
        Fault::NullData,
        Fault::RootError,
        Fault::Truncated,
        Fault::Html,
        Fault::Empty,
        Fault::Cut,
        Fault::CutInBody,
        Fault::LostResponse,
        Fault::Moved,
        Fault::TokenExpired,
    ]
}

/// A platform without changes under way, its attachments scanned, one second before the end of a minute by its clock,
/// so that a quota is over quickly.
pub async fn platform(dossiers: u32) -> Bench {
    let bench = Bench::after("lot", dossiers).await;
    let now = bench.simulator.world().now();
    let into = now.as_second().rem_euclid(60);
    bench.set_now(now.checked_add(SignedDuration::from_secs(3659 - into)).unwrap());
    bench
}

/// What a daemon that meets no fault ends with, after the same changes.
pub async fn expected(dossiers: u32) -> BTreeMap<i64, Facts> {
    let bench = platform(dossiers).await;
    change(&bench.simulator, dossiers);
    commit_late(&bench.simulator, dossiers);
    later(&bench, 11);
    bench.daemon.observe().await.unwrap();
    held(&bench).await
}

/// Reads with `fault` at each of these requests, while dossiers move and one is committed late.
pub async fn read_through(fault: &Fault, dossiers: u32, positions: &[usize]) -> BTreeMap<i64, Facts> {
    let bench = platform(dossiers).await;
    let said = format!("{fault:?} at {positions:?}");
    for position in positions {
        bench.simulator.world().arm_nth(On::Query, fault.clone(), *position);
    }
    bench.simulator.world().reset_counters();
    commit_late(&bench.simulator, dossiers);
    let over = AtomicBool::new(false);
    let reading = async {
        let outcome = bench.daemon.observe().await;
        over.store(true, Ordering::Relaxed);
        outcome
    };
    let moving = async {
        while bench.simulator.world().counters().requests < 4 && !over.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        change(&bench.simulator, dossiers);
    };
    let (mut outcome, ()) = tokio::join!(reading, moving);
    let mut new = 0;
    for pass in 0.. {
        match &outcome {
            // What could not be read is asked for by number ten minutes later; so is what was committed late.
            Ok(report) if report.failures.is_empty() && pass >= 2 => break,
            _ => assert!(pass < PASSES, "{said}: still not whole: {outcome:?}"),
        }
        new += outcome.map_or(0, |report| report.changed);
        later(&bench, 11);
        outcome = bench.daemon.observe().await;
    }
    assert!(bench.simulator.world().counters().faults > 0, "{said}: no request was broken");
    assert!(new <= usize::try_from(dossiers).unwrap() + 12, "{said}: {new} changes were counted");
    held(&bench).await
}

/// Writes with `fault` at each of these mutations: everything is written in the end, and nothing twice.
pub async fn write_through(fault: &Fault, dossiers: u32, positions: &[usize]) {
    let bench = platform(dossiers).await;
    let said = format!("{fault:?} at mutations {positions:?}");
    for position in positions {
        bench.simulator.world().arm_nth(On::Mutation, fault.clone(), *position);
    }
    for pass in 0.. {
        let outcome = bench.try_pass().await;
        if outcome.as_ref().is_ok_and(|report| report.failures.is_empty()) {
            break;
        }
        assert!(pass < PASSES, "{said}: still not written: {outcome:?}");
        later(&bench, 2);
    }
    let empty: Vec<u32> = bench.simulator.world().dossiers.keys().copied().collect();
    let empty = empty.into_iter().filter(|number| bench.annotation(*number, "[auto] État").is_empty());
    assert_eq!(empty.collect::<Vec<_>>(), Vec::<u32>::new(), "{said}: not written");
    assert_eq!(bench.simulator.world().counters().repeated, 0, "{said}: written twice");
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_eq!(bench.requests().1, 0, "{said}: a quiet pass writes nothing");
}

fn later(bench: &Bench, minutes: i64) {
    let now = bench.daemon.book.clock.now().checked_add(minutes.minutes()).unwrap();
    bench.set_now(now);
}

/// Ten dossiers change while they are read, before and after the position of the reading.
fn change(simulator: &Simulator, dossiers: u32) {
    for rank in 0..10 {
        let mut world = simulator.world();
        let number = 4242 + rank * dossiers / 10;
        world.annotate(number, "Premier jour de visite", jiff::civil::date(2027, 11, 2));
    }
}

/// One is changed now, and seen ten minutes later with the date of now.
fn commit_late(simulator: &Simulator, dossiers: u32) {
    simulator.world().commit_later(SignedDuration::from_mins(10), move |world| {
        world.annotate(4242 + dossiers / 2 + 1, "Premier jour de visite", jiff::civil::date(2027, 11, 3));
    });
}

/// What the store holds of each dossier that is on the platform.
async fn held(bench: &Bench) -> BTreeMap<i64, Facts> {
    let numbers: Vec<i64> =
        bench.simulator.world().dossiers.keys().map(|number| i64::from(*number)).collect();
    let mut held = BTreeMap::new();
    for number in numbers {
        let facts = bench.daemon.store.dossiers().facts(number).await.unwrap();
        if let Some(facts) = facts.filter(|facts| !facts.gone) {
            held.insert(number, facts);
        }
    }
    held
}
