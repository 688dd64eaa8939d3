//! The rows of a file, sheet by sheet, through the libraries that parse them.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Data, DataRef, Ods, OdsError, Reader, SheetVisible, Xlsx, XlsxError};

use super::encoding::decode;
use super::hidden::Hidden;
use super::layout::{Layout, Request};
use super::text::{Cell, fold};
use super::{Best, MAX_COLUMNS, SheetRead, SheetReader, best};
use label::case::table::{TableContent, TableFault};

/// Largest number of cells read in one file.
const MAX_CELLS: u64 = 2_000_000;

/// The number of cells that may still be read.
struct Budget(u64);

impl Budget {
    fn new() -> Budget {
        Budget(MAX_CELLS)
    }

    fn take(&mut self, cells: usize) -> Result<(), TableFault> {
        let cells = u64::try_from(cells).unwrap_or(u64::MAX);
        self.0 = self.0.checked_sub(cells).ok_or(TableFault::TooMuch)?;
        Ok(())
    }
}

/// The visible sheets: those that the layout names, then the others.
fn order(sheets: &[calamine::Sheet], request: &Request) -> [Vec<String>; 2] {
    let preferred: Vec<String> = match &request.layout {
        Layout::Survey(layout) => layout.sheets.iter().map(|name| fold(name)).collect(),
        Layout::Grid(layout) => layout.sheets.iter().map(|name| fold(name)).collect(),
    };
    let visible = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let (first, others): (Vec<_>, Vec<_>) =
        visible.map(|sheet| sheet.name.clone()).partition(|name| preferred.contains(&fold(name)));
    [first, others]
}

/// The most complete table among the sheets that the layout names, else among the others: of two alike, nobody knows which is
/// meant. A sheet that is named and empty does not stand before another that is filled.
fn only_one(
    sheets: [Vec<String>; 2],
    mut read: impl FnMut(&str) -> Result<Option<SheetRead>, TableFault>,
) -> Result<(String, SheetRead), TableFault> {
    let mut chosen: Option<(String, SheetRead)> = None;
    let mut others = 0_u32;
    for group in sheets {
        let mut found = Vec::new();
        for name in group {
            match read(&name) {
                Ok(Some(table)) => found.push((name, table)),
                Ok(None) => {}
                // What is wrong with a sheet that is not meant changes nothing.
                Err(_) if chosen.is_some() => {}
                Err(fault) => return Err(fault),
            }
        }
        let filled = found.iter().filter(|(_, table)| table.content.has_values()).count();
        others = others.saturating_add(u32::try_from(filled).unwrap_or(u32::MAX));
        let has_values = chosen.as_ref().is_some_and(|(_, table)| table.content.has_values());
        if has_values || (chosen.is_some() && filled == 0) {
            continue;
        }
        match best(&found, |(_, table)| table) {
            Best::None => {}
            Best::One(place) => chosen = Some(found.swap_remove(place)),
            Best::Several(..) => return Err(TableFault::SeveralSheets),
        }
    }
    let (name, mut table) = chosen.ok_or(TableFault::NoHeader)?;
    let own = u32::from(table.content.has_values());
    if let Some(beside) = table.content.beside() {
        beside.sheets = others.saturating_sub(own);
    }
    Ok((name, table))
}

/// What is told of the workbook, once the sheet that is meant is known.
fn told(
    sheets: &[calamine::Sheet],
    read: Result<(String, SheetRead), TableFault>,
    hidden: impl FnOnce(usize) -> Hidden,
) -> Result<TableContent, TableFault> {
    let unseen = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible).count();
    let (name, mut table) = read.map_err(|fault| match fault {
        TableFault::NoHeader if unseen > 0 => TableFault::HiddenSheets,
        other => other,
    })?;
    if let Some(rank) = sheets.iter().position(|sheet| sheet.name == name) {
        table.hides(&hidden(rank));
    }
    if let Some(beside) = table.content.beside() {
        beside.hidden_sheets = u32::try_from(unseen).unwrap_or(u32::MAX);
    }
    Ok(table.content)
}

