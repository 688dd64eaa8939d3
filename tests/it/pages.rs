//! The pages as their readers use them: filters, paging, what is asked of a label, hostile names, and their structure.

use jiff::civil::date;
use label::outgoing::Platform;
use reqwest::StatusCode;
use simulator::{Deposit, Simulator, World};
use vigie::commands::demo::stage;
use vigie::daemon::Hours;
use vigie::web::AppState;

use crate::bench::{Bench, FORM, demarche, tls};
use crate::web::Pages;

const PATHS: [&str; 6] =
    ["/", "/?vue=retard", "/services?vue=echeance", "/labels", "/labels?vue=perdus", "/journal"];

fn at(day: jiff::civil::Date) -> jiff::Timestamp {
    day.at(6, 15, 0, 0).in_tz("Europe/Paris").unwrap().timestamp()
}

/// Between two marks of a page.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    page.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap_or_default().0
}

#[tokio::test]
async fn questions_about_a_label_are_answered_by_its_pages() {
    tls();
    let mut stage = stage(1, 86_400).await.unwrap();
    for day in [date(2027, 1, 4), date(2027, 4, 1), date(2027, 6, 2), date(2028, 3, 10), date(2028, 4, 3)] {
        stage.live_until(at(day)).await.unwrap();
    }
    let app =
        AppState::new(stage.daemon.store.clone(), stage.daemon.book.clone(), String::new(), None).unwrap();
    let endpoints = vec![(None, "https://dn.example/api/v2/graphql".to_owned())];
    let app = app.with_platform(Platform { endpoints, ..Platform::default() });
    let pages = Pages::of(app).await;
    // Who was informed of the suspension, and why it is suspended.
    let (_, case) = pages.get("/cas/2001").await;
    let told = between(&case, "id=\"envois\"", "id=\"ecrits\"");
    assert!(told.contains("service candidat") && told.contains("DITP") && told.contains("§ 5.3.1"), "{told}");
    let head = between(&case, "<dl class=\"facts\">", "</dl>");
    assert!(head.contains("à la demande du service") && head.contains("mercredi 6 septembre 2028"), "{head}");
    assert!(
        head.contains("https:&#x2f;&#x2f;dn.example&#x2f;procedures&#x2f;12345&#x2f;dossiers&#x2f;2001\""),
        "{head}"
    );
    assert!(case.contains("<rect class=\"suspended\"") && case.contains("La frise en toutes lettres"));
    // What is missing for Argent.
    assert!(case.contains("Pour Argent, il manque : engagement 2 à 61,25 pour 65 (écart 3,75)"));
    // Which services lose their label first, and why.
    let (_, labels) = pages.get("/labels").await;
    let first = between(&labels, "<tbody", "</tr>");
    assert!(first.contains("/cas/2001") && first.contains("Suspendu depuis le"), "{first}");
    assert!(pages.get("/labels?vue=trimestre").await.1.contains("D’ici la fin du trimestre (0)"));
    // A network's board: its sample, both readings of the majority, its draw.
    let (_, central) = pages.get("/cas/6001?graine=label-2028").await;
    for sign in ["⌈√9⌉", "⌈75 % de", "Si un local de plus", "label-2028", "antenne de"] {
        assert!(central.contains(sign), "{sign}: {central}");
    }
    let again = pages.get("/cas/6001?graine=label-2028").await.1;
    let drawn = |page: &str| between(page, "<ol class=\"drawn\">", "</ol>").to_owned();
    assert!(drawn(&central) == drawn(&again) && !drawn(&again).is_empty(), "the same seed, the same draw");
}

#[tokio::test]
async fn lists_are_filtered_and_paged_and_never_break() {
    let bench = Bench::after("lot", 60).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let mut path = "/?vue=ensuite".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..40 {
        let (_, page) = pages.get(&path).await;
        let body = between(&page, "<tbody", "</tbody>");
        seen.extend(body.split("<tr role=\"row\"").skip(1).map(str::to_owned));
        let next = page.split("<p><a href=\"").find(|part| part.contains(">Page suivante<"));
        let Some(next) = next.and_then(|part| part.split_once('"')) else { break };
        path = next.0.replace("&amp;", "&").replace("&#x2f;", "/");
    }
    let (_, first) = pages.get("/?vue=ensuite").await;
    let count = between(&first, "<h2 id=\"ensuite\">Ensuite (", ")").parse::<usize>().unwrap();
    assert_eq!(seen.len(), count, "every line once, page after page");
    assert!(count > 50, "more than a page: {count}");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
    let (_, none) = pages.get("/?texte=introuvable&vue=ensuite").await;
    assert!(none.contains("Ensuite (0)") && none.contains("Avec ces filtres"), "{none}");
    let hostile = [
        "/?apres=zzz&vue=retard",
        "/?apres=2027-01-01~x~y~z&vue=ensuite",
        "/?texte=%25%27%3B--&etape=%27&organisme=%00&type=%F0%9F%92%A3&palier=or%27",
        "/labels?apres=~&vue=%27",
        "/labels?apres=9999-99-99~1",
        "/cas/6001?graine=%3Cscript%3E",
    ];
    for path in hostile {
        let (status, page) = pages.get(path).await;
        assert!(matches!(status, StatusCode::OK | StatusCode::NOT_FOUND), "{path}: {status}");
        assert!(!page.contains("<script>"), "{path}");
    }
    let (_, long) = pages.get(&format!("/?texte={}", "a".repeat(6000))).await;
    assert!(!long.contains(&"a".repeat(200)), "what comes back is bounded");
}

