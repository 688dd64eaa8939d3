//! A first reading writes in a dossier once its attachments are read, and not a moment before and once more after.

use jiff::SignedDuration;
use vigie::store::asks::AskReason;

use crate::bench::Bench;
use crate::documents::reading;

const STATE: &str = "[auto] État";

/// As when the pass ended before the attachments of a dossier were read: they are due a minute later.
async fn unread(bench: &Bench, dossier: i64) {
    let later = bench.daemon.book.clock.now() + SignedDuration::from_mins(1);
    let scope = bench.daemon.sources[0].key();
    bench.daemon.store.asks().ask(&scope, dossier, AskReason::Files, later).await.unwrap();
}

#[tokio::test]
async fn a_dossier_is_annotated_once_its_attachments_are_read() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    bench.daemon.observe().await.unwrap();
    unread(&bench, 4242).await;
    for read in [4243, 4244] {
        bench.daemon.store.asks().asked(read, AskReason::Files).await.unwrap();
    }
    bench.daemon.judge().await.unwrap();
    bench.daemon.deliver_annotations().await.unwrap();
    assert_eq!(bench.annotation(4242, STATE), "", "its attachments are not read yet");
    assert_ne!(bench.annotation(4244, STATE), "", "the others do not wait");

    // They are read by the next pass, which then writes at once.
    let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(2);
    bench.set_now(now);
    bench.simulator.world().reset_counters();
    bench.pass().await;
    assert_ne!(bench.annotation(4242, STATE), "");
    let written = bench.daemon.store.journal().entries(Some(4242), 200).await.unwrap();
    let writes =
        written.iter().filter(|line| line.is(label::wording::journal::EntryKind::Annotation)).count();
    assert_eq!(writes, 1, "{written:?}");
}

#[tokio::test]
async fn attachments_that_cannot_be_read_hold_a_dossier_for_half_an_hour_at_most() {
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.reading = Some(reading(&bench, None, None));
    bench.daemon.observe().await.unwrap();
    for minute in [0, 10, 20, 29] {
        let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(if minute == 0 { 0 } else { 9 });
        bench.set_now(now);
        unread(&bench, 4242).await;
        bench.daemon.store.judgements().mark_to_judge(4242).await.unwrap();
        bench.daemon.judge().await.unwrap();
        bench.daemon.deliver_annotations().await.unwrap();
        assert_eq!(bench.annotation(4242, STATE), "", "at {minute} minutes");
    }
    let now = bench.daemon.book.clock.now() + SignedDuration::from_mins(4);
    bench.set_now(now);
    unread(&bench, 4242).await;
    bench.daemon.deliver_annotations().await.unwrap();
    assert_ne!(bench.annotation(4242, STATE), "", "whatever is not read");
}
