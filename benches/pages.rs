//! How long each page takes over HTTP with many services in the store. `cargo bench -- pages [CASES] [STORE]`.
//! STORE is a file or the address of a base of PostgreSQL: one that holds services is taken as it is, an empty one is
//! filled and kept; without one it is a temporary file.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use label::Choices;
use label::life::{LabelStatus, Standing, Suspension};
use label::wording::journal::EntryKind;
use vigie::casebook::CaseBook;
use vigie::clock::Clock;
use vigie::store::Store;
use vigie::store::cases::Summary;
use vigie::store::deadlines::{DeadlineRow, DeadlineStatus};
use vigie::store::judgement::Judgement;
use vigie::store::measures::{MeasureKind, MeasureRow};
use vigie::store::register::ApplicationRow;
use vigie::web::{AppState, router};

use crate::table::{Cell, Column};
use crate::{database, number, table};

const TODAY: Date = date(2027, 5, 24);
/// Services in SQLite, and in PostgreSQL, which takes ten times longer to fill.
const SERVICES: [i64; 2] = [100_000, 20_000];
/// Requests of each page after a first one.
const TIMES: usize = 200;

const PAGES: [&str; 24] = [
    "/",
    "/?vue=ensuite",
    "/?vue=ensuite&apres=2027-09-15~50000~O-16~0",
    "/?vue=change&apres=2027-05-24~50000",
    "/?organisme=Organisme%203",
    "/?etape=depose&type=local_rattache",
    "/?texte=0777",
    "/?texte=introuvable",
    "/labels",
    "/labels?vue=perdus",
    "/labels?organisme=Organisme%204",
    "/labels?texte=0777",
    "/registre",
    "/registre?apres=service%2007~50000",
    "/registre?liste=termines",
    "/statistiques",
    "/statistiques?annee=2026",
    "/echeances",
    "/echeances?mois=2027-09",
    "/echeances?mois=2027-06&apres=2027-06-15~50000~O-16~0",
    "/journal",
    "/journal?quoi=jug%C3%A9&dossier=77",
    "/sante",
    "/metrics",
];
/// Whole files, and pages that count all that was judged: measured, without a limit to respect.
const FILES: [&str; 8] = [
    "/registre.csv",
    "/statistiques.csv",
    "/echeances.ics",
    "/annee",
    "/annee?mois=2027-09&quoi=audits",
    "/statistiques/details",
    "/statistiques/details?annee=2026&type=central",
    "/echeances?mois=2027-09&type=central",
];

pub fn measure(words: &[&str]) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(all(words));
}

async fn all(words: &[&str]) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let wanted = number(words);
    let [here, there] = SERVICES.map(|services| wanted.unwrap_or(services));
    let kept = words.iter().find(|word| word.contains(['/', '.']));
    match kept {
        Some(url) if url.starts_with("postgres") => measured(url, there).await,
        Some(file) => measured(&format!("sqlite:{file}"), here).await,
        None => {
            let folder = tempfile::tempdir().unwrap();
            measured(&format!("sqlite:{}", folder.path().join("v.db").display()), here).await;
            if let Some(server) = std::env::var_os("TEST_DATABASE_URL") {
                let server = server.to_str().unwrap();
                let url = database::fresh(server, "vigie_pages").await;
                database::unhurried(server, "vigie_pages").await;
                measured(&url, there).await;
            }
        }
    }
}

