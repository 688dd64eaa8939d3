//! Tables of survey results and audit grids: turns untrusted bytes into counts, inside the child process.
//!
//! `container` recognises the format and refuses a file that unpacks to too much; `sheets` reads the rows one by one;
//! `header` finds the row of titles; `survey` and `grid` count what is below it. [`layout`] holds the titles to look for;
//! `totals` knows the rows that sum up; `tally` compares the points of a grid with the [`editions`] that are described; `template` writes empty tables. The result holds only numbers, addresses of cells and titles of the layout.

pub(super) mod container;
pub mod editions;
pub(super) mod encoding;
mod grid;
mod header;
pub mod layout;
pub(super) mod sheets;
mod survey;
mod tally;
pub mod template;
pub(super) mod text;
mod totals;

use container::Container;
use label::case::inspection::{FileFault, Inspection, Media};
use label::case::table::{TableContent, TableFault};
use layout::{Layout, Request};
use text::Cell;

/// Largest number of rows below the titles.
const MAX_ROWS: u32 = 100_000;
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

/// One sheet, row by row.
struct SheetReader<'r> {
    request: &'r Request,
    /// The row above, for titles that span two rows.
    above: Vec<String>,
    body: Option<Box<dyn Body>>,
    rows: u32,
}

impl<'r> SheetReader<'r> {
    fn new(request: &'r Request) -> SheetReader<'r> {
        SheetReader { request, above: Vec::new(), body: None, rows: 0 }
    }

    /// Reads row `at`, counted from 0. False when no row of titles was found within [`HEADER_WITHIN`] rows.
    fn row(&mut self, at: u32, cells: &[Cell<'_>]) -> Result<bool, TableFault> {
        if cells.iter().all(Cell::is_blank) {
            return Ok(self.body.is_some() || at < HEADER_WITHIN);
        }
        if let Some(body) = &mut self.body {
            self.rows += 1;
            if self.rows > MAX_ROWS {
                return Err(TableFault::TooMuch);
            }
            body.row(at, cells);
            return Ok(true);
        }
        if at >= HEADER_WITHIN {
            return Ok(false);
        }
        let titles: Vec<String> = cells.iter().map(Cell::folded).collect();
        self.body = self.find(&titles).or_else(|| self.find(&under(&self.above, &titles)));
        self.above = titles;
        Ok(true)
    }

    fn find(&self, titles: &[String]) -> Option<Box<dyn Body>> {
        match &self.request.layout {
            Layout::Survey(layout) => survey::body(layout, self.request, titles),
            Layout::Grid(layout) => grid::body(layout, self.request.kind, titles),
        }
    }

    fn finish(self) -> Option<TableContent> {
        self.body.map(Body::finish)
    }
}

/// The titles, completed by those of the row above: a title merged over two rows is stored in the upper one.
fn under(above: &[String], titles: &[String]) -> Vec<String> {
    let width = above.len().max(titles.len());
    let at = |row: &[String], column: usize| row.get(column).filter(|title| !title.is_empty()).cloned();
    (0..width).map(|column| at(titles, column).or_else(|| at(above, column)).unwrap_or_default()).collect()
}
