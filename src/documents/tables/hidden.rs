//! The rows and columns that a workbook hides, the cells that it shows in percent and those that have a formula. The
//! library that reads cells does not tell them: the marks are looked for in the parts themselves.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::container::MAX_UNPACKED;

/// A cell that is looked for is repeated over so many rows and columns at most.
const MAX_REPEATED: u32 = 300;

/// Ranges of hidden rows and columns of one sheet, both ends included, from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    rows: Vec<(u32, u32)>,
    columns: Vec<(u32, u32)>,
}

impl Hidden {
    /// Rows are in the order of the file.
    pub fn row(&self, at: u32) -> bool {
        let next = self.rows.partition_point(|(_, to)| *to < at);
        self.rows.get(next).is_some_and(|(from, _)| *from <= at)
    }

    pub fn column(&self, at: usize) -> bool {
        self.columns.iter().any(|(from, to)| u32::try_from(at).is_ok_and(|at| (*from..=*to).contains(&at)))
    }
}

/// Of the sheet of that rank in the workbook. A part that is not where it should be hides nothing that could be told.
pub(super) fn xlsx(bytes: &[u8], rank: usize) -> Hidden {
    xlsx_sheet(bytes, rank).map(|xml| of_worksheet(&xml)).unwrap_or_default()
}

/// Of the sheet of that rank in an OpenDocument workbook.
pub(super) fn ods(bytes: &[u8], rank: usize) -> Hidden {
    part(bytes, "content.xml").map(|xml| of_table(&xml, rank)).unwrap_or_default()
}

/// The cells of a sheet of an OpenDocument workbook whose numbers are shown in percent, by row and column from 0.
pub(in crate::documents) fn percents(bytes: &[u8], rank: usize) -> BTreeSet<(u32, u32)> {
    part(bytes, "content.xml").map(|xml| of_percent(&xml, rank)).unwrap_or_default()
}

/// The cells of a sheet of an OpenDocument workbook that have a formula and no result, by row and column from 0.
pub(in crate::documents) fn unanswered(bytes: &[u8], rank: usize) -> BTreeSet<(u32, u32)> {
    let without = |tag: &Tag<'_>| tag.attribute("formula").is_some() && tag.attribute("value-type").is_none();
    part(bytes, "content.xml").map(|xml| cells_of_table(&xml, rank, without)).unwrap_or_default()
}

/// The cells of the sheet of that rank in a workbook that have a formula, by row and column from 0.
pub(in crate::documents) fn formulas(bytes: &[u8], rank: usize) -> BTreeSet<(u32, u32)> {
    xlsx_sheet(bytes, rank).map(|xml| of_formulas(&xml)).unwrap_or_default()
}

fn of_formulas(xml: &str) -> BTreeSet<(u32, u32)> {
    let mut found = BTreeSet::new();
    // Most sheets of exports have none.
    if !xml.contains("<f") && !xml.contains(":f") {
        return found;
    }
    let (mut row, mut next_row, mut column, mut next_column) = (0_u32, 0_u32, 0_u32, 0_u32);
    for tag in tags(xml).filter(|tag| !tag.ends) {
        match tag.name {
            "row" => {
                let said = tag.attribute("r").and_then(|text| text.parse::<u32>().ok());
                row = said.map_or(next_row, |row| row.saturating_sub(1));
                (next_row, next_column) = (row.saturating_add(1), 0);
            }
            "c" => {
                (row, column) = tag.attribute("r").and_then(place).unwrap_or((row, next_column));
                next_column = column.saturating_add(1);
            }
            "f" => {
                found.insert((row, column));
            }
            _ => {}
        }
    }
    found
}

/// « C12 » is row 11, column 2.
fn place(name: &str) -> Option<(u32, u32)> {
    let digits = name.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let rank = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?);
        column.checked_mul(26)?.checked_add(rank + 1).filter(|_| rank < 26)
    })?;
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

fn of_percent(xml: &str, rank: usize) -> BTreeSet<(u32, u32)> {
    cells_of_table(xml, rank, |tag| tag.attribute("value-type") == Some("percentage"))
}