/// Every page over this store.
async fn measured(url: &str, cases: i64) {
    let store = Store::open(url).await.unwrap();
    let now: Timestamp = "2027-05-24T08:00:00Z".parse().unwrap();
    let started = Instant::now();
    if !store.work().knows_any().await.unwrap() {
        fill(&store, 1..=cases, now).await;
        // As a first judgement of so many does.
        store.judgements().learn_sizes().await.unwrap();
        println!("{cases} services written in {:.0} s", started.elapsed().as_secs_f64());
    }
    println!("{}", store.engine());
    let column = if store.engine() == "SQLite" { Column::Sqlite } else { Column::Postgres };
    let changing = store.clone();
    let book = CaseBook::new(&store, Clock::manual(now), Choices::default(), Vec::new());
    let app = AppState::new(store, book, "demarche/1".to_owned(), None).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let client = vigie::tls::client_builder().build().unwrap();
    println!("| page | première | médiane | 99e centile | octets |\n|---|---|---|---|---|");
    let (mut slowest, mut named) = (Duration::ZERO, "");
    for path in PAGES {
        let last = page(&client, &root, path, TIMES).await;
        if last > slowest {
            (slowest, named) = (last, path);
        }
    }
    let what = format!("pages à {cases} services, 99e centile de la plus lente");
    let value = format!("{:.0} ms (`{named}`)", slowest.as_secs_f64() * 1000.0);
    table::write(&[Cell { what, column, value, budget: "50 ms" }]);
    fill(&changing, cases + 1..=cases + 1, now).await;
    page(&client, &root, "/statistiques", TIMES).await;
    for path in FILES {
        page(&client, &root, path, 3).await;
    }
}

/// The 99th centile of a page.
async fn page(client: &reqwest::Client, root: &str, path: &str, times: usize) -> Duration {
    let mut bytes = 0;
    let mut taken: Vec<Duration> = Vec::new();
    for _ in 0..=times {
        let started = Instant::now();
        let answer = client.get(format!("{root}{path}")).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        bytes = answer.bytes().await.unwrap().len();
        taken.push(started.elapsed());
    }
    let first = taken.remove(0);
    taken.sort();
    let at = |share: usize| taken[(taken.len() * share / 100).min(taken.len() - 1)];
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    println!("| `{path}` | {} | {} | {} | {bytes} |", ms(first), ms(at(50)), ms(at(99)));
    at(99)
}

/// Cases written together.
const TOGETHER: usize = 100;

struct Filled {
    summary: Summary,
    deadlines: [DeadlineRow; 4],
    application: [ApplicationRow; 1],
    dossiers: [(i64, i64); 1],
}

impl Filled {
    fn judgement(&self, now: Timestamp) -> Judgement<'_> {
        Judgement {
            recorded: None,
            summary: &self.summary,
            dossiers: &self.dossiers,
            deadlines: &self.deadlines,
            applications: &self.application,
            found: &[],
            next_look: TODAY,
            today: TODAY,
            now,
        }
    }
}

async fn fill(store: &Store, cases: std::ops::RangeInclusive<i64>, now: Timestamp) {
    let cases: Vec<i64> = cases.collect();
    for part in cases.chunks(TOGETHER) {
        let filled: Vec<Filled> = part.iter().map(|case| service(*case)).collect();
        let judgements: Vec<Judgement<'_>> = filled.iter().map(|filled| filled.judgement(now)).collect();
        store.judgements().save_judgements(&judgements).await.unwrap();
        for case in part {
            let kind = if case % 2 == 0 { EntryKind::Judged } else { EntryKind::Read };
            store.journal().log(now, kind, Some(case % 1000), "Une ligne.").await.unwrap();
        }
    }
}