/// Reads the cells of a workbook as a stream, so that a sheet which declares billions of cells costs no memory.
pub(super) fn xlsx(bytes: &[u8], request: &Request) -> Result<TableContent, TableFault> {
    let fault = |error: XlsxError| match error {
        XlsxError::Password => TableFault::Protected,
        _ => TableFault::Broken,
    };
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let mut budget = Budget::new();
    let sheets = workbook.sheets_metadata().to_vec();
    let read = only_one(order(&sheets, request), |name| {
        let mut cells = match workbook.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // A chart sheet has no cells.
            Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
            Err(error) => return Err(fault(error)),
        };
        let mut reader = SheetReader::new(request);
        let mut row: Vec<Cell<'_>> = Vec::new();
        let mut at = 0;
        loop {
            let next = cells.next_cell_with_formula_metadata().map_err(fault)?;
            budget.take(usize::from(next.is_some()))?;
            let place = next.as_ref().map(|cell| cell.pos);
            if place.is_none_or(|(line, _)| line != at) && (!reader.row(at, &row)? || place.is_none()) {
                break;
            }
            let (Some(cell), Some((line, column))) = (next, place) else { break };
            if line != at {
                row.clear();
                at = line;
            }
            // A formula that no spreadsheet program has evaluated yet: its value is unknown, not zero.
            let unknown = cell.formula.is_some() && cell.value == DataRef::Empty;
            let value = if unknown { Cell::Other } else { streamed(cell.value) };
            put(&mut row, usize::try_from(column).unwrap_or(usize::MAX), value);
        }
        reader.finish()
    });
    told(&sheets, read, |rank| super::hidden::xlsx(bytes, rank))
}

fn put<'c>(row: &mut Vec<Cell<'c>>, column: usize, cell: Cell<'c>) {
    if column >= MAX_COLUMNS {
        return;
    }
    if row.len() <= column {
        row.resize(column + 1, Cell::Blank);
    }
    row[column] = cell;
}

fn streamed(data: DataRef<'_>) -> Cell<'_> {
    match data {
        DataRef::Empty => Cell::Blank,
        DataRef::Int(number) => Cell::Text(Cow::Owned(number.to_string())),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) => Cell::Text(Cow::Owned(text)),
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::Bool(flag) => Cell::Text(Cow::Borrowed(if flag { "vrai" } else { "faux" })),
        _ => Cell::Other,
    }
}

fn held(data: &Data) -> Cell<'_> {
    match data {
        Data::Empty => Cell::Blank,
        Data::Int(number) => Cell::Text(Cow::Owned(number.to_string())),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) => Cell::Text(Cow::Borrowed(text)),
        Data::Bool(flag) => Cell::Text(Cow::Borrowed(if *flag { "vrai" } else { "faux" })),
        _ => Cell::Other,
    }
}

/// Reads an OpenDocument sheet. The library expands repeated rows in memory, which the memory limit of the process
/// bounds.
pub(super) fn ods(bytes: &[u8], request: &Request) -> Result<TableContent, TableFault> {
    let workbook = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => TableFault::Protected,
        OdsError::CellLimitExceeded { .. } => TableFault::TooMuch,
        _ => TableFault::Broken,
    })?;
    let mut workbook = workbook;
    let mut budget = Budget::new();
    let sheets = workbook.sheets_metadata().to_vec();
    let read = only_one(order(&sheets, request), |name| {
        let Ok(range) = workbook.worksheet_range(name) else { return Ok(None) };
        let formulas = workbook.worksheet_formula(name).unwrap_or_default();
        let (top, side) = range.start().unwrap_or_default();
        let side = usize::try_from(side).unwrap_or(usize::MAX);
        let mut reader = SheetReader::new(request);
        let mut row = Vec::new();
        for (line, cells) in (top..).zip(range.rows()) {
            budget.take(cells.len())?;
            row.clear();
            for (column, data) in (side..).zip(cells).take(MAX_COLUMNS) {
                let place = (line, u32::try_from(column).unwrap_or(u32::MAX));
                let formula = formulas.get_value(place).is_some_and(|formula| !formula.is_empty());
                let unknown = formula && *data == Data::Empty;
                put(&mut row, column, if unknown { Cell::Other } else { held(data) });
            }
            if !reader.row(line, &row)? {
                break;
            }
        }
        reader.finish()
    });
    told(&sheets, read, |rank| super::hidden::ods(bytes, rank))
}

