//! Cells of a table, named by their address.

use serde::{Deserialize, Serialize};

/// Cells with unexpected content: their number, and the addresses of the first ones (« C7 »).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// How many there are.
    pub count: u32,
    /// The addresses of the first five, in the order of reading.
    pub first: Vec<String>,
    /// Short words that stand there, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

impl Cells {
    const SHOWN: usize = 5;

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Words that are named.
    const WORDS: usize = 3;

    /// Names a word, once.
    pub fn word(&mut self, word: &str) {
        if self.words.len() < Cells::WORDS && !self.words.iter().any(|known| known == word) {
            self.words.push(word.to_owned());
        }
    }

    /// Adds a cell, by its row and column from 0.
    pub fn add(&mut self, row: u32, column: usize) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < Cells::SHOWN {
            self.first.push(place(row, column));
        }
    }

    /// Adds a whole row, counted from 0.
    pub fn add_row(&mut self, row: u32) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < Cells::SHOWN {
            self.first.push(row.saturating_add(1).to_string());
        }
    }

    /// Adds a whole column, counted from 0.
    pub fn add_column(&mut self, column: usize) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < Cells::SHOWN {
            self.first.push(letters(column));
        }
    }
}

/// « C7 », from row 6 and column 2.
#[must_use]
pub fn place(row: u32, column: usize) -> String {
    letters(column) + &row.saturating_add(1).to_string()
}

/// « C », from column 2.
#[must_use]
pub fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match rest / 26 {
            0 => break,
            more => rest = more - 1,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_as_a_workbook_names_it() {
        let places =
            [(0, 0), (6, 2), (0, 25), (0, 26), (9, 701), (9, 702)].map(|(row, column)| place(row, column));
        assert_eq!(places, ["A1", "C7", "Z1", "AA1", "ZZ10", "AAA10"]);
        let mut cells = Cells::default();
        (0..9).for_each(|row| cells.add(row, 0));
        assert_eq!((cells.count, cells.first.len()), (9, 5));
    }
}
