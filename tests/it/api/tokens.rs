//! Tokens: shown once, known by their hash, over on their day, revoked at once, listed with the day of their last use.

use jiff::ToSpan;
use vigie::store::Store;
use vigie::store::tokens::ApiToken;
use vigie::web::access::{Access, Seat, UserRole};

use super::{Api, token};
use crate::access::behind_proxy;
use crate::bench::Bench;
use crate::cli::{folder, said, vigie};
use crate::store::postgres;

#[tokio::test]
async fn a_token_is_over_after_its_last_day() {
    let bench = Bench::after("petit", 0).await;
    let api = Api::over(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let today = bench.daemon.book.today();
    let token = token(&bench, UserRole::Organisme.into(), Some(today)).await;
    assert_eq!(api.get(&token, "/api/v1/health").await.status, 200);
    let used = bench.daemon.store.tokens().list().await.unwrap();
    assert_eq!(used[0].used_on, Some(today));
    let tomorrow = bench.daemon.book.clock.now() + jiff::SignedDuration::from_hours(24);
    bench.set_now(tomorrow);
    let got = api.get(&token, "/api/v1/health").await;
    assert_eq!(got.status, 401);
    assert!(got.json()["detail"].as_str().unwrap().contains("expiré"), "{}", got.text);
    assert_eq!(bench.daemon.store.tokens().list().await.unwrap()[0].used_on, Some(today), "no use");
}

#[tokio::test]
async fn a_token_of_a_body_that_left_opens_nothing() {
    let bench = Bench::after("petit", 0).await;
    let seat = |body: &str| Seat { role: UserRole::Organisme, body: Some(body.to_owned()) };
    let own = token(&bench, seat("Certif"), None).await;
    let gone = token(&bench, seat("Ancien"), None).await;
    let wide = token(&bench, UserRole::Organisme.into(), None).await;
    let access = Access { bodies: vec!["Certif".to_owned()], ..behind_proxy("127.0.0.1/32", false) };
    let api = Api::over(&bench, access).await;
    assert_eq!(api.get(&own, "/api/v1/services").await.status, 200);
    assert_eq!(api.get(&own, "/api/v1/journal").await.status, 403, "it tells of all bodies");
    assert_eq!(api.get(&gone, "/api/v1/services").await.status, 401);
    assert_eq!(api.get(&wide, "/api/v1/services").await.status, 401, "given before bodies shared the pages");
}

async fn kept(url: &str) {
    let store = Store::open(url).await.unwrap();
    let tokens = store.tokens();
    let first: jiff::civil::Date = "2027-03-12".parse().unwrap();
    let made = |print: &str, name: &str, ends_on| ApiToken {
        print: print.to_owned(),
        seat: "ditp".to_owned(),
        name: name.to_owned(),
        created_on: first,
        ends_on,
        used_on: None,
    };
    let next = first.tomorrow().unwrap();
    let (a, b) = (made("aaaa", "registre", Some(next)), made("bbbb", "", None));
    for token in [&a, &b] {
        tokens.add(token).await.unwrap();
    }
    assert!(tokens.add(&a).await.is_err(), "never the same twice");
    assert_eq!(tokens.open("cccc", first).await.unwrap(), None);
    assert_eq!(tokens.open("aaaa", first).await.unwrap(), Some(a.clone()));
    let used = |day| ApiToken { used_on: Some(day), ..a.clone() };
    assert_eq!(tokens.list().await.unwrap(), [used(first), b.clone()]);
    assert_eq!(tokens.open("aaaa", next).await.unwrap(), Some(used(first)));
    assert_eq!(tokens.open("aaaa", first).await.unwrap(), Some(used(next)), "its last use does not go back");
    assert_eq!(tokens.list().await.unwrap()[0], used(next));
    assert_eq!(tokens.open("aaaa", next.saturating_add(1.day())).await.unwrap(), None, "it is over");
    assert_eq!(tokens.revoke("aa").await.unwrap(), 1);
    assert_eq!(tokens.open("aaaa", first).await.unwrap(), None);
    assert_eq!(tokens.list().await.unwrap(), [b]);
}

#[tokio::test]
async fn tokens_are_kept_by_their_hash() {
    kept("sqlite::memory:").await;
}

#[tokio::test]
async fn tokens_are_kept_by_their_hash_on_postgresql() {
    let Some(base) = postgres().await else { return };
    kept(&base.url).await;
    base.drop().await;
}

#[test]
fn an_operator_gives_lists_and_revokes_tokens() {
    let folder = folder("http://127.0.0.1:9");
    let run = |arguments: &[&str]| {
        let output = vigie(folder.path(), arguments, &[]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), said(&output))
    };
    let (code, printed, all) =
        run(&["token", "new", "ditp", "--until", "2999-12-31", "--name", "Portail\n des labels"]);
    assert_eq!(code, Some(0), "{all}");
    let secret = printed.lines().next().unwrap().to_owned();
    assert!(secret.starts_with("vigie_") && secret.len() == 49, "{printed}");
    let (_, list, _) = run(&["token", "list"]);
    let line = list.lines().next().unwrap();
    assert!(!list.contains(&secret) && line.contains("ditp") && line.contains("Portail"), "{list}");
    assert!(line.contains("jamais utilisé") && line.contains("jusqu’au 31/12/2999"), "{list}");
    assert_eq!(list.lines().count(), 1, "a name is one line: {list}");
    let id = line.split(' ').next().unwrap();
    assert_eq!(run(&["token", "revoke", "abc"]).0, Some(1));
    assert_eq!(run(&["token", "revoke", id]).0, Some(0));
    assert_eq!(run(&["token", "revoke", id]).0, Some(1), "it is gone");
    assert_eq!(run(&["token", "list"]).1, "");
    let (code, _, all) = run(&["token", "new", "ditp", "--until", "2020-01-01"]);
    assert!(code == Some(1) && all.contains("2020-01-01 is over"), "{all}");
    let (code, _, all) = run(&["token", "new", "lecture", "--organisme", "Inconnu"]);
    assert!(code == Some(1) && all.contains("no such body"), "{all}");
    assert_eq!(run(&["token", "new", "admin"]).0, Some(2));
}
