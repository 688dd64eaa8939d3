//! The pages, over a socket.

use std::sync::Arc;

use reqwest::StatusCode;
use simulator::Simulator;
use tokio::net::TcpListener;
use vigie::mail::Mailer;
use vigie::web::demo::control::Demo;
use vigie::web::story::Beat;
use vigie::web::{AppState, router};

use crate::bench::{Bench, FORM, demarche};

pub struct Pages {
    pub root: String,
    pub client: reqwest::Client,
}

impl Pages {
    pub async fn over(bench: &Bench, demo: Option<Arc<Demo>>) -> Pages {
        let app = AppState::new(
            bench.daemon.store.clone(),
            bench.daemon.book.clone(),
            "demarche/1".to_owned(),
            demo,
        )
        .unwrap();
        Pages::of(app).await
    }

    pub async fn of(app: AppState) -> Pages {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router(app)).await });
        Pages { root, client: vigie::tls::client_builder().build().unwrap() }
    }

    pub fn root(&self) -> &str {
        &self.root
    }

    pub async fn answer(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.root));
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
            .unwrap()
    }

    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        self.answer(path, &[]).await.bytes().await.unwrap().to_vec()
    }

    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.client.get(format!("{}{path}", self.root)).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn the_committee_has_one_page() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let (status, sheet) = pages.get("/cas/4244/decision").await;
    assert_eq!(status, StatusCode::OK);
    // What its page and its annotation say, and room for what a person decides.
    let tier = bench.annotation(4244, "[auto] Palier calculé");
    let first = tier.lines().next().unwrap();
    assert!(first.starts_with("Palier calculé") && sheet.contains(first), "{first}: {sheet}");
    assert!(sheet.contains("Demande initiale") || sheet.contains("dossier n° 4244 déposé le"), "{sheet}");
    assert!(
        sheet.contains("☐ Label accordé, palier Argent") && sheet.contains("Décision du comité"),
        "{sheet}"
    );
    assert!(pages.get("/cas/4244").await.1.contains("href=\"/cas/4244/decision\""));
    assert_eq!(pages.get("/cas/99999/decision").await.0, StatusCode::NOT_FOUND);
    assert_eq!(pages.get("/cas/x/decision").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_pages_show_what_was_judged_and_written() {
    let bench = Bench::after("petit", 0).await;
    let pages = Pages::over(&bench, None).await;
    assert!(pages.get("/").await.1.contains("n’a pas encore été lue"));
    assert_eq!(pages.get("/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let (status, list) = pages.get("/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(list.contains("Agence du logement de Grandvent") && list.contains("Label actif"), "{list}");
    let (_, case) = pages.get("/dossiers/4243").await;
    assert!(
        case.contains("Plan d’audit à transmettre") && case.contains("Manque</span> <span>Pièce"),
        "{case}"
    );
    assert!(pages.get("/cas/4244").await.1.contains("Label valable jusqu’au vendredi 31 mai 2030"));
    let (_, journal) = pages.get("/journal").await;
    assert!(
        journal.contains("Écrit : auto_etat : rien → « actif »")
            && journal.contains("Premier jugement : Label actif, palier Bronze"),
        "{journal}"
    );
    assert_eq!(pages.get("/healthz").await, (StatusCode::OK, "alive\n".to_owned()));
    assert_eq!(pages.get("/readyz").await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_french_and_nothing_is_injected() {
    let any = "127.0.0.1:0".parse().unwrap();
    let mut world = simulator::World::new("2027-01-11T08:00:00Z".parse().unwrap());
    let name = "<script>alert(1)</script>";
    let champs = vec![("Nom de la structure candidate", name.into())];
    world.deposit(simulator::Deposit {
        champs,
        ..simulator::Deposit::new("99900629900013", name, "x@y.example")
    });
    let simulator = Simulator::start(any, any, world).await.unwrap();
    let bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    bench.pass().await;
    let pages = Pages::over(&bench, None).await;
    for path in ["/", "/dossiers/4242", "/labels", "/journal"] {
        let (_, page) = pages.get(path).await;
        assert!(!page.contains(name), "{path}");
    }
    for path in ["/dossiers/77", "/cas/abc", "/nulle-part", "/demo/etat"] {
        let (status, page) = pages.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("Page introuvable"), "{path}");
    }
    let answer = pages.client.get(&pages.root).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"));
}

#[tokio::test]
async fn the_demo_adds_a_clock_that_only_a_post_moves() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(vigie::daemon::Hours::ALL).await.unwrap();
    let demo = Demo::new(86_400, Mailer::memory("a@b.example").unwrap());
    demo.story().add(Beat {
        day: jiff::civil::date(2027, 1, 4),
        step: Some("Un service dépose".to_owned()),
        case: Some(4242),
        name: Some("Accueil".to_owned()),
        deeds: vec!["État : Déposé".to_owned()],
        faults: Vec::new(),
    });
    let pages = Pages::over(&bench, Some(Arc::clone(&demo))).await;
    let (_, story) = pages.get("/demo").await;
    assert!(story.contains("Un service dépose") && story.contains("État : Déposé"), "{story}");
    assert!(pages.get("/").await.1.contains(">Commencer<"), "the clock is on every page, and waits");
    assert_eq!(pages.get("/demo/horloge").await.0, StatusCode::METHOD_NOT_ALLOWED);
    let post = |action: &'static str| {
        pages
            .client
            .post(format!("{}/demo/horloge", pages.root))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("action={action}"))
            .send()
    };
    let state =
        async || -> serde_json::Value { serde_json::from_str(&pages.get("/demo/etat").await.1).unwrap() };
    assert_eq!(state().await["pace"], "l’histoire vous attend");
    // A chapter that was reached is told at once; the next one needs time to go by.
    demo.story().reach(0, jiff::civil::date(2027, 1, 4), 4242, "Un service dépose");
    post("commencer").await.unwrap();
    assert!(!demo.turning.load(std::sync::atomic::Ordering::Relaxed));
    assert!(pages.get("/demo").await.1.replace("&#x2f;", "/").contains("vu le 04/01/2027"));
    post("chapitre").await.unwrap();
    assert!(demo.turning.load(std::sync::atomic::Ordering::Relaxed));
    demo.turning.store(false, std::sync::atomic::Ordering::Relaxed);
    post("pause").await.unwrap();
    let paused = state().await;
    assert_eq!((paused["pressed"].as_str(), paused["pace"].as_str()), (Some("pause"), Some("en pause")));
    let answer = post("etape").await.unwrap();
    assert_eq!(answer.url().path(), "/demo", "without a page of ours to go back to");
    assert!(demo.hurried.load(std::sync::atomic::Ordering::Relaxed));
    demo.hurried.store(false, std::sync::atomic::Ordering::Relaxed);
    post("10").await.unwrap();
    assert_eq!(state().await["pace"], "10 jours par seconde");
    post("-5").await.unwrap();
    assert_eq!(demo.speed.load(std::sync::atomic::Ordering::Relaxed), 864_000, "nonsense changes nothing");
    post("recommencer").await.unwrap();
    assert!(demo.again.is_cancelled());
}

#[tokio::test]
async fn the_demo_opens_its_mails_and_documents_and_says_what_was_read() {
    crate::bench::tls();
    let mut stage = vigie::commands::demo::stage(1, 86_400).await.unwrap();
    stage.open_documents(std::path::PathBuf::from(env!("CARGO_BIN_EXE_vigie"))).unwrap();
    for day in [1, 60] {
        let now = stage.daemon.book.clock.now() + jiff::SignedDuration::from_hours(24 * day);
        stage.live_until(now).await.unwrap();
    }
    let demo = Arc::clone(&stage.demo);
    let app = AppState::new(stage.daemon.store.clone(), stage.daemon.book.clone(), String::new(), Some(demo));
    let pages = Pages::of(app.unwrap()).await;
    let found = async |text: &str| {
        let (_, page) = pages.get(&format!("/demo/courriels?texte={text}")).await;
        page.matches("href=\"/demo/courriels/").count()
    };
    let all = found("").await;
    assert!(all > 1 && found("introuvable-partout").await == 0);
    // In the headers, in the text, in the HTML alone, in the calendar alone.
    for (text, place) in [
        ("x-auto-response-suppress", "en-têtes"),
        ("organigramme", "texte"),
        ("font-family", "HTML"),
        ("vevent", "agenda (.ics)"),
    ] {
        let (_, page) = pages.get(&format!("/demo/courriels?texte={text}")).await;
        assert!(page.contains(place), "{text}: {page}");
    }
    let (_, mail) = pages.get("/demo/courriels/0").await;
    for sign in ["X-Auto-Response-Suppress", "Message-ID", "<pre>", "sandbox src=\"/demo/courriels/0/html\""]
    {
        assert!(mail.contains(sign), "{sign}: {mail}");
    }
    let html = pages.answer("/demo/courriels/0/html", &[]).await;
    let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    let raw = pages.bytes("/demo/courriels/0/message.eml").await;
    assert!(raw.starts_with(b"From: "), "{}", String::from_utf8_lossy(&raw));
    for path in
        ["/demo/courriels/99999", "/demo/courriels/x", "/demo/documents/1001/99", "/demo/documents/9/0"]
    {
        assert_eq!(pages.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let case = pages.get("/cas/1001").await.1.replace("&#x2f;", "/");
    assert!(case.contains("href=\"/demo/documents/1001/0\""), "{case}");
    let (_, document) = pages.get("/demo/documents/1001/0").await;
    assert!(
        document.contains("Ce que vigie y a lu") && document.contains("PDF lisible, 1 page"),
        "{document}"
    );
    assert!(pages.bytes("/demo/documents/1001/0/fichier").await.starts_with(b"%PDF-"));
}
