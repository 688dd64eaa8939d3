//! How long many mails take to a server on the same machine, with the connections that are shipped.
//! `cargo bench -- letters [SERVICES]`.

use std::time::Instant;

use vigie::daemon::Hours;
use vigie::mail::Mailer;

use crate::mail_server::{MailServer, Tls};
use crate::population::Population;
use crate::table::{Cell, Column};
use crate::{database, number, table};

pub fn measure(words: &[&str]) {
    let services = number(words).unwrap_or(800);
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
