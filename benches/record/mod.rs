//! What the record costs: its bytes for each service and year, and the processor that it adds to judging.
//! `cargo bench -- record [DAYS]`. The life is that of the simulator's sixteen services, three
//! years unless DAYS says fewer, with a pass each morning; a folder in memory (`TMPDIR=/dev/shm`) spares the disk, and
//! `TEST_DATABASE_URL` names the PostgreSQL server on which it is lived again.

mod judging;
mod size;

use jiff::ToSpan;
use jiff::civil::Date;
use simulator::{Scenario, Simulator};
use vigie::daemon::Hours;

use crate::bench::{Bench, FORM, demarche};
use crate::population::morning;
use crate::{database, number};

/// The services of the scenario, with a pass each morning: so many days, or the whole of it.
async fn lived(url: &str, days: Option<i64>) -> (Bench, Date, Date) {
    let mut scenario = Scenario::named("trois-ans", 1, 0).unwrap();
    let world = scenario.world();
    let any = "127.0.0.1:0".parse().unwrap();
    let first = label::paris_date(scenario.start());
    let last = label::paris_date(scenario.end()).saturating_add(1.day());
    let last = days.map_or(last, |days| first.saturating_add(days.days()));
    let simulator = Simulator::start(any, any, world).await.unwrap();
    let bench = Bench::over(simulator, url, FORM, demarche()).await;
    let mut day = first;
    while day <= last {
        scenario.advance_to(&mut bench.simulator.world(), morning(day));
        bench.set_now(morning(day));
        let weekend = day.weekday().to_monday_one_offset() > 5;
        bench.daemon.pass(Hours { morning: true, digest: !weekend, monthly: true }).await.unwrap();
        day = day.tomorrow().unwrap();
    }
    (bench, first, last)
}

pub fn measure(words: &[&str]) {
    let days: Option<i64> = number(words);
    let life = days.map(|days| format!(", les {days} premiers jours")).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("v.db").display());
        let (bench, first, last) = lived(&url, days).await;
        println!("{first} – {last}");
        size::tell(&url, last, &life).await;
        if let Some(server) = std::env::var_os("TEST_DATABASE_URL") {
            let url = database::fresh(server.to_str().unwrap(), "vigie_record").await;
            let (_, _, last) = lived(&url, days).await;
            size::tell_postgresql(&url, last, &life).await;
        }
        judging::tell(bench).await;
    });
}
