//! A list as a file, to take away: CSV, or one sheet of a workbook.

use std::io::{Read, Seek, Write};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tempfile::SpooledTempFile;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use super::sync;
use crate::register::RegisterCell;
use crate::register::files::{harmless, plain, record};
use crate::register::workbook::SheetFile;
use label::wording::boards;

/// Lines of a file that are in memory at once, while they are read.
pub(super) const BATCH: i64 = 500;
/// Bytes of a file that stay in memory, and of each part in which it is sent.
const IN_MEMORY: usize = 1 << 20;
const PART: usize = 1 << 16;
/// Lines of a file: a spreadsheet has a million of them.
const FILE: usize = 200_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Xlsx,
}

/// A list with its name, which is also the file's. Its lines stand in an unnamed file until it is sent.
pub(super) struct ListFile {
    name: &'static str,
    count: usize,
    lines: Lines,
}

enum Lines {
    Csv(SpooledTempFile),
    Xlsx(Box<SheetFile>),
}

impl ListFile {
    /// # Errors
    /// When the folder for temporary files cannot be written.
    pub(super) fn new(
        name: &'static str,
        columns: &'static [&'static str],
        format: Format,
    ) -> Result<ListFile, PageError> {
        let lines = match format {
            Format::Csv => {
                let mut file = SpooledTempFile::new(IN_MEMORY);
                file.write_all(&record(columns.iter().map(|column| (*column).to_owned())))
                    .map_err(unwritten)?;
                Lines::Csv(file)
            }
            Format::Xlsx => Lines::Xlsx(Box::new(SheetFile::new(name, columns).map_err(unwritten)?)),
        };
        Ok(ListFile { name, count: 0, lines })
    }

    /// # Errors
    /// When it has more lines than a file holds: they are to be narrowed. When the folder for temporary files is full.
    pub(super) async fn add(
        mut self,
        lines: impl IntoIterator<Item = Vec<RegisterCell>>,
    ) -> Result<ListFile, PageError> {
        let lines: Vec<Vec<RegisterCell>> = lines.into_iter().collect();
        self.count = self.count.saturating_add(lines.len());
        if self.count > FILE {
            return Err(PageError::BadAddress(boards::too_many_lines(FILE)));
        }
        // The disk is waited for outside the threads that serve other requests.
        let written = tokio::task::spawn_blocking(move || self.write(&lines).map(|()| self));
        written.await.map_err(unwritten)?
    }

    fn write(&mut self, lines: &[Vec<RegisterCell>]) -> Result<(), PageError> {
        for cells in lines {
            match &mut self.lines {
                Lines::Csv(file) => {
                    file.write_all(&record(cells.iter().map(plain).map(harmless))).map_err(unwritten)?;
                }
                Lines::Xlsx(sheet) => sheet.add(cells).map_err(unwritten)?,
            }
        }
        Ok(())
    }

    /// The file, which says how fresh it is: its name when the last reading is old, failed or never was; a workbook, on a
    /// sheet of its own too, in the words of the pages.
    ///
    /// # Errors
    /// When the workbook cannot be made, or the store not be read.
    pub(super) async fn answer(self, app: &AppState, viewer: &Viewer) -> Result<Response, PageError> {
        let told = sync::Told::to(app, viewer).await?;
        let name = &format!("{}{}", self.name, told.suffix());
        Ok(match self.lines {
            Lines::Csv(mut file) => {
                file.rewind().map_err(unwritten)?;
                attached(name, "csv", "text/csv; charset=utf-8; header=present", parts(file))
            }
            Lines::Xlsx(sheet) => {
                let file = sheet.end(Some(told.text)).await.map_err(PageError::File)?;
                let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                attached(name, "xlsx", media, Body::from(file))
            }
        })
    }
}

fn unwritten(error: impl Into<anyhow::Error>) -> PageError {
    PageError::File(error.into())
}

/// A file sent part by part. What was just written is read from the memory of the system, and blocks for microseconds.
fn parts(file: SpooledTempFile) -> Body {
    Body::from_stream(stream::iter(Parts(Some(file))))
}

struct Parts(Option<SpooledTempFile>);

impl Iterator for Parts {
    type Item = std::io::Result<Bytes>;

    fn next(&mut self) -> Option<std::io::Result<Bytes>> {
        let file = self.0.as_mut()?;
        let mut part = Vec::with_capacity(PART);
        match file.take(PART as u64).read_to_end(&mut part) {
            Ok(0) => None,
            Ok(_) => Some(Ok(part.into())),
            Err(error) => {
                self.0 = None;
                Some(Err(error))
            }
        }
    }
}

fn attached(name: &str, extension: &str, media: &str, file: Body) -> Response {
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