#[tokio::test]
async fn what_was_never_read_is_not_said_to_be_empty() {
    let bench = Bench::after("petit", 0).await;
    let pages = Pages::over(&bench, None).await;
    for path in ["/services", "/labels", "/registre", "/statistiques", "/echeances"] {
        let (_, page) = pages.get(path).await;
        assert!(page.contains("Rien n’a encore été lu sur la plateforme."), "{path}");
        assert!(!page.contains("Aucun label") && !page.contains("Aucune échéance"), "{path}");
    }
}

#[tokio::test]
async fn a_service_is_found_in_the_search_box_of_each_page_and_its_list_taken_away() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    for path in ["/", "/cas/4243", "/nulle-part"] {
        let (_, page) = pages.get(path).await;
        assert!(page.contains("action=\"/services\" role=\"search\""), "{path}");
    }
    let lines = |page: &str| page.matches("<tr role=\"row\"><th scope=\"row\"").count();
    let (_, all) = pages.get("/services").await;
    assert!(all.contains("<h2>3 services</h2>") && lines(&all) == 3, "{all}");
    let (_, found) = pages.get("/services?texte=rochebelle+maison").await;
    assert!(lines(&found) == 1 && found.contains("/cas/4243"), "{found}");
    let (_, found) = pages.get("/services?texte=service.example").await;
    assert_eq!(lines(&found), 3, "each contact is of that domain");
    let (_, none) = pages.get("/services?texte=introuvable").await;
    assert!(none.contains("Aucun service avec ces filtres") && none.contains("un SIRET"), "{none}");
    // The number of a dossier leads to its page.
    let (_, case) = pages.get("/services?texte=4243").await;
    assert!(case.contains("<title>Maison des formalités"), "{case}");
    let (_, file) = pages.get("/services.csv?texte=rochebelle").await;
    let mut read = csv::Reader::from_reader(file.as_bytes());
    assert_eq!(read.headers().unwrap().get(0), Some("service"));
    let line = read.records().next().unwrap().unwrap();
    assert_eq!(line.get(0), Some("Maison des formalités de Rochebelle-d'Aunis"));
    assert_eq!((line.get(11), read.records().count()), (Some("4243"), 0));
}

#[tokio::test]
async fn a_hostile_name_stays_in_its_place() {
    let any = "127.0.0.1:0".parse().unwrap();
    let mut world = World::new("2027-01-11T08:00:00Z".parse().unwrap());
    let name = format!("\u{202e}<b onclick=x>{}\u{2066}", "É".repeat(10_000));
    let champs = vec![("Nom de la structure candidate", name.as_str().into())];
    world.deposit(Deposit { champs, ..Deposit::new("99900629900013", "X", "x@y.example") });
    let simulator = Simulator::start(any, any, world).await.unwrap();
    let bench = Bench::over(simulator, "sqlite::memory:", FORM, demarche()).await;
    bench.pass().await;
    let pages = Pages::over(&bench, None).await;
    for path in ["/", "/cas/4242", "/labels", "/services", "/journal"] {
        let (status, page) = pages.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!page.contains("<b onclick") && !page.contains(['\u{202e}', '\u{2066}']), "{path}");
        assert!(between(&page, "<h1>", "</h1>").chars().count() < 300, "{path}");
    }
}

