//! A list as a file, to take away: CSV, or one sheet of a workbook.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::register::files::{harmless, plain, record};
use crate::register::workbook::sheet;
use label::wording::boards;

/// Lines of a file that are in memory at once, while they are read.
pub(super) const BATCH: i64 = 500;
/// Lines of a file: a spreadsheet has a million of them.
const FILE: usize = 200_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Xlsx,
}

/// A list with its name, which is also the file's.
pub(super) struct ListFile {
    name: &'static str,
    columns: &'static [&'static str],
    lines: Vec<Vec<RegisterCell>>,
}

impl ListFile {
    pub(super) fn new(name: &'static str, columns: &'static [&'static str]) -> ListFile {
        ListFile { name, columns, lines: Vec::new() }
    }

    /// # Errors
    /// When it has more lines than a file holds: they are to be narrowed.
    pub(super) fn add(
        &mut self,
        lines: impl IntoIterator<Item = Vec<RegisterCell>>,
    ) -> Result<(), PageError> {
        self.lines.extend(lines);
        match self.lines.len() > FILE {
            true => Err(PageError::BadAddress(boards::too_many_lines(FILE))),
            false => Ok(()),
        }
    }

    /// The file, which says how fresh it is: its name when the last reading is old, failed or never was; a workbook, on a
    /// sheet of its own too, in the words of the pages.
    ///
    /// # Errors
    /// When the workbook cannot be made, or the store not be read.
    pub(super) async fn answer(
        self,
        app: &AppState,
        viewer: &Viewer,
        format: Format,
    ) -> Result<Response, PageError> {
        let ListFile { name: title, columns, lines } = self;
        let told = sync::Told::to(app, viewer).await?;
        let name = &format!("{title}{}", told.suffix());
        Ok(match format {
            Format::Csv => {
                let mut file = record(columns.iter().map(|column| (*column).to_owned()));
                for cells in &lines {
                    file.extend(record(cells.iter().map(plain).map(harmless)));
                }
                attached(name, "csv", "text/csv; charset=utf-8; header=present", file)
            }
            Format::Xlsx => {
                let file = sheet(title, columns, lines, Some(told.text)).await.map_err(PageError::File)?;
                let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                attached(name, "xlsx", media, file)
            }
        })
    }
}

fn attached(name: &str, extension: &str, media: &str, file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{extension}\"")),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    (headers, file).into_response()
}

/// A text; nothing where it is empty.
pub(super) fn text(text: Option<&str>) -> RegisterCell {
    match text {
        None | Some("") => RegisterCell::Nothing,
        Some(text) => RegisterCell::Text(text.to_owned()),
    }
}
