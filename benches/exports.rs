//! What reading the platform's spreadsheets costs: `vigie import` of one file into an empty store, as a body without a
//! token does it, with its children. `cargo bench -- exports [DOSSIERS]`; `TEST_DATABASE_URL` names
//! the PostgreSQL server. A folder in memory (`TMPDIR=/dev/shm`) spares the disk.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use simulator::{ExportFormat, ExportShape, Scenario};
use vigie::dn::form::FormMap;
use vigie::exports::Columns;

use crate::processor::of_children;
use crate::table::{Cell, Column};
use crate::{database, number, table};

const FORM: &str = include_str!("../config/form.toml");
/// Between two looks at how much memory is held.
const LOOK: Duration = Duration::from_millis(5);

pub fn measure(words: &[&str]) {
    let dossiers: u32 = number(words).unwrap_or(5_000);
    let map: FormMap = toml::from_str(FORM).unwrap();
    let model = Columns::of(&map).model();
    let shape = ExportShape::Model([model.dossier, model.champs, model.annotations].concat());
    let world = Scenario::named("lot", 1, dossiers).unwrap().world();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = std::env::var("TEST_DATABASE_URL").ok();
    println!(
        "| mesure | durée (s) | processeur (s) | mémoire (Mo), plus grand processus |\n|---|---|---|---|"
    );
    for (format, name) in
        [(ExportFormat::Xlsx, "xlsx"), (ExportFormat::Ods, "ods"), (ExportFormat::Csv, "csv")]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(world.export_name(format));
        std::fs::write(&file, world.export(format, &shape).unwrap()).unwrap();
        let here = format!("sqlite:{}", folder.path().join("v.db").display());
        let mut stores = vec![(Column::Sqlite, here)];
        if let Some(server) = &server {
            let there = runtime.block_on(database::fresh(server, "vigie_exports"));
            stores.push((Column::Postgres, there));
        }
        let what = format!("export de {dossiers} dossiers lu ({name}), durée");
        let cell = |(column, url): (Column, String)| {
            let value = imported(folder.path(), &file, &url, &format!("{name}, {column:?}"), dossiers);
            Cell { what: what.clone(), column, value, budget: "" }
        };
        let cells: Vec<Cell> = stores.into_iter().map(cell).collect();
        table::write(&cells);
    }
}

/// Imports a file into an empty store; the time that it took.
fn imported(folder: &Path, file: &Path, store: &str, what: &str, dossiers: u32) -> String {
    std::fs::write(folder.join("form.toml"), FORM).unwrap();
    let config = folder.join("vigie.toml");
    std::fs::write(
        &config,
        format!("[act]\nmail = false\n[exports]\nfolder = \"none\"\n[store]\nurl = \"{store}\"\n"),
    )
    .unwrap();
    let (began, spent) = (Instant::now(), of_children());
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["--config", config.to_str().unwrap(), "import", file.to_str().unwrap()]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut most = 0;
    let status = loop {
        most = most.max(largest(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    let took = began.elapsed().as_secs_f64();
    let said = std::io::read_to_string(child.stdout.unwrap()).unwrap();
    assert!(status.success() && said.contains(&format!("{dossiers} dossiers")), "{said}");
    let processor = of_children() - spent;
    println!("| {what} | {took:.2} | {processor:.2} | {} |", most / 1024);
    format!("{took:.1} s, {} Mo", most / 1024).replace('.', ",")
}

/// Kilobytes that the process, or one of its children, held at most so far.
fn largest(process: u32) -> u64 {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap_or_default();
    let each = children.split_whitespace().filter_map(|word| word.parse().ok()).chain([process]);
    each.map(held).max().unwrap_or_default()
}

fn held(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
