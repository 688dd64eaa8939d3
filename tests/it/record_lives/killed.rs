//! The real program, killed: what the mail server received and what the record says of it agree.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use vigie::clock::Clock;
use vigie::record::verify::walk;
use vigie::retry::{later, mails};
use vigie::store::Store;
use vigie::store::outbox::TaskKind;

use super::Dice;
use crate::running::{Running, log, platform, until};
use crate::smtp::{Reply, Server};

/// How long the server takes to answer a mail.
const ACTION: Duration = Duration::from_millis(150);

/// An act of the record.
#[derive(Debug)]
struct Act {
    at: Timestamp,
    what: String,
    key: Option<String>,
}

impl Act {
    /// The Message-ID of a mail with its key, without the domain.
    fn id(&self) -> String {
        let key = self.key.clone().unwrap_or_default();
        key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).collect()
    }
}

async fn store(folder: &TempDir) -> Store {
    Store::open(&format!("sqlite:{}", folder.path().join("vigie.db").display())).await.unwrap()
}

async fn acts(store: &Store) -> Vec<Act> {
    let entries = store.record().after(0, 100_000).await.unwrap();
    let acts = entries.into_iter().filter(|entry| entry.kind == "act");
    let act = |entry: vigie::store::chain::RecordEntry| {
        let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Act { at: entry.at, what: text("what").unwrap(), key: text("key") }
    };
    acts.map(act).collect()
}

/// Ends the claims of a killed process: the next one finds what it took.
async fn end_leases(store: &Store) {
    let now = Clock::System.now();
    for kind in [TaskKind::Mail, TaskKind::Annotation] {
        for task in store.outbox().due(kind, later(now, mails::LEASE), 10_000).await.unwrap() {
            if task.interrupted {
                store.outbox().later(&task.key, "killed", now).await.unwrap();
                let until = later(now, jiff::SignedDuration::from_millis(1));
                assert!(store.outbox().claim(&task, now, until).await.unwrap());
            }
        }
    }
}

fn received(server: &Server) -> Vec<String> {
    let local = |id: String| id.trim_matches(['<', '>']).split('@').next().unwrap_or_default().to_owned();
    server.ids().into_iter().map(local).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_leaves_no_act_without_its_entry() {
    let (simulator, server) = (platform("lot", 40).await, Server::start().await);
    let folder = crate::cli::folder(&simulator.endpoint());
    let smtp = format!("smtp://127.0.0.1:{}", server.port);
    let variables = [("VIGIE_MAIL__SMTP", &*smtp), ("VIGIE_MAIL__PER_DAY", "100000")];
    server.replies.lock().unwrap().extend(vec![Reply::AcceptAfter(ACTION); 5000]);
    let mut dice = Dice::new(5);
    // What was in hand at each kill.
    let mut uncertain: BTreeSet<String> = BTreeSet::new();
    for time in 0..5 {
        let mut running = Running::start(folder.path(), &[], &variables);
        let begun = server.ids().len();
        until("it acts", || running.has_ended() || server.ids().len() > begun).await;
        tokio::time::sleep(Duration::from_millis(dice.below(500).unsigned_abs())).await;
        if time % 2 == 0 {
            until("a mail is in hand", || server.unanswered.load(Ordering::SeqCst) > 0).await;
        }
        running.signal("KILL");
        let _ = running.ended(Duration::from_secs(10)).await;
        let store = store(&folder).await;
        let walk = walk(&store.record(), None).await.unwrap();
        assert_eq!(walk.fault, None);
        // Nothing but what was in hand lacks its entry, and the store says of it that somebody took it.
        let told: BTreeSet<String> = acts(&store).await.iter().map(Act::id).collect();
        let now = later(Clock::System.now(), mails::LEASE);
        let due = store.outbox().due(TaskKind::Mail, now, 10_000).await.unwrap();
        let taken = due.into_iter().filter(|task| task.interrupted);
        let taken: Vec<Act> =
            taken.map(|task| Act { at: now, what: String::new(), key: Some(task.key) }).collect();
        let taken: BTreeSet<String> = taken.iter().map(Act::id).collect();
        let without: BTreeSet<String> =
            received(&server).into_iter().filter(|id| !told.contains(id)).collect();
        assert!(without.is_subset(&taken), "{without:?} in {taken:?}");
        uncertain.extend(taken);
        end_leases(&store).await;
    }
    server.replies.lock().unwrap().clear();
    let mut last = Running::start(folder.path(), &["--once"], &variables);
    let _ = last.ended(Duration::from_secs(60)).await;
    let store = store(&folder).await;
    let (acts, received) = (acts(&store).await, received(&server));
    assert_eq!(walk(&store.record(), None).await.unwrap().fault, None);
    assert!(received.len() > 10 && uncertain.len() >= 3, "{received:?} {uncertain:?}\n{}", log(&folder));
    let place = |id: &String, what: &str| acts.iter().position(|act| act.what == what && act.id() == *id);
    for id in &received {
        // In hand at a kill and no longer wanted since, it is not sent again: the record says that it may have left.
        let said = place(id, "courriel").or_else(|| place(id, "acte incertain"));
        assert!(said.is_some(), "{id} left and the record does not say so\n{}", log(&folder));
    }
    for id in &uncertain {
        let (marked, sent) = (place(id, "acte incertain"), place(id, "courriel"));
        assert!(marked.is_some() && (sent.is_none() || marked < sent), "{id}: {marked:?}, {sent:?}");
    }
    // What a bundle carried has its entry at the same instant, after that of the bundle.
    let mut bundle: Option<&Act> = None;
    for act in acts.iter().filter(|act| act.what == "courriel") {
        match received.contains(&act.id()) {
            true => bundle = Some(act),
            false => assert_eq!(bundle.map(|bundle| bundle.at), Some(act.at), "{act:?} was never received"),
        }
    }
}
