//! The register as a workbook. Cells have a type (text or date), so that no text is taken for a formula.

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::files::plain;
use super::{Reader, RegisterCell};
use label::wording::exports::READING_SHEET;

/// Longest text in one cell, in characters.
const MAX_CELL: usize = 32_000;
/// Largest number of rows in one sheet, below the row of titles.
const MAX_ROWS: u32 = 1_048_575;

/// A workbook with every line of `reader`; `reading` as in [`sheet`].
///
/// # Errors
/// When the store cannot be read, or the workbook not be made.
pub async fn workbook(mut reader: Reader, reading: Option<String>) -> anyhow::Result<Vec<u8>> {
    let audience = reader.audience();
    let mut lines = Vec::new();
    while let Some(page) = reader.next().await? {
        lines.extend(page);
    }
    let rows = lines.into_iter().map(|line| line.cells).collect();
    sheet("Labels", audience.columns(), rows, reading).await
}

/// A workbook with one sheet: a first row of column names, which stays in sight, and a row a line; `reading` is what a
/// second one says of how fresh it is.
///
/// # Errors
/// When it cannot be made.
pub async fn sheet(
    name: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<RegisterCell>>,
    reading: Option<String>,
) -> anyhow::Result<Vec<u8>> {
    // Compression takes processor time, so it runs outside the threads that serve other requests.
    Ok(tokio::task::spawn_blocking(move || made_of(name, columns, &rows, reading.as_deref())).await??)
}

fn made_of(
    name: &str,
    columns: &[&str],
    rows: &[Vec<RegisterCell>],
    reading: Option<&str>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(name)?;
    sheet.set_freeze_panes(1, 1)?;
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("dd/mm/yyyy"));
    for (column, name) in (0u16..).zip(columns) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        sheet.set_column_width(column, if column == 0 { 40 } else { 18 })?;
    }
    for (row, cells) in (1..=MAX_ROWS).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            write(sheet, (row, column), cell, &day)?;
        }
    }
    if let Some(reading) = reading {
        let sheet = book.add_worksheet().set_name(READING_SHEET)?;
        sheet.write_string(0, 0, reading)?;
        sheet.set_column_width(0, 90)?;
    }
    book.save_to_buffer()
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
