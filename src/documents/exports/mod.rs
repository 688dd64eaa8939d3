//! An export of the platform as cells: inside the child process, the columns that were asked for, of the sheets that have
//! one for the number of the dossier. What they mean is known to `crate::exports`.

mod cells;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::tables::container::{Container, recognise};
use super::tables::text::fold;
use label::case::table::TableFault;

/// The titles of the column that holds the number of the dossier, folded; an instructeur may have renamed it in a model.
const NUMBER: [&str; 9] = [
    "id",
    "dossier id",
    "id dossier",
    "dossier",
    "numero",
    "numero de dossier",
    "numero du dossier",
    "n de dossier",
    "n du dossier",
];
/// Columns of the platform itself that no rule reads, folded; a plain export has many more.
const PLATFORM: [&str; 15] = [
    "franceconnect",
    "civilite",
    "prenom",
    "nom",
    "a archiver",
    "archive",
    "motivation de la decision",
    "instructeurs",
    "instructeurs assignes",
    "groupe instructeur",
    "labels",
    "lien",
    "domaine fonctionnel",
    "autorisation ou refus",
    "demarche",
];
/// The row of titles is looked for in this many rows from the top.
const TITLES_WITHIN: usize = 20;
const MAX_ROWS: usize = 100_000;
/// A platform of 10 000 dossiers with 300 columns.
const MAX_CELLS: usize = 4_000_000;

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportCell {
    #[serde(rename = "t")]
    Text(String),
    /// A number cell: the shortest decimal that gives the same double.
    #[serde(rename = "n")]
    Number(String),
    /// A number cell that is shown in percent: what is shown, without its sign (0.855 shown « 85,5 % » is 85.5).
    #[serde(rename = "p")]
    Percent(String),
    #[serde(rename = "f")]
    Flag(bool),
    /// A date cell, with or without a time of day: the wall clock of Paris.
    #[serde(rename = "d")]
    Moment(DateTime),
}

/// One sheet: the rows under its titles, each with the number of its dossier first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSheet {
    pub name: String,
    pub titles: Vec<String>,
    pub rows: Vec<(i64, Vec<Option<ExportCell>>)>,
    /// Rows that hold something, and no number of a dossier.
    pub unnumbered: usize,
    /// Columns that were not asked for, beside those of the platform itself.
    #[serde(default)]
    pub others: usize,
    /// The titles are those of an export without a model.
    pub is_plain: bool,
}

/// The sheets that have a column for the number of the dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportBook {
    pub sheets: Vec<ExportSheet>,
    /// The names of hidden sheets: they are not read.
    #[serde(default)]
    pub hidden: Vec<String>,
}

/// Reads the columns of `titles` from an export.
pub(super) fn read(name: &str, bytes: &[u8], titles: &[String]) -> Result<ExportBook, TableFault> {
    let wanted: Vec<String> = titles.iter().map(|title| fold(title)).collect();
    let book = match recognise(name, bytes)? {
        Container::Xlsx => cells::xlsx(bytes, &wanted)?,
        Container::Ods => cells::ods(bytes, &wanted)?,
        Container::Csv => cells::csv(bytes, &wanted)?,
        Container::None => return Err(TableFault::NoHeader),
    };
    if book.sheets.is_empty() { Err(TableFault::NoHeader) } else { Ok(book) }
}

/// Takes the rows of one sheet.
struct SheetOf<'w> {
    wanted: &'w [String],
    sheet: ExportSheet,
    /// The columns that are kept, from the left, once the titles were found.
    kept: Vec<usize>,
    number: Option<usize>,
    rows: usize,
}