fn cells_of_table(xml: &str, rank: usize, is_meant: impl Fn(&Tag<'_>) -> bool) -> BTreeSet<(u32, u32)> {
    let mut found = BTreeSet::new();
    let (mut depth, mut seen, mut row, mut after_row, mut column) = (0_u32, 0_usize, 0_u32, 0_u32, 0_u32);
    for tag in tags(xml) {
        let times =
            |name: &str| tag.attribute(name).and_then(|text| text.parse().ok()).unwrap_or(1_u32).max(1);
        match (tag.name, tag.ends) {
            ("table", false) if !tag.empty => {
                depth += 1;
                seen += usize::from(depth == 1);
            }
            ("table", true) => depth = depth.saturating_sub(1),
            _ if depth != 1 || seen != rank.saturating_add(1) => {}
            ("table-row", false) => {
                (row, column) = (after_row, 0);
                after_row = row.saturating_add(times("number-rows-repeated"));
            }
            ("table-cell" | "covered-table-cell", false) => {
                let after = column.saturating_add(times("number-columns-repeated"));
                if is_meant(&tag) {
                    let rows = row..after_row.min(row.saturating_add(MAX_REPEATED));
                    let columns = column..after.min(column.saturating_add(MAX_REPEATED));
                    found.extend(rows.flat_map(|row| columns.clone().map(move |column| (row, column))));
                }
                column = after;
            }
            _ => {}
        }
    }
    found
}

fn part(bytes: &[u8], wanted: &str) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let plain = |name: &str| name.to_lowercase().replace('\\', "/");
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.to_string())).collect();
    let name = names.into_iter().find(|name| plain(name) == plain(wanted))?;
    let mut xml = Vec::new();
    archive.by_name(&name).ok()?.take(MAX_UNPACKED).read_to_end(&mut xml).ok()?;
    Some(String::from_utf8_lossy(&xml).into_owned())
}

fn xlsx_sheet(bytes: &[u8], rank: usize) -> Option<String> {
    let book = part(bytes, "xl/workbook.xml")?;
    let sheet = tags(&book).filter(|tag| tag.name == "sheet" && !tag.ends).nth(rank)?;
    let id = sheet.attribute("id")?.to_owned();
    let links = part(bytes, "xl/_rels/workbook.xml.rels")?;
    let mut links = tags(&links).filter(|tag| tag.name == "Relationship");
    let target = links.find(|link| link.attribute("Id") == Some(&id))?.attribute("Target")?.to_owned();
    let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    part(bytes, &path)
}

fn of_worksheet(xml: &str) -> Hidden {
    let mut hidden = Hidden::default();
    let mut next = 1;
    for tag in tags(xml).filter(|tag| !tag.ends) {
        let number = |name: &str| tag.attribute(name).and_then(|text| text.parse::<u32>().ok());
        let is_hidden = matches!(tag.attribute("hidden"), Some("1" | "true"));
        let flat = |name: &str| tag.attribute(name).and_then(|text| text.parse::<f32>().ok()) == Some(0.0);
        match tag.name {
            "row" => {
                let row = number("r").unwrap_or(next).max(1);
                next = row.saturating_add(1);
                if is_hidden || flat("ht") {
                    hidden.rows.push((row - 1, row - 1));
                }
            }
            "col" if is_hidden || flat("width") => {
                if let (Some(from), Some(to)) = (number("min"), number("max")) {
                    hidden.columns.push((from.saturating_sub(1), to.saturating_sub(1)));
                }
            }
            _ => {}
        }
    }
    hidden
}

fn of_table(xml: &str, rank: usize) -> Hidden {
    let mut hidden = Hidden::default();
    // A table inside a cell is part of that cell.
    let (mut depth, mut seen, mut closed_groups) = (0_u32, 0_usize, 0_u32);
    let (mut row, mut column) = (0_u32, 0_u32);
    for tag in tags(xml) {
        let here = depth == 1 && seen == rank.saturating_add(1);
        let shown = !matches!(tag.attribute("visibility"), Some("collapse" | "filter"));
        let times =
            |name: &str| tag.attribute(name).and_then(|text| text.parse().ok()).unwrap_or(1_u32).max(1);
        match (tag.name, tag.ends) {
            ("table", false) if !tag.empty => {
                depth += 1;
                seen += usize::from(depth == 1);
            }
            ("table", true) => depth = depth.saturating_sub(1),
            ("table-row-group" | "table-column-group", false) if here => {
                closed_groups += u32::from(closed_groups > 0 || tag.attribute("display") == Some("false"));
            }
            ("table-row-group" | "table-column-group", true) if here => {
                closed_groups = closed_groups.saturating_sub(1);
            }
            ("table-row", false) if here => {
                let after = row.saturating_add(times("number-rows-repeated"));
                if !shown || closed_groups > 0 {
                    hidden.rows.push((row, after - 1));
                }
                row = after;
            }
            ("table-column", false) if here => {
                let after = column.saturating_add(times("number-columns-repeated"));
                if !shown || closed_groups > 0 {
                    hidden.columns.push((column, after - 1));
                }
                column = after;
            }
            _ => {}
        }
    }
    hidden
}

/// A tag, without the prefix of its name.
struct Tag<'x> {
    name: &'x str,
    attributes: &'x str,
    ends: bool,
    /// Written « <a/> ».
    empty: bool,
}