#[tokio::test]
async fn each_page_has_its_title_its_heading_and_its_landmarks() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    for path in PATHS.into_iter().chain(["/echeances", "/registre", "/statistiques", "/cas/4243"]) {
        let (_, page) = pages.get(path).await;
        assert_eq!(page.matches("<p class=\"sync ").count(), 1, "{path}: how fresh it is");
    }
    let mut titles = Vec::new();
    for path in PATHS.into_iter().chain(["/cas/4243", "/nulle-part"]) {
        let (_, page) = pages.get(path).await;
        titles.push(between(&page, "<title>", "</title>").to_owned());
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert!(page.contains("<html lang=\"fr\">") && page.contains("href=\"#contenu\""), "{path}");
        assert!(page.contains("aria-label=\"Navigation principale\""), "{path}");
        assert!(!page.contains(" style=") && !page.contains("onclick"), "{path}: the policy forbids it");
        assert_eq!(page.matches("<table").count(), page.matches("<caption>").count(), "{path}");
        let mut level = 1;
        for heading in page.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)) {
            assert!(heading <= level + 1, "{path}: h{heading} after h{level}");
            level = heading;
        }
    }
    let count = titles.len();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), count, "{titles:?}");
}

#[tokio::test]
async fn what_is_old_or_failing_is_said_with_its_cause() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    assert!(pages.get("/").await.1.contains("Plateforme lue à l’instant"));
    let fresh = pages.answer("/services.csv", &[]).await;
    assert_eq!(fresh.headers()["content-disposition"], "attachment; filename=\"services.csv\"");
    let files =
        ["/registre.csv", "/registre.json", "/registre.xlsx", "/statistiques.csv", "/statistiques.json"];
    let mut tags = Vec::new();
    for path in files {
        let answer = pages.answer(path, &[]).await;
        assert_eq!(answer.headers()["vigie-lecture"], "a-jour", "{path}");
        tags.push(answer.headers().get("etag").cloned());
    }
    let later = bench.daemon.book.clock.now() + jiff::SignedDuration::from_hours(3);
    bench.set_now(later);
    assert!(pages.get("/").await.1.contains("Dernière lecture complète il y a 3 h"));
    let named = async |path: &str| {
        let answer = pages.answer(path, &[]).await;
        answer.headers()["content-disposition"].to_str().unwrap().to_owned()
    };
    assert!(named("/services.csv").await.contains("services-lecture-ancienne.csv"));
    assert!(named("/annee.xlsx").await.contains("annee-lecture-ancienne.xlsx"));
    for (path, tag) in files.into_iter().zip(tags) {
        let answer = pages.answer(path, &[]).await;
        assert_eq!(answer.headers()["vigie-lecture"], "ancienne", "{path}");
        assert!(tag.is_none() || answer.headers().get("etag").cloned() != tag, "{path} is another file");
        if path != "/statistiques.json" {
            assert!(named(path).await.contains("-lecture-ancienne."), "{path}");
        }
    }
    let book = pages.bytes("/registre.xlsx").await;
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(book)).unwrap();
    let said = calamine::Reader::worksheet_range(&mut book, "Lecture").unwrap();
    let said = said.get((0, 0)).unwrap().to_string();
    assert!(said.contains("il y a 3 h") && said.contains("(fichier fait le "), "{said}");
    assert!(named("/registre/changements.csv").await.contains("-lecture-ancienne.csv"));
    let (_, counts) = pages.get("/statistiques.json").await;
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    assert_eq!(counts["lecture"]["etat"], "ancienne");
    assert!(counts["lecture"]["texte"].as_str().unwrap().contains("il y a 3 h"), "{counts}");
    let store = &bench.daemon.store;
    store.settings().set("last_error", "the token has expired").await.unwrap();
    let (_, page) = pages.get("/cas/4243").await;
    assert!(page.contains("Dernière lecture il y a 3 h : jeton expiré"), "{page}");
    assert!(page.contains("class=\"sync failing\" role=\"status\""));
    assert!(named("/travail.csv").await.contains("-lecture-en-echec.csv"));
}

/// Prints which tests `cargo test` does not run, past the capture of a passing test's output.
#[test]
fn the_browser_is_another_program_and_that_is_said() {
    use std::io::Write as _;
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let here = std::path::Path::new(&browser).exists();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let said = if here {
        "note: the pages in a real browser are NOT RUN by cargo test; .ci/run does, or: node tests/browser/reading.mjs"
    } else {
        "note: NO BROWSER HERE: the pages in a real browser (tests/browser) are NOT RUN; apt-get install chromium"
    };
    writeln!(std::io::stderr(), "{said}").unwrap();
    let run = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/run")).unwrap();
    let reading = std::fs::read_to_string(folder.join("reading.mjs")).unwrap();
    let said = [("demo", &run), ("reading", &run), ("sign_in", &run), ("mails", &run)];
    let read = ["pictures", "access", "layout", "questions"].map(|subject| (subject, &reading));
    for (subject, by) in said.into_iter().chain(read) {
        assert!(folder.join(format!("{subject}.mjs")).exists() && by.contains(subject), "{subject}");
    }
}
