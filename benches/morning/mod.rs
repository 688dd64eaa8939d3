//! What a morning costs: living cases judged and saved, on each engine; the mornings on which nearly all of them are left
//! alone; the judgement alone. `cargo bench -- morning [CASES]`. The cases are those of the simulator's
//! sixteen services after some months, as often as it takes. A folder in memory (`TMPDIR=/dev/shm`) spares the disk;
//! `TEST_DATABASE_URL` names the PostgreSQL server.

mod networks;

use std::time::{Duration, Instant};

use jiff::civil::Date;
use label::case::Case;
use label::judge::review;
use vigie::record::judged::Drafted;
use vigie::record::rules::Opening;

use crate::bench::Bench;
use crate::population::{self, Population, morning};
use crate::processor::processor;
use crate::table::{Cell, Column};
use crate::{database, distance, number, table};

/// Cases judged by the rules alone, as many times as it takes.
const PURE: usize = 100_000;
/// To the server of PostgreSQL and back.
const DISTANCE: Duration = Duration::from_millis(2);
/// Quiet mornings after the first.
const MORNINGS: i32 = 7;

pub fn measure(words: &[&str]) {
    let cases = number(words).unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let population = Population::lived().await;
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite:{}", folder.path().join("v.db").display());
        println!(
            "| mesure | cas | processeur (s) | durée (s) | ms de processeur par cas |\n|---|---|---|---|---|"
        );
        let mut cells = vec![pure(&population).await];
        cells.extend(mornings(Column::Sqlite, &file, &population, cases).await);
        if let Some(server) = std::env::var_os("TEST_DATABASE_URL") {
            let server = server.to_str().unwrap();
            let url = database::fresh(server, "vigie_morning").await;
            cells.extend(mornings(Column::Postgres, &url, &population, cases).await);
        }
        cells.extend(networks::measured(&population).await);
        table::write(&cells);
    });
}

/// The rules alone: no store, no record.
async fn pure(population: &Population) -> Cell {
    let book = &population.bench.daemon.book;
    let (frame, today) = (book.frame().await.unwrap(), book.today());
    let cases: Vec<Case> = population.cases().await;
    let spent = Spent::begin();
    let mut open = 0;
    for case in cases.iter().cycle().take(PURE) {
        open += review(case, today, &frame).agenda.iter().filter(|due| due.is_open()).count();
    }
    assert!(open > 0, "nothing was judged");
    let (processor, _) = spent.tell("jugement seul", PURE);
    let what = "100 000 jugements seuls, processeur".to_owned();
    Cell { what, column: Column::Sqlite, value: seconds(processor), budget: "2 s" }
}

fn seconds(time: f64) -> String {
    format!("{time:.1} s").replace('.', ",")
}

/// A first judgement, then a morning that judges every case, the same at a distance, then quiet mornings.
async fn mornings(column: Column, url: &str, population: &Population, cases: usize) -> Vec<Cell> {
    let bench = population.multiplied(url, cases).await;
    let (known, _) = pass(column, &bench, "premier jugement", None).await;
    assert!(known >= cases, "{known} of {cases} cases");
    let (living, mut cells) = each_living(column, &bench).await;
    if column == Column::Postgres {
        let far = population.opened(&distance::behind(url, DISTANCE).await).await;
        cells.extend(each_living(Column::Distant, &far).await.1);
    }
    recorded(column, &bench, population, living).await;
    let mut longest: f64 = 0.0;
    let mut today = bench.daemon.book.today();
    for rank in 1..=MORNINGS {
        today = today.tomorrow().unwrap();
        bench.set_now(morning(today));
        let (judged, (processor, _)) = pass(column, &bench, &format!("matin {rank}"), Some(today)).await;
        assert!(judged < living, "{judged} of {living}: no case was left alone");
        longest = longest.max(processor);
    }
    let what = format!("le plus long de {MORNINGS} matins suivants, {living} cas vivants, processeur");
    cells.push(Cell { what, column, value: seconds(longest), budget: "" });
    cells
}

/// Every living case judged again: how many they are, and what it took.
async fn each_living(column: Column, bench: &Bench) -> (usize, Vec<Cell>) {
    bench.daemon.store.judgements().mark_living(&scopes(bench)).await.unwrap();
    let (living, (processor, took)) = pass(column, bench, "chaque cas vivant jugé de nouveau", None).await;
    let cell = |what: String, time: f64, budget| Cell { what, column, value: seconds(time), budget };
    let cells = vec![
        cell(format!("matin, {living} cas jugés et enregistrés, processeur"), processor, "4 s pour 10 000"),
        cell(format!("matin, {living} cas jugés et enregistrés, durée"), took, "à 2 ms : 3 × PostgreSQL"),
    ];
    (living, cells)
}

/// Judges what is marked, and what a new day marks; how many, with processor and time.
async fn pass(column: Column, bench: &Bench, what: &str, new_day: Option<Date>) -> (usize, (f64, f64)) {
    let spent = Spent::begin();
    if let Some(today) = new_day {
        bench.daemon.store.judgements().new_day(today, &scopes(bench)).await.unwrap();
    }
    let report = bench.daemon.judge().await.unwrap();
    (report.judged, spent.tell(&format!("{column:?} : {what}"), report.judged))
}

fn scopes(bench: &Bench) -> Vec<String> {
    bench.daemon.sources.iter().map(|source| source.key()).collect()
}

/// What the record adds to judging so many cases of which nothing differs: what was judged and said, in JSON, with its
/// hashes, and the last entries.
async fn recorded(column: Column, bench: &Bench, population: &Population, cases: usize) {
    let (book, record) = (&bench.daemon.book, bench.daemon.store.record());
    let (frame, today) = (book.frame().await.unwrap(), book.today());
    let rules = Opening::of(&record, &frame).await.unwrap().rules();
    let judged = population.cases().await.into_iter().map(|case| (review(&case, today, &frame), case));
    let judged: Vec<_> = judged.collect();
    // As many cases at once as a pass judges.
    let ids = judged.iter().map(|(_, case)| case.id);
    let ids: Vec<i64> =
        (0..9).flat_map(|copy| ids.clone().map(move |id| id + copy * population::APART)).collect();
    let spent = Spent::begin();
    let mut known = 0;
    for page in judged.iter().cycle().take(cases).collect::<Vec<_>>().chunks(ids.len()) {
        for (review, case) in page {
            Drafted::of(case, review, &rules).unwrap();
        }
        known += record.last_judgements(&ids).await.unwrap().len();
    }
    assert!(known >= cases, "{known} last entries of {cases} cases");
    spent.tell(&format!("{column:?} : part du dossier de preuve"), cases);
}

/// Processor and time since it began.
struct Spent {
    processor: f64,
    began: Instant,
}

impl Spent {
    fn begin() -> Spent {
        Spent { processor: processor(), began: Instant::now() }
    }

    /// Processor and time, in seconds.
    fn tell(&self, what: &str, cases: usize) -> (f64, f64) {
        let (processor, took) = (processor() - self.processor, self.began.elapsed().as_secs_f64());
        let each = 1000.0 * processor / f64::from(u32::try_from(cases.max(1)).unwrap());
        println!("| {what} | {cases} | {processor:.2} | {took:.2} | {each:.3} |");
        (processor, took)
    }
}