fn service(case: i64) -> Filled {
    let spread = |days: i64| TODAY.saturating_add((case * 7919 % days - days / 2).days());
    let types = ["local_independant", "local_rattache", "central"];
    let index = |of: usize| usize::try_from(case).unwrap() % of;
    let (type_key, tier) = (types[index(3)], ["bronze", "argent", "or"][index(3)]);
    let granted = spread(2000);
    let standings = if case % 4 < 2 { standings(case, granted) } else { Vec::new() };
    let organisme = format!("Organisme {}", case % 12);
    let name = format!("Service {:05}", case * 31 % 99_991);
    let summary = Summary {
        case_id: case,
        name: name.clone(),
        service: "service local indépendant".to_owned(),
        type_key: type_key.to_owned(),
        state: ["actif", "suivi_ouvert", "depose", "a_decider"][index(4)].to_owned(),
        tier: Some(tier.to_owned()),
        living: true,
        late: case % 9 == 0,
        faults: case % 5,
        next_due: Some(spread(600)),
        next_what: Some("Audit de suivi".to_owned()),
        siret: Some(format!("{case:014}")),
        departement: format!("{:02} - Département", case % 95),
        organisme: organisme.clone(),
        dossier: case,
        sites: vec!["Accueil (Brest)".to_owned(), "Annexe (Quimper)".to_owned()],
        loss: standings
            .iter()
            .rev()
            .find(|(from, _)| *from <= TODAY)
            .map(|(_, one)| one.last_day_if_nothing_is_done()),
        standings,
        ..Summary::default()
    };
    let deadline = |code: &str, due: Date, status: DeadlineStatus| DeadlineRow {
        case_id: case,
        dossier: case,
        code: code.to_owned(),
        title: "Une échéance du guide".to_owned(),
        rule: "R-3.9.1-b".to_owned(),
        section: "3.9.1".to_owned(),
        due,
        extended: due,
        status,
        name: name.clone(),
        organisme: organisme.clone(),
        ..DeadlineRow::default()
    };
    let late = if case % 9 == 0 { DeadlineStatus::Late } else { DeadlineStatus::Passed };
    let deadlines = [
        deadline("O-08", spread(300), late),
        deadline("O-16", spread(600), DeadlineStatus::Upcoming),
        deadline("O-32", spread(900), DeadlineStatus::Upcoming),
        deadline("O-33", spread(1200), DeadlineStatus::Done),
    ];
    let application = ApplicationRow {
        dossier: case,
        case_id: case,
        demande: "initial".to_owned(),
        type_key: type_key.to_owned(),
        organisme,
        deposited: spread(2400),
        audited: Some(spread(2200)),
        plan_met: Some(case % 6 != 0),
        report_met: Some(case % 7 != 0),
        outcome: Some(if case % 8 == 0 { "rejete" } else { "labellise" }.to_owned()),
        tier: Some(tier.to_owned()),
        decided: Some(spread(2000)),
        days: Some(100 + case % 200),
        measures: measures(case),
    };
    Filled { summary, deadlines, application: [application], dossiers: [(case, 0)] }
}

/// Three steps, three delays and two surveys, as a judgement leaves them.
fn measures(case: i64) -> Vec<MeasureRow> {
    let day = date(2026, 3, 1).saturating_add((case % 300).days());
    let row = |kind: MeasureKind, word: &str, number: i64| MeasureRow {
        kind: kind.word().to_owned(),
        word: word.to_owned(),
        day,
        number,
    };
    let steps = ["audit", "rapport", "decision"].map(|word| row(MeasureKind::Step, word, case % 90));
    let delays = ["O-07", "O-08", "O-10"].map(|word| row(MeasureKind::Delay, word, i64::from(case % 6 != 0)));
    let surveys = ["usagers", "agents"].map(|word| row(MeasureKind::Survey, word, 10 * (case % 10)));
    let mut rows: Vec<MeasureRow> = steps.into_iter().chain(delays).chain(surveys).collect();
    rows.sort();
    rows
}

/// A label of three years from `granted`; one in fifty is withdrawn today, one in forty suspended.
fn standings(case: i64, granted: Date) -> Vec<(Date, Standing)> {
    let ends = granted.saturating_add(3.years());
    let given = Standing {
        status: LabelStatus::Active,
        since: granted,
        tier: Some(label::Tier::Argent),
        decided: Some(granted),
        notified: Some(granted),
        starts: granted,
        ends,
        suspension: None,
        withdrawn: None,
        renewed_from: None,
    };
    let after = ends.saturating_add(1.day());
    let expired = Standing { status: LabelStatus::Expired, since: after, ..given.clone() };
    let mut steps = vec![(granted, given.clone()), (after, expired)];
    if granted < TODAY && TODAY < after {
        if case % 50 == 0 {
            let gone =
                Standing { status: LabelStatus::Withdrawn, since: TODAY, withdrawn: Some(TODAY), ..given };
            steps.splice(1.., [(TODAY, gone)]);
        } else if case % 40 == 1 {
            let limit = TODAY.saturating_add(1.year()).min(ends);
            let suspension = Some(Suspension { since: TODAY, limit, lift_by: None, cause: None });
            let held = Standing { status: LabelStatus::Suspended, since: TODAY, suspension, ..given };
            steps.insert(1, (TODAY, held));
        }
    }
    steps
}
