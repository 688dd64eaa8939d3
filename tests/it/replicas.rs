//! Processes that share one database: one observes at a time, what a former observer saves is refused, all deliver, the
//! quota is shared.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection, Row as _};
use vigie::clock::Clock;
use vigie::retry::{later, mails};
use vigie::store::dossiers::Seen;
use vigie::store::outbox::{NewTask, TaskKind};
use vigie::store::pages::{Advance, PageToSave};
use vigie::store::position::{Position, Walk};
use vigie::store::replicas::{Presence, least_share};
use vigie::store::{Error, Store};

use crate::bench::Bench;
use crate::store::postgres;

fn presence(id: &str) -> Presence {
    let (id, name) = (id.to_owned(), format!("machine-{id}"));
    Presence { id, name, session: 0, acts: "a".to_owned() }
}

async fn sql(url: &str, text: &str) -> u64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let done = sqlx::query(sqlx::AssertSqlSafe(text.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    done.rows_affected()
}

/// As if the lease had lapsed.
pub async fn end_lease(url: &str) {
    assert_eq!(sql(url, "update leases set until = 1 where name = 'observer'").await, 1);
}

fn position(place: &str) -> Position {
    let since = Timestamp::from_second(1_577_836_800).unwrap();
    Position { since, dossiers: Some(place.to_owned()), pending: None, deleted: None, filled: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_observes_at_a_time_and_a_former_observer_saves_nothing() {
    let Some(base) = postgres().await else { return };
    let store = Store::open(&base.url).await.unwrap();
    let (replicas, one, other) = (store.replicas(), presence("one"), presence("other"));
    assert_eq!(replicas.beat(&one, 0).await.unwrap(), 1);
    assert_eq!(replicas.beat(&other, 0).await.unwrap(), 0, "held");
    assert_eq!(replicas.beat(&one, 1).await.unwrap(), 1, "renewed");
    let names = |present: Vec<vigie::store::replicas::Replica>| {
        present.into_iter().map(|one| (one.name, one.observes)).collect::<Vec<_>>()
    };
    let present = names(replicas.present().await.unwrap());
    assert_eq!(present, [("machine-one".to_owned(), true), ("machine-other".to_owned(), false)]);

    let by: Arc<str> = "one".into();
    let first = store.of(&by, 1);
    first.pages().set_position("s", &position("before")).await.unwrap();
    end_lease(&base.url).await;
    assert_eq!(replicas.beat(&other, 0).await.unwrap(), 2, "taken under the next number");
    assert_eq!(replicas.beat(&one, 1).await.unwrap(), 0, "lost");

    let overtaken = |outcome: vigie::store::Result<()>| matches!(outcome, Err(Error::Overtaken));
    let pages = first.pages();
    assert!(overtaken(pages.set_position("s", &position("stale")).await));
    assert!(overtaken(pages.set_recents("s", &Walk::default()).await));
    assert!(overtaken(pages.rewind("s").await));
    let (known, now) = (Default::default(), Clock::System.now());
    let stale = position("stale");
    let page = |advance| PageToSave {
        scope: "s",
        known: &known,
        seen: &[],
        set_aside: &[],
        gone: &[],
        advance,
        now,
        began: None,
    };
    assert!(overtaken(pages.save_page(&page(Advance::Streams(&stale))).await.map(|_| ())));
    assert_eq!(store.pages().position("s").await.unwrap(), Some(position("before")));
    // The one that holds the lease saves, and so does a command, which has none.
    let second = store.of(&by, 2);
    second.pages().save_page(&page(Advance::Streams(&position("after")))).await.unwrap();
    assert_eq!(store.pages().position("s").await.unwrap(), Some(position("after")));
    store.pages().set_position("s", &position("by hand")).await.unwrap();
    // Its orderly end frees the lease at once.
    replicas.leave("other", 2, &[]).await.unwrap();
    assert_eq!(replicas.beat(&one, 0).await.unwrap(), 3);
    base.drop().await;
}

/// The lease is renewed while a transaction of its holder is open, and taken by nobody before it ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_transaction_delays_a_takeover_and_no_renewal() {
    let Some(base) = postgres().await else { return };
    let store = Store::open(&base.url).await.unwrap();
    let replicas = store.replicas();
    assert_eq!(replicas.beat(&presence("one"), 0).await.unwrap(), 1);
    let mut open = PgConnection::connect(&base.url).await.unwrap();
    sqlx::raw_sql("begin; select 1 from leases where name = 'observer' and fence = 1 for key share")
        .execute(&mut open)
        .await
        .unwrap();
    let renewed = tokio::time::timeout(Duration::from_secs(5), replicas.beat(&presence("one"), 1)).await;
    assert_eq!(renewed.expect("a renewal waits for nobody").unwrap(), 1);
    let other = {
        let replicas = replicas.clone();
        end_lease(&base.url).await;
        tokio::spawn(async move { replicas.beat(&presence("other"), 0).await.unwrap() })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!other.is_finished(), "taken inside a transaction of the former holder");
    sqlx::raw_sql("commit").execute(&mut open).await.unwrap();
    assert_eq!(other.await.unwrap(), 2);
    base.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shares_of_a_quota_never_sum_to_more_than_it() {
    let Some(base) = postgres().await else { return };
    let store = Store::open(&base.url).await.unwrap();
    let (replicas, most) = (store.replicas(), 360);
    let least = least_share(most);
    let share = |id: &'static str, wanted: i64, used: i64| {
        let replicas = replicas.clone();
        async move { replicas.share(id, "jeton", (wanted, used), most).await.unwrap() }
    };
    replicas.beat(&presence("one"), 0).await.unwrap();
    assert_eq!(share("one", most, 0).await, most, "alone");
    replicas.beat(&presence("other"), 0).await.unwrap();
    assert_eq!(share("other", least, 0).await, 0, "all is given for now");
    // What was sent in the last minute still counts.
    assert_eq!(share("one", most, 350).await, most - least);
    assert_eq!(share("other", least, 0).await, 10);
    assert_eq!(share("one", most, 100).await, most - least);
    assert_eq!(share("other", least, 0).await, least);
    // Another token has a quota of its own.
    assert_eq!(replicas.share("other", "autre", (most, 0), most).await.unwrap(), most - least);
    // One that ends in order leaves what it used, for a minute.
    replicas.leave("one", 1, &[("jeton".to_owned(), 40)]).await.unwrap();
    assert_eq!(share("other", most, 5).await, most - 40);
    let all = (0..6).map(|rank| {
        let replicas = replicas.clone();
        tokio::spawn(async move {
            let id = format!("r{rank}");
            replicas.beat(&presence(&id), 0).await.unwrap();
            let mut last = 0;
            for _ in 0..10 {
                last = replicas.share(&id, "foule", (360, 0), 360).await.unwrap();
            }
            last
        })
    });
    let mut sum = 0;
    for one in all.collect::<Vec<_>>() {
        sum += one.await.unwrap();
    }
    assert!(sum <= most, "{sum}");
    base.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mails_of_the_dead_come_free_and_those_of_the_silent_do_not() {
    let Some(base) = postgres().await else { return };
    let store = Store::open(&base.url).await.unwrap();
    let now = Clock::System.now();
    for (id, key) in [("dead", "m/dead"), ("silent", "m/silent"), ("unknown", "m/unknown")] {
        let task = NewTask { key, kind: TaskKind::Mail, dossier: 0, role: None, rule: None, payload: "" };
        store.outbox().put_once(&task, now).await.unwrap();
        let due = store.outbox().due(TaskKind::Mail, now, 10).await.unwrap();
        let task = due.iter().find(|task| task.key == key).unwrap();
        let by: Arc<str> = id.into();
        assert!(store.of(&by, 0).outbox().claim(task, now, later(now, mails::LEASE)).await.unwrap());
    }
    // One ended with its session, one is silent while its session lasts, one never had any.
    let session = store.session(77).await.unwrap().expect("this server gives sessions");
    for (id, key) in [("dead", 66), ("silent", 77), ("unknown", 0)] {
        store.replicas().beat(&Presence { session: key, ..presence(id) }, 0).await.unwrap();
    }
    assert_eq!(store.replicas().free_those_of_the_dead().await.unwrap(), 0, "all were there just now");
    sql(&base.url, "update replicas set seen_at = seen_at - 60000000").await;
    assert_eq!(store.replicas().free_those_of_the_dead().await.unwrap(), 1);
    let due = store.outbox().due(TaskKind::Mail, now, 10).await.unwrap();
    let due: Vec<_> = due.iter().map(|task| (task.key.as_str(), task.interrupted)).collect();
    assert_eq!(due, [("m/dead", true)]);
    // The session ends, as that of a process that is killed.
    drop(session);
    let began = Instant::now();
    while store.replicas().free_those_of_the_dead().await.unwrap() == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "the session does not end");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(store.outbox().due(TaskKind::Mail, now, 10).await.unwrap().len(), 2);
    base.drop().await;
}

/// What another process wrote in a dossier after a page of it was asked for is not put back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_from_before_a_write_does_not_undo_it() {
    let Some(base) = postgres().await else { return };
    let bench = Bench::stored("petit", 0, &base.url).await;
    bench.pass().await;
    let store = Store::open(&base.url).await.unwrap();
    let began = store.replicas().now().await.unwrap();
    let facts = store.dossiers().facts(4242).await.unwrap().unwrap();
    let count = async |why: &str| {
        let mut connection = PgConnection::connect(&base.url).await.unwrap();
        let row = sqlx::query("select count(*) from asks where number = 4242 and why = $1")
            .bind(why)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        row.get::<i64, _>(0)
    };
    for (written_at, changed, asked) in [(began - 1, true, 0), (began + 1, false, 1)] {
        sql(
            &base.url,
            &format!("update dossiers set written_at = {written_at}, hash = 'x' where number = 4242"),
        )
        .await;
        let known = store.pages().known("demarche/12345", &[4242]).await.unwrap();
        let seen = Seen {
            number: 4242,
            place: None,
            modified: None,
            print: "p".to_owned(),
            facts: Some(facts.clone()),
            waits: Vec::new(),
            answerable: false,
        };
        let page = PageToSave {
            scope: "demarche/12345",
            known: &known,
            seen: &[seen],
            set_aside: &[],
            gone: &[],
            advance: Advance::Nothing,
            now: bench.daemon.book.clock.now(),
            began: Some(began),
        };
        store.pages().save_page(&page).await.unwrap();
        let mut connection = PgConnection::connect(&base.url).await.unwrap();
        let row =
            sqlx::query("select hash from dossiers where number = 4242").fetch_one(&mut connection).await;
        assert_eq!(row.unwrap().get::<String, _>(0) != "x", changed);
        assert_eq!(count("late").await, asked);
    }
    drop(bench);
    base.drop().await;
}
