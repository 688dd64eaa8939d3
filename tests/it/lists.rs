//! Lists: narrowed by who must act, by what and by when; taken away whole; kept under a name; several sheets at once.

use std::collections::BTreeSet;

use calamine::Reader as _;
use reqwest::StatusCode;
use vigie::daemon::Hours;
use vigie::web::AppState;

use crate::access::{behind_proxy, served};
use crate::bench::Bench;
use crate::store::postgres;
use crate::web::Pages;

/// The numbers of the cases that a page links to.
fn cases(page: &str) -> BTreeSet<i64> {
    let main = page.split("<main").nth(1).unwrap();
    main.split("/cas/").skip(1).filter_map(|rest| rest.split(['"', '#']).next()?.parse().ok()).collect()
}

/// The lines of a CSV file, by column.
fn column(file: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let at = reader.headers().unwrap().iter().position(|title| title == name).unwrap();
    reader.records().map(|line| line.unwrap()[at].to_owned()).collect()
}

fn column_names(file: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    reader.headers().unwrap().iter().map(str::to_owned).collect()
}

async fn each_filter_finds_what_it_says(url: &str) {
    let bench = Bench::stored("trois-ans", 0, url).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let book = &bench.daemon.book;
    let today = book.today();
    let (_, all) = pages.get("/services.csv").await;
    let numbers: Vec<i64> = column(&all, "dossier").iter().map(|number| number.parse().unwrap()).collect();
    assert!(numbers.len() > 10, "{all}");

    // What the judgement of each case says is what the filters find.
    let (mut by_body, mut report, mut found) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut rule = String::new();
    let mut soon = BTreeSet::new();
    let limit = today.saturating_add(jiff::ToSpan::days(90));
    for number in numbers {
        let (case, review) = book.review_of(number).await.unwrap().unwrap();
        for due in review.agenda.iter().filter(|due| due.is_open()) {
            if due.obligation.owner().key() == "organisme" {
                by_body.insert(case.id);
            }
            if due.obligation.code() == "O-33" {
                report.insert(case.id);
            }
            if (today..=limit).contains(&due.deadline.nominal) {
                soon.insert(case.id);
            }
        }
        if let (true, Some(fault)) = (rule.is_empty(), review.faults(None).next()) {
            rule = fault.rule.to_owned();
        }
    }
    let (_, all) = pages.get("/services.csv").await;
    for number in column(&all, "dossier") {
        let (case, review) = book.review_of(number.parse().unwrap()).await.unwrap().unwrap();
        if review.faults(None).any(|fault| fault.rule == rule) {
            found.insert(case.id);
        }
    }
    assert!(!by_body.is_empty() && !report.is_empty() && !found.is_empty() && !soon.is_empty());
    let listed = async |query: &str| {
        let (status, page) = pages.get(&format!("/services?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query}: {page}");
        let (_, file) = pages.get(&format!("/services.csv?{query}")).await;
        assert_eq!(column(&file, "dossier").len(), cases(&page).len(), "the file is the list: {query}");
        cases(&page)
    };
    assert_eq!(listed("qui=organisme").await, by_body);
    assert_eq!(listed("obligation=O-33").await, report);
    assert_eq!(listed(&format!("constat={rule}")).await, found);
    assert_eq!(listed(&format!("du={today}&au={limit}")).await, soon);
    let both: BTreeSet<i64> = by_body.intersection(&found).copied().collect();
    assert_eq!(listed(&format!("qui=organisme&constat={rule}")).await, both);
    for nothing in ["qui=pigeon", "obligation=O-99", "constat=R-0", "qui=ditp&obligation=O-08"] {
        assert_eq!(listed(nothing).await, BTreeSet::new(), "{nothing}");
    }
    assert_eq!(pages.get("/services?du=demain").await.0, StatusCode::BAD_REQUEST);
    let (status, twice) = pages.get("/services?qui=ditp&qui=organisme").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(twice.contains("n’est pas comprise") && !twice.contains("deserialize"), "{twice}");

    // Auditors, however they are typed; a name is also the end of no statement.
    let (_, all) = pages.get("/services.csv").await;
    let audited: BTreeSet<String> = column(&all, "auditeur").into_iter().collect();
    assert_eq!(audited, ["Claire Exemple", "Marc Échantillon"].map(str::to_owned).into());
    let (_, page) = pages.get("/services").await;
    assert!(
        page.contains("<option value=\"Marc Échantillon\">")
            && !page.contains("<option value=\"Marc Échantillon\" selected>")
    );
    for (typed, name) in [("Claire+Exemple", "Claire Exemple"), ("marc+echantillon", "Marc Échantillon")] {
        let found = listed(&format!("auditeur={typed}")).await;
        let (_, file) = pages.get(&format!("/services.csv?auditeur={typed}")).await;
        assert!(!found.is_empty() && column(&file, "auditeur").iter().all(|one| one == name), "{file}");
        let (_, page) = pages.get(&format!("/services?auditeur={typed}")).await;
        assert!(page.contains(&format!("<option value=\"{name}\" selected>")), "{page}");
        let (_, lines) = pages.get(&format!("/travail.csv?auditeur={typed}")).await;
        let theirs: BTreeSet<String> = column(&file, "service").into_iter().collect();
        assert!(column(&lines, "service").iter().all(|service| theirs.contains(service)), "{lines}");
    }
    // A text that no index of PostgreSQL holds whole: cut where it is kept, and found by what the list offers.
    let long: String = (0..4000_u32).map(|n| char::from(b'a' + u8::try_from(n * n % 23).unwrap())).collect();
    let current: u32 = column(&all, "dossier")[0].parse().unwrap();
    bench.simulator.world().annotate(current, "Auditeur", long.as_str());
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let kept =
        column(&pages.get("/services.csv").await.1, "auditeur").into_iter().max_by_key(String::len).unwrap();
    assert!(kept.len() == 100 && long.starts_with(&kept), "{kept}");
    assert_eq!(listed(&format!("auditeur={kept}")).await.len(), 1);
    for nobody in ["auditeur=personne", "auditeur=%27+or+1=1+--", "auditeur=%C2%AB"] {
        assert_eq!(listed(nobody).await, BTreeSet::new(), "{nobody}");
    }

    // The work list has the lines themselves.
    let (_, file) = pages.get("/travail.csv?qui=organisme").await;
    let by = column(&file, "par");
    assert!(!by.is_empty() && by.iter().all(|who| who == "organisme de certification"), "{file}");
    let (_, file) = pages.get("/travail.csv?obligation=O-33&texte=e").await;
    assert!(column(&file, "code").iter().all(|code| code == "O-33"), "few cases: {file}");
    for path in ["/travail.xlsx", "/labels.xlsx", "/echeances.xlsx", "/services.xlsx?qui=ditp"] {
        let bytes = pages.bytes(path).await;
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let (_, csv) = pages.get(&path.replace("xlsx", "csv")).await;
        let (width, height) =
            (column_names(&csv).len(), csv::Reader::from_reader(csv.as_bytes()).records().count());
        let name = book.sheet_names()[0].clone();
        let lines = book.worksheet_range(&name).unwrap();
        assert_eq!((lines.width(), lines.height()), (width, height + 1), "{path}");
        let titles: Vec<String> = lines.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(titles, column_names(&csv), "{path}");
        let said = book.worksheet_range("Lecture").unwrap();
        assert!(said.get((0, 0)).unwrap().to_string().contains("lue à l’instant"), "{path}");
    }
    let (_, labels) = pages.get("/labels.csv").await;
    let (_, page) = pages.get("/labels").await;
    assert_eq!(column(&labels, "dossier").len(), cases(&page).len(), "{labels}");

    // Each order has each service once.
    for order in ["", "echeance", "departement", "change"] {
        let (_, file) = pages.get(&format!("/services.csv?vue={order}")).await;
        let once: BTreeSet<String> = column(&file, "dossier").into_iter().collect();
        assert_eq!(once.len(), column(&all, "dossier").len(), "{order}");
    }

    // Several sheets, each case once.
    let chosen: Vec<String> = found.iter().map(|id| format!("cas={id}")).collect();
    let (status, page) = pages.get(&format!("/fiches?{}&{}&cas=1", chosen.join("&"), chosen[0])).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page.matches("<div class=\"sheet\">").count(), found.len());
    for (bad, status) in [("/fiches", 400), ("/fiches?cas=x", 400), ("/fiches?cas=1", 404)] {
        assert_eq!(pages.get(bad).await.0, status, "{bad}");
    }
    let many: Vec<String> = (1..=51).map(|id| format!("cas={id}")).collect();
    assert_eq!(pages.get(&format!("/fiches?{}", many.join("&"))).await.0, 400);
}

