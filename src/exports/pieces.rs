//! The attachments of a zip: of which dossier each is, and which cell of the spreadsheets names it. A zip does not say of
//! which field an attachment is, and a spreadsheet gives its name alone: the name is all that joins them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::columns::{CHANGED, Columns, Field};
use super::files::names;
use super::life::{Life, Said, ZippedFile};
use super::values;
use crate::dn::form::{FieldType, Table};
use label::folding::folded;
use label::wording::exports::Loose;

/// The beginning of the column under which the files of one name are kept.
const COLUMN: &str = "piece/";
/// A file system accepts no longer name, in bytes.
const MAX_NAME: usize = 255;
/// The name of a zip gives the minute of the picture.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Folders of what belongs to no field of the form.
const OTHER_FOLDERS: [&str; 4] = ["dossier", "messagerie", "avis", "horodatage"];

/// Where an entry of a zip belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZipPlace {
    /// An attachment of a dossier, under the name that it was deposited with.
    Piece { dossier: i64, name: String },
    /// A message, an opinion, the dossier as a PDF, a file of the program that made the zip: nothing that is judged.
    Other,
    /// No dossier is named, or the path is not one that the platform writes.
    Nowhere,
}

impl ZipPlace {
    /// By the platform's own paths: `export/dossier-4242/pieces_justificatives/plan-24-05-2027-09-30-12.pdf`.
    #[must_use]
    pub fn of(path: &str) -> ZipPlace {
        let path = path.replace('\\', "/");
        let parts: Vec<&str> = path.strip_prefix("./").unwrap_or(&path).split('/').collect();
        let Some((name, folders)) = parts.split_last() else { return ZipPlace::Nowhere };
        let is_hidden = |part: &str| part.starts_with('.') || part == "__MACOSX";
        let hostile = |part: &&str| part.is_empty() || *part == ".." || part.chars().any(char::is_control);
        if parts.iter().any(hostile) || name.len() > MAX_NAME {
            return ZipPlace::Nowhere;
        }
        if parts.iter().any(|part| is_hidden(part)) {
            return ZipPlace::Other;
        }
        let numbered = folders.iter().rposition(|folder| number_of(folder).is_some());
        let Some((at, dossier)) = numbered.and_then(|at| Some((at, number_of(folders[at])?))) else {
            return ZipPlace::Nowhere;
        };
        let within = folders.get(at + 1).copied().unwrap_or_default();
        let is_whole = within.is_empty() && *name == format!("export-{dossier}.pdf");
        if is_whole || OTHER_FOLDERS.contains(&within) {
            return ZipPlace::Other;
        }
        ZipPlace::Piece { dossier, name: deposited(name) }
    }

    /// The column under which the files of this name are kept.
    #[must_use]
    pub fn column(name: &str) -> String {
        format!("{COLUMN}{name}")
    }
}

/// « dossier-4242 ».
fn number_of(folder: &str) -> Option<i64> {
    let digits = folder.strip_prefix("dossier-")?;
    digits.parse().ok().filter(|number| *number > 0)
}

/// Without the day, the minute and the number that the platform adds before the extension.
fn deposited(name: &str) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if without_time(stem).is_some() => (stem, Some(extension)),
        _ => (name, None),
    };
    let Some(stem) = without_time(stem) else { return name.to_owned() };
    extension.map_or_else(|| stem.to_owned(), |extension| format!("{stem}.{extension}"))
}

/// « plan-24-05-2027-09-30-12 » → « plan ».
fn without_time(stem: &str) -> Option<&str> {
    let mut rest = stem;
    // From the right: a number below ten thousand, minute, hour, year, month, day.
    for widths in [1..=4, 2..=2, 2..=2, 4..=4, 2..=2, 2..=2] {
        let (before, digits) = rest.rsplit_once('-')?;
        if !widths.contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        rest = before;
    }
    (!rest.is_empty()).then_some(rest)
}

/// The files of the zips that a cell names, by the name in the cell, and those that are not used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    pub by_name: BTreeMap<String, ZippedFile>,
    pub loose: Vec<(String, Loose)>,
}

impl Pieces {
    /// Joins what zips hold of a dossier with what its cells name. A file is used when no other can be meant: nobody is
    /// told of the faults of a file that may be another one.
    #[must_use]
    pub fn of(life: &Life, columns: &Columns) -> Pieces {
        let mut pieces = Pieces::default();
        let zipped = life.0.iter().filter_map(|(column, said)| match &said.said {
            Said::Files(files) => Some((column.strip_prefix(COLUMN)?, said.at, files)),
            _ => None,
        });
        let zipped: Vec<(&str, Timestamp, &Vec<ZippedFile>)> = zipped.collect();
        if zipped.is_empty() {
            return pieces;
        }
        let named = named(life, columns);
        let changed = life.told(CHANGED).and_then(|told| values::instant(&told.cell));
        for (name, at, files) in zipped {
            let Some(cell) = cell_of(name, &named) else {
                pieces.loose.push((name.to_owned(), Loose::Unnamed));
                continue;
            };
            // The candidate may have put another file under the same name since.
            let is_old = changed.is_some_and(|changed| changed > at.saturating_add(MINUTE).unwrap_or(at));
            let sums: BTreeSet<&str> = files.iter().map(|file| file.checksum.as_str()).collect();
            match files.first() {
                Some(_) if is_old && cell.1.of_candidate => pieces.loose.push((cell.0.clone(), Loose::Older)),
                // Of two cells that name it and one file, the file of the other cell may be the one that is missing.
                Some(file) if sums.len() == 1 && files.len() >= cell.1.times => {
                    pieces.by_name.insert(cell.0.clone(), file.clone());
                }
                _ => pieces.loose.push((cell.0.clone(), Loose::Twins)),
            }
        }
        pieces
    }
}

