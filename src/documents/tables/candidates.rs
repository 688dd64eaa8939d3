//! The columns of a grid that may hold its notes: each is read, and the end tells which was meant.

use super::Body;
use super::grid::{Grid, Said};
use super::grid_titles::{GridColumns, NoteColumn};
use super::layout::GridLayout;
use super::text::Cell;
use label::case::beside::TitledColumn;
use label::case::cells::place;
use label::case::table::{TableContent, TableKind};

/// Columns that are named to the reader.
const NAMED: usize = 10;

/// The readings of each column that may hold the notes; the end tells which was meant.
struct Candidates {
    titles: u32,
    columns: GridColumns,
    /// The titles of notes in the layout.
    names: Vec<String>,
    grids: Vec<(NoteColumn, Grid)>,
}

/// The reader of the rows below the titles, which stand in row `at`.
pub(super) fn body(layout: &GridLayout, kind: TableKind, columns: &GridColumns, at: u32) -> Box<dyn Body> {
    let grids = columns.notes.iter().map(|note| (*note, Grid::new(layout, kind, columns, note.column, at)));
    Box::new(Candidates {
        titles: at,
        columns: columns.clone(),
        names: layout.note.clone(),
        grids: grids.collect(),
    })
}

impl Body for Candidates {
    fn row(&mut self, at: u32, cells: &[Cell<'_>]) {
        self.grids.iter_mut().for_each(|(_, grid)| grid.row(at, cells));
    }

    fn finish(mut self: Box<Self>) -> TableContent {
        let chosen = self.chosen();
        let titled = |note: &NoteColumn| TitledColumn {
            place: place(self.titles, note.column),
            title: {
                let name = self.names.get(note.title).cloned().unwrap_or_default();
                if note.exact { name } else { format!("{name}…") }
            },
        };
        let all: Vec<NoteColumn> = self.grids.iter().map(|(note, _)| *note).collect();
        let others = all.iter().enumerate().filter(|(rank, _)| Some(*rank) != chosen).map(|(_, note)| note);
        let columns: Vec<TitledColumn> = match chosen {
            Some(_) => others.chain(&self.columns.unlike).take(NAMED).map(titled).collect(),
            None => others.take(NAMED).map(titled).collect(),
        };
        let used = chosen.and_then(|rank| all.get(rank)).filter(|_| !columns.is_empty()).map(titled);
        let (_, grid) = self.grids.swap_remove(chosen.unwrap_or(0));
        let mut content = grid.finish();
        if let Some(beside) = content.beside() {
            (beside.used, beside.columns) = (used, columns);
        }
        content
    }
}

impl Candidates {
    /// The column that holds the notes: the only one that holds any, or one of several that say the same, or the one with the
    /// template's own title where no other goes on from it. `None` when nothing tells.
    fn chosen(&self) -> Option<usize> {
        let fits = |(_, grid): &&(NoteColumn, Grid)| {
            let count = |wanted: fn(&Said) -> bool| grid.said.iter().filter(|said| wanted(said)).count();
            let known = count(|said| matches!(said, Said::Note(_)));
            known > 0 && count(|said| *said == Said::Other) <= known
        };
        let fit: Vec<usize> =
            self.grids.iter().enumerate().filter(|(_, one)| fits(one)).map(|(rank, _)| rank).collect();
        let note = |rank: &usize| self.grids.get(*rank).map(|(note, _)| *note);
        let said = |rank: &usize| self.grids.get(*rank).map(|(_, grid)| &grid.said);
        let Some(first) = fit.first() else { return Some(0) };
        if fit.iter().all(|rank| said(rank) == said(first)) {
            return Some(*first);
        }
        let mut of_template = fit.iter().filter(|rank| note(rank).is_some_and(|note| note.title == 0));
        match (of_template.next(), of_template.next()) {
            (Some(only), None) if note(only).is_some_and(|note| note.exact) => Some(*only),
            _ => None,
        }
    }
}
