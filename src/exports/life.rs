//! What the exports said of one dossier: of each column, the newest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::documents::exports::ExportCell;

/// Why a cell may not be what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// 0, or a number that nobody filled.
    Zero,
    /// « Non », or a question that nobody answered.
    No,
}

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub cell: ExportCell,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

/// A file in a zip of attachments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZippedFile {
    /// The name of the zip, without its folder.
    pub zip: String,
    /// The place in the zip.
    pub rank: usize,
    pub bytes: u64,
    /// Base64 of the MD5, as the API gives it; `None` of one that cannot be unpacked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
}

/// The cells of one row of a block, by the id of their column.
pub type ToldRow = BTreeMap<String, Told>;

/// What a column, or a block, said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Nothing,
    Cell(Told),
    Rows(Vec<ToldRow>),
    /// The files of one name in a zip of attachments.
    Files(Vec<ZippedFile>),
}

/// What was said, and when the picture was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidAt {
    pub at: Timestamp,
    pub said: Said,
}

/// All columns of one dossier, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Life(pub BTreeMap<String, SaidAt>);

impl Life {
    /// Takes what a picture says wherever nothing newer is known: the order in which files are read changes nothing.
    /// False when nothing came of it.
    pub fn take(&mut self, at: Timestamp, said: BTreeMap<String, Said>) -> bool {
        let mut changed = false;
        for (column, said) in said {
            let new = SaidAt { at, said };
            let old = self.0.get(&column);
            if old.is_none_or(|old| old.at <= new.at && *old != new) {
                self.0.insert(column, new);
                changed = true;
            }
        }
        changed
    }

    pub(super) fn told(&self, column: &str) -> Option<&Told> {
        match &self.0.get(column)?.said {
            Said::Cell(told) => Some(told),
            _ => None,
        }
    }

    /// How many files that can be unpacked zips hold of it, when no spreadsheet told of it so far.
    #[must_use]
    pub fn files_alone(&self) -> Option<usize> {
        let files = self.0.values().map(|said| match &said.said {
            Said::Files(files) => Some(files.iter().filter(|file| file.checksum.is_some()).count()),
            _ => None,
        });
        files.sum()
    }

    /// Whether a zip held a file of it.
    #[must_use]
    pub fn has_files(&self) -> bool {
        self.0.values().any(|said| matches!(said.said, Said::Files(_)))
    }

    /// The file of a zip with these bytes.
    #[must_use]
    pub fn zipped(&self, checksum: &str) -> Option<&ZippedFile> {
        let files = self.0.values().filter_map(|said| match &said.said {
            Said::Files(files) => Some(files),
            _ => None,
        });
        files.flatten().find(|file| file.checksum.as_deref() == Some(checksum))
    }

    /// When the newest spreadsheet that shows this dossier was made; a zip says nothing of its fields.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        let told = self.0.values().filter(|said| !matches!(said.said, Said::Files(_)));
        told.map(|said| said.at).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Said {
        Said::Cell(Told { cell: ExportCell::Text(text.to_owned()), doubt: None })
    }

    #[test]
    fn the_newest_word_of_each_column_stays_whatever_the_order() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let old = BTreeMap::from([("a".to_owned(), text("old")), ("b".to_owned(), text("old"))]);
        let new = BTreeMap::from([("a".to_owned(), Said::Nothing)]);
        let mut forward = Life::default();
        assert!(forward.take(at(1), old.clone()) && forward.take(at(2), new.clone()));
        let mut backward = Life::default();
        assert!(backward.take(at(2), new.clone()) && backward.take(at(1), old));
        assert_eq!(forward, backward);
        // The column that the newer file lacks keeps what the older one said; the one that it has is empty.
        assert_eq!((forward.0["a"].said.clone(), forward.0["b"].said.clone()), (Said::Nothing, text("old")));
        assert!(!forward.take(at(2), new));
    }

    #[test]
    fn a_zip_makes_no_spreadsheet_newer() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut life = Life::default();
        life.take(at(9), BTreeMap::from([("piece/a.pdf".to_owned(), Said::Files(Vec::new()))]));
        assert_eq!(life.newest(), None);
        life.take(at(3), BTreeMap::from([("a".to_owned(), text("a")), ("b".to_owned(), Said::Nothing)]));
        assert_eq!(life.newest(), Some(at(3)));
    }
}
