//! One file taken apart: what it says of each dossier, column by column.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::columns::{Block, Columns, Field, Known, OF_DOSSIER, SIRET, UPDATED, same_title};
use super::doubled::contradiction;
use super::life::{Doubt, Said, Told, ToldRow};
use super::values;
use crate::dn::form::{FieldType, Table};
use crate::documents::exports::{ExportBook, ExportCell, ExportSheet};
use label::folding::folded;
use label::wording::exports::{DoubledTitle, Doubtful, OddCell, OddRow};

/// What one file says.
#[derive(Clone, Debug, Default)]
pub struct ExportPicture {
    pub dossiers: BTreeMap<i64, BTreeMap<String, Said>>,
    /// The columns and blocks that the file has.
    pub known: Known,
    /// What is not read as it stands.
    pub doubtful: Doubtful,
    /// Numbers that the file shows in percent.
    pub percents: usize,
    /// The fields of `form.toml` that it has, of how many, when it is the export of another form.
    pub other_form: Option<(usize, usize)>,
    /// An empty number can be told from zero.
    pub tells_zero: bool,
}

/// What the file itself shows of how it writes empty fields.
#[derive(Clone, Copy)]
struct Tells {
    zero: bool,
    no: bool,
}

impl ExportPicture {
    /// Takes a file apart. Without a sheet of dossiers it says nothing.
    #[must_use]
    pub fn of(book: &ExportBook, columns: &Columns) -> ExportPicture {
        let mut picture = ExportPicture::default();
        let main = book.sheets.iter().find(|sheet| {
            !is_establishments(sheet) && block_of(sheet, columns).is_none() && !sheet.titles.is_empty()
        });
        let Some(main) = main else { return picture };
        let places = places(main, columns);
        let tells = tells(main, &places);
        picture.tells_zero = tells.zero;
        let shown = |cell: &&Option<ExportCell>| matches!(cell, Some(ExportCell::Percent(_)));
        picture.percents = main.rows.iter().flat_map(|(_, cells)| cells).filter(shown).count();
        let (rows, twice) = newest_rows(main);
        picture.doubtful.twice = twice;
        for (number, cells) in rows {
            let said = picture.dossiers.entry(number).or_default();
            for (place, columns) in &places {
                said.extend(coalesced(place.kind(), columns, cells, tells).map(|told| (place.id(), told)));
            }
        }
        picture.known.extend(places.iter().map(|(place, _)| place.id()));
        picture.other_form = other_form(main, &places, columns);
        for sheet in book.sheets.iter().filter(|sheet| is_establishments(sheet)) {
            picture.establishments(sheet);
        }
        for block in &columns.blocks {
            let own = |sheet: &&ExportSheet| block_of(sheet, columns).is_some_and(|of| of.id == block.id);
            let sheets: Vec<&ExportSheet> = book.sheets.iter().filter(own).collect();
            match only_sheet(&sheets, block) {
                Some(sheet) => picture.block(sheet, block, tells),
                None if sheets.is_empty() => {}
                None => picture.doubtful.twins.push(block.label.clone()),
            }
        }
        picture.doubtful.hidden.clone_from(&book.hidden);
        let is_read = |sheet: &&ExportSheet| {
            std::ptr::eq(*sheet, main) || is_establishments(sheet) || block_of(sheet, columns).is_some()
        };
        for sheet in book.sheets.iter().filter(is_read) {
            picture.odd_places(sheet);
        }
        picture.doubtful.doubled.extend(doubled_titles(main, &places, columns, tells));
        picture
    }

    /// The sheet of establishments gives the SIRET of the applicant, which has no column beside it.
    fn establishments(&mut self, sheet: &ExportSheet) {
        let place = |title: &str| sheet.titles.iter().position(|own| same_title(own, title));
        let (Some(siret), Some(of)) = (place("Établissement SIRET"), place("Champ")) else { return };
        for (number, cells) in &sheet.rows {
            let of_applicant = cells
                .get(of)
                .and_then(Option::as_ref)
                .is_some_and(|cell| same_title(&values::text(cell), "Dossier"));
            let cell =
                cells.get(siret).and_then(Option::as_ref).filter(|cell| **cell != ExportCell::Uncomputed);
            if let (true, Some(said), Some(cell)) = (of_applicant, self.dossiers.get_mut(number), cell) {
                said.insert(SIRET.to_owned(), Said::Cell(Told { cell: cell.clone(), doubt: None }));
            }
        }
    }

    fn odd_places(&mut self, sheet: &ExportSheet) {
        let name = || sheet.name.clone();
        let row =
            |(row, written): &(usize, String)| OddRow { sheet: name(), row: *row, written: written.clone() };
        self.doubtful.unnumbered.extend(sheet.unnumbered.iter().map(row));
        let cell = |(row, column): &(usize, usize)| OddCell { sheet: name(), row: *row, column: *column };
        self.doubtful.uncomputed.extend(sheet.uncomputed.iter().map(cell));
    }

