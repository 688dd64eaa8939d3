//! What a program reads when it is refused: always a problem, which names what is to blame.

use vigie::web::access::{Access, UserRole};

use super::{Api, app, populated, token};
use crate::access::behind_proxy;
use crate::bench::Bench;

#[tokio::test]
async fn an_address_that_is_not_understood_names_the_parameter() {
    let bench = populated().await;
    let api = Api::over(&bench, Access::open()).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let long = format!("services?texte={}", "a".repeat(101));
    let refused = [
        ("services?couleur=bleu", "couleur"),
        ("services?limit=0", "limit"),
        ("services?limit=201", "limit"),
        ("services?limit=%2B5", "limit"),
        ("services?limit=5&limit=6", "limit"),
        ("services?etape=perdu", "etape"),
        ("services?etape=", "etape"),
        ("services?after=n-importe-quoi", "after"),
        ("services?texte=a%00b", "texte"),
        (&long, "texte"),
        ("findings?limit=51", "limit"),
        ("findings?niveau=grave", "niveau"),
        ("deadlines?vue=hier", "vue"),
        ("deadlines?after=2027-05-24~1~O-07~0", "after"),
        ("mails?etat=perdu", "etat"),
        ("services?qui=facteur", "qui"),
        ("cases?obligation=O-99", "obligation"),
        ("deadlines?du=demain", "du"),
        ("journal?dossier=abc", "dossier"),
        ("register?au=12/03/2027", "au"),
        ("register?au=2027-02-30", "au"),
        ("statistics?annee=2027", "annee"),
        ("cases/1001?graine=7", "graine"),
        ("health?limit=5", "limit"),
    ];
    for (path, name) in refused {
        let got = api.get(&token, &format!("/api/v1/{path}")).await;
        let problem = got.json();
        assert_eq!((got.status, got.header("content-type")), (400, "application/problem+json"), "{path}");
        assert_eq!((&problem["status"], &problem["type"]), (&400.into(), &"about:blank".into()));
        assert_eq!(problem["parametre"], name, "{path}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(name), "{path}: {problem}");
    }
    let foreign = api.get(&token, "/api/v1/services?%3Cscript%3E=1").await.json();
    assert_eq!(foreign["parametre"], "<script>");
}

#[tokio::test]
async fn every_refusal_is_a_problem() {
    let bench = populated().await;
    let api = Api::over(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let bearer = format!("Bearer {token}");
    for number in ["99", "abc", "-1", "99999999999999999999"] {
        let got = api.get(&token, &format!("/api/v1/cases/{number}")).await;
        assert_eq!((got.status, got.header("content-type")), (404, "application/problem+json"), "{number}");
    }
    let wanted = [("authorization", bearer.as_str()), ("accept", "text/csv")];
    let got = api.ask("/api/v1/services", &wanted).await;
    assert_eq!((got.status, got.json()["status"].as_i64()), (406, Some(406)));
    let client = vigie::tls::client_builder().build().unwrap();
    let post = client.post(format!("{}/api/v1/services", api.root)).header("authorization", &bearer);
    let post = post.send().await.unwrap();
    assert_eq!((post.status().as_u16(), post.headers()["allow"].to_str().unwrap()), (405, "GET,HEAD"));
    assert_eq!(post.headers()["content-type"], "application/problem+json");
    assert!(post.text().await.unwrap().contains("GET"));
    for wrong in ["Bearer vigie_inconnu", "Bearer vigie_", &format!("{bearer}x")] {
        let got = api.ask("/api/v1/services", &[("authorization", wrong)]).await;
        assert_eq!((got.status, got.header("www-authenticate")), (401, "Bearer"), "{wrong}");
        assert!(!got.text.contains("inconnu\""), "{}", got.text);
    }
    let two = [("authorization", bearer.as_str()), ("authorization", "Bearer vigie_autre")];
    assert_eq!(api.ask("/api/v1/services", &two).await.status, 401, "two tokens are nobody's");
    // An unknown token is not excused by a session.
    let both = [("authorization", "Bearer vigie_autre"), ("x-remote-user", "o@oc.example")];
    assert_eq!(api.ask("/api/v1/services", &both).await.status, 401);
    // One of the proxy's provider is none of ours.
    let passed = [("authorization", "Bearer eyJhbGciOi"), ("x-remote-user", "o@oc.example")];
    assert_eq!(api.ask("/api/v1/services", &passed).await.status, 200);
    let lower = [("authorization", format!("bearer {token}"))];
    assert_eq!(api.ask("/api/v1/services", &[(lower[0].0, lower[0].1.as_str())]).await.status, 200);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let bench = Bench::after("petit", 0).await;
    let one = token(&bench, UserRole::Organisme.into(), None).await;
    let other = token(&bench, UserRole::Lecture.into(), None).await;
    let api = Api::of(app(&bench).behind(behind_proxy("127.0.0.1/32", false)).paced(3)).await;
    for _ in 0..3 {
        assert_eq!(api.get(&one, "/api/v1/services").await.status, 200);
    }
    let got = api.get(&one, "/api/v1/services").await;
    assert_eq!((got.status, got.header("content-type")), (429, "application/problem+json"));
    let wait: u64 = got.header("retry-after").parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert!(got.json()["detail"].as_str().unwrap().contains(&format!("{wait} s")));
    assert_eq!(api.get(&other, "/api/v1/services").await.status, 200, "each has its own");
}

#[tokio::test]
async fn what_a_program_holds_is_not_sent_again() {
    let bench = populated().await;
    let api = Api::over(&bench, behind_proxy("127.0.0.1/32", false)).await;
    let token = token(&bench, UserRole::Organisme.into(), None).await;
    let bearer = format!("Bearer {token}");
    for path in ["services?limit=2", "cases/1001", "register", "statistics"] {
        let path = format!("/api/v1/{path}");
        let first = api.get(&token, &path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let vary = first.headers.get_all("vary").iter().map(|line| line.to_str().unwrap());
        assert!(vary.collect::<String>().contains("authorization, cookie, accept"));
        for held in [tag.clone(), format!("\"autre\", {tag}"), "*".to_owned()] {
            let again = [("authorization", bearer.as_str()), ("if-none-match", held.as_str())];
            let again = api.ask(&path, &again).await;
            assert_eq!((again.status, again.text.as_str()), (304, ""), "{path} with {held}");
            assert_eq!((again.header("etag"), again.header("link")), (tag.as_str(), first.header("link")));
        }
        let other = [("authorization", bearer.as_str()), ("if-none-match", "W/\"autre\"")];
        assert_eq!(api.ask(&path, &other).await.text, first.text);
    }
    let held = api.get(&token, "/api/v1/services").await;
    let tag = held.header("etag").to_owned();
    // The name of a service is that of its latest dossier.
    let latest = held.json()["items"][0]["dossier"].as_i64().and_then(|number| u32::try_from(number).ok());
    bench.simulator.world().edit_champ(latest.unwrap(), "Nom de la structure candidate", "Guichet renommé");
    let now = bench.daemon.book.clock.now() + jiff::SignedDuration::from_mins(5);
    bench.set_now(now);
    bench.pass().await;
    let again = [("authorization", bearer.as_str()), ("if-none-match", tag.as_str())];
    let got = api.ask("/api/v1/services", &again).await;
    assert_eq!(got.status, 200, "something changed");
    assert!(got.text.contains("Guichet renommé"));
}
