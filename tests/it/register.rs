//! The register and the statistics say what the cases say, in each format, to each reader.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use jiff::ToSpan;
use label::case::{Decision, Demande};
use label::judge::Review;
use label::life::State;
use label::wording::names;
use vigie::register::statistics::Statistics;
use vigie::register::{Audience, COLUMNS, files};

use crate::bench::Bench;
use crate::web::Pages;

/// The labels in force according to the reviews themselves.
async fn labelled(bench: &Bench) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for summary in bench.daemon.store.cases().work_list(None, 1000).await.unwrap() {
        let (case, review) = bench.daemon.book.review_of(summary.case_id).await.unwrap().unwrap();
        let over = matches!(review.state, State::Retire | State::Expire);
        if let Some(label) = review.label.filter(|_| !over) {
            found.push((case.name(), label.ends.to_string()));
        }
    }
    found.sort();
    found
}

fn records(file: &[u8]) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(file).records().map(Result::unwrap).collect()
}

#[tokio::test]
async fn every_format_holds_the_labels_in_force_and_nothing_more() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let expected = labelled(&bench).await;
    assert!(!expected.is_empty());
    let file = files::csv(bench.daemon.store.register(), bench.daemon.book.today(), Audience::Internal)
        .await
        .unwrap();
    let head = csv::Reader::from_reader(file.as_slice()).headers().unwrap().clone();
    assert_eq!(head.iter().collect::<Vec<_>>(), COLUMNS);
    let mut found: Vec<_> = records(&file).iter().map(|row| (row[0].to_owned(), row[8].to_owned())).collect();
    found.sort();
    assert_eq!(found, expected);

    let pages = Pages::over(&bench, None).await;
    assert_eq!(pages.get("/registre.csv").await.1.into_bytes(), file);
    let json: Vec<serde_json::Value> = serde_json::from_str(&pages.get("/registre.json").await.1).unwrap();
    assert_eq!(json.len(), expected.len());
    assert!(json[0]["dossier"].is_i64() && json[0]["sites"].is_array());
    let public: Vec<serde_json::Value> =
        serde_json::from_str(&pages.get("/registre.json?version=publique").await.1).unwrap();
    assert!(public[0].get("dossier").is_none());
    let bytes = pages.bytes("/registre.xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Labels").unwrap();
    assert_eq!(sheet.rows().count(), expected.len() + 1);
    let (_, page) = pages.get("/registre").await;
    assert!(expected.iter().all(|(name, _)| page.contains(&name.replace('\'', "&#x27;"))), "{page}");
}

/// Every label on some days before, on and after today, as its case's standing has it.
#[tokio::test]
async fn the_register_and_the_statistics_can_be_asked_for_any_day() {
    let bench = Bench::after("trois-ans", 0).await;
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let (book, today) = (&bench.daemon.book, bench.daemon.book.today());
    let mut reviews = Vec::new();
    for summary in bench.daemon.store.cases().work_list(None, 1000).await.unwrap() {
        reviews.push(book.review_of(summary.case_id).await.unwrap().unwrap().1);
    }
    let pages = Pages::over(&bench, None).await;
    let mut sizes = BTreeSet::new();
    for back in (-8..16).map(|step| step * 75) {
        let day = today.saturating_sub(back.days());
        let standing =
            |review: &Review| review.standing_on(day).cloned().map(|one| (review.name.clone(), one));
        let mut expected: Vec<(String, Option<String>, String, String)> = reviews
            .iter()
            .filter_map(standing)
            .filter(|(_, one)| one.status.in_force())
            .map(|(name, one)| {
                let status = names::label_status(one.status).to_owned();
                (
                    name,
                    one.tier.map(|tier| label::wording::tier(tier).to_owned()),
                    one.last_day().to_string(),
                    status,
                )
            })
            .collect();
        let body = pages.get(&format!("/registre.json?au={day}")).await.1;
        let lines: Vec<serde_json::Value> = serde_json::from_str(&body).unwrap();
        let text = |line: &serde_json::Value, key: &str| line[key].as_str().map(str::to_owned);
        let mut found: Vec<(String, Option<String>, String, String)> = lines
            .iter()
            .map(|line| {
                let [name, end, status] = ["nom", "date_fin", "statut"].map(|key| text(line, key).unwrap());
                (name, text(line, "palier"), end, status)
            })
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{day}");
        let counted = pages.get(&format!("/statistiques.json?au={day}")).await.1;
        let counted: serde_json::Value = serde_json::from_str(&counted).unwrap();
        let labels =
            counted["en_vigueur"].as_array().unwrap().iter().map(|line| line["labels"].as_i64().unwrap());
        assert_eq!(labels.sum::<i64>(), i64::try_from(expected.len()).unwrap(), "{day}");
        sizes.insert(expected.len());
    }
    assert!(sizes.len() > 2, "labels come and go in this scenario: {sizes:?}");
    let (status, page) = pages.get("/registre?au=12/03/2027").await;
    assert_eq!(status, 400);
    assert!(page.contains("n’est pas une date"), "{page}");
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let first = pages.answer("/registre.csv", &[]).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(first.headers()["cache-control"], "private, no-cache");
    assert_eq!(pages.answer("/registre.csv", &[("if-none-match", &tag)]).await.status(), 304);
    let other = pages.answer("/registre.csv?version=publique", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status(), 200, "another variant is another file");
    assert_eq!(other.headers()["cache-control"], "public, max-age=300");
}

#[tokio::test]
async fn the_statistics_are_what_counting_the_cases_gives() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let book = &bench.daemon.book;
    let (mut applied, mut audited, mut granted, mut refused) = (0, 0, 0, 0);
    for summary in bench.daemon.store.cases().work_list(None, 1000).await.unwrap() {
        let (case, _) = book.review_of(summary.case_id).await.unwrap().unwrap();
        for facts in &case.dossiers {
            let counts = matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement);
            applied += i64::from(counts);
            let visited = label::life::last_visit_day(facts).is_some_and(|day| day <= book.today());
            audited += i64::from(visited);
            let decided = |decision| {
                let own = case.events.iter().find(|event| event.dossier == facts.number);
                i64::from(counts && own.is_some_and(|event| event.decision == decision))
            };
            granted += decided(Decision::Labellise);
            refused += decided(Decision::Rejete);
        }
    }
    let statistics = Statistics::read(&bench.daemon.store.register(), book.today()).await.unwrap();
    let all = statistics.by(|_| Some(())).remove(&()).unwrap();
    assert_eq!(
        (all.candidatures, all.audits, all.labellises, all.refuses),
        (applied, audited, granted, refused)
    );
    assert!(applied > 0 && granted > 0, "a scenario without any proves nothing");

    let pages = Pages::over(&bench, None).await;
    let (_, page) = pages.get("/statistiques").await;
    assert!(page.contains("<svg") && page.contains(&format!(">{applied}</a></td>")), "{page}");
    let rows = records(pages.get("/statistiques.csv").await.1.as_bytes());
    let sum: i64 = rows.iter().map(|row| row[3].parse::<i64>().unwrap()).sum();
    assert_eq!(sum, applied);
}
