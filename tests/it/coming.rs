//! What the digest announces: a stored row that cannot be read costs its own announcements alone.

use jiff::civil::date;
use vigie::daemon::Hours;

use crate::bench::{Bench, FORM, demarche};
use crate::upgrades::{platform, sql};

/// The subjects of the digests that leave, after `spoil` was done to the store.
async fn digests(spoil: &'static str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("v.db").display());
    let mut bench = Bench::over(platform().await, &url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.daemon.pass(Hours { morning: true, digest: false, monthly: false }).await.unwrap();
    sql(&url, "update cases set next_look = '2027-01-01'").await;
    sql(&url, spoil).await;
    bench.daemon.deliver_mails(Hours::ALL).await.unwrap();
    bench.subjects().into_iter().filter(|subject| subject.contains("digest du")).collect()
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_hold_the_digest_back() {
    let whole = digests("select 1").await;
    assert_eq!(whole.len(), 1, "{whole:?}");
    assert_eq!(digests("update dossiers set facts = '{' where number = 4243").await.len(), 1);
}
