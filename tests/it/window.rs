//! The calendar, its feeds, the journal, the health page and the metrics.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::date;
use label::wording::journal::EntryKind;
use vigie::daemon::Hours;
use vigie::store::deadlines::{After, DeadlineRow, DeadlineStatus};
use vigie::store::exported::PICTURE;
use vigie::web::AppState;
use vigie::web::access::session::print;

use crate::bench::Bench;
use crate::store_lists::{Saved, deadline, labelled};
use crate::web::Pages;

/// The events of a calendar as RFC 5545 reads them: unfolded lines, name and value, by event. Written for this test
/// alone: the crate that writes has no part in it.
fn events(text: &str) -> Vec<Vec<(String, String)>> {
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    assert!(unfolded.starts_with("BEGIN:VCALENDAR\r\n") && unfolded.ends_with("END:VCALENDAR\r\n"), "{text}");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
    }
    let mut events = Vec::new();
    let mut current: Option<Vec<(String, String)>> = None;
    for line in unfolded.lines() {
        match line {
            "BEGIN:VEVENT" => current = Some(Vec::new()),
            "END:VEVENT" => events.push(current.take().unwrap()),
            line => {
                let (name, value) = line.split_once(':').unwrap();
                if let Some(event) = &mut current {
                    event.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
    assert!(current.is_none());
    events
}

fn value<'a>(event: &'a [(String, String)], name: &str) -> &'a str {
    let found: Vec<_> =
        event.iter().filter(|(own, _)| own == name || own.starts_with(&format!("{name};"))).collect();
    assert_eq!(found.len(), 1, "{name} in {event:?}");
    &found[0].1
}

#[tokio::test]
async fn an_agenda_follows_a_deadline_that_moves_and_forgets_one_that_goes() {
    let bench = Bench::after("petit", 0).await;
    let store = &bench.daemon.store;
    let today = bench.daemon.book.today();
    let name = "Mairie, « très ; longue » \\ dénomination qui ne tient pas sur une ligne de calendrier";
    let (near, next) =
        (today.saturating_add(jiff::ToSpan::days(10)), today.saturating_add(jiff::ToSpan::days(20)));
    let line = |occurrence, due| DeadlineRow {
        name: name.to_owned(),
        section: "3.9.1".to_owned(),
        rule: "R-3.9.1-b".to_owned(),
        ..deadline(900, "O-16", occurrence, due, DeadlineStatus::Upcoming)
    };
    let mut saved = Saved {
        summary: labelled(900, name),
        deadlines: vec![line(0, near), line(1, next)],
        applications: vec![],
    };
    saved.on(store, today, "2027-01-11T08:00:00Z").await;
    let pages = Pages::over(&bench, None).await;
    let answer = pages.answer("/echeances.ics", &[]).await;
    assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8");
    let first = answer.text().await.unwrap();
    assert_eq!(pages.get("/echeances.ics").await.1, first, "the same deadlines are the same text");
    let read = events(&first);
    assert_eq!(
        read.iter().map(|event| value(event, "UID")).collect::<Vec<_>>(),
        ["900-O-16@vigie", "900-O-16-1@vigie"]
    );
    let sequence = |event| value(event, "SEQUENCE").parse::<i32>().unwrap();
    let first_said = sequence(&read[0]);
    assert_eq!(value(&read[0], "LAST-MODIFIED"), "20270111T080000Z");
    assert_eq!(value(&read[0], "DTSTART"), near.strftime("%Y%m%d").to_string());
    assert!(
        value(&read[0], "SUMMARY").contains("Mairie\\, « très \\; longue » \\\\ dénomination"),
        "{read:?}"
    );

    saved.deadlines = vec![line(0, next)];
    saved.on(store, today, "2027-01-12T09:00:00Z").await;
    let read = events(&pages.get("/echeances.ics").await.1);
    assert_eq!(read.len(), 1, "what is no longer due is no longer there");
    assert_eq!(value(&read[0], "UID"), "900-O-16@vigie", "the same event");
    assert_eq!(sequence(&read[0]) - first_said, 25 * 3600, "said later, by as many seconds");
    assert_eq!(value(&read[0], "LAST-MODIFIED"), "20270112T090000Z");
    assert_eq!(value(&read[0], "DTSTART"), next.strftime("%Y%m%d").to_string());
}

#[tokio::test]
async fn a_secret_address_opens_until_it_is_closed() {
    let bench = Bench::after("petit", 0).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let store = &bench.daemon.store;
    let now = bench.daemon.book.clock.now();
    store.access().add_calendar(&print("s3cret"), "organisme", now).await.unwrap();
    store.access().add_calendar(&print("ditp"), "ditp", now).await.unwrap();
    let pages = Pages::over(&bench, None).await;
    let (status, text) = pages.get("/calendrier/s3cret.ics").await;
    assert_eq!(status, 200);
    let all = events(&text);
    let open = store.agenda().open_deadlines(false, &After::start_of(date(1, 1, 1)), 500).await.unwrap();
    assert!(!all.is_empty() && all.len() <= open.len());
    let of_ditp = events(&pages.get("/calendrier/ditp.ics").await.1);
    assert!(of_ditp.len() < all.len() && of_ditp.iter().all(|event| all.contains(event)));
    assert_eq!(store.access().calendars().await.unwrap()[0].used_at, Some(now));
    for wrong in ["autre.ics", "s3cret", ".ics"] {
        assert_eq!(pages.get(&format!("/calendrier/{wrong}")).await.0, 404, "{wrong}");
    }
    // The hash that the store holds does not open the calendar.
    assert_eq!(pages.get(&format!("/calendrier/{}.ics", print("s3cret"))).await.0, 404);
    assert_eq!(store.access().revoke_calendar(&print("s3cret")[..12]).await.unwrap(), 1);
    assert_eq!(pages.get("/calendrier/s3cret.ics").await.0, 404);
}

#[tokio::test]
async fn the_month_shows_its_days_and_every_line_once() {
    let bench = Bench::after("petit", 0).await;
    let store = &bench.daemon.store;
    for case in 1..=250_i64 {
        let day = date(2027, 5, i8::try_from(case % 28).unwrap() + 1);
        let deadlines = vec![deadline(case, "O-08", 0, day, DeadlineStatus::Upcoming)];
        let saved = Saved { summary: labelled(case, "S"), deadlines, applications: vec![] };
        saved.on(store, date(2027, 1, 11), "2027-01-11T08:00:00Z").await;
    }
    let pages = Pages::over(&bench, None).await;
    let (mut path, mut seen) = ("/echeances?mois=2027-05".to_owned(), Vec::new());
    for _ in 0..3 {
        let (status, page) = pages.get(&path).await;
        assert_eq!(status, 200);
        // Each day has eight or nine: three by name in its square, and the list below has them all.
        let (squares, list) = page.split_once("id=\"t-liste\"").unwrap();
        assert!(squares.contains("mai 2027"), "{page}");
        assert_eq!(squares.matches("/cas/").count(), 3 * 28, "{page}");
        let more = squares.matches(">et 6 autres").count() + squares.matches(">et 5 autres").count();
        assert_eq!(more, 28, "{page}");
        seen.extend(list.split("/cas/").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)));
        let Some((before, _)) = list.split_once(">Suite de la liste") else { break };
        let link = before.rsplit("href=\"").next().unwrap().trim_end_matches('"');
        path = link.replace("&#x2f;", "/").replace("&amp;", "&");
    }
    assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (250, 250));
    for odd in
        ["?mois=abc", "?mois=9999-99", "?mois=-999-01", "?apres=~~~", "?mois=2027-05&apres=2027-05-40~x~y~z"]
    {
        assert_eq!(pages.get(&format!("/echeances{odd}")).await.0, 200, "{odd}");
    }
}