/// The cell that names a file: the very name, or the only one that differs in accents, capitals or signs alone.
fn cell_of<'n>(name: &str, named: &'n BTreeMap<String, Named>) -> Option<(&'n String, Named)> {
    if let Some((cell, named)) = named.get_key_value(name) {
        return Some((cell, *named));
    }
    let alike: Vec<_> = named.iter().filter(|(cell, _)| folded(cell) == folded(name)).collect();
    match alike[..] {
        [(cell, named)] => Some((cell, *named)),
        _ => None,
    }
}

/// What cells say of one name.
#[derive(Clone, Copy, Default)]
struct Named {
    times: usize,
    /// A candidate deposits it: the spreadsheet tells when a field of theirs last changed.
    of_candidate: bool,
}

/// The names of attachments in the cells of a dossier.
fn named(life: &Life, columns: &Columns) -> BTreeMap<String, Named> {
    let mut named: BTreeMap<String, Named> = BTreeMap::new();
    let mut add = |field: &Field, text: &str| {
        for name in names(text) {
            let named = named.entry(name).or_default();
            named.times += 1;
            named.of_candidate |= field.table == Table::Champs;
        }
    };
    let holds = |field: &&Field| field.kind == FieldType::PieceJustificative;
    for field in columns.fields.iter().filter(holds) {
        if let Some(told) = life.told(&field.id) {
            add(field, &values::text(&told.cell));
        }
    }
    for block in &columns.blocks {
        let Some(Said::Rows(rows)) = life.0.get(&block.id).map(|said| &said.said) else { continue };
        for cell in block.cells.iter().filter(holds) {
            rows.iter()
                .filter_map(|row| row.get(&cell.id))
                .for_each(|told| add(cell, &values::text(&told.cell)));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(path: &str) -> Option<(i64, String)> {
        match ZipPlace::of(path) {
            ZipPlace::Piece { dossier, name } => Some((dossier, name)),
            _ => None,
        }
    }

    #[test]
    fn a_path_says_the_dossier_and_the_name() {
        let of = |name: &str| piece(&format!("export/dossier-4242/pieces_justificatives/{name}"));
        for (stored, name) in [
            ("plan-24-05-2027-09-30-12.pdf", "plan.pdf"),
            ("Plan d’accès-24-05-2027-09-30-9999.PDF", "Plan d’accès.PDF"),
            ("audit-2027-01-02-24-05-2027-09-30-7.tar.gz", "audit-2027-01-02-24-05-2027-09-30-7.tar.gz"),
            ("sans extension-24-05-2027-09-30-1", "sans extension"),
            ("renommé.pdf", "renommé.pdf"),
            ("-24-05-2027-09-30-12.pdf", "-24-05-2027-09-30-12.pdf"),
            ("a-24-05-2027-09-30-12345.pdf", "a-24-05-2027-09-30-12345.pdf"),
        ] {
            assert_eq!(of(stored), Some((4242, name.to_owned())), "{stored}");
        }
        assert_eq!(piece("dossier-7\\a.pdf"), Some((7, "a.pdf".to_owned())));
    }

    #[test]
    fn what_is_no_attachment_of_a_field_is_left_and_a_hostile_path_is_nowhere() {
        for path in [
            "export/dossier-7/export-7.pdf",
            "export/dossier-7/messagerie/a.pdf",
            "export/dossier-7/avis/a.pdf",
            "export/dossier-7/dossier/a.pdf",
            "__MACOSX/export/dossier-7/._a.pdf",
            "export/dossier-7/.DS_Store",
        ] {
            assert_eq!(ZipPlace::of(path), ZipPlace::Other, "{path}");
        }
        let long = format!("dossier-7/{}", "a".repeat(300));
        for path in [
            "a.pdf",
            "export/a.pdf",
            "export/dossier-x/a.pdf",
            "export/dossier-0/a.pdf",
            "dossier-99999999999999999999/a.pdf",
            "/dossier-7/a.pdf",
            "../dossier-7/a.pdf",
            "dossier-7/../../etc/passwd",
            "dossier-7/a\u{7}.pdf",
            "dossier-7/",
            "",
            &long,
        ] {
            assert_eq!(ZipPlace::of(path), ZipPlace::Nowhere, "{path}");
        }
    }
}
