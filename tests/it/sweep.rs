//! The nightly reading: the whole list is compared with what is stored, for a few requests.

use jiff::{SignedDuration, Timestamp, ToSpan};
use simulator::{Deletion, Fault, On, Value};
use vigie::store::position::Sweep;

use crate::bench::Bench;
use crate::observe::{held, later, truth};

const SCOPE: &str = "demarche/12345";

/// Reads everything, then what the platform's own later writes change.
async fn settled(dossiers: u32) -> Bench {
    let bench = Bench::after("lot", dossiers).await;
    bench.daemon.observe().await.unwrap();
    later(&bench, 60);
    bench.daemon.observe().await.unwrap();
    bench
}

/// One night; the requests that it cost beyond that of a quiet pass.
async fn night(bench: &Bench) -> (u64, usize) {
    // What is due by number anyway is asked for before.
    bench.daemon.observe().await.unwrap();
    bench.daemon.begin_sweep(|_| true).await.unwrap();
    assert!(bench.daemon.is_sweeping().await.unwrap());
    bench.simulator.world().reset_counters();
    let changed = bench.daemon.observe().await.unwrap().changed;
    assert!(!bench.daemon.is_sweeping().await.unwrap());
    (bench.requests().0 - 1, changed)
}

fn change_silently(bench: &Bench, number: u32) {
    // As a rebase does: the content changes, no date does.
    let mut world = bench.simulator.world();
    let cells = &mut world.dossiers.get_mut(&number).unwrap().champs.cells;
    let date = cells.values_mut().find(|cell| matches!(cell.value, Value::Date(_))).unwrap();
    date.value = Value::Date(jiff::civil::date(2026, 2, 3));
}

#[tokio::test]
async fn the_nightly_reading_finds_what_left_without_a_word() {
    let bench = settled(50).await;
    bench.simulator.world().delete(4244, Deletion::Expired);
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 0, "no stream shows an expiry");
    assert!(!bench.daemon.store.dossiers().facts(4244).await.unwrap().unwrap().gone);
    assert_eq!(night(&bench).await.0, 2, "the list, and the one that it does not show");
    assert!(bench.daemon.store.dossiers().facts(4244).await.unwrap().unwrap().gone);
    assert_eq!(held(&bench).await.len(), 49);
    bench.daemon.begin_sweep(|last| last < bench.daemon.book.clock.now()).await.unwrap();
    assert!(!bench.daemon.is_sweeping().await.unwrap(), "one a night");
}

#[tokio::test]
async fn a_night_costs_one_request_for_nine_hundred_dossiers() {
    let bench = settled(1000).await;
    assert_eq!(night(&bench).await, (2, 0));
    // The first and the last of the list, and two within it.
    for number in [4242, 4700, 4701, 5241] {
        bench.simulator.world().delete(number, Deletion::Expired);
    }
    later(&bench, 60);
    assert_eq!(night(&bench).await.0, 2 + 4);
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn what_stands_elsewhere_is_read_once_and_not_every_night() {
    let bench = settled(300).await;
    // It becomes visible far behind the cursor: only the whole list shows it.
    bench.simulator.world().dossiers.get_mut(&4300).unwrap().updated_at -= SignedDuration::from_secs(1);
    change_silently(&bench, 4300);
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 0);
    assert_eq!(night(&bench).await, (2, 1), "the list, and the one that moved");
    later(&bench, 60);
    assert_eq!(night(&bench).await, (1, 0));
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn a_list_that_stands_elsewhere_altogether_is_read_by_pages() {
    let bench = settled(300).await;
    {
        let mut world = bench.simulator.world();
        for dossier in world.dossiers.values_mut() {
            dossier.updated_at = dossier.updated_at.checked_sub(20.minutes()).unwrap();
        }
    }
    let (requests, changed) = night(&bench).await;
    assert_eq!(changed, 0);
    assert!(requests < 20, "{requests} requests for 300 dossiers");
    later(&bench, 60);
    assert_eq!(night(&bench).await, (1, 0));
}

#[tokio::test]
async fn a_silent_change_is_found_within_a_week() {
    let bench = settled(20).await;
    let some_day = bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(9000)).unwrap();
    let asked = bench.daemon.store.asks().due_asks(SCOPE, some_day, 99).await.unwrap();
    // One that nothing asks for by its number.
    let quiet = (4242..4262).find(|number| asked.iter().all(|ask| ask.number != i64::from(*number))).unwrap();
    change_silently(&bench, quiet);
    assert_eq!(bench.daemon.observe().await.unwrap().changed, 0);
    assert_eq!(night(&bench).await.1, 0, "no position shows it");
    later(&bench, 7 * 24 * 60);
    assert_eq!(night(&bench).await.1, 1);
    assert_eq!(held(&bench).await, truth(bench).await);
}

#[tokio::test]
async fn a_platform_that_cannot_list_is_read_by_pages() {
    let bench = settled(60).await;
    bench.simulator.world().delete(4244, Deletion::Expired);
    bench.daemon.begin_sweep(|_| true).await.unwrap();
    // The first request is that of the streams.
    bench.simulator.world().arm_nth(On::Query, Fault::Timeout, 2);
    bench.daemon.observe().await.unwrap();
    assert!(!bench.daemon.is_sweeping().await.unwrap());
    assert!(bench.daemon.store.dossiers().facts(4244).await.unwrap().unwrap().gone);
}

/// A reading that a stop interrupted goes on from its position, whatever lies there.
#[tokio::test]
async fn a_nightly_reading_goes_on_where_it_was() {
    let bench = settled(200).await;
    let mut stands: Vec<(Timestamp, u32)> = {
        let world = bench.simulator.world();
        world.dossiers.values().map(|dossier| (dossier.updated_at, dossier.number)).collect()
    };
    stands.sort_unstable();
    let (low, _) = stands[120];
    for rank in [60, 150, 199] {
        bench.simulator.world().delete(stands[rank].1, Deletion::Expired);
    }
    let pages = bench.daemon.store.pages();
    let place = pages.place_before(SCOPE, low).await.unwrap();
    let began = Some(bench.daemon.book.clock.now());
    let last = pages.walks(SCOPE).await.unwrap().sweep;
    let low = Timestamp::from_second(low.as_second()).ok();
    pages.set_sweep(SCOPE, &Sweep { place, began, low, ..last }).await.unwrap();
    bench.daemon.observe().await.unwrap();
    assert!(!bench.daemon.is_sweeping().await.unwrap());
    let mut gone = Vec::new();
    for rank in [60, 150, 199] {
        let facts = bench.daemon.store.dossiers().facts(stands[rank].1.into()).await.unwrap();
        gone.push(facts.unwrap().gone);
    }
    assert_eq!(gone, [false, true, true], "what lies before its position was compared before the stop");
}
