//! Which cell of the spreadsheets names an attachment of a zip. A zip does not say of which field an attachment is, and a
//! spreadsheet gives its name alone: the name is all that joins them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::columns::{CHANGED, Columns, Field, UPDATED};
use super::files::names;
use super::life::{Life, Said, SaidAt, Told, ZippedFile};
use super::values;
use super::zip_place::COLUMN;
use crate::dn::form::{FieldType, Table};
use label::folding::folded;
use label::wording::exports::Loose;

/// The name of a zip gives the minute of the picture.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

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
            Said::Files(files) => Some(Zipped { name: column.strip_prefix(COLUMN)?, at: said.at, files }),
            _ => None,
        });
        let zipped: Vec<Zipped<'_>> = zipped.collect();
        if zipped.is_empty() {
            return pieces;
        }
        let named = named(life, columns);
        // All the names that may be meant by a cell together, so that their order decides nothing.
        let mut of_cell: BTreeMap<&str, (&Named, Vec<Zipped<'_>>)> = BTreeMap::new();
        for one in zipped {
            match cell_of(one.name, &named) {
                Ok((cell, named)) => of_cell.entry(cell).or_insert((named, Vec::new())).1.push(one),
                Err(why) => pieces.loose.push((one.name.to_owned(), why)),
            }
        }
        for (cell, (named, zipped)) in of_cell {
            // A zip holds all files of a dossier: a name that only an older one has is no longer deposited.
            let recent: Vec<_> = zipped.into_iter().filter(|one| named.allows(one.at)).collect();
            let chosen = match recent.iter().position(|one| one.name == cell) {
                Some(exact) => {
                    let others = recent.iter().filter(|one| one.name != cell);
                    pieces.loose.extend(others.map(|one| (one.name.to_owned(), Loose::Unnamed)));
                    recent[exact].file(named.times)
                }
                None => match &recent[..] {
                    [only] => only.file(named.times),
                    [] => Err(Loose::Older),
                    _ => Err(Loose::Twins),
                },
            };
            match chosen {
                Ok(file) => {
                    pieces.by_name.insert(cell.to_owned(), file.clone());
                }
                Err(why) => pieces.loose.push((cell.to_owned(), why)),
            }
        }
        pieces
    }
}

/// The files of one name in the newest zip that has it.
#[derive(Clone, Copy)]
struct Zipped<'l> {
    name: &'l str,
    at: Timestamp,
    files: &'l [ZippedFile],
}

impl<'l> Zipped<'l> {
    /// The file that `times` cells name.
    fn file(&self, times: usize) -> Result<&'l ZippedFile, Loose> {
        let sums: BTreeSet<Option<&str>> = self.files.iter().map(|file| file.checksum.as_deref()).collect();
        match self.files {
            [only] if only.checksum.is_none() => Err(Loose::Faulty),
            // Of two cells that name it and one file, the file of the other cell may be the one that is missing.
            [file, ..] if file.checksum.is_some() && sums.len() == 1 && self.files.len() >= times => Ok(file),
            _ => Err(Loose::Twins),
        }
    }
}

/// The cell that names a file: the very name, or the only one that differs in accents, capitals or signs alone.
fn cell_of<'n>(name: &str, named: &'n BTreeMap<String, Named>) -> Result<(&'n str, &'n Named), Loose> {
    if let Some((cell, named)) = named.get_key_value(name) {
        return Ok((cell, named));
    }
    let alike: Vec<_> = named.iter().filter(|(cell, _)| folded(cell) == folded(name)).collect();
    match alike[..] {
        [(cell, named)] => Ok((cell, named)),
        [] => Err(Loose::Unnamed),
        _ => Err(Loose::Twins),
    }
}

/// What cells say of one name.
#[derive(Clone, Copy, Default)]
struct Named {
    times: usize,
    /// The instant since which the candidate changed no file; `None` of a name that no candidate deposits.
    unchanged_since: Option<Timestamp>,
}

