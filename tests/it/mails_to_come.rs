//! The mails to come on their page: their text, and a person's decision that one does not leave.

use jiff::SignedDuration;
use jiff::civil::date;
use reqwest::StatusCode;
use vigie::daemon::Hours;

use crate::bench::{Bench, FORM, demarche};
use crate::store::postgres;
use crate::upgrades::platform;
use crate::web::Pages;

async fn post(pages: &Pages, path: &str, key: &str, origin: &str) -> (StatusCode, String) {
    let request = pages.client.post(format!("{}{path}", pages.root)).header("origin", origin);
    let body = format!("cle={}", key.replace('/', "%2F"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// The keys on the page under a heading.
fn keys(page: &str, action: &str) -> Vec<String> {
    let of = format!("action=\"/courriels/{action}\"><input type=\"hidden\" name=\"cle\" value=\"");
    let rest = page.split(of.as_str()).skip(1);
    rest.map(|rest| rest.split('"').next().unwrap().replace("&#x2f;", "/")).collect()
}

async fn a_mail_is_stopped_and_let_go(url: &str) {
    let mut bench = Bench::over(platform().await, url, FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let (_, page) = pages.get("/courriels").await;
    // The reminder of 20 June is a fortnight ahead of 6 June, and not of the first day.
    assert!(page.contains("Samedi 5 juin 2027") || page.contains("samedi 5 juin 2027"), "{page}");
    assert!(page.contains("Pièce ou information absente : plan de formation"), "with its text: {page}");
    let key = "4243/O-06/2027-07-04/M/candidat";
    assert!(keys(&page, "arreter").contains(&key.to_owned()), "{:?}", keys(&page, "arreter"));

    let (status, _) = post(&pages, "/courriels/arreter", key, "https://evil.example").await;
    assert_eq!(status, StatusCode::FORBIDDEN, "from another site");
    let (status, page) = post(&pages, "/courriels/arreter", key, &pages.root).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(keys(&page, "laisser-partir"), [key]);
    assert!(!keys(&page, "arreter").contains(&key.to_owned()));
    assert_eq!(post(&pages, "/courriels/arreter", key, &pages.root).await.0, StatusCode::NOT_FOUND, "once");
    assert_eq!(post(&pages, "/courriels/arreter", "x", &pages.root).await.0, StatusCode::NOT_FOUND);

    // Its day comes and goes.
    let due = "2027-06-05T08:00:00Z".parse().unwrap();
    bench.set_now(due);
    bench.pass().await;
    let sent = |bench: &Bench| bench.mails().iter().filter(|kept| kept.mail.key == key).count();
    assert_eq!(sent(&bench), 0, "{:?}", bench.subjects());
    let (_, case) = pages.get("/cas/4243").await;
    assert!(case.contains("Arrêté par une personne"), "{case}");
    let (_, journal) = pages.get("/journal").await;
    assert!(journal.contains("Arrêté par une personne : "), "{journal}");

    let (status, _) = post(&pages, "/courriels/laisser-partir", key, &pages.root).await;
    assert_eq!(status, StatusCode::OK);
    for _ in 0..2 {
        bench.set_now(bench.daemon.book.clock.now().checked_add(SignedDuration::from_mins(5)).unwrap());
        bench.pass().await;
    }
    assert_eq!(sent(&bench), 1, "once");
    let late = post(&pages, "/courriels/laisser-partir", key, &pages.root).await;
    assert_eq!(late.0, StatusCode::NOT_FOUND, "it has left");
    assert!(late.1.contains("il est parti"), "{}", late.1);
}

#[tokio::test]
async fn a_mail_is_stopped_and_let_go_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_mail_is_stopped_and_let_go(&format!("sqlite:{}", folder.path().join("v.db").display())).await;
}

#[tokio::test]
async fn a_mail_is_stopped_and_let_go_on_postgresql() {
    let Some(base) = postgres().await else { return };
    a_mail_is_stopped_and_let_go(&base.url).await;
    base.drop().await;
}

/// A mail let go before its day waits for it.
#[tokio::test]
async fn a_mail_let_go_before_its_day_leaves_on_its_day() {
    let mut bench = Bench::over(platform().await, "sqlite::memory:", FORM, demarche()).await;
    bench.daemon.acting.since = Some(date(2026, 1, 1));
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let key = "4243/O-06/2027-07-04/M/candidat";
    for action in ["arreter", "laisser-partir"] {
        let path = format!("/courriels/{action}");
        assert_eq!(post(&pages, &path, key, &pages.root).await.0, StatusCode::OK, "{action}");
    }
    bench.pass().await;
    let sent = |bench: &Bench| bench.mails().iter().filter(|kept| kept.mail.key == key).count();
    assert_eq!(sent(&bench), 0);
    let (_, page) = pages.get("/courriels").await;
    assert!(keys(&page, "arreter").contains(&key.to_owned()), "to come again");
    bench.set_now("2027-06-05T08:00:00Z".parse().unwrap());
    bench.pass().await;
    assert_eq!(sent(&bench), 1);
}
