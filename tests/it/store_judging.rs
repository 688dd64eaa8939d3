//! What is judged again: told by the story of `store.rs`, on both engines.

use jiff::civil::{Date, date};
use vigie::store::Store;
use vigie::store::judgement::Judgement;

use crate::store::{at, facts, revision, save};
use crate::store_lists::labelled;

const TODAY: Date = date(2027, 1, 6);
const NOW: &str = "2027-01-06T08:00:00Z";

/// Saves the judgement of a case with these dossiers, each as it was read at that revision.
async fn judged(store: &Store, case_id: i64, name: &str, dossiers: &[(i64, i64)]) {
    let (summary, now) = (&labelled(case_id, name), at(NOW));
    let judgement = Judgement { summary, dossiers, deadlines: &[], applications: &[], recorded: None, today: TODAY, now };
    store.judgements().save_judgement(&judgement).await.unwrap();
}

async fn marked(store: &Store) -> Vec<i64> {
    store.judgements().to_judge(300, 10).await.unwrap()
}

pub async fn judging(store: &Store) {
    save(store, &[facts(301, "3010"), facts(302, "3020")], &[], "c0", NOW).await;
    overtaken(store).await;
    split(store).await;
    for number in [301, 302] {
        save(store, &[], &[(number, true)], "c0", NOW).await;
        let edition = store.cases().edition().await.unwrap();
        store.judgements().drop_from_cases(number, revision(store, number).await).await.unwrap();
        assert_ne!(store.cases().edition().await.unwrap(), edition, "what was counted is counted anew");
        let edition = store.cases().edition().await.unwrap();
        store.judgements().drop_from_cases(number, revision(store, number).await).await.unwrap();
        assert_eq!(store.cases().edition().await.unwrap(), edition, "it had left already");
    }
}

/// A machine that read before another one saved: what it judged does not stay.
async fn overtaken(store: &Store) {
    let old = revision(store, 301).await;
    store.judgements().mark_to_judge(301).await.unwrap();
    let new = revision(store, 301).await;
    judged(store, 302, "Autre", &[(302, revision(store, 302).await)]).await;
    judged(store, 301, "Après", &[(301, new)]).await;
    assert_eq!(marked(store).await, [0_i64; 0]);
    judged(store, 301, "Avant", &[(301, old)]).await;
    assert_eq!(marked(store).await, [301], "judged again");
    judged(store, 301, "Après", &[(301, new)]).await;
    assert_eq!(marked(store).await, [0_i64; 0]);
}

/// Two dossiers of one case, of which one is then judged as a case of its own: the other is judged again.
async fn split(store: &Store) {
    let both = [(301, revision(store, 301).await), (302, revision(store, 302).await)];
    judged(store, 301, "Ensemble", &both).await;
    store.judgements().mark_left_behind(&[301], &[301, 302]).await.unwrap();
    assert_eq!(marked(store).await, [0_i64; 0], "nothing was left behind");
    store.judgements().mark_left_behind(&[301], &[301]).await.unwrap();
    assert_eq!(marked(store).await, [302], "in the case of that number");
    judged(store, 301, "Ensemble", &[both[0], (302, revision(store, 302).await)]).await;
    store.judgements().mark_left_behind(&[302], &[302]).await.unwrap();
    assert_eq!(marked(store).await, [301], "in the case that it comes from");
    judged(store, 301, "Seul", &[(301, revision(store, 301).await)]).await;
    judged(store, 302, "Seul aussi", &[(302, revision(store, 302).await)]).await;
}
