//! The register as a workbook. Cells have a type (text or date), so that no text is taken for a formula.

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::files::plain;
use super::{Reader, RegisterCell};
use label::wording::freshness::READING_SHEET;

/// Longest text in one cell, in characters.
const MAX_CELL: usize = 32_000;
/// Largest number of rows in one sheet, below the row of titles.
const MAX_ROWS: u32 = 1_048_575;

/// A workbook with every line of `reader`; `reading` is what a second sheet says of how fresh it is.
///
/// # Errors
/// When the store cannot be read, or the workbook not be made.
pub async fn workbook(mut reader: Reader, reading: Option<String>) -> anyhow::Result<Vec<u8>> {
    let mut sheet = SheetFile::new("Labels", reader.audience().columns())?;
    while let Some(page) = reader.next().await? {
        for line in page {
            sheet.add(&line.cells)?;
        }
    }
    sheet.end(reading).await
}

/// A workbook that is made row by row: the rows stand in an unnamed file until it is ended.
pub struct SheetFile {
    book: Workbook,
    row: u32,
    day: Format,
}

impl SheetFile {
    /// With one sheet, whose first row has the column names and stays in sight.
    ///
    /// # Errors
    /// When the folder for temporary files cannot be written, or the name fits no sheet.
    pub fn new(name: &str, columns: &[&str]) -> Result<SheetFile, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory()?.set_name(name)?;
        sheet.set_freeze_panes(1, 1)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0u16..).zip(columns) {
            sheet.set_column_width(column, if column == 0 { 40 } else { 18 })?;
            sheet.write_string_with_format(0, column, *name, &bold)?;
        }
        Ok(SheetFile { book, row: 0, day: Format::new().set_num_format("dd/mm/yyyy") })
    }

    /// One more row; none beyond what a sheet can hold.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, cells: &[RegisterCell]) -> Result<(), XlsxError> {
        if self.row == MAX_ROWS {
            return Ok(());
        }
        self.row += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0u16..).zip(cells) {
            write(sheet, (self.row, column), cell, &self.day)?;
        }
        Ok(())
    }

    /// The file; `reading` is what a second sheet says of how fresh it is.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn end(mut self, reading: Option<String>) -> anyhow::Result<Vec<u8>> {
        if let Some(reading) = reading {
            let sheet = self.book.add_worksheet().set_name(READING_SHEET)?;
            sheet.write_string(0, 0, reading)?;
            sheet.set_column_width(0, 90)?;
        }
        // Compression takes processor time, so it runs outside the threads that serve other requests.
        Ok(tokio::task::spawn_blocking(move || self.book.save_to_buffer()).await??)
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &RegisterCell,
    as_day: &Format,
) -> Result<(), XlsxError> {
    match cell {
        RegisterCell::Nothing => {}
        RegisterCell::Day(day) => match excel(*day) {
            Some(day) => {
                sheet.write_datetime_with_format(row, column, &day, as_day)?;
            }
            None => {
                sheet.write_string(row, column, day.to_string())?;
            }
        },
        other => {
            let text: String = plain(other).chars().take(MAX_CELL).collect();
            sheet.write_string(row, column, text)?;
        }
    }
    Ok(())
}

/// `None` before 1900: a workbook has no such dates.
fn excel(day: Date) -> Option<ExcelDateTime> {
    let part = |part: i8| u8::try_from(part).ok();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, part(day.month())?, part(day.day())?).ok()
}
