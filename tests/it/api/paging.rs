//! Lists are read page by page while the store changes: nothing is lost, nothing comes twice. On both databases.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::date;
use label::wording::journal::EntryKind;
use serde_json::Value;
use simulator::{Scenario, Simulator};
use vigie::daemon::Hours;
use vigie::store::narrowed::Narrowed;
use vigie::store::services::Order;
use vigie::web::access::{Access, UserRole};

use super::{Api, token};
use crate::bench::{Bench, FORM, demarche};
use crate::store::postgres;
use crate::upgrades::platform;

#[tokio::test]
async fn nothing_is_lost_or_comes_twice() {
    while_it_changes("sqlite::memory:").await;
}

#[tokio::test]
async fn nothing_is_lost_or_comes_twice_on_postgresql() {
    let Some(base) = postgres().await else { return };
    while_it_changes(&base.url).await;
    base.drop().await;
}

async fn while_it_changes(url: &str) {
    let mut scenario = Scenario::named("trois-ans", 1, 0).unwrap();
    let mut world = scenario.world();
    let day = |days: i64| SignedDuration::from_hours(24 * days);
    let middle = scenario.start().checked_add(day(200)).unwrap();
    scenario.advance_to(&mut world, middle);
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, world).await.unwrap();
    let bench = Bench::over(simulator, url, FORM, demarche()).await;
    bench.set_now(middle);
    for _ in 0..3 {
        bench.pass().await;
    }
    let store = bench.daemon.store.clone();
    let names = || async {
        let found = store.work().services(&Narrowed::All, Order::Name, ("", i64::MIN), 500).await.unwrap();
        found.into_iter().map(|summary| summary.case_id).collect::<BTreeSet<i64>>()
    };
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let before = names().await;
    assert!(before.len() > 4, "{before:?}");
    let mut seen: Vec<i64> = Vec::new();
    let mut path = "/api/v1/cases?limit=2".to_owned();
    let mut step = 0;
    loop {
        let got = api.get(&token, &path).await;
        assert_eq!(got.status, 200, "{}", got.text);
        let page = got.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|line| line["cas"].as_i64().unwrap()));
        // Services are deposited between two pages.
        step += 1;
        let now = middle.checked_add(day(70 * step)).unwrap();
        scenario.advance_to(&mut bench.simulator.world(), now);
        bench.set_now(now);
        bench.pass().await;
        let link = got.header("link").to_owned();
        assert_eq!(link.is_empty(), page["next"].is_null(), "the header leads where the answer does");
        let Some(next) = link.strip_prefix('<').and_then(|link| link.split('>').next()) else { break };
        path = next.to_owned();
    }
    assert!(names().await.len() > before.len(), "services came meanwhile");
    let once: BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!(once.len(), seen.len(), "none twice: {seen:?}");
    assert!(before.is_subset(&once), "{before:?} are among {seen:?}");

    let lines = |lines: &[Value]| lines.iter().map(|line| line["id"].to_string()).collect::<Vec<_>>();
    let whole = api.all(&token, "/api/v1/journal?limit=200").await;
    let first = api.get(&token, "/api/v1/journal?limit=5").await.json();
    let now = bench.daemon.book.clock.now();
    store.journal().log(now, EntryKind::Judged, Some(1001), "après coup").await.unwrap();
    let next = first["next"].as_str().unwrap();
    let rest = api.get(&token, &format!("/api/v1/journal?limit=200&after={next}")).await.json();
    let mut read = lines(first["items"].as_array().unwrap());
    read.extend(lines(rest["items"].as_array().unwrap()));
    let expected = lines(&whole);
    assert_eq!(read, expected[..read.len()], "what was written meanwhile moves nothing");
    for path in
        ["deadlines?limit=3", "deadlines?limit=3&type=local_independant", "services?limit=2&vue=echeance"]
    {
        let pages = api.all(&token, &format!("/api/v1/{path}")).await;
        let whole = api
            .all(
                &token,
                &format!(
                    "/api/v1/{}",
                    path.replace("limit=3", "limit=200").replace("limit=2&", "limit=200&")
                ),
            )
            .await;
        assert_eq!(pages, whole, "{path}");
        assert!(pages.len() > 3, "{path}: {}", pages.len());
    }
    for state in ["a_venir", "en_attente", "arrete", "abandonne", "refuse"] {
        api.all(&token, &format!("/api/v1/mails?etat={state}&limit=1")).await;
    }
}

#[tokio::test]
async fn mails_that_left_are_listed_without_their_addresses() {
    let mut bench = Bench::over(platform().await, "sqlite::memory:", FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let left = api.all(&token, "/api/v1/mails?etat=parti&limit=3").await;
    assert!(left.len() > 3, "{}", left.len());
    for line in &left {
        assert!(line["parti_le"].is_string() && line["part_le"].is_null(), "{line}");
        assert!(["candidat", "central", "ditp"].contains(&line["destinataire"].as_str().unwrap()), "{line}");
    }
    let ends = |line: &&serde_json::Value| line["objet"].as_str().is_some_and(|text| !text.is_empty());
    assert_eq!(left.iter().filter(ends).count(), left.len());
}

#[tokio::test]
async fn mails_that_did_not_arrive_are_paged() {
    let mut bench = Bench::over(platform().await, "sqlite::memory:", FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let coming = api.all(&token, "/api/v1/mails?limit=1").await;
    let page = bench.daemon.store.ledger().coming(&Default::default(), ("", ""), 500).await.unwrap();
    let keys = |lines: &[Value]| {
        lines.iter().map(|line| line["cle"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&coming), page.iter().map(|mail| mail.key.clone()).collect::<Vec<_>>());
    assert!(!coming.is_empty());
    assert!(coming.iter().all(|mail| mail["part_le"].is_string() && mail["etat"] == "a_venir"));
    // Two of them are stopped as a person stops them.
    let now = bench.daemon.book.clock.now();
    for key in keys(&coming).iter().take(2) {
        let line = vigie::store::journal::NewLine::new(EntryKind::MailStopped, None, "arrêté");
        assert!(bench.daemon.store.ledger().stop(key, "essai", &line, now).await.unwrap());
    }
    let stopped = api.all(&token, "/api/v1/mails?etat=arrete&limit=1").await;
    let (mut found, mut wanted) = (keys(&stopped), keys(&coming[..coming.len().min(2)]));
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    let left = api.all(&token, "/api/v1/mails?limit=200").await;
    assert_eq!(keys(&left), keys(&coming[coming.len().min(2)..]), "they are no longer to come");
}
