//! Tables of survey results and audit grids: turns untrusted bytes into counts, inside the child process.
//!
//! `container` recognises the format and refuses a file that unpacks to too much; `sheets` reads the rows one by one;
//! `header` and `grid_titles` find the row of titles; `survey` and `grid` count what is below it, `candidates` for each
//! column that may hold the notes; `hidden` knows what a sheet
//! does not show. [`layout`] holds the titles to look for;
//! `totals` knows the rows that sum up; `tally` compares the points of a grid with the [`editions`] that are described; `template` writes empty tables. The result holds only numbers, addresses of cells and titles of the layout.

mod candidates;
pub(super) mod container;
pub mod editions;
pub(super) mod encoding;
mod grid;
mod grid_titles;
mod header;
pub(super) mod hidden;
pub mod layout;
pub(super) mod sheets;
mod survey;
mod tally;
pub mod template;
pub(super) mod text;
mod totals;

use container::Container;
use grid_titles::{GridColumns, GridTitles};
use hidden::Hidden;
use label::case::cells::Cells;
use label::case::inspection::{FileFault, Inspection, Media};
use label::case::table::{TableContent, TableFault, TableKind};
use layout::{Layout, Request};
use text::Cell;

/// Largest number of rows below the titles.
const MAX_ROWS: u32 = 100_000;
/// Tables on one sheet: nobody puts as many beside the one that counts.
const MAX_TABLES: usize = 40;
/// Number of columns read; the columns further right are ignored.
const MAX_COLUMNS: usize = 256;
/// The row of titles is looked for in this many rows from the top.
const HEADER_WITHIN: u32 = 50;

/// Reads the table that a file may hold. `inspection` is the result of inspecting the same file.
pub(super) fn read(name: &str, bytes: &[u8], inspection: &Inspection, request: &Request) -> TableContent {
    // A web page under the name of a workbook has its own finding.
    if inspection.fault.is_some_and(FileFault::is_fatal) || inspection.media == Media::Html {
        return TableContent::NotATable;
    }
    let read = container::recognise(name, bytes).and_then(|container| match container {
        Container::None => Ok(TableContent::NotATable),
        Container::Xlsx => sheets::xlsx(bytes, request),
        Container::Ods => sheets::ods(bytes, request),
        Container::Csv => sheets::csv(bytes, request),
    });
    read.unwrap_or_else(TableContent::Unread)
}

