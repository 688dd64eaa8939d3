//! A stop is orderly: the action under way is finished and recorded, and no other is begun.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use simulator::{Fault, On, Simulator};
use tempfile::TempDir;
use vigie::clock::Clock;
use vigie::retry::{later, mails};
use vigie::store::Store;
use vigie::store::outbox::TaskKind;

use crate::running::{Running, log, platform, until};
use crate::smtp::{Reply, Server};

const SOON: Duration = Duration::from_secs(30);

fn smtp(server: &Server) -> String {
    format!("smtp://127.0.0.1:{}", server.port)
}

fn repeated(ids: &[String]) -> Vec<&String> {
    let mut times: BTreeMap<&String, usize> = BTreeMap::new();
    ids.iter().for_each(|id| *times.entry(id).or_default() += 1);
    times.into_iter().filter(|(_, times)| *times > 1).map(|(id, _)| id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_in_hand_is_finished_and_sent_once() {
    let (simulator, server) = (platform("petit", 0).await, Server::start().await);
    server.replies.lock().unwrap().push_back(Reply::AcceptAfter(Duration::from_secs(3)));
    let folder = crate::cli::folder(&simulator.endpoint());
    let variables = [("VIGIE_MAIL__SMTP", &*smtp(&server))];
    for arguments in [&[][..], &["--once"]] {
        let mut running = Running::start(folder.path(), arguments, &variables);
        let once = !arguments.is_empty();
        until("a mail arrived, or the pass ended", || {
            !server.ids().is_empty() && (!once || running.has_ended())
        })
        .await;
        if !once {
            running.signal("TERM");
            let (status, took) = running.ended(SOON).await;
            assert_eq!(status.code(), Some(0), "{}", log(&folder));
            assert!(took > Duration::from_secs(2), "the server was not waited for: {took:?}");
            assert_eq!(server.ids().len(), 1, "nothing new was begun");
        }
    }
    let ids = server.ids();
    assert!(ids.len() > 1, "the second run goes on: {ids:?}");
    assert_eq!(repeated(&ids), Vec::<&String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_annotation_in_hand_is_finished_and_written_once() {
    let simulator = platform("petit", 0).await;
    simulator.with_world(|world| world.inject(On::Mutation, Fault::Slow(Duration::from_secs(3)), 1));
    let folder = crate::cli::folder(&simulator.endpoint());
    let mut running = Running::start(folder.path(), &[], &[]);
    until("a first write", || simulator.world().counters().mutations > 0).await;
    running.signal("TERM");
    let (status, took) = running.ended(SOON).await;
    assert_eq!(status.code(), Some(0), "{}", log(&folder));
    assert!(took > Duration::from_secs(2), "the platform was not waited for: {took:?}");
    assert_eq!(simulator.world().counters().mutations, 1, "nothing new was begun");
    let mut again = Running::start(folder.path(), &["--once"], &[]);
    assert_eq!(again.ended(SOON).await.0.code(), Some(0), "{}", log(&folder));
    let counters = simulator.world().counters();
    assert!(counters.mutations > 1);
    assert_eq!(counters.repeated, 0, "{counters:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_and_the_limit_stop_at_once() {
    for (signals, within, least) in [(2, "20", 0), (1, "1", 900)] {
        let (simulator, server) = (platform("petit", 0).await, Server::start().await);
        server.replies.lock().unwrap().push_back(Reply::AcceptAfter(Duration::from_secs(25)));
        let folder = crate::cli::folder(&simulator.endpoint());
        let variables = [("VIGIE_MAIL__SMTP", &*smtp(&server)), ("VIGIE_SCHEDULE__STOP_WITHIN", within)];
        let mut running = Running::start(folder.path(), &[], &variables);
        until("a mail arrived", || !server.ids().is_empty()).await;
        running.signal("TERM");
        until("it says that it stops", || log(&folder).contains("the action in hand has")).await;
        if signals == 2 {
            running.signal("TERM");
        }
        let (status, took) = running.ended(SOON).await;
        assert_eq!(status.code(), Some(1), "{}", log(&folder));
        assert!(took < Duration::from_secs(4) && took >= Duration::from_millis(least), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_stops_at_random_repeat_nothing() {
    stops(20).await;
}

/// The long campaign: `cargo test --test it two_hundred_stops -- --ignored`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "four minutes; its command stands above"]
async fn two_hundred_stops_at_random_repeat_nothing() {
    stops(200).await;
}

/// Longer than any wait of a run that has something to do: for the next minute of the platform's quota.
const STILL: Duration = Duration::from_secs(100);

/// How long an action takes in [`stops`]: the server answers a mail, the platform a write, so long after it has it.
const ACTION: Duration = Duration::from_millis(200);

/// What the program is doing just before a signal.
#[derive(PartialEq, Eq)]
struct Hand {
    /// Mails and writes that were begun, and those among them that are unanswered.
    mails: (usize, usize),
    writes: (u64, u64),
}

impl Hand {
    fn of(simulator: &Simulator, server: &Server) -> Hand {
        let counters = simulator.world().counters();
        let mails = (server.ids().len(), server.unanswered.load(Ordering::SeqCst));
        Hand { mails, writes: (counters.mutations, counters.unanswered) }
    }
}

/// The control of the tests above: a program killed inside the answer to a mail sends that mail again, under the same
/// Message-ID. So these tests can see a mail that is sent twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_whose_sender_was_killed_leaves_twice_and_is_counted() {
    let (simulator, server) = (platform("petit", 0).await, Server::start().await);
    server.replies.lock().unwrap().push_back(Reply::AcceptAfter(SOON));
    let folder = crate::cli::folder(&simulator.endpoint());
    let variables = [("VIGIE_MAIL__SMTP", &*smtp(&server))];
    let mut running = Running::start(folder.path(), &[], &variables);
    until("a mail is in hand", || server.unanswered.load(Ordering::SeqCst) > 0).await;
    running.signal("KILL");
    assert_eq!(running.ended(SOON).await.0.code(), None, "killed, not stopped");
    let killed = server.ids();
    assert_eq!((killed.len(), repeated(&killed)), (1, Vec::new()));
    let mut early = Running::start(folder.path(), &["--once"], &variables);
    let code = early.ended(SOON).await.0.code();
    assert_eq!(code, Some(1), "the mail that was taken is not nothing left to do");
    assert!(early.said().contains("1 tâche attend jusqu’à "), "{}", early.said());
    assert!(log(&folder).contains("1 tasks wait until "), "{}", log(&folder));
    assert_eq!(repeated(&server.ids()), Vec::<&String>::new(), "and is not sent while it is another's");
    end_leases(&folder).await;
    let mut again = Running::start(folder.path(), &["--once"], &variables);
    assert_eq!(again.ended(SOON).await.0.code(), Some(0), "{}", log(&folder));
    let ids = server.ids();
    assert!(ids.len() > 2, "{ids:?}");
    assert_eq!(repeated(&ids), [&killed[0]]);
}

/// Shortens the claims of a killed process from five minutes to three seconds.
async fn end_leases(folder: &TempDir) {
    let url = format!("sqlite:{}", folder.path().join("vigie.db").display());
    let (store, now) = (Store::open(&url).await.unwrap(), Clock::System.now());
    let claimed = store.outbox().due(TaskKind::Mail, later(now, mails::LEASE), 100).await.unwrap();
    assert!(!claimed.is_empty());
    for task in claimed {
        store.outbox().later(&task.key, "killed", now).await.unwrap();
        let until = later(now, jiff::SignedDuration::from_secs(3));
        assert!(store.outbox().claim(&task, now, until).await.unwrap());
    }
}

/// Stops a busy run so many times, each after a while that the seed decides, then lets it end.
async fn stops(times: u32) {
    let (simulator, server) = (platform("lot", 40 + 3 * times).await, Server::start().await);
    let folder = crate::cli::folder(&simulator.endpoint());
    let variables = [
        ("VIGIE_MAIL__SMTP", &*smtp(&server)),
        ("VIGIE_MAIL__PER_DAY", "100000"),
        ("VIGIE_SCHEDULE__POLL", "* * * * * *"),
    ];
    server.replies.lock().unwrap().extend(vec![Reply::AcceptAfter(ACTION); 5000]);
    simulator.with_world(|world| world.inject(On::Mutation, Fault::Slow(ACTION), 5000));
    let (mut seed, mut sending, mut writing) = (u64::from(times), 0, 0);
    for time in 0..times {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let done = || (server.ids().len(), simulator.world().counters().mutations);
        let begun = done();
        // Mails are sent before annotations are written: in every other run none is, or no stop would interrupt a
        // write.
        let mails = if time % 2 == 0 { "true" } else { "false" };
        let variables = [&variables[..], &[("VIGIE_ACT__MAIL", mails)]].concat();
        let mut running = Running::start(folder.path(), &[], &variables);
        // However slow the machine: the wait begins with the first action.
        until("it acts", || running.has_ended() || done() != begun).await;
        assert!(!running.has_ended(), "{}", log(&folder));
        tokio::time::sleep(Duration::from_millis((seed >> 33) % 400)).await;
        // Half of the signals come at any moment, the others as soon as an action is in hand.
        let holds = |hand: &Hand| hand.mails.1 > 0 || hand.writes.1 > 0;
        if time % 4 < 2 {
            until("it acts again", || running.has_ended() || holds(&Hand::of(&simulator, &server))).await;
        }
        let before = Hand::of(&simulator, &server);
        running.signal("TERM");
        // Only what was unanswered before the signal and still is after it was certainly in hand.
        let after = Hand::of(&simulator, &server);
        sending += usize::from(before.mails == after.mails && after.mails.1 > 0);
        writing += usize::from(before.writes == after.writes && after.writes.1 > 0);
        let (status, _) = running.ended(SOON).await;
        assert_eq!(status.code(), Some(0), "{}", log(&folder));
    }
    server.replies.lock().unwrap().clear();
    simulator.world().clear_faults();
    let mut last = Running::start(folder.path(), &["--once"], &variables);
    // However much is left and however slow the machine: only a program that stands still is a fault.
    let done = || (server.ids().len(), simulator.world().counters().requests);
    let (mut begun, mut since) = (done(), std::time::Instant::now());
    while !last.has_ended() {
        if done() != begun {
            (begun, since) = (done(), std::time::Instant::now());
        }
        assert!(since.elapsed() < STILL, "it stands still after {begun:?}: {}", log(&folder));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(last.ended(SOON).await.0.code(), Some(0), "{}", log(&folder));
    let (counters, ids) = (simulator.world().counters(), server.ids());
    println!(
        "{times} stops: {sending} inside the answer to a mail, {writing} inside a write; {} mails, {} writes in all",
        ids.len(),
        counters.mutations
    );
    assert!(ids.len() > 20 && counters.mutations > 20, "not busy: {counters:?}");
    assert_eq!(repeated(&ids), Vec::<&String>::new());
    assert_eq!(counters.repeated, 0, "{counters:?}");
    let least = usize::try_from(times / 10).unwrap();
    assert!(sending >= least, "too few stops fell inside the answer to a mail: {sending}");
    assert!(writing >= least, "too few stops fell inside a write: {writing}");
}