    /// A dossier of the file without any row in the sheet has none; a sheet that is absent says nothing, nor do rows of which
    /// one has a formula without a result.
    fn block(&mut self, sheet: &ExportSheet, block: &Block, tells: Tells) {
        let titled = |title: &str| -> Vec<usize> {
            let own = sheet.titles.iter().enumerate().filter(|(_, own)| same_title(own, title));
            own.map(|(column, _)| column).collect()
        };
        let cells = block.cells.iter().map(|cell| (cell, titled(&cell.label)));
        let cells: Vec<(&Field, Vec<usize>)> = cells.filter(|(_, columns)| !columns.is_empty()).collect();
        let rank = titled("Ligne").first().copied();
        let mut unknown: BTreeSet<i64> = BTreeSet::new();
        let mut rows: BTreeMap<i64, Vec<(String, ToldRow)>> = BTreeMap::new();
        for (number, row) in &sheet.rows {
            let mut told = ToldRow::new();
            for (cell, columns) in &cells {
                let said = coalesced(cell.kind, columns, row, tells);
                if said.is_none() {
                    unknown.insert(*number);
                }
                if let Some(Said::Cell(said)) = said {
                    told.insert(cell.id.clone(), said);
                }
            }
            let rank = rank.and_then(|rank| row.get(rank)).and_then(Option::as_ref).map(values::text);
            // « 2 » before « 10 ».
            let rank = format!("{:0>12}", rank.unwrap_or_default());
            rows.entry(*number).or_default().push((rank, told));
        }
        self.known.insert(block.id.clone());
        self.known.extend(cells.iter().map(|(cell, _)| cell.id.clone()));
        for (number, said) in self.dossiers.iter_mut().filter(|(number, _)| !unknown.contains(*number)) {
            let mut rows = rows.remove(number).unwrap_or_default();
            rows.sort_by(|one, other| one.0.cmp(&other.0));
            said.insert(block.id.clone(), Said::Rows(rows.into_iter().map(|(_, row)| row).collect()));
            // Which cells the sheet has: an empty one is not in its row.
            said.extend(cells.iter().map(|(cell, _)| (cell.id.clone(), Said::Nothing)));
        }
        let doubled = cells.iter().filter_map(|(cell, columns)| {
            contradiction(sheet, &cell.label, columns, &|one| doubt(cell.kind, one, tells).is_none())
        });
        self.doubtful.doubled.extend(doubled);
    }
}

