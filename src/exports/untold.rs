//! What no export has told of one dossier: no column, no sheet, or one that is older than the decision.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::columns::{Block, Columns, DECIDED, Field, STATE};
use super::life::{Life, Said};
use super::values;
use label::case::keys::Key;

/// The keys of `form.toml` of which nothing is known in this dossier.
pub(super) fn untold(life: &Life, columns: &Columns) -> BTreeSet<Key> {
    let (mut wanted, mut told) = (BTreeSet::new(), BTreeSet::new());
    for field in &columns.fields {
        wanted.extend(&field.keys);
        if let Some(said) = life.0.get(&field.id) {
            let known =
                |key: &&Key| **key != Key::Decision || said.said != Said::Nothing || after(life, said.at);
            told.extend(field.keys.iter().filter(known));
        }
    }
    for block in &columns.blocks {
        wanted.insert(block.key);
        wanted.extend(block.cells.iter().flat_map(|cell| &cell.keys));
        let Some(said) = life.0.get(&block.id) else { continue };
        let empty = matches!(&said.said, Said::Rows(rows) if rows.is_empty());
        if block.key == Key::Evenements && empty && !after(life, said.at) {
            continue;
        }
        told.insert(block.key);
        let cells = block.cells.iter().filter(|cell| has_cell(life, block, cell));
        told.extend(cells.flat_map(|cell| &cell.keys));
    }
    wanted.retain(|key| !told.contains(key) && !key.is_written());
    wanted
}

/// Whether a picture of `at` shows what was decided in the dossier: one that is older than the decision cannot.
fn after(life: &Life, at: Timestamp) -> bool {
    let decided = life.told(DECIDED).and_then(|told| values::instant(&told.cell));
    let state = life.0.get(STATE).map(|said| said.at);
    decided.or(state).is_none_or(|decided| decided <= at)
}

/// Whether the sheet that the rows of a block are from has this cell. What an earlier version kept does not say it: all are
/// then taken to be there.
fn has_cell(life: &Life, block: &Block, cell: &Field) -> bool {
    let Some(rows) = life.0.get(&block.id) else { return false };
    let of_sheet = |cell: &Field| life.0.get(&cell.id).is_some_and(|said| said.at == rows.at);
    of_sheet(cell) || !block.cells.iter().any(of_sheet)
}
