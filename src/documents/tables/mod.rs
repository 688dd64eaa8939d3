//! Tables of survey results and audit grids: from hostile bytes to counts, inside the child process.
//!
//! `container` says what a file is and refuses what unpacks to too much; `sheets` gives its rows one by one; `header`
//! finds the row of titles; `survey` and `grid` count what is below it. The words come from [`layout`], the template
//! from `template`. Only numbers, places of cells and words of the layout leave.

mod container;
mod grid;
mod header;
pub mod layout;
mod sheets;
mod survey;
pub mod template;
mod text;

use container::Container;
use label::case::inspection::{FileFault, Inspection};
use label::case::table::{TableContent, TableFault};
use layout::{Layout, Request};
use text::Cell;

/// Rows below the titles; a survey has fewer respondents.
const MAX_ROWS: u32 = 100_000;
/// Columns looked at; what stands further right is not.
const MAX_COLUMNS: usize = 256;
/// The titles stand within so many rows from the top.
const HEADER_WITHIN: u32 = 50;

/// Reads the table that a file may hold. `inspection` is what the same process found the file to be.
pub(super) fn read(name: &str, bytes: &[u8], inspection: &Inspection, request: &Request) -> TableContent {
    if inspection.fault.is_some_and(FileFault::is_fatal) {
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

/// What a kind of table makes of the rows below its titles.
trait Body {
    fn row(&mut self, at: u32, cells: &[Cell<'_>]);
    fn finish(self: Box<Self>) -> TableContent;
}

/// One sheet, row by row.
struct SheetReader<'r> {
    request: &'r Request,
    /// The row above, for titles that span two.
    above: Vec<String>,
    body: Option<Box<dyn Body>>,
    rows: u32,
}

impl<'r> SheetReader<'r> {
    fn new(request: &'r Request) -> SheetReader<'r> {
        SheetReader { request, above: Vec::new(), body: None, rows: 0 }
    }

    /// Takes the row numbered `at` from 0; false when the sheet has nothing for us.
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

/// A title merged over two rows stands in the upper one.
fn under(above: &[String], titles: &[String]) -> Vec<String> {
    let width = above.len().max(titles.len());
    let at = |row: &[String], column: usize| row.get(column).filter(|title| !title.is_empty()).cloned();
    (0..width).map(|column| at(titles, column).or_else(|| at(above, column)).unwrap_or_default()).collect()
}
