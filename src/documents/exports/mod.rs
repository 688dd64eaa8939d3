//! An export of the platform as cells: inside the child process, the columns that were asked for, of the sheets that have
//! one for the number of the dossier. What they mean is known to `crate::exports`.

mod cells;
mod number;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::sniff;
use super::tables::container::{Container, recognise};
use super::tables::encoding::decode;
use super::tables::text::fold;
use label::case::inspection::Media;
use label::case::table::TableFault;
use number::dossier_of;

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
/// Characters of a cell that are told when it holds no number.
const WRITTEN: usize = 40;
/// Bytes at the beginning that show whether a file holds a text, and which.
const HEAD: usize = 8192;
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
    /// A formula whose result the file does not hold: what it gives is not known here.
    #[serde(rename = "u")]
    Uncomputed,
}

/// One sheet: the rows under its titles, each with the number of its dossier first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSheet {
    pub name: String,
    pub titles: Vec<String>,
    /// The place of each of them in the file, from 0.
    #[serde(default)]
    pub columns: Vec<usize>,
    pub rows: Vec<(i64, Vec<Option<ExportCell>>)>,
    /// Rows that hold something, and no number of a dossier that can be read: which, from 1, and what stands there.
    #[serde(default)]
    pub unnumbered: Vec<(usize, String)>,
    /// Formulas without a result in the columns that are read: row from 1, column from 0.
    #[serde(default)]
    pub uncomputed: Vec<(usize, usize)>,
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

/// Why an export is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFault {
    Table(TableFault),
    /// It holds nothing.
    Empty,
    /// Whatever its name says, it is no table.
    IsA(Media),
}

impl From<TableFault> for ExportFault {
    fn from(fault: TableFault) -> ExportFault {
        ExportFault::Table(fault)
    }
}

/// Reads the columns of `titles` from an export.
pub(super) fn read(name: &str, bytes: &[u8], titles: &[String]) -> Result<ExportBook, ExportFault> {
    let head = decode(&bytes[..bytes.len().min(HEAD)]);
    if head.trim().is_empty() {
        return Err(ExportFault::Empty);
    }
    let unread = match book(name, bytes, titles) {
        Ok(book) if !book.sheets.is_empty() => return Ok(book),
        Ok(_) => TableFault::NoHeader,
        Err(fault) => fault,
    };
    let media = match sniff::recognise(bytes) {
        // A workbook that Excel wrote as a page or as XML begins so too.
        Media::Text if head.trim_start().starts_with('<') => Media::Html,
        media => media,
    };
    let is_other = matches!(media, Media::Pdf | Media::Html | Media::Image | Media::Archive | Media::Program);
    let is_read = matches!(unread, TableFault::Broken | TableFault::NoHeader);
    if is_other && is_read { Err(ExportFault::IsA(media)) } else { Err(unread.into()) }
}

fn book(name: &str, bytes: &[u8], titles: &[String]) -> Result<ExportBook, TableFault> {
    let wanted: Vec<String> = titles.iter().map(|title| fold(title)).collect();
    match recognise(name, bytes)? {
        Container::Xlsx => cells::xlsx(bytes, &wanted),
        Container::Ods => cells::ods(bytes, &wanted),
        Container::Csv => cells::csv(bytes, &wanted),
        Container::None => Err(TableFault::NoHeader),
    }
}

/// Takes the rows of one sheet.
struct SheetOf<'w> {
    wanted: &'w [String],
    sheet: ExportSheet,
    /// The columns that are kept, from the left, once the titles were found.
    kept: Vec<usize>,
    number: Option<usize>,
    rows: usize,
    /// The column of the file at which rows begin.
    side: usize,
}