/// What a column of the first sheet holds.
enum Place<'a> {
    Dossier(&'static str),
    Field(&'a Field),
    /// The code of a département, beside its name.
    Code(&'a Field),
}

impl Place<'_> {
    fn id(&self) -> String {
        match self {
            Place::Dossier(id) => (*id).to_owned(),
            Place::Field(field) => field.id.clone(),
            Place::Code(field) => values::code_of(&field.id),
        }
    }

    fn kind(&self) -> FieldType {
        match self {
            Place::Field(field) => field.kind,
            _ => FieldType::Text,
        }
    }
}

/// The columns of each place. Two revisions' fields with one label are two columns with one title; of a title in both
/// tables of `form.toml` the first column is the candidate's, since public fields come first.
fn places<'c>(sheet: &ExportSheet, columns: &'c Columns) -> Vec<(Place<'c>, Vec<usize>)> {
    let titled = |title: &str| {
        let own = sheet.titles.iter().enumerate().filter(|(_, own)| same_title(own, title));
        own.map(|(column, _)| column).collect::<Vec<usize>>()
    };
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut places: Vec<(Place<'c>, Vec<usize>)> = Vec::new();
    for (id, title) in OF_DOSSIER {
        if let Some(first) = titled(title).first() {
            taken.insert(*first);
            places.push((Place::Dossier(id), vec![*first]));
        }
    }
    for field in &columns.fields {
        let mut own = titled(&field.label);
        own.retain(|column| !taken.contains(column));
        let shared = columns
            .fields
            .iter()
            .any(|other| other.table != field.table && same_title(&other.label, &field.label));
        if shared && own.len() > 1 {
            let half = if field.table == Table::Champs { 0..1 } else { 1..own.len() };
            own = own[half].to_vec();
        }
        if shared && own.len() == 1 && field.table == Table::Annotations && titled(&field.label).len() == 1 {
            own.clear();
        }
        let code = titled(&format!("{} (Code)", field.label));
        if !code.is_empty() {
            places.push((Place::Code(field), code));
        }
        if !own.is_empty() {
            places.push((Place::Field(field), own));
        }
    }
    places
}

/// One row of each dossier: of several the one that was changed last, as they say themselves, else the last one. Then the
/// dossiers that had several.
fn newest_rows(sheet: &ExportSheet) -> (BTreeMap<i64, &Vec<Option<ExportCell>>>, Vec<i64>) {
    let updated = OF_DOSSIER.iter().find(|(id, _)| *id == UPDATED).map_or("", |(_, title)| title);
    let updated = sheet.titles.iter().position(|own| same_title(own, updated));
    let at = |row: &Vec<Option<ExportCell>>| values::instant(row.get(updated?)?.as_ref()?);
    let (mut rows, mut twice) = (BTreeMap::new(), BTreeSet::new());
    for (number, row) in &sheet.rows {
        let Some(other) = rows.insert(*number, row) else { continue };
        twice.insert(*number);
        if at(other) > at(row) {
            rows.insert(*number, other);
        }
    }
    (rows, twice.into_iter().collect())
}

/// Whether the first sheet is that of another form. Without a model it has a column for each field of the form: under a
/// quarter of those of `form.toml`, it is another one, as `vigie form` judges a form. With a model it may have few columns
/// of ours, and then has few others.
fn other_form(
    sheet: &ExportSheet,
    places: &[(Place<'_>, Vec<usize>)],
    columns: &Columns,
) -> Option<(usize, usize)> {
    let in_a_block = |field: &Field| {
        let cells = columns.blocks.iter().flat_map(|block| &block.cells);
        cells.into_iter().any(|cell| same_title(&cell.label, &field.label))
            || columns.blocks.iter().any(|block| same_title(&block.label, &field.label))
    };
    let asked = columns.fields.iter().filter(|field| !in_a_block(field)).count();
    let found = places.iter().filter(|(place, _)| matches!(place, Place::Field(_))).count();
    let is_few = |of: usize| found * 4 < of;
    (is_few(asked) && (sheet.is_plain || is_few(found + sheet.others))).then_some((found, asked))
}

/// The first of several columns that says something; a zero that may be empty counts last. `None` when only a formula could
/// say it, whose result the file does not hold.
fn coalesced(kind: FieldType, columns: &[usize], cells: &[Option<ExportCell>], tells: Tells) -> Option<Said> {
    let filled = || columns.iter().filter_map(|column| cells.get(*column)?.clone());
    let told = filled().filter(|cell| *cell != ExportCell::Uncomputed);
    let told: Vec<Told> = told.map(|cell| Told { doubt: doubt(kind, &cell, tells), cell }).collect();
    let certain = told.iter().find(|told| told.doubt.is_none()).or(told.first());
    match certain {
        Some(told) => Some(Said::Cell(told.clone())),
        None => filled().next().is_none().then_some(Said::Nothing),
    }
}

/// The titles of the first sheet that several columns have which say different things: those of what is read, and those of
/// the dossier itself, of which only the first column is.
fn doubled_titles(
    sheet: &ExportSheet,
    places: &[(Place<'_>, Vec<usize>)],
    columns: &Columns,
    tells: Tells,
) -> Vec<DoubledTitle> {
    let of_a_field = |title: &str| columns.fields.iter().any(|field| same_title(&field.label, title));
    let one = |(place, own): &(Place<'_>, Vec<usize>)| match place {
        Place::Field(field) => {
            contradiction(sheet, &field.label, own, &|cell| doubt(field.kind, cell, tells).is_none())
        }
        Place::Code(_) => None,
        Place::Dossier(id) => {
            let title = OF_DOSSIER.iter().find(|(of, _)| of == id).map_or("", |(_, title)| title);
            let titled = sheet.titles.iter().enumerate().filter(|(_, own)| same_title(own, title));
            let titled: Vec<usize> = titled.map(|(column, _)| column).collect();
            if of_a_field(title) { None } else { contradiction(sheet, title, &titled, &|_| true) }
        }
    };
    places.iter().filter_map(one).collect()
}

fn doubt(kind: FieldType, cell: &ExportCell, tells: Tells) -> Option<Doubt> {
    match kind {
        FieldType::IntegerNumber | FieldType::DecimalNumber if !tells.zero => {
            values::is_zero(cell).then_some(Doubt::Zero)
        }
        FieldType::YesNo if !tells.no => same_title(&values::text(cell), "Non").then_some(Doubt::No),
        _ => None,
    }
}

/// Whether the file writes an empty number, or an empty answer, otherwise than zero and « Non ». An export without a model
/// never leaves a number empty and never writes true or false for an answer; recent ones leave an answer empty.
fn tells(sheet: &ExportSheet, places: &[(Place<'_>, Vec<usize>)]) -> Tells {
    let of = |kinds: &[FieldType]| -> Vec<usize> {
        let own = places
            .iter()
            .filter(|(place, _)| matches!(place, Place::Field(field) if kinds.contains(&field.kind)));
        own.flat_map(|(_, columns)| columns.iter().copied()).collect()
    };
    let numbers = of(&[FieldType::IntegerNumber, FieldType::DecimalNumber]);
    let answers = of(&[FieldType::YesNo]);
    let has = |columns: &[usize], test: &dyn Fn(Option<&ExportCell>) -> bool| {
        let cells =
            |row: &Vec<Option<ExportCell>>, column: &usize| test(row.get(*column).and_then(Option::as_ref));
        sheet.rows.iter().any(|(_, row)| columns.iter().any(|column| cells(row, column)))
    };
    // A plain export in which somebody typed an answer again still has 0 in its empty numbers.
    let typed = !sheet.is_plain && has(&answers, &|cell| cell.is_some_and(values::is_typed_flag));
    let empty_number = !sheet.is_plain && has(&numbers, &|cell| cell.is_none());
    let zero = typed || empty_number;
    Tells { zero, no: zero || has(&answers, &|cell| cell.is_none()) }
}

fn is_establishments(sheet: &ExportSheet) -> bool {
    let has = |title: &str| sheet.titles.iter().any(|own| same_title(own, title));
    has("Établissement SIRET") && has("Champ")
}

/// The sheet of a block; of several, the only one with every cell of the block that one of them has.
fn only_sheet<'s>(sheets: &[&'s ExportSheet], block: &Block) -> Option<&'s ExportSheet> {
    let cells = |sheet: &ExportSheet| -> BTreeSet<&str> {
        let has = |cell: &&Field| sheet.titles.iter().any(|own| same_title(own, &cell.label));
        block.cells.iter().filter(has).map(|cell| cell.label.as_str()).collect()
    };
    let all: BTreeSet<&str> = sheets.iter().flat_map(|sheet| cells(sheet)).collect();
    let mut whole = sheets.iter().filter(|sheet| cells(sheet) == all);
    let first = whole.next()?;
    whole.next().is_none().then_some(*first)
}

/// « (335) Historique des decisions »: the block whose label begins so, since the name of a sheet is cut. A sheet whose
/// name does not tell is known by its rank column and its cells.
fn block_of<'c>(sheet: &ExportSheet, columns: &'c Columns) -> Option<&'c Block> {
    let has = |title: &str| sheet.titles.iter().any(|own| same_title(own, title));
    let cells = |block: &&Block| block.cells.iter().filter(|cell| has(&cell.label)).count();
    let name =
        sheet.name.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(_, name)| folded(name));
    let named = columns.blocks.iter().filter(|block| {
        name.as_ref().is_some_and(|name| !name.is_empty() && folded(&block.label).starts_with(name.as_str()))
    });
    let candidates: Vec<&Block> = match named.collect::<Vec<_>>() {
        named if !named.is_empty() => named,
        _ if has("Ligne") => columns.blocks.iter().collect(),
        _ => return None,
    };
    candidates.into_iter().filter(|block| cells(block) > 0).max_by_key(cells)
}

/// When the picture was taken, by the name that the platform gives: `dossiers_procedure-12345_2027-05-24_09-30.xlsx`,
/// in Paris. A browser may have added « (1) ».
#[must_use]
pub fn at_of_name(name: &str) -> Option<Timestamp> {
    let paris = TimeZone::get("Europe/Paris").ok()?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'_');
    let places = (0..name.len().saturating_sub(15)).rev();
    let found = places.filter_map(|at| name.get(at..at + 16)).filter(|part| digits(part));
    let civil = found.filter_map(|part| DateTime::strptime("%Y-%m-%d_%H-%M", part).ok()).next()?;
    paris.to_timestamp(civil).ok()
}

/// The number of the démarche, where the name has it.
#[must_use]
pub fn demarche_of_name(name: &str) -> Option<i64> {
    let rest = name.split_once("procedure-")?.1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_when_and_of_what() {
        let at = |name: &str| at_of_name(name).map(|at| at.to_string());
        let summer = Some("2027-05-24T07:30:00Z".to_owned());
        assert_eq!(at("dossiers_procedure-12345_2027-05-24_09-30.xlsx"), summer);
        assert_eq!(at("dossiers_label_2027-05-24_09-30 (1).csv"), summer);
        assert_eq!(at("dossiers_été_2027-01-24_09-30.ods").as_deref(), Some("2027-01-24T08:30:00Z"));
        assert_eq!([at("dossiers.xlsx"), at("2027-13-24_09-30.csv"), at("")], [None, None, None]);
        assert_eq!(demarche_of_name("dossiers_procedure-12345_2027-05-24_09-30.xlsx"), Some(12345));
        assert_eq!(demarche_of_name("dossiers_label_2027-05-24_09-30.xlsx"), None);
    }
}