impl<'x> Tag<'x> {
    /// The value of an attribute, whatever its prefix; references in it are left as they are.
    fn attribute(&self, wanted: &str) -> Option<&'x str> {
        let mut rest = self.attributes;
        while let Some((name, after)) = rest.split_once('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
            let (value, next) = after.get(1..)?.split_once(quote)?;
            if local(name.trim()) == wanted {
                return Some(value);
            }
            rest = next;
        }
        None
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The tags of a document, in order. A sign « > » inside a quoted value ends no tag.
fn tags(xml: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = xml;
    std::iter::from_fn(move || {
        rest = rest.get(rest.find('<')? + 1..)?;
        while let Some(comment) = rest.strip_prefix("!--") {
            let after = comment.get(comment.find("-->")? + 3..)?;
            rest = after.get(after.find('<')? + 1..)?;
        }
        let mut quote = None;
        let end = rest.char_indices().find_map(|(at, sign)| match (quote, sign) {
            (None, '>') => Some(at),
            (None, '"' | '\'') => {
                quote = Some(sign);
                None
            }
            (Some(open), sign) if sign == open => {
                quote = None;
                None
            }
            _ => None,
        })?;
        let (inside, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        let ends = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let empty = inside.ends_with('/');
        let inside = inside.trim_end_matches('/');
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Some(Tag { name: local(name), attributes, ends, empty })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_and_columns_of_a_worksheet_are_found() {
        let hidden = of_worksheet(
            r#"<x:worksheet><!-- l'un --><cols><col min="2" max="3" hidden="1"/><col min='5' max='5' width="0"/></cols>
            <sheetData><row r="1"/><row r="4" hidden="true" a="x>y"><c/></row><row ht="0"/></sheetData></x:worksheet>"#,
        );
        assert_eq!(hidden, Hidden { rows: vec![(3, 3), (4, 4)], columns: vec![(1, 2), (4, 4)] });
        assert!(hidden.row(3) && !hidden.row(0) && hidden.column(2) && !hidden.column(3));
    }

    #[test]
    fn hidden_rows_and_columns_of_an_open_document_are_found() {
        let xml = r#"<table:table table:name="a"><table:table-row table:visibility="collapse"/></table:table>
            <table:table table:name="b"><table:table-column/><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"/><table:table-row table:visibility="filter"/>
            <table:table-row-group table:display="false"><table:table-row/></table:table-row-group><table:table-row/></table:table>"#;
        let first = Hidden { rows: vec![(0, 0)], columns: Vec::new() };
        let second = Hidden { rows: vec![(3, 3), (4, 4)], columns: vec![(1, 2)] };
        assert_eq!(
            [of_table(xml, 0), of_table(xml, 1), of_table(xml, 2)],
            [first, second, Hidden::default()]
        );
    }

    #[test]
    fn cells_in_percent_are_found_by_their_place() {
        let xml = r#"<table:table><table:table-row table:number-rows-repeated="2"/><table:table-row>
            <table:table-cell table:number-columns-repeated="3"/><table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50 %</text:p></table:table-cell>
            <table:table-cell office:value-type="float"/></table:table-row></table:table>"#;
        assert_eq!(of_percent(xml, 0), BTreeSet::from([(2, 3)]));
        assert_eq!(of_percent(xml, usize::MAX - 1), BTreeSet::new());
    }

    #[test]
    fn cells_with_a_formula_are_found_by_their_place() {
        let xml = r#"<sheetData><row r="2"><c r="B2"><f>1+1</f></c><c><f t="shared" si="0"/><v>2</v></c><c r="AA2"><v>3</v></c></row>
            <row><c t="str"><f>A1</f><v></v></c></row></sheetData>"#;
        assert_eq!(of_formulas(xml), BTreeSet::from([(1, 1), (1, 2), (2, 0)]));
        let read = ["A1", "AA12", "xfd1", "A0", "1", "A", "É1", ""].map(place);
        assert_eq!(read, [Some((0, 0)), Some((11, 26)), Some((0, 16_383)), None, None, None, None, None]);
        let xml = r#"<table:table><table:table-row><table:table-cell table:formula="of:=1"/>
            <table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/></table:table-row></table:table>"#;
        let without =
            |tag: &Tag<'_>| tag.attribute("formula").is_some() && tag.attribute("value-type").is_none();
        assert_eq!(cells_of_table(xml, 0, without), BTreeSet::from([(0, 0)]));
    }

    #[test]
    fn what_is_no_workbook_hides_nothing() {
        for xml in ["<", "<a b", "<row r=1 hidden", "<row hidden=\"1", "</>", "<//>", "<é hidden='1'/>"] {
            assert_eq!((of_worksheet(xml), of_table(xml, 0)), Default::default(), "{xml}");
        }
        assert_eq!(xlsx(b"PK\x03\x04", 0), Hidden::default());
    }
}