impl Named {
    /// Whether a zip of this instant is recent enough: before, another file may have had the same name.
    fn allows(&self, zip: Timestamp) -> bool {
        let zip = zip.saturating_add(MINUTE).unwrap_or(zip);
        self.unchanged_since.is_none_or(|since| since <= zip)
    }
}

/// The instant since which no file of the candidate changed, as far as is known: of the last change, when it was told
/// with the cells or after them, else the one at which the cells were read.
fn unchanged_since(life: &Life, cells: Timestamp) -> Timestamp {
    let told = [CHANGED, UPDATED].into_iter().find_map(|column| {
        life.0.get(column).filter(|said| said.at >= cells)?;
        values::instant(&life.told(column)?.cell)
    });
    told.unwrap_or(cells)
}

/// The names of attachments in the cells of a dossier.
fn named(life: &Life, columns: &Columns) -> BTreeMap<String, Named> {
    let mut named: BTreeMap<String, Named> = BTreeMap::new();
    let mut add = |field: &Field, at: Timestamp, told: &Told| {
        for name in names(&values::text(&told.cell)) {
            let named = named.entry(name).or_default();
            named.times += 1;
            if field.table == Table::Champs {
                named.unchanged_since = named.unchanged_since.max(Some(unchanged_since(life, at)));
            }
        }
    };
    let holds = |field: &&Field| field.kind == FieldType::PieceJustificative;
    for field in columns.fields.iter().filter(holds) {
        if let Some(SaidAt { at, said: Said::Cell(told) }) = life.0.get(&field.id) {
            add(field, *at, told);
        }
    }
    for block in &columns.blocks {
        let Some(SaidAt { at, said: Said::Rows(rows) }) = life.0.get(&block.id) else { continue };
        for cell in block.cells.iter().filter(holds) {
            rows.iter().filter_map(|row| row.get(&cell.id)).for_each(|told| add(cell, *at, told));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dn::form::FormMap;
    use crate::documents::exports::ExportCell;
    use crate::exports::zip_place::ZipPlace;

    const PLAN: &str = "champs/Plan de formation";
    const ORGA: &str = "champs/Organigramme";

    type Used = Vec<(String, String)>;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn columns() -> Columns {
        let champs = [("plan_formation", "Plan de formation"), ("organigramme", "Organigramme")];
        let champs = champs.map(|(name, label)| (name.to_owned(), label.to_owned())).into();
        Columns::of(&FormMap { champs, ..FormMap::default() })
    }

    fn cell(text: &str) -> Said {
        Said::Cell(Told { cell: ExportCell::Text(text.to_owned()), doubt: None })
    }

    /// A dossier whose cells were read at the hour.
    fn life(cells: &[(&str, &str)]) -> Life {
        let mut life = Life::default();
        life.take(at(3600), cells.iter().map(|(column, text)| ((*column).to_owned(), cell(text))).collect());
        life
    }

    /// The same with files of these names and checksums, of which an empty one is of a file that cannot be unpacked.
    fn with(mut life: Life, second: i64, files: &[(&str, &str)]) -> Life {
        let mut said: BTreeMap<String, Said> = BTreeMap::new();
        for (rank, (name, sum)) in files.iter().enumerate() {
            let checksum = (!sum.is_empty()).then(|| (*sum).to_owned());
            let file = ZippedFile { zip: "d.zip".to_owned(), rank, bytes: 1, checksum };
            let files = said.entry(ZipPlace::column(name)).or_insert_with(|| Said::Files(Vec::new()));
            if let Said::Files(files) = files {
                files.push(file);
            }
        }
        life.take(at(second), said);
        life
    }

    /// What is used, by name and checksum, and what is not.
    fn joined(life: &Life) -> (Used, Vec<(String, Loose)>) {
        let pieces = Pieces::of(life, &columns());
        let used = pieces.by_name.into_iter().map(|(name, file)| (name, file.checksum.unwrap()));
        (used.collect(), pieces.loose)
    }

    fn used(name: &str, sum: &str) -> Used {
        vec![(name.to_owned(), sum.to_owned())]
    }

    fn loose(name: &str, why: Loose) -> Vec<(String, Loose)> {
        vec![(name.to_owned(), why)]
    }

    #[test]
    fn the_very_name_wins_whatever_the_order_and_several_like_names_are_twins() {
        let life = life(&[(PLAN, "Rapport.pdf")]);
        for name in ["rapport.pdf", "RAPPORT.pdf", "Rapport-.pdf"] {
            let both = with(life.clone(), 3600, &[("Rapport.pdf", "a"), (name, "b")]);
            assert_eq!(joined(&both), (used("Rapport.pdf", "a"), loose(name, Loose::Unnamed)));
            assert_eq!(joined(&with(life.clone(), 3600, &[(name, "b")])).0, used("Rapport.pdf", "b"));
        }
        let alike = with(life, 3600, &[("rapport.pdf", "b"), ("RAPPORT.pdf", "c")]);
        assert_eq!(joined(&alike), (Vec::new(), loose("Rapport.pdf", Loose::Twins)));
        let cells = self::life(&[(PLAN, "Rapport.pdf"), (ORGA, "rapport.pdf")]);
        let each = with(cells.clone(), 3600, &[("Rapport.pdf", "a"), ("rapport.pdf", "b")]);
        assert_eq!(joined(&each).0, [used("Rapport.pdf", "a"), used("rapport.pdf", "b")].concat());
        let neither = with(cells, 3600, &[("RAPPORT.pdf", "a")]);
        assert_eq!(joined(&neither), (Vec::new(), loose("RAPPORT.pdf", Loose::Twins)));
    }

    #[test]
    fn a_file_that_cannot_be_unpacked_may_be_the_one_that_is_meant() {
        let life = life(&[(PLAN, "plan.pdf")]);
        let one = with(life.clone(), 3600, &[("plan.pdf", "")]);
        assert_eq!(joined(&one), (Vec::new(), loose("plan.pdf", Loose::Faulty)));
        assert_eq!(one.zipped(""), None);
        for files in [[("plan.pdf", "a"), ("plan.pdf", "")], [("plan.pdf", ""), ("plan.pdf", "")]] {
            let two = with(life.clone(), 3600, &files);
            assert_eq!(joined(&two), (Vec::new(), loose("plan.pdf", Loose::Twins)));
        }
        let like = with(life, 3600, &[("Plan.pdf", "a"), ("PLAN.pdf", "")]);
        assert_eq!(joined(&like), (Vec::new(), loose("plan.pdf", Loose::Twins)));
    }

    #[test]
    fn a_zip_is_used_once_it_is_known_to_be_recent_enough() {
        let early = "1970-01-01 01:10:00 +0100";
        let old = (Vec::new(), loose("plan.pdf", Loose::Older));
        let file = [("plan.pdf", "a")];
        for column in [CHANGED, UPDATED] {
            let life = life(&[(PLAN, "plan.pdf"), (column, early)]);
            assert_eq!(joined(&with(life.clone(), 539, &file)), old, "{column}");
            assert_eq!(joined(&with(life, 540, &file)).0, used("plan.pdf", "a"), "{column}");
        }
        // Without either, the cell itself says until when the file was another one, or not.
        let bare = life(&[(PLAN, "plan.pdf")]);
        assert_eq!(joined(&with(bare.clone(), 3539, &file)), old);
        assert_eq!(joined(&with(bare, 3540, &file)).0, used("plan.pdf", "a"));
        // A change that an older picture told is not the last one.
        let mut stale = life(&[(PLAN, "plan.pdf"), (CHANGED, early)]);
        stale.take(at(7200), BTreeMap::from([(PLAN.to_owned(), cell("plan.pdf"))]));
        assert_eq!(joined(&with(stale.clone(), 3600, &file)), old);
        assert_eq!(joined(&with(stale, 7200, &file)).0, used("plan.pdf", "a"));
    }
}