#[tokio::test]
async fn the_journal_is_read_page_by_page_and_by_kind() {
    let bench = Bench::after("petit", 0).await;
    let book = &bench.daemon.book;
    for number in 0..230 {
        let kind = if number % 2 == 0 { EntryKind::Read } else { EntryKind::Gone };
        bench
            .daemon
            .store
            .journal()
            .log(book.clock.now(), kind, Some(number % 10), &format!("ligne-{number}."))
            .await
            .unwrap();
    }
    let pages = Pages::over(&bench, None).await;
    let (_, page) = pages.get("/journal?quoi=lu").await;
    assert!(
        page.contains("ligne-228.") && !page.contains("ligne-229.") && page.contains("selected>lu"),
        "{page}"
    );
    let older = page.split("/journal?quoi=lu&amp;").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (_, page) = pages.get(&format!("/journal?quoi=lu&{}", older.replace("&amp;", "&"))).await;
    assert!(page.contains("ligne-0.") && !page.contains("ligne-228."), "{page}");
    let (_, page) = pages.get("/journal?dossier=3").await;
    assert!(page.contains("ligne-3.") && !page.contains("ligne-4."), "{page}");
    assert!(pages.get("/journal?dossier=abc&avant=%27").await.1.contains("Rien pour l’instant"));
}