/// Reads a CSV file. Each separator is tried until the titles are found.
pub(super) fn csv(bytes: &[u8], request: &Request) -> Result<TableContent, TableFault> {
    // The library only counts lines correctly when all line ends are the same.
    let text = decode(bytes).replace("\r\n", "\n").replace('\r', "\n");
    for separator in [b';', b'\t', b',', b'|'] {
        let mut lines = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut reader = SheetReader::new(request);
        let mut record = csv::StringRecord::new();
        let mut budget = Budget::new();
        // Line ends inside cells are subtracted, because a spreadsheet numbers rows and not lines.
        let mut inside = 0;
        while lines.read_record(&mut record).map_err(|_| TableFault::Broken)? {
            let line = record.position().map_or(0, |place| place.line() + empty_lines(&text, place));
            let line = u32::try_from(line.saturating_sub(1 + inside)).unwrap_or(u32::MAX);
            inside += record.as_slice().bytes().filter(|byte| *byte == b'\n').map(|_| 1).sum::<u64>();
            budget.take(record.len())?;
            let row: Vec<Cell<'_>> =
                record.iter().take(MAX_COLUMNS).map(|field| Cell::Text(Cow::Borrowed(field))).collect();
            if !reader.row(line, &row)? {
                break;
            }
        }
        if let Some(table) = reader.finish()? {
            return Ok(table.content);
        }
    }
    Err(TableFault::NoHeader)
}

/// Empty lines at the place where a record begins: the library skips them, and a spreadsheet numbers them.
fn empty_lines(text: &str, place: &csv::Position) -> u64 {
    let at = usize::try_from(place.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| **byte == b'\n').map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_taken_up_to_the_limit_and_no_further() {
        let mut budget = Budget::new();
        let all = usize::try_from(MAX_CELLS).unwrap();
        assert_eq!([budget.take(all - 1), budget.take(1), budget.take(0)], [Ok(()), Ok(()), Ok(())]);
        assert_eq!(budget.take(1), Err(TableFault::TooMuch));
    }

    #[test]
    fn an_engagement_is_named_in_many_ways_and_a_bar_parts_cells() {
        use crate::documents::tables::layout::Layouts;
        use label::case::table::TableKind;
        let request = Layouts::default().request(TableKind::GrilleLocal, &label::Choices::default());
        let names = [
            "Engagement n° 2",
            "ENGAGEMENT N°2 : informer",
            "Eng. 2",
            "E 2",
            "E.2",
            "n° 2",
            "Engagement 2",
            "2",
        ];
        for name in names {
            for bar in [";", "|"] {
                let text =
                    format!("Engagement;Point de contrôle;Note\n{name};a;1\n;b;0,75\n").replace(';', bar);
                let Ok(TableContent::LocalGrid(grid)) = csv(text.as_bytes(), &request) else {
                    panic!("{text}")
                };
                assert_eq!((grid.sites[0][1].scored, grid.unknown_rows), ([0, 0, 1, 1], 0), "{text}");
            }
        }
        let text = "Engagement;Point de contrôle;Note\nEngagement n° 12;a;1\n";
        let Ok(TableContent::LocalGrid(grid)) = csv(text.as_bytes(), &request) else { panic!() };
        assert_eq!((grid.sites.len(), grid.unknown_rows), (0, 1));
    }
}
