//! How far an address that refuses mails is believed, on both engines.

use jiff::SignedDuration;
use vigie::store::Store;
use vigie::store::refusals::Blame;

use crate::store::{at, postgres};

/// How far an address is believed that refuses: by the worst that it said, and by the second day.
async fn refusals(store: &Store) {
    let ledger = store.ledger();
    let refuse = async |blame, now| {
        let refusing = ledger.refuse_address("print", (1, "550"), blame, now).await.unwrap();
        let stored = ledger.addresses_in_doubt(&["print".to_owned()]).await.unwrap()["print"];
        assert_eq!(stored, refusing);
        let told = ledger.address_refused("print").await.unwrap();
        (refusing.blame, refusing.tries, refusing.since, told)
    };
    let first = at("2027-01-07T08:00:00Z");
    let after = |minutes| first + SignedDuration::from_mins(minutes);
    assert_eq!(refuse(Blame::Suspect, first).await, (Blame::Suspect, 1, first, None), "people are not told");
    assert_eq!(refuse(Blame::Certain, after(60)).await, (Blame::Certain, 2, first, Some(first)));
    assert_eq!(refuse(Blame::Suspect, after(120)).await, (Blame::Certain, 3, first, Some(first)));
    let tomorrow = after(24 * 60);
    assert_eq!(refuse(Blame::Suspect, tomorrow).await, (Blame::Dead, 4, first, Some(first)));
    ledger.address_accepts("print").await.unwrap();
    assert!(ledger.addresses_in_doubt(&["print".to_owned()]).await.unwrap().is_empty());
    // Days are those of Paris: an hour later, at half past midnight.
    refuse(Blame::Suspect, at("2027-01-07T22:30:00Z")).await;
    assert_eq!(refuse(Blame::Suspect, at("2027-01-07T23:30:00Z")).await.0, Blame::Dead);
}

#[tokio::test]
async fn an_address_is_believed_as_far_as_it_said_on_sqlite() {
    refusals(&Store::open("sqlite::memory:").await.unwrap()).await;
}

#[tokio::test]
async fn an_address_is_believed_as_far_as_it_said_on_postgresql() {
    let Some(base) = postgres().await else { return };
    refusals(&Store::open(&base.url).await.unwrap()).await;
    base.drop().await;
}
