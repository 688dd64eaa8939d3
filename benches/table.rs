//! The table of `docs/mesures.md`: each bench writes its own lines there, with machine, day and version, and the values
//! that stood there before.

use std::process::Command;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/mesures.md");
const BEGIN: &str = "<!-- relevés : écrits par cargo bench -->\n";
const END: &str = "<!-- fin des relevés -->\n";
const HEAD: &str = "| mesure | SQLite | PostgreSQL | PostgreSQL à 2 ms | budget | relevé | avant |\n|---|---|---|---|---|---|---|\n";

/// Where a measure was taken; one that needs no store stands in the first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Sqlite,
    Postgres,
    Distant,
}

/// One cell to write; `what` is the line, `budget` what the line is held to (empty: nothing).
#[derive(Clone, Debug)]
pub struct Cell {
    pub what: String,
    pub column: Column,
    pub value: String,
    pub budget: &'static str,
}

#[derive(Clone, Debug, Default)]
struct Line {
    what: String,
    values: [String; 3],
    budget: String,
    taken: String,
    before: String,
}

/// Prints the cells, and writes them into the table.
pub fn write(cells: &[Cell]) {
    for Cell { what, column, value, budget } in cells {
        println!("{what} | {column:?} : {value} (budget : {budget})");
    }
    let text = std::fs::read_to_string(FILE).unwrap();
    let (above, rest) = text.split_once(BEGIN).unwrap();
    let (table, below) = rest.split_once(END).unwrap();
    let mut lines: Vec<Line> = table.lines().skip(2).filter_map(line).collect();
    let taken = taken();
    for cell in cells {
        let known = lines.iter().position(|line| line.what == cell.what);
        let rank = known.unwrap_or_else(|| {
            lines.push(Line { what: cell.what.clone(), ..Line::default() });
            lines.len() - 1
        });
        let line = &mut lines[rank];
        if line.taken != taken && !line.taken.is_empty() {
            let values: Vec<&str> =
                line.values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
            line.before = format!("{} ({})", values.join(" ; "), line.taken);
            line.values = Default::default();
        }
        line.taken.clone_from(&taken);
        cell.budget.clone_into(&mut line.budget);
        let column = [Column::Sqlite, Column::Postgres, Column::Distant];
        let column = column.iter().position(|column| *column == cell.column).unwrap();
        line.values[column].clone_from(&cell.value);
    }
    let lines: String = lines.iter().map(Line::text).collect();
    std::fs::write(FILE, format!("{above}{BEGIN}{HEAD}{lines}{END}{below}")).unwrap();
}

impl Line {
    fn text(&self) -> String {
        let Line { what, values: [sqlite, postgres, distant], budget, taken, before } = self;
        format!("| {what} | {sqlite} | {postgres} | {distant} | {budget} | {taken} | {before} |\n")
    }
}

fn line(text: &str) -> Option<Line> {
    let words: Vec<String> =
        text.trim().trim_matches('|').split('|').map(|word| word.trim().to_owned()).collect();
    let [what, sqlite, postgres, distant, budget, taken, before] = words.try_into().ok()?;
    Some(Line { what, values: [sqlite, postgres, distant], budget, taken, before })
}

/// Day, version and machine, as « 2026-11-29, 0.1.0 (c89325c), 2 cœurs Xeon ».
fn taken() -> String {
    let said = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).output().ok()?;
        String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
    };
    let day = said("date", &["+%F"]).unwrap_or_default();
    let commit = said("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let machine = machine.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let machine = machine.trim_start_matches([' ', '\t', ':']).split(['@', '|']).next().unwrap_or_default();
    format!("{day}, {} ({commit}), {cores} cœurs {}", env!("CARGO_PKG_VERSION"), machine.trim())
}
