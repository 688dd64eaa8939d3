//! What the record costs: its bytes for each service and year, and the processor that it adds to judging.
//! `cargo bench --bench record [-- --days DAYS]`, in release. The life is that of the simulator's sixteen services, three
//! years unless DAYS says fewer, with a pass each morning; a folder in memory (`TMPDIR=/dev/shm`) spares the disk, and
//! `TEST_DATABASE_URL` names the PostgreSQL server on which it is lived again.

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
mod judging;
mod size;
#[path = "../common/table.rs"]
mod table;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use simulator::{Scenario, Simulator};
use vigie::daemon::Hours;

use bench::{Bench, FORM, demarche};

fn morning(day: Date) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    day.at(8, 15, 0, 0).to_zoned(paris).unwrap().timestamp()
}

/// How many days are lived: `--days DAYS`, or the whole scenario.
fn limit() -> Option<i64> {
    std::env::args().skip_while(|word| word != "--days").nth(1).map(|days| days.parse().unwrap())
}

/// The services of the scenario, with a pass each morning.
async fn lived(url: &str) -> (Bench, Date, Date) {
    let mut scenario = Scenario::named("trois-ans", 1, 0).unwrap();
    let world = scenario.world();
    let any = "127.0.0.1:0".parse().unwrap();
    let first = label::paris_date(scenario.start());
    let last = label::paris_date(scenario.end()).saturating_add(1.day());
    let last = limit().map_or(last, |days| first.saturating_add(days.days()));
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

fn main() {
    // `cargo test --benches` also runs this program; without `--bench` it does nothing, so that the tests do not wait.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("v.db").display());
        let (bench, first, last) = lived(&url).await;
        println!("{first} – {last}");
        size::tell(&url, last).await;
        if let Some(server) = std::env::var_os("TEST_DATABASE_URL") {
            let url = database::fresh(server.to_str().unwrap(), "vigie_record").await;
            let (_, _, last) = lived(&url).await;
            size::tell_postgresql(&url, last).await;
        }
        judging::tell(bench).await;
    });
}