#[tokio::test]
async fn every_name_in_the_examples_is_a_metric_and_every_metric_is_explained() {
    let bench = Bench::after("petit", 0).await;
    let mut app =
        AppState::new(bench.daemon.store.clone(), bench.daemon.book.clone(), "demarche/1".to_owned(), None)
            .unwrap();
    app.token_ends = vec![date(2027, 6, 30)];
    app.requests = Some(std::sync::Arc::new(|| vec![("observe", 3)]));
    for (name, value) in
        [("certificate/demarche/1", "2027-08-01T00:00:00Z"), (PICTURE, "2027-05-01T00:00:00Z")]
    {
        bench.daemon.store.settings().set(name, value).await.unwrap();
    }
    let pages = Pages::of(app).await;
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let answer = pages.answer("/metrics", &[("accept", "application/openmetrics-text;version=1.0.0")]).await;
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("# EOF\n") && text.contains("\nvigie_passes_total 1\n"), "{text}");
    // Zero from the start, or an alert would miss the first one.
    for series in [
        "vigie_tasks{kind=\"mail\",state=\"given_up\"} 0",
        "vigie_tasks_done_total{kind=\"webhook\"} 0",
        "vigie_rows_unreadable{place=\"dossiers.facts\"} 0",
        "vigie_asks{why=\"late\"} 0",
        "vigie_cases{state=\"suspendu\"} 0",
        "vigie_pass_waiting_seconds{waits_for=\"platform\"} 0",
        "vigie_requests_total{what=\"observe\"} 3",
    ] {
        assert!(text.lines().any(|line| line == series), "{series} in {text}");
    }
    let done = text.lines().find(|line| line.starts_with("vigie_tasks_done_total{kind=\"mail\"}"));
    let mails = bench.mails().len();
    assert_eq!(done.and_then(|line| line.rsplit(' ').next()), Some(mails.to_string().as_str()));
    let answer = pages.answer("/metrics", &[("accept", "text/plain")]).await;
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let plain = answer.text().await.unwrap();
    assert!(
        plain.contains("\n# TYPE vigie_passes_total counter\nvigie_passes_total 1\n")
            && !plain.contains("# EOF"),
        "{plain}"
    );
    let exposed: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .map(|line| match line.split_once(' ').unwrap() {
            (name, "counter") => format!("{name}_total"),
            (name, _) => name.to_owned(),
        })
        .collect();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let named = |file: &str| -> BTreeSet<String> {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.filter(|word| word.starts_with("vigie_")).map(str::to_owned).collect()
    };
    for file in ["config/prometheus-alerts.yml", "config/grafana.json"] {
        let strange: Vec<_> = named(file).difference(&exposed).cloned().collect();
        assert!(strange.is_empty() && !named(file).is_empty(), "{file}: {strange:?}");
    }
    assert_eq!(named("docs/metriques.md"), exposed);
    let board = std::fs::read_to_string(root.join("config/grafana.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&board).unwrap();
    assert!(!text.contains("example"), "no address, no name: {text}");
}

#[tokio::test]
async fn health_says_what_is_wrong_and_since_when() {
    let bench = Bench::after("petit", 0).await;
    let mut app =
        AppState::new(bench.daemon.store.clone(), bench.daemon.book.clone(), "demarche/1".to_owned(), None)
            .unwrap();
    app.token_ends = vec![date(2027, 6, 10)];
    let pages = Pages::of(app).await;
    assert!(pages.get("/sante").await.1.contains("n’a pas encore été lue"));
    bench.daemon.recorded_pass(Hours::ALL).await.unwrap();
    let page = pages.get("/sante").await.1;
    assert!(page.contains("Dernière lecture complète") && page.contains("il reste 9 jours"), "{page}");
    bench.daemon.store.settings().set("last_error", "le jeton est refusé").await.unwrap();
    assert!(pages.get("/sante").await.1.contains("le jeton est refusé"));
}
