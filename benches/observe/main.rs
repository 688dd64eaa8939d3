//! What observing costs: requests, processor, wall clock, memory. `cargo bench --bench observe`; `docs/mesures.md`
//! holds the last results. Every measure runs in a process of its own, and so does the platform, which serves pages
//! made in advance, so that its work is not counted.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measure that cannot be taken stops, and says so"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the bare reading has the barest client, of a platform that is ours"
)]

mod client;
mod cost;
mod pages;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use cost::Cost;

/// Bytes of one dossier, as a form of this size gives.
const BYTES: usize = 9_000;
/// Number of measures; the median is printed.
const PAIRS: usize = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", dossiers, latency] => {
            pages::serve(number(dossiers), Duration::from_millis(number(latency)))
        }
        ["bare", url, dossiers] => client::bare(url, number(dossiers)),
        ["fill", url, dossiers] => client::fill(url, number(dossiers)),
        ["quiet", url, _] => client::quiet(url),
        ["changed", url, _] => client::changed(url),
        // `cargo test --benches` also runs this program; without `--bench` it does nothing, so that the tests do not
        // wait.
        _ if !std::env::args().any(|word| word == "--bench") => {}
        [] => all(),
        [one] => {
            all_named(one);
        }
        other => panic!("no such measure: {other:?}"),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().unwrap()
}

fn all() {
    for name in ["fill", "slow", "size", "quiet"] {
        all_named(name);
    }
}

fn all_named(name: &str) {
    match name {
        "fill" => fill(),
        "slow" => slow(),
        "size" => size(),
        "quiet" => quiet(),
        other => panic!("no such measure: {other} (fill, slow, size, quiet)"),
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
}

/// A platform with a high latency, at the shipped rate of requests, beside one reader of the largest pages.
fn slow() {
    for (dossiers, title) in [(5_000, "5 000"), (20_000, "20 000")] {
        let platform = Platform::start(dossiers, 200);
        let (alone, ours) = (platform.measure("bare"), platform.measure("fill"));
        alone.print(&format!("{title} dossiers à 200 ms, un lecteur seul, pages de cent"));
        ours.print(&format!("{title} dossiers à 200 ms, première lecture"));
        println!("  durée : {:.2} fois celle d’un lecteur seul (budget : 0,33)", ours.wall / alone.wall);
    }
}

/// Memory use must not grow with the number of dossiers.
fn size() {
    let small = Platform::start(10_000, 0).measure("fill");
    let large = Platform::start(50_000, 0).measure("fill");
    small.print("10 000 dossiers");
    large.print("50 000 dossiers");
    println!("  mémoire : {} puis {} Mo (budget : 64)", small.memory_mb(), large.memory_mb());
}

/// Passes in which nothing changed, then passes in which one dossier of a hundred thousand did.
fn quiet() {
    let platform = Platform::start(100_000, 0);
    platform.measure("quiet").print("100 000 dossiers : une passe sans changement");
    platform.measure("changed").print("100 000 dossiers : une passe, un changement");
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
        let mut process = again(&["serve", &dossiers, &latency]);
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Platform { process, url: line.trim().to_owned(), dossiers }
    }

    fn measure(&self, what: &str) -> Cost {
        let mut process = again(&[what, &self.url, &self.dossiers]);
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

fn again(words: &[&str]) -> Child {
    let this = std::env::current_exe().unwrap();
    Command::new(this).args(words).stdout(Stdio::piped()).spawn().unwrap()
}
