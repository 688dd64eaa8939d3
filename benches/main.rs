//! What vigie costs, measured with the configuration that ships: `cargo bench` measures all of it and writes the table of
//! `docs/mesures.md`, `cargo bench -- NAME [WORDS]` one subject. One program, because each would compile the whole of vigie
//! again; each subject runs in a process of its own, so that none pays for the memory of another. `TEST_DATABASE_URL` names
//! the PostgreSQL server; a folder in memory (`TMPDIR=/dev/shm`) spares the disk.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measure that cannot be taken stops, and says so"
)]

#[path = "../tests/it/bench.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod bench;
mod database;
mod distance;
mod exports;
#[path = "../tests/it/matrix/harness.rs"]
mod harness;
mod letters;
#[path = "../tests/it/mail_server.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod mail_server;
mod matrix;
mod morning;
mod observe;
mod pages;
mod population;
mod processor;
mod record;
mod table;

use std::process::Command;
use std::time::Instant;

use table::{Cell, Column};

/// What `cargo bench` measures. The matrix of faults is no measure: it is run by its name. The record is that of a year: of
/// the whole life by its name.
const ALL: [&[&str]; 6] =
    [&["observe"], &["morning"], &["pages"], &["letters"], &["exports"], &["record", "370"]];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (flags, words): (Vec<&str>, Vec<&str>) =
        words.iter().map(String::as_str).partition(|word| *word == "--bench");
    // `cargo test --benches` also runs this program, without the flag: the tests do not wait for it.
    if flags.is_empty() {
        return;
    }
    match words.as_slice() {
        [] => all(),
        ["exports", words @ ..] => exports::measure(words),
        ["letters", words @ ..] => letters::measure(words),
        ["matrix"] => matrix::run(),
        ["morning", words @ ..] => morning::measure(words),
        ["observe", words @ ..] => observe::measure(words),
        ["pages", words @ ..] => pages::measure(words),
        ["record", words @ ..] => record::measure(words),
        other => panic!("no such measure: {other:?} ({}, matrix)", ALL.map(|words| words[0]).join(", ")),
    }
}

/// This program again, for one subject.
fn again(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(words).arg("--bench");
    command
}

/// The first of the words that is a number of this kind.
fn number<T: std::str::FromStr>(words: &[&str]) -> Option<T> {
    words.iter().find_map(|word| word.parse().ok())
}

fn all() {
    let began = Instant::now();
    for words in ALL {
        let one = Instant::now();
        assert!(again(words).status().unwrap().success(), "{words:?} failed");
        println!("{} : {:.0} s", words[0], one.elapsed().as_secs_f64());
    }
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    let value = format!("{minutes:.1} min").replace('.', ",");
    let what = "toutes ces mesures, une fois compilées, durée".to_owned();
    table::write(&[Cell { what, column: Column::Sqlite, value, budget: "10 min" }]);
}