impl<'w> SheetOf<'w> {
    fn new(name: &str, wanted: &'w [String]) -> SheetOf<'w> {
        let sheet = ExportSheet { name: name.to_owned(), ..ExportSheet::default() };
        SheetOf { wanted, sheet, kept: Vec::new(), number: None, rows: 0, side: 0 }
    }

    /// Takes the row of that place, from 0. False when no row of titles was found near the top: the sheet is about something
    /// else.
    fn row(&mut self, line: usize, cells: Vec<Option<ExportCell>>) -> Result<bool, TableFault> {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return Err(TableFault::TooMuch);
        }
        let Some(number) = self.number else {
            self.titles(&cells);
            return Ok(self.number.is_some() || self.rows < TITLES_WITHIN);
        };
        let cell = cells.get(number).and_then(Option::as_ref);
        let text = cell.and_then(typed);
        match text.and_then(dossier_of) {
            Some(dossier) => {
                let kept = self.kept.iter().map(|column| cells.get(*column).cloned().flatten());
                let kept: Vec<Option<ExportCell>> = kept.collect();
                for (cell, column) in kept.iter().zip(&self.sheet.columns) {
                    if *cell == Some(ExportCell::Uncomputed) {
                        self.sheet.uncomputed.push((line + 1, *column));
                    }
                }
                self.sheet.rows.push((dossier, kept));
            }
            None if cells.iter().any(Option::is_some) => {
                self.sheet.unnumbered.push((line + 1, cell.map(written).unwrap_or_default()));
            }
            None => {}
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
                self.sheet.columns.push(self.side + column);
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

/// What may be a number.
fn typed(cell: &ExportCell) -> Option<&str> {
    match cell {
        ExportCell::Text(text) | ExportCell::Number(text) => Some(text),
        _ => None,
    }
}

/// What is written in place of a number, cut.
fn written(cell: &ExportCell) -> String {
    match cell {
        ExportCell::Text(text) | ExportCell::Number(text) => text.trim().chars().take(WRITTEN).collect(),
        ExportCell::Percent(number) => format!("{number} %"),
        ExportCell::Flag(flag) => flag.to_string(),
        ExportCell::Moment(at) => at.to_string(),
        ExportCell::Uncomputed => "formule sans résultat".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, titles: &[&str]) -> Result<ExportBook, ExportFault> {
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
        assert_eq!(book.sheets[0].unnumbered, [(3, String::new())]);
        assert!(!book.sheets[0].is_plain);
    }

    #[test]
    fn what_has_no_number_of_a_dossier_is_no_export() {
        let table = |fault| Err(ExportFault::Table(fault));
        assert_eq!(lines("Nom,Prénom\nA,B\n", &["Nom"]), table(TableFault::NoHeader));
        assert_eq!(read("a.xlsx", b"PK\x03\x04", &[]), table(TableFault::Broken));
        assert_eq!(read("a.doc", b"Bonjour", &[]), table(TableFault::NoHeader));
    }

    #[test]
    fn what_is_no_table_is_named_for_what_it_is() {
        for empty in [b"".as_slice(), b" \r\n\r\n", b"\xef\xbb\xbf"] {
            assert_eq!(read("dossiers.csv", empty, &[]), Err(ExportFault::Empty));
            assert_eq!(read("dossiers.xlsx", empty, &[]), Err(ExportFault::Empty));
        }
        for (name, bytes, media) in [
            ("a.pdf", b"%PDF-1.4".as_slice(), Media::Pdf),
            ("a.xlsx", b"%PDF-1.4\n%\xe2\xe3", Media::Pdf),
            ("a.csv", b"%PDF-1.4\n", Media::Pdf),
            ("a.xls", b"<html><body><table><tr><td>ID</td></tr></table></body></html>", Media::Html),
            ("a.csv", b"<!DOCTYPE html><html><head></head></html>", Media::Html),
            ("a.xls", b"<?xml version=\"1.0\"?><Workbook></Workbook>", Media::Html),
            ("a.ods", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Media::Image),
        ] {
            assert_eq!(read(name, bytes, &[]), Err(ExportFault::IsA(media)), "{name}");
        }
    }

    #[test]
    fn columns_may_stand_between_bars() {
        let book = lines("ID|Nom|Secret\n4242|Mairie, annexe|x\n", &["Nom"]).unwrap();
        assert_eq!(book.sheets[0].rows, [(4242, vec![Some(ExportCell::Text("Mairie, annexe".to_owned()))])]);
    }

    #[test]
    fn a_row_whose_number_cannot_be_read_is_named() {
        let book = lines("ID;Nom\nn° 1003;a\nTotal;b\n;\n;c\n", &["Nom"]).unwrap();
        assert_eq!(book.sheets[0].rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1003]);
        assert_eq!(book.sheets[0].unnumbered, [(3, "Total".to_owned()), (5, String::new())]);
    }
}
