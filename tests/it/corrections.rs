//! Corrections that cannot leave on their day: each leaves once, whenever that is.

use jiff::civil::date;
use simulator::Value;
use vigie::store::outbox::{NewTask, TaskEnd, TaskKind};

use crate::bench::Bench;
use crate::webhooks::{Receiver, Reply, bench, decide, wait};

/// The suspension of 20 June 2027 never existed.
pub fn declare_void(bench: &Bench) {
    let void: Vec<(&'static str, Value)> = vec![
        ("Décision", "Décision annulée (n'a jamais existé)".into()),
        ("Date de la décision", date(2027, 6, 20).into()),
    ];
    bench.simulator.world().add_row(4244, "Historique des décisions", void);
}

fn corrected(bench: &Bench) -> usize {
    bench.subjects().iter().filter(|subject| subject.contains("rectification")).count()
}

#[tokio::test]
async fn a_corrective_mail_that_waits_over_midnight_leaves_once() {
    let receiver = Receiver::start().await;
    let mut bench = bench(receiver.hook(&["label.retire"])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    wait(&bench, 24);
    declare_void(&bench);
    let mailer = bench.daemon.mailer.take();
    bench.pass().await;
    assert_eq!(corrected(&bench), 0, "no server");
    wait(&bench, 48);
    bench.daemon.mailer = mailer;
    for _ in 0..3 {
        bench.pass().await;
        wait(&bench, 24);
    }
    let subjects = bench.subjects();
    let ditp = |subject: &&String| subject.starts_with("[SP+ DITP]") && subject.contains("rectification");
    assert_eq!(subjects.iter().filter(ditp).count(), 1, "{subjects:?}");
    let cancelled = bench.daemon.store.ledger().latest_mails(99).await.unwrap();
    let cancelled: Vec<&str> = cancelled
        .iter()
        .filter(|mail| mail.key.contains("/N-corrige-") && mail.state != "done")
        .map(|mail| mail.key.as_str())
        .collect();
    assert!(cancelled.is_empty(), "{cancelled:?}");
}

#[tokio::test]
async fn a_corrective_notice_that_its_receiver_refuses_for_days_is_told_once() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.pass().await;
    wait(&bench, 24);
    declare_void(&bench);
    receiver.will([Reply::Status(503), Reply::Status(503), Reply::Status(503)]);
    for _ in 0..6 {
        bench.pass().await;
        wait(&bench, 24);
    }
    let told = ["label.suspendu", "label.corrige", "label.corrige", "label.corrige", "label.corrige"];
    assert_eq!(receiver.kinds(), told, "three refusals, then it is told");
    let ids: Vec<_> =
        receiver.calls()[1..].iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "the same notice each time: {ids:?}");
}

/// What cannot be compared is recorded, and corrected by nobody.
#[tokio::test]
async fn a_notice_that_was_told_and_cannot_be_read_is_on_the_health_page() {
    let receiver = Receiver::start().await;
    let bench = bench(receiver.hook(&[])).await;
    let (store, now) = (&bench.daemon.store, bench.daemon.book.clock.now());
    let key = format!("webhook/{}/4244/label.suspendu/2027-06-19", bench.daemon.hooks[0].id);
    let kind = TaskKind::Webhook;
    let task = NewTask { key: &key, kind, dossier: 4244, role: None, rule: None, payload: "{" };
    assert!(store.outbox().put_once(&task, now).await.unwrap());
    store.outbox().end(&key, TaskEnd::Done, None, now).await.unwrap();
    store.judgements().mark_to_judge(4244).await.unwrap();
    bench.pass().await;
    let found = store.health().unreadable(9).await.unwrap();
    assert!(found.iter().any(|(place, line, ..)| place == "outbox.payload" && *line == key), "{found:?}");
    assert!(receiver.calls().is_empty());
}
