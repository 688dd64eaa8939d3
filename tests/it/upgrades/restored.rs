//! A store that was lost, or restored from an old backup: what the platform's journal annotation lists is not sent
//! again.

use jiff::civil::date;
use label::outgoing::Action;

use super::platform;
use crate::bench::{Bench, FORM, demarche};

async fn bench_over(simulator: simulator::Simulator, url: &str) -> Bench {
    let mut bench = Bench::over(simulator, url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench
}

fn journals(bench: &Bench) -> Vec<String> {
    (4242..=4244).map(|number| bench.annotation(number, "[auto] Journal")).collect()
}

#[tokio::test]
async fn a_lost_store_sends_nothing_that_the_journals_tell() {
    let bench = bench_over(platform().await, "sqlite::memory:").await;
    bench.pass().await;
    let told = bench.mails().len();
    let before = journals(&bench);
    let lines: usize = before.iter().map(|journal| journal.lines().count()).sum();
    assert!(told > 0 && lines > 0, "{told} mails, {before:?}");

    let mut lost = bench_over(bench.simulator, "sqlite::memory:").await;
    lost.daemon.acting.dry_run = true;
    let would_do = lost.pass().await.would_do;
    let recalled = would_do.iter().filter(|action| matches!(action, Action::Recall(_))).count();
    let mails = would_do.iter().filter(|action| matches!(action, Action::Mail(_))).count();
    assert_eq!((recalled, mails), (lines, 0), "announced before anything is done: {would_do:?}");

    lost.daemon.acting.dry_run = false;
    lost.pass().await;
    // The monthly report concerns no dossier: no journal annotation lists it.
    let again: Vec<String> =
        lost.subjects().into_iter().filter(|subject| !subject.contains("Bilan mensuel")).collect();
    assert_eq!(again, Vec::<String>::new(), "nothing is sent again");
    assert_eq!(journals(&lost), before, "and no line is lost");
    let sent = lost
        .daemon
        .store
        .ledger()
        .mails_sent(&[4242])
        .await
        .unwrap()
        .into_values()
        .flatten()
        .collect::<Vec<_>>();
    assert!(!sent.is_empty(), "the ledger holds them again");
}

#[tokio::test]
async fn without_its_line_a_mail_leaves_again() {
    let bench = bench_over(platform().await, "sqlite::memory:").await;
    bench.pass().await;
    for number in 4242..=4244 {
        bench.simulator.world().annotate(number, "[auto] Journal", "");
    }
    let lost = bench_over(bench.simulator, "sqlite::memory:").await;
    lost.pass().await;
    assert!(!lost.mails().is_empty());
}
