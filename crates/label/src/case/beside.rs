//! What the reader of a table left aside, or read although nobody who opens the file sees it.

use serde::{Deserialize, Serialize};

use crate::case::cells::Cells;

/// A column, by the cell of its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitledColumn {
    /// « D1 ».
    pub place: String,
    /// The title of the layout that it bears, or begins with.
    pub title: String,
}

/// Beside one table of a file. Rows are numbered as a spreadsheet numbers them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Beside {
    /// The rows of titles of other, less complete tables on the sheet: a synthesis.
    pub tables: Cells,
    /// Other sheets with such a table.
    pub sheets: u32,
    /// Rows of figures above the titles, which have no known titles of their own.
    pub above: u32,
    /// Rows beneath the table: a legend, remarks, a signature.
    pub under: Cells,
    /// Rows that repeat the titles.
    pub repeated: Cells,
    /// The column of notes that was read, where another could have been meant.
    pub used: Option<TitledColumn>,
    /// The columns that could have been meant; all of them when none was chosen.
    pub columns: Vec<TitledColumn>,
    /// Rows with a value that the file hides: they were read as the others.
    pub hidden_rows: Cells,
    /// Hidden columns, which were read as the others.
    pub hidden_columns: Cells,
    /// Hidden sheets, which were not read.
    pub hidden_sheets: u32,
}

impl Beside {
    /// Something that was not counted.
    #[must_use]
    pub fn leaves_aside(&self) -> bool {
        let columns = if self.used.is_some() { self.columns.clone() } else { Vec::new() };
        let other = Beside {
            columns,
            hidden_rows: Cells::default(),
            hidden_columns: Cells::default(),
            ..self.clone()
        };
        !other.is_empty()
    }

    /// Nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Beside::default()
    }

    /// Several columns may hold the notes, and nothing tells which.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.used.is_none() && self.columns.len() > 1
    }

    /// Something that a person who opens the file does not see as it was read.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.hidden_rows.count > 0 || self.hidden_columns.count > 0
    }
}
