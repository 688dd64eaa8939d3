//! How long many mails take to a server on the same machine, with the connections that are shipped.
//! `cargo bench --bench letters [-- SERVICES]`, in release; `TEST_DATABASE_URL` names the PostgreSQL server.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measure that cannot go on stops, and prints what it found"
)]

#[path = "../../tests/it/bench.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod bench;
#[path = "../common/database.rs"]
mod database;
#[path = "../../tests/it/mail_server.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod mail_server;
#[path = "../morning/population.rs"]
#[expect(dead_code, reason = "the mornings use more of it")]
mod population;
#[path = "../common/table.rs"]
mod table;

use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mail_server::{MailServer, Tls};
use population::Population;
use table::{Cell, Column};
use vigie::daemon::Hours;
use vigie::mail::Mailer;

pub fn morning(day: Date) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    day.at(8, 15, 0, 0).to_zoned(paris).unwrap().timestamp()
}

fn main() {
    // `cargo test --benches` also runs this program; without `--bench` it does nothing, so that the tests do not wait.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let services = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(800);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut population = Population::lived().await;
        // As before anything was written in the dossiers: their journal tells of no mail, so that each is sent.
        for facts in &mut population.facts {
            facts.values.retain(|key, _| !key.is_written());
        }
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite:{}", folder.path().join("v.db").display());
        let mut cells = vec![sent(Column::Sqlite, &file, &population, services).await];
        if let Some(server) = std::env::var_os("TEST_DATABASE_URL") {
            let url = database::fresh(server.to_str().unwrap(), "vigie_letters").await;
            cells.push(sent(Column::Postgres, &url, &population, services).await);
        }
        table::write(&cells);
    });
}

/// Each service hears of its label and of its dates; the passes go on until nothing is left.
async fn sent(column: Column, url: &str, population: &Population, services: usize) -> Cell {
    let mut bench = population.multiplied(url, services).await;
    // All that the last months call for leaves at once.
    bench.daemon.acting.since = Some(jiff::civil::date(2026, 1, 1));
    let server = MailServer::start(Tls::None, "").await;
    let url = format!("smtp://127.0.0.1:{}", server.port);
    bench.daemon.mailer = Some(Mailer::new(&url, "Label SP+ <label@organisme.example>", None).unwrap());
    bench.daemon.judge().await.unwrap();
    let began = Instant::now();
    let mut mails = 0;
    loop {
        let report = bench.daemon.deliver_mails(Hours::ALL).await.unwrap();
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        mails += report.mailed;
        if !report.more_mails {
            break;
        }
    }
    let took = began.elapsed().as_secs_f64();
    let received = server.received.lock().unwrap().len();
    assert!(mails >= 500 && received == mails, "{mails} mails sent, {received} received");
    let thousand = took * 1000.0 / f64::from(u32::try_from(mails).unwrap());
    println!("{column:?} : {mails} mails in {took:.2} s");
    let value = format!("{thousand:.1} s").replace('.', ",");
    Cell {
        what: "1 000 courriels vers un serveur de la même machine".to_owned(),
        column,
        value,
        budget: "5 s",
    }
}