impl<'w> SheetOf<'w> {
    fn new(name: &str, wanted: &'w [String]) -> SheetOf<'w> {
        let sheet = ExportSheet { name: name.to_owned(), ..ExportSheet::default() };
        SheetOf { wanted, sheet, kept: Vec::new(), number: None, rows: 0 }
    }

    /// False when no row of titles was found near the top: the sheet is about something else.
    fn row(&mut self, cells: Vec<Option<ExportCell>>) -> Result<bool, TableFault> {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return Err(TableFault::TooMuch);
        }
        let Some(number) = self.number else {
            self.titles(&cells);
            return Ok(self.number.is_some() || self.rows < TITLES_WITHIN);
        };
        let dossier = cells.get(number).and_then(Option::as_ref).and_then(number_of);
        match dossier {
            Some(dossier) => {
                let kept = self.kept.iter().map(|column| cells.get(*column).cloned().flatten());
                self.sheet.rows.push((dossier, kept.collect()));
            }
            None => self.sheet.unnumbered += usize::from(cells.iter().any(Option::is_some)),
        }
        Ok(true)
    }

    fn titles(&mut self, cells: &[Option<ExportCell>]) {
        let text = |cell: &Option<ExportCell>| match cell {
            Some(ExportCell::Text(text)) => text.trim().to_owned(),
            _ => String::new(),
        };
        let titles: Vec<String> = cells.iter().map(text).collect();
        let folded: Vec<String> = titles.iter().map(|title| fold(title)).collect();
        let place = |name: &&str| folded.iter().position(|title| title == name);
        self.number = NUMBER.iter().find_map(place);
        if self.number.is_none() {
            return;
        }
        let first = folded.iter().map(String::as_str).take(3).collect::<Vec<_>>();
        self.sheet.is_plain = first == ["id", "email", "franceconnect"];
        for (column, title) in titles.into_iter().enumerate() {
            if self.wanted.contains(&folded[column]) {
                self.kept.push(column);
                self.sheet.titles.push(title);
            } else if self.number != Some(column)
                && !folded[column].is_empty()
                && !PLATFORM.contains(&folded[column].as_str())
            {
                self.sheet.others += 1;
            }
        }
    }

    fn finish(self) -> Option<ExportSheet> {
        self.number.map(|_| self.sheet)
    }
}

fn number_of(cell: &ExportCell) -> Option<i64> {
    let text = match cell {
        ExportCell::Text(text) | ExportCell::Number(text) => text,
        _ => return None,
    };
    let digits: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    digits.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, titles: &[&str]) -> Result<ExportBook, TableFault> {
        let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
        read("dossiers.csv", text.as_bytes(), &titles)
    }

    #[test]
    fn the_columns_that_are_asked_for_are_answered_and_no_other() {
        let text = "ID,Email,FranceConnect ?,Nom,Secret\n4242,a@b.example,false,\"Mairie, annexe\",x\n\n";
        let book = lines(text, &["nom", "Absent"]).unwrap();
        let [sheet] = &book.sheets[..] else { panic!("{book:?}") };
        assert_eq!((sheet.titles.as_slice(), sheet.is_plain), (["Nom".to_owned()].as_slice(), true));
        assert_eq!(sheet.rows, [(4242, vec![Some(ExportCell::Text("Mairie, annexe".to_owned()))])]);
    }

    #[test]
    fn a_file_saved_again_in_french_has_semicolons_and_another_encoding() {
        let text = b"\xc9tat;ID\r\nAccept\xe9;1 234\r\nTotal;\r\n";
        let book = read("dossiers.csv", text, &["État".to_owned()]).unwrap();
        assert_eq!(book.sheets[0].rows, [(1234, vec![Some(ExportCell::Text("Accepté".to_owned()))])]);
        assert_eq!((book.sheets[0].unnumbered, book.sheets[0].is_plain), (1, false));
    }

    #[test]
    fn what_has_no_number_of_a_dossier_is_no_export() {
        assert_eq!(lines("Nom,Prénom\nA,B\n", &["Nom"]), Err(TableFault::NoHeader));
        assert_eq!(read("a.pdf", b"%PDF-1.4", &[]), Err(TableFault::NoHeader));
        assert_eq!(read("a.xlsx", b"PK\x03\x04", &[]), Err(TableFault::Broken));
    }
}
