//! What vigie may do, and to whom it writes: nothing else is put or done, and each change has living cases judged again.

use std::collections::BTreeSet;

use jiff::civil::date;
use vigie::daemon::{Acting, Desk};
use vigie::store::outbox::TaskKind;

use crate::bench::Bench;
use crate::webhooks::Receiver;

type Change = fn(&mut Acting);

fn desk() -> Desk {
    Desk { name: "Boréal Certification".to_owned(), addresses: vec!["b@boreal.example".to_owned()] }
}

async fn judged(bench: &Bench) -> usize {
    bench.daemon.judge().await.unwrap().judged
}

#[tokio::test]
async fn each_change_of_what_it_may_do_has_living_cases_judged_once_more() {
    let mut bench = Bench::after("petit", 0).await;
    bench.pass().await;
    assert_eq!(judged(&bench).await, 0);
    let changes: [(&str, Change); 7] = [
        ("act.annotations", |acting| acting.annotations = false),
        ("act.mail", |acting| acting.mail = false),
        ("act.messages", |acting| acting.messages = true),
        ("act.since", |acting| acting.since = Some(date(2027, 1, 1))),
        ("recipients.organisme", |acting| acting.organisme = vec!["autre@organisme.example".to_owned()]),
        ("recipients.ditp", |acting| acting.ditp.clear()),
        ("organismes", |acting| acting.desks = vec![desk()]),
    ];
    for (key, change) in changes {
        change(&mut bench.daemon.acting);
        assert_eq!((judged(&bench).await, judged(&bench).await), (3, 0), "{key}");
    }
    let receiver = Receiver::start().await;
    for hooks in [vec![receiver.hook(&[])], vec![receiver.hook(&["label.expire"])], Vec::new()] {
        bench.daemon.hooks = hooks;
        assert_eq!((judged(&bench).await, judged(&bench).await), (3, 0), "{:?}", bench.daemon.hooks);
    }
    // A dry run shows what would follow, and leaves it to the next pass.
    bench.daemon.acting.mail = true;
    bench.daemon.acting.dry_run = true;
    assert_eq!((judged(&bench).await, judged(&bench).await), (3, 3));
    bench.daemon.acting.dry_run = false;
    assert_eq!((judged(&bench).await, judged(&bench).await), (3, 0));
}

const KINDS: [TaskKind; 3] = [TaskKind::Mail, TaskKind::Annotation, TaskKind::Message];

/// Of mails, annotations and messages, those that wait.
async fn waiting(bench: &Bench) -> Vec<TaskKind> {
    let outbox = bench.daemon.store.outbox();
    let mut waiting = Vec::new();
    for kind in KINDS {
        if outbox.has_pending(kind).await.unwrap() {
            waiting.push(kind);
        }
    }
    waiting
}

fn allow(bench: &mut Bench, kinds: &[TaskKind]) {
    let acting = &mut bench.daemon.acting;
    acting.mail = kinds.contains(&TaskKind::Mail);
    acting.annotations = kinds.contains(&TaskKind::Annotation);
    acting.messages = kinds.contains(&TaskKind::Message);
}

#[tokio::test]
async fn what_it_may_not_do_is_neither_put_nor_done() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    bench.daemon.observe().await.unwrap();
    let mut allowed: Vec<TaskKind> = Vec::new();
    for kind in KINDS {
        allow(&mut bench, &[kind]);
        judged(&bench).await;
        allowed.push(kind);
        assert_eq!(waiting(&bench).await, allowed, "{kind:?} was put, and no other");
    }
    // What waits when it is forbidden stays where it is.
    allow(&mut bench, &[]);
    let hours = vigie::daemon::Hours::ALL;
    let mailed = bench.daemon.deliver_mails(hours).await.unwrap().mailed;
    let messaged = bench.daemon.deliver_messages().await.unwrap().messaged;
    let annotated = bench.daemon.deliver_annotations().await.unwrap().annotated;
    assert_eq!((mailed, messaged, annotated), (0, 0, 0));
    assert_eq!(waiting(&bench).await, KINDS);
    assert!(bench.mails().is_empty());
    allow(&mut bench, &KINDS);
    let report = bench.pass().await;
    assert!(report.mailed > 1 && report.messaged > 1 && report.annotated > 1, "{report:?}");
}

#[tokio::test]
async fn nothing_is_put_for_a_role_without_an_address() {
    let roles: [(&str, Change); 2] =
        [("ditp", |acting| acting.ditp.clear()), ("organisme", |acting| acting.organisme.clear())];
    for (role, clear) in roles {
        let mut bench = Bench::after("petit", 0).await;
        bench.daemon.acting.since = Some(date(2026, 1, 1));
        clear(&mut bench.daemon.acting);
        bench.pass().await;
        let put = bench.daemon.store.ledger().latest_mails(999).await.unwrap();
        let roles: BTreeSet<&str> = put.iter().map(|mail| mail.role.as_str()).collect();
        assert!(!roles.contains(role) && roles.len() > 1, "{role}: {roles:?}");
        assert!(put.iter().all(|mail| mail.state == "done"), "{put:?}");
    }
}