#[tokio::test]
async fn each_filter_finds_what_it_says_on_sqlite() {
    each_filter_finds_what_it_says("sqlite::memory:").await;
}

#[tokio::test]
async fn each_filter_finds_what_it_says_on_postgresql() {
    let Some(base) = postgres().await else { return };
    each_filter_finds_what_it_says(&base.url).await;
    base.drop().await;
}

async fn a_person_names_a_list(url: &str) {
    let bench = Bench::stored("petit", 0, url).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let (store, book) = (bench.daemon.store.clone(), bench.daemon.book.clone());
    let app = AppState::new(store, book, "demarche/1".to_owned(), None).unwrap();
    let root = served(app.behind(behind_proxy("127.0.0.1/32", false))).await;
    let client = vigie::tls::client_builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let post = async |who: &str, path: &str, body: &str, origin: &str| {
        let request = client.post(format!("{root}{path}")).header("origin", origin).body(body.to_owned());
        let request = request.header("x-remote-user", who);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.send().await.unwrap().status()
    };
    let home = async |who: &str| {
        let request = client.get(format!("{root}/")).header("x-remote-user", who);
        request.send().await.unwrap().text().await.unwrap()
    };
    let (one, other) = ("o@oc.example", "l@oc.example");
    let keep = "nom=Mes+retards&adresse=%2F%3Fvue%3Dretard%26qui%3Dorganisme";
    assert_eq!(post(one, "/vues/garder", keep, "https://evil.example").await, StatusCode::FORBIDDEN);
    assert_eq!(post(one, "/vues/garder", keep, &root).await, StatusCode::SEE_OTHER);
    assert_eq!(post(one, "/vues/garder", keep, &root).await, StatusCode::SEE_OTHER, "again is the same");
    assert!(
        home(one).await.contains("?vue=retard&amp;qui=organisme\">Mes retards</a>"),
        "{}",
        home(one).await
    );
    assert!(!home(other).await.contains("Mes retards"), "nobody else's");
    for bad in ["nom=&adresse=%2F", "nom=x&adresse=https%3A%2F%2Fevil.example", "nom=x&adresse=%2Fjournal"] {
        assert_eq!(post(one, "/vues/garder", bad, &root).await, StatusCode::BAD_REQUEST, "{bad}");
    }
    let rename = "nom=Mes+retards&nouveau=%3Cb%3ERetards";
    assert_eq!(post(other, "/vues/renommer", rename, &root).await, StatusCode::NOT_FOUND);
    assert_eq!(post(one, "/vues/renommer", rename, &root).await, StatusCode::SEE_OTHER);
    let page = home(one).await;
    assert!(page.contains("&lt;b&gt;Retards</a>") && !page.contains("<b>Retards"), "{page}");
    assert_eq!(post(other, "/vues/oublier", "nom=%3Cb%3ERetards", &root).await, StatusCode::NOT_FOUND);
    assert_eq!(post(one, "/vues/oublier", "nom=%3Cb%3ERetards", &root).await, StatusCode::SEE_OTHER);
    assert!(!home(one).await.contains("Retards</a>"));
    for rank in 0..50 {
        let body = format!("nom=v{rank}&adresse=%2Fservices");
        assert_eq!(post(one, "/vues/garder", &body, &root).await, StatusCode::SEE_OTHER, "{rank}");
    }
    assert_eq!(
        post(one, "/vues/garder", "nom=v51&adresse=%2F", &root).await,
        StatusCode::BAD_REQUEST,
        "too many"
    );
}

#[tokio::test]
async fn a_person_names_a_list_on_sqlite() {
    a_person_names_a_list("sqlite::memory:").await;
}

#[tokio::test]
async fn a_person_names_a_list_on_postgresql() {
    let Some(base) = postgres().await else { return };
    a_person_names_a_list(&base.url).await;
    base.drop().await;
}