/// Reads the rows below the titles of one kind of table.
trait Body {
    fn row(&mut self, at: u32, cells: &[Cell<'_>]);
    fn finish(self: Box<Self>) -> TableContent;
}

/// A table whose titles were found.
struct Found {
    body: Box<dyn Body>,
    /// The row of its titles.
    at: u32,
    /// Its columns, where a sheet may have several tables.
    columns: Option<GridColumns>,
    repeated: Cells,
    rows: Vec<u32>,
    width: usize,
}

/// What was read of one sheet.
struct SheetRead {
    content: TableContent,
    rank: u8,
    /// The rows below the titles that hold something, and how many columns they have.
    rows: Vec<u32>,
    width: usize,
}

/// The titles to look for.
enum Wanted {
    Survey,
    Grid(GridTitles),
}

/// One sheet, row by row.
struct SheetReader<'r> {
    request: &'r Request,
    wanted: Wanted,
    /// The row above, for titles that span two rows.
    above: Vec<String>,
    /// Rows of figures above the first titles.
    figures: u32,
    tables: Vec<Found>,
    rows: u32,
}

impl<'r> SheetReader<'r> {
    fn new(request: &'r Request) -> SheetReader<'r> {
        let wanted = match &request.layout {
            Layout::Survey(_) => Wanted::Survey,
            Layout::Grid(layout) => {
                Wanted::Grid(GridTitles::new(layout, request.kind == TableKind::GrilleCentral))
            }
        };
        SheetReader { request, wanted, above: Vec::new(), figures: 0, tables: Vec::new(), rows: 0 }
    }

    /// Reads row `at`, counted from 0. False when no row of titles was found within [`HEADER_WITHIN`] rows.
    fn row(&mut self, at: u32, cells: &[Cell<'_>]) -> Result<bool, TableFault> {
        if cells.iter().all(Cell::is_blank) {
            return Ok(!self.tables.is_empty() || at < HEADER_WITHIN);
        }
        if self.tables.is_empty() {
            if at >= HEADER_WITHIN {
                return Ok(false);
            }
        } else {
            self.rows += 1;
            if self.rows > MAX_ROWS {
                return Err(TableFault::TooMuch);
            }
        }
        match self.titles_in(at, cells) {
            Some(found) => {
                let full = self.tables.len() >= MAX_TABLES;
                match self.tables.last_mut().filter(|last| last.columns == found.columns) {
                    Some(same) => same.repeated.add_row(at),
                    None if full => return Err(TableFault::TooMuch),
                    None => self.tables.push(found),
                }
            }
            None => match self.tables.last_mut() {
                Some(table) => table.row(at, cells),
                None => self.figures += u32::from(are_figures(cells)),
            },
        }
        Ok(true)
    }

    /// The table that begins with this row of titles.
    fn titles_in(&mut self, at: u32, cells: &[Cell<'_>]) -> Option<Found> {
        let goes_on = !self.tables.is_empty();
        let figures = || cells.iter().any(|cell| matches!(cell, Cell::Number(_) | Cell::Other));
        if goes_on && (matches!(self.wanted, Wanted::Survey) || figures()) {
            self.above.clear();
            return None;
        }
        let titles: Vec<String> = cells.iter().map(Cell::title).collect();
        let found = self.find(at, &titles).or_else(|| self.find(at, &under(&self.above, &titles)));
        let keeps = match &self.wanted {
            _ if found.is_some() => false,
            Wanted::Grid(wanted) if goes_on => wanted.begin(&titles),
            _ => true,
        };
        self.above = if keeps { titles } else { Vec::new() };
        found
    }

    fn find(&self, at: u32, titles: &[String]) -> Option<Found> {
        let found = |body, columns| Found {
            body,
            at,
            columns,
            repeated: Cells::default(),
            rows: Vec::new(),
            width: 0,
        };
        match (&self.request.layout, &self.wanted) {
            (Layout::Grid(layout), Wanted::Grid(wanted)) => {
                let columns = wanted.columns(titles)?;
                Some(found(candidates::body(layout, self.request.kind, &columns, at), Some(columns)))
            }
            (Layout::Survey(layout), _) => Some(found(survey::body(layout, self.request, titles)?, None)),
            _ => None,
        }
    }

    /// The most complete table of the sheet, of those that hold values if any does. Of two that are alike none is chosen.
    fn finish(self) -> Result<Option<SheetRead>, TableFault> {
        let figures = self.figures;
        let mut read: Vec<(u32, SheetRead)> =
            self.tables.into_iter().map(|found| (found.at, found.finish())).collect();
        let best = match best(&read, |(_, sheet)| sheet) {
            Best::None => return Ok(None),
            Best::One(place) => place,
            Best::Several(one, other) => {
                let row = |place: usize| read.get(place).map_or(0, |(at, _)| at.saturating_add(1));
                return Err(TableFault::SeveralTables { first: row(one), second: row(other) });
            }
        };
        let (_, mut chosen) = read.swap_remove(best);
        let mut others: Vec<u32> = read.iter().map(|(at, _)| *at).collect();
        others.sort_unstable();
        if let Some(beside) = chosen.content.beside() {
            others.into_iter().for_each(|row| beside.tables.add_row(row));
            beside.above = figures;
        }
        Ok(Some(chosen))
    }
}

impl Found {
    fn row(&mut self, at: u32, cells: &[Cell<'_>]) {
        self.rows.push(at);
        let filled = cells.iter().rposition(|cell| !cell.is_blank());
        self.width = self.width.max(filled.map_or(0, |last| last + 1));
        self.body.row(at, cells);
    }

    fn finish(self) -> SheetRead {
        let mut content = self.body.finish();
        if let Some(beside) = content.beside() {
            beside.repeated = self.repeated;
        }
        let rank = self.columns.map_or(0, |columns| columns.rank);
        SheetRead { content, rank, rows: self.rows, width: self.width }
    }
}

impl SheetRead {
    /// Notes what the sheet hides of what was read.
    fn hides(&mut self, hidden: &Hidden) {
        let (rows, width) = (&self.rows, self.width);
        let Some(beside) = self.content.beside() else { return };
        rows.iter().filter(|row| hidden.row(**row)).for_each(|row| beside.hidden_rows.add_row(*row));
        (0..width)
            .filter(|column| hidden.column(*column))
            .for_each(|column| beside.hidden_columns.add_column(column));
    }
}

/// Which of several tables is meant.
enum Best {
    None,
    One(usize),
    Several(usize, usize),
}

/// The one of the highest rank among those that hold values, or among all when none does.
fn best<T>(tables: &[T], read: impl Fn(&T) -> &SheetRead) -> Best {
    let any = tables.iter().any(|table| read(table).content.has_values());
    let with_values = |table: &T| read(table).content.has_values() == any;
    let rank = tables.iter().filter(|table| with_values(table)).map(|table| read(table).rank).max();
    let mut first = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| with_values(table) && Some(read(table).rank) == rank)
        .map(|(place, _)| place);
    match (first.next(), first.next()) {
        (None, _) => Best::None,
        (Some(one), Some(other)) if any => Best::Several(one, other),
        (Some(one), _) => Best::One(one),
    }
}

/// A row of a synthesis: a number beside something else.
fn are_figures(cells: &[Cell<'_>]) -> bool {
    let filled = cells.iter().filter(|cell| !cell.is_blank()).count();
    filled > 1 && cells.iter().any(|cell| cell.points().is_some())
}

/// The titles, completed by those of the row above: a title merged over two rows is stored in the upper one.
fn under(above: &[String], titles: &[String]) -> Vec<String> {
    let width = above.len().max(titles.len());
    let at = |row: &[String], column: usize| row.get(column).filter(|title| !title.is_empty()).cloned();
    (0..width).map(|column| at(titles, column).or_else(|| at(above, column)).unwrap_or_default()).collect()
}
