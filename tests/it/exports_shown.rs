//! What a body without a token sees: the age of the last export on each page, and words that an export holds.

use jiff::SignedDuration;
use label::case::facts::PlatformWord;
use reqwest::StatusCode;
use simulator::ExportFormat;
use vigie::daemon::Hours;
use vigie::store::exported::SCOPE;
use vigie::web::AppState;

use crate::access::{behind_proxy, served};
use crate::bench::Bench;
use crate::exports::{bench, facts, model, put, world};
use crate::web::Pages;

fn app(bench: &Bench) -> AppState {
    let (store, book) = (bench.daemon.store.clone(), bench.daemon.book.clone());
    AppState::new(store, book, SCOPE.to_owned(), None).unwrap()
}

#[tokio::test]
async fn each_page_says_the_age_of_the_last_export_and_not_of_the_last_pass() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let pages = Pages::of(app(&bench)).await;
    let root = served(app(&bench).behind(behind_proxy("10.9.8.0/24", true))).await;
    let paths = [
        "/",
        "/services",
        "/labels",
        "/echeances",
        "/courriels",
        "/cas/4243",
        "/journal",
        "/registre",
        "/statistiques",
    ];
    // The register, to somebody who did not sign in.
    let outside = async || {
        let answer = pages.client.get(format!("{root}/registre")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap()
    };
    // A pass without any export read nothing.
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let mut seen = Vec::new();
    for path in ["/services", "/labels", "/registre", "/statistiques", "/echeances"] {
        seen.push((path, pages.get(path).await.1));
    }
    seen.push(("outside", outside().await));
    for (path, page) in seen {
        assert!(page.contains("Aucun export n’a encore été lu"), "{path}: {page}");
        assert!(
            page.contains("Rien n’a encore été lu") && !page.contains("Plateforme lue"),
            "{path}: {page}"
        );
    }
    put(&bench.simulator.world(), folder.path(), ExportFormat::Xlsx, &model());
    let now = bench.simulator.world().now();
    for (days, class, age) in [(0, "fresh", "aujourd’hui"), (9, "stale", "il y a 9 jours")] {
        bench.set_now(now + SignedDuration::from_hours(24 * days));
        bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
        let mut seen = Vec::new();
        for path in paths {
            let (status, page) = pages.get(path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            seen.push((path, page));
        }
        seen.push(("outside", outside().await));
        for (path, page) in seen {
            let line = page.lines().find(|line| line.contains("Dernier export")).unwrap_or_default();
            assert!(line.contains(age) && line.contains(class), "{path}: {line}");
            assert!(!page.contains("Plateforme lue") && !page.contains("Rien n’a encore été lu"), "{path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_state_is_a_finding_with_its_word_and_a_column_that_is_not_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(world("petit", 0), Some(folder.path())).await;
    let write = |name: &str, rows: &str| std::fs::write(folder.path().join(name), rows).unwrap();
    write(
        "dossiers_a_2027-02-01_10-00.csv",
        "ID,État du dossier,Déposé le\n4242,En pause,2027-01-04 10:00\n4243,Accepté,2027-01-04 10:00\n",
    );
    write("dossiers_b_2027-02-01_11-00.csv", "ID,Déposé le\n4244,2027-01-04 10:00\n");
    assert_eq!(bench.daemon.observe().await.unwrap().failures, Vec::<String>::new());
    let words = async |number| facts(&bench, number).await.unwrap().unknown_words;
    assert_eq!(words(4242).await, [(PlatformWord::State, "En pause".to_owned())].into());
    for number in [4243, 4244] {
        assert_eq!(words(number).await, Default::default(), "{number}");
    }
}
