//! The demo as a program: a day whose pass fails is followed by the next one, a signal ends it as it ends `vigie run`.

use std::time::Duration;

use jiff::ToSpan;
use simulator::{Fault, On};
use vigie::commands::demo::stage;

use crate::bench::tls;
use crate::running::{Running, log, until};

#[tokio::test]
async fn a_pass_that_fails_costs_its_day_and_not_the_demo() {
    tls();
    let mut stage = stage(1, 86_400).await.unwrap();
    let day = |days: i64| stage_start().saturating_add((24 * days).hours()).unwrap();
    stage.live_day(day(20)).await;
    let judged = stage.daemon.store.cases().work_list(None, 100).await.unwrap().len();
    stage.simulator.world().arm_every(On::Any, Fault::TokenExpired);
    assert!(!stage.live_day(day(70)).await);
    let error = stage.daemon.store.settings().get("last_error").await.unwrap().unwrap();
    assert!(!error.is_empty(), "the pages say why");
    stage.simulator.world().clear_faults();
    stage.live_day(day(71)).await;
    assert_eq!(stage.daemon.store.settings().get("last_error").await.unwrap().as_deref(), Some(""));
    let later = stage.daemon.store.cases().work_list(None, 100).await.unwrap().len();
    assert!(later > judged, "what was deposited meanwhile is read: {judged}, then {later}");
}

fn stage_start() -> jiff::Timestamp {
    "2027-01-04T07:00:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_the_demo_as_it_ends_a_run() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut demo = Running::demo(folder.path());
        until("it says where it listens", || demo.said().contains("/demo ")).await;
        demo.signal(name);
        let (status, took) = demo.ended(Duration::from_secs(25)).await;
        assert_eq!(status.code(), Some(0), "{name}: {}", log(&folder));
        assert!(took < Duration::from_secs(20), "{name}: {took:?}");
        assert!(log(&folder).contains("the action in hand has 20 s to end"), "{name}: {}", log(&folder));
    }
}
