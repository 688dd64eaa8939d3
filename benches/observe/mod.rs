//! What observing costs: requests, processor, wall clock, memory. `cargo bench -- observe`; `docs/mesures.md`
//! holds the last results. Every measure runs in a process of its own, and so does the platform, which serves pages
//! made in advance, so that its work is not counted.

#![expect(
    clippy::disallowed_methods,
    reason = "the bare reading has the barest client, of a platform that is ours"
)]

mod client;
mod cost;
mod platform;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::table::{Cell, Column};
use crate::{again, database, distance, table};
use cost::Cost;

/// Bytes of one dossier, as a form of this size gives.
const BYTES: usize = 9_000;
/// Number of measures; the median is printed.
const PAIRS: usize = 5;

pub fn measure(words: &[&str]) {
    match words {
        ["serve", dossiers, latency] => {
            platform::serve(parsed(dossiers), Duration::from_millis(parsed(latency)))
        }
        ["bare", url, dossiers] => client::bare(url, parsed(dossiers)),
        ["fill", url, dossiers] => client::fill(url, parsed(dossiers)),
        ["quiet", url, _] => client::quiet(url),
        ["changed", url, _] => client::changed(url),
        [] => all(),
        [one] => {
            all_named(one);
        }
        other => panic!("no such measure: {other:?}"),
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().unwrap()
}

fn all() {
    for name in ["fill", "stores", "slow", "size", "quiet"] {
        all_named(name);
    }
}

fn all_named(name: &str) {
    match name {
        "fill" => fill(),
        "stores" => stores(),
        "slow" => slow(),
        "size" => size(),
        "quiet" => quiet(),
        other => panic!("no such measure: {other} (fill, stores, slow, size, quiet)"),
    }
}

/// Each first reading is followed by a minimal one of the same pages: on a shared machine a single pair is not
/// reliable.
fn fill() {
    let platform = Platform::start(10_000, 0);
    let pairs: Vec<(Cost, Cost)> =
        (0..PAIRS).map(|_| (platform.measure("bare"), platform.measure("fill"))).collect();
    let (bare, ours) = pairs[0];
    bare.print("10 000 dossiers, lecture nue");
    ours.print("10 000 dossiers, première lecture");
    let mut ratios: Vec<f64> = pairs.iter().map(|(bare, ours)| ours.cpu / bare.cpu).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "  processeur : {:.2} fois la lecture nue, de {:.2} à {:.2} en {PAIRS} mesures (budget : 1,5)",
        ratios[PAIRS / 2],
        ratios[0],
        ratios[PAIRS - 1]
    );
    told(
        "première lecture de 10 000 dossiers sans latence, processeur",
        Column::Sqlite,
        times(ratios[PAIRS / 2]),
        "1,5 × une lecture nue",
    );
}

fn told(what: &str, column: Column, value: String, budget: &'static str) {
    table::write(&[Cell { what: what.to_owned(), column, value, budget }]);
}

fn times(ratio: f64) -> String {
    format!("{ratio:.2} ×").replace('.', ",")
}

/// The same first reading into a file, into PostgreSQL, and into PostgreSQL two milliseconds away.
fn stores() {
    const WHAT: &str = "première lecture de 10 000 dossiers sans latence, durée";
    const BUDGET: &str = "à 2 ms : 3 × PostgreSQL";
    let seconds = |cost: &Cost| format!("{:.1} s", cost.wall).replace('.', ",");
    let platform = Platform::start(10_000, 0);
    told(WHAT, Column::Sqlite, seconds(&platform.measure("fill")), BUDGET);
    let Some(server) = std::env::var_os("TEST_DATABASE_URL") else { return };
    let server = server.to_str().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let fresh = || runtime.block_on(database::fresh(server, "vigie_observe"));
    told(WHAT, Column::Postgres, seconds(&platform.measure_in("fill", Some(&fresh()))), BUDGET);
    let url = fresh();
    let url = runtime.block_on(distance::behind(&url, Duration::from_millis(2)));
    told(WHAT, Column::Distant, seconds(&platform.measure_in("fill", Some(&url))), BUDGET);
}

/// A platform with a high latency, at the shipped rate of requests, beside one reader of the largest pages.
fn slow() {
    for (dossiers, title) in [(5_000, "5 000"), (20_000, "20 000")] {
        let platform = Platform::start(dossiers, 200);
        let (alone, ours) = (platform.measure("bare"), platform.measure("fill"));
        alone.print(&format!("{title} dossiers à 200 ms, un lecteur seul, pages de cent"));
        ours.print(&format!("{title} dossiers à 200 ms, première lecture"));
        let what = format!("première lecture de {title} dossiers à 200 ms, configuration livrée, durée");
        told(&what, Column::Sqlite, times(ours.wall / alone.wall), "0,33 × un lecteur seul");
    }
}

/// Memory use must not grow with the number of dossiers.
fn size() {
    let small = Platform::start(10_000, 0).measure("fill");
    let large = Platform::start(50_000, 0).measure("fill");
    small.print("10 000 dossiers");
    large.print("50 000 dossiers");
    let value = format!("{} puis {} Mo", small.memory_mb(), large.memory_mb());
    told(
        "mémoire d'une première lecture, 10 000 puis 50 000 dossiers, sans les pages du programme",
        Column::Sqlite,
        value,
        "64 Mo",
    );
}

/// Passes in which nothing changed, then passes in which one dossier of a hundred thousand did.
fn quiet() {
    let platform = Platform::start(100_000, 0);
    for (measure, what) in [("quiet", "sans changement"), ("changed", "un changement")] {
        let cost = platform.measure(measure);
        let what = format!("passe sur 100 000 dossiers, {what}");
        cost.print(&what);
        let value = format!("{} requête, {:.1} ms de processeur", cost.requests, cost.cpu * 1000.0);
        told(&what, Column::Sqlite, value.replace('.', ","), "1 requête");
    }
}

/// The platform, in a process of its own.
struct Platform {
    process: Child,
    url: String,
    dossiers: String,
}

impl Platform {
    fn start(dossiers: usize, latency_ms: u64) -> Platform {
        let (dossiers, latency) = (dossiers.to_string(), latency_ms.to_string());
        let mut process = child(&["serve", &dossiers, &latency]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Platform { process, url: line.trim().to_owned(), dossiers }
    }

    fn measure(&self, what: &str) -> Cost {
        self.measure_in(what, None)
    }

    fn measure_in(&self, what: &str, store: Option<&str>) -> Cost {
        let mut process = child(&[what, &self.url, &self.dossiers]);
        let mut process = process.envs(store.map(|url| (client::STORE, url))).spawn().unwrap();
        let mut said = String::new();
        process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(process.wait().unwrap().success(), "{what} failed");
        Cost::parse(&said)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn child(words: &[&str]) -> Command {
    let mut command = again(&[&["observe"], words].concat());
    command.stdout(Stdio::piped());
    command
}
