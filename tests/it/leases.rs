//! While something is being sent or written, its task is taken: nobody else takes it before the lease is over.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::date;
use simulator::{Fault, On};
use vigie::daemon::Hours;
use vigie::retry::{annotations, mails, messages, webhooks};

use crate::bench::Bench;
use crate::smtp::{Reply, Server};
use crate::webhooks::{Receiver, decide};

const QUIET: Hours = Hours { morning: false, digest: false, monthly: false };

/// How many tasks are taken while `act` is under way, and for how long.
async fn taken<T>(bench: &Bench, act: impl Future<Output = T>) -> (i64, SignedDuration) {
    let (outbox, now) = (bench.daemon.store.outbox(), bench.daemon.book.clock.now());
    let looked = async {
        loop {
            if let Some((count, until)) = outbox.claimed(now).await.unwrap() {
                return (count, until.duration_since(now));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::pin!(act, looked);
    let taken = tokio::select! {
        found = &mut looked => found,
        _ = &mut act => (0, SignedDuration::ZERO),
    };
    if taken.0 > 0 {
        act.await;
    }
    taken
}

#[tokio::test]
async fn a_mail_is_taken_while_it_is_sent() {
    let server = Server::start().await;
    let bench = crate::smtp::bench(&server).await;
    server.replies.lock().unwrap().push_back(Reply::AcceptAfter(Duration::from_millis(200)));
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    assert_eq!(taken(&bench, bench.daemon.deliver_mails(QUIET)).await, (1, mails::LEASE));
}

#[tokio::test]
async fn a_notice_is_taken_while_it_is_told() {
    let receiver = Receiver::start().await;
    let bench = crate::webhooks::bench(receiver.hook(&[])).await;
    receiver.will([crate::webhooks::Reply::Slow]);
    decide(&bench, "Suspension", date(2027, 6, 20));
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    assert_eq!(taken(&bench, bench.daemon.deliver_hooks()).await, (1, webhooks::LEASE));
}

#[tokio::test]
async fn what_is_written_on_the_platform_is_taken_while_it_is_written() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.acting.messages = true;
    bench.daemon.acting.since = Some(date(2027, 1, 1));
    bench.daemon.observe().await.unwrap();
    bench.daemon.judge().await.unwrap();
    let slow = Fault::Slow(Duration::from_millis(200));
    bench.simulator.world().inject(On::Mutation, slow.clone(), 1);
    assert_eq!(taken(&bench, bench.daemon.deliver_messages()).await, (1, messages::LEASE));
    bench.simulator.world().inject(On::Mutation, slow, 1);
    assert_eq!(taken(&bench, bench.daemon.deliver_annotations()).await, (1, annotations::LEASE));
}
