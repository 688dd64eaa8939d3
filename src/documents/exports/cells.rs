//! The cells of the three formats, through the libraries that parse them.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Ods, OdsError, Reader, SheetVisible, Xlsx, XlsxError};
use jiff::Unit;
use jiff::civil::{Date, DateTime, Time};

use super::super::tables::encoding::decode;
use super::super::tables::hidden::{formulas, percents, unanswered};
use super::{ExportBook, ExportCell, MAX_CELLS, SheetOf};
use label::case::table::TableFault;

type Row = Vec<Option<ExportCell>>;

/// The number of cells that may still be read in a file.
struct Left(usize);

impl Left {
    fn take(&mut self, cells: usize) -> Result<(), TableFault> {
        self.0 = self.0.checked_sub(cells).ok_or(TableFault::TooMuch)?;
        Ok(())
    }
}

/// The names of the sheets that are shown, and of those that are not.
fn visible(sheets: &[calamine::Sheet]) -> (Vec<String>, Vec<String>) {
    let (shown, hidden): (Vec<_>, Vec<_>) =
        sheets.iter().partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names = |sheets: Vec<&calamine::Sheet>| sheets.into_iter().map(|sheet| sheet.name.clone()).collect();
    (names(shown), names(hidden))
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

pub(super) fn xlsx(bytes: &[u8], wanted: &[String]) -> Result<ExportBook, TableFault> {
    let fault = |error: XlsxError| match error {
        XlsxError::Password => TableFault::Protected,
        _ => TableFault::Broken,
    };
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let (mut book, mut left) = (ExportBook::default(), Left(MAX_CELLS));
    let sheets: Vec<String> = workbook.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect();
    let shown;
    (shown, book.hidden) = visible(workbook.sheets_metadata());
    for name in shown {
        let rank = sheets.iter().position(|other| *other == name).unwrap_or(usize::MAX);
        let formulas = formulas(bytes, rank);
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(fault(error)),
        };
        let percents: BTreeSet<usize> =
            (0..).zip(cells.styles()).filter(|(_, style)| shows_percent(style)).map(|(id, _)| id).collect();
        let mut sheet = SheetOf::new(&name, wanted);
        let (mut row, mut at) = (Row::new(), 0);
        loop {
            let next = cells.next_cell_with_style_id().map_err(fault)?;
            let place = next.as_ref().map(|(cell, _)| cell.get_position());
            if place.is_none_or(|(line, _)| line != at) {
                let goes_on = sheet.row(index(at), std::mem::take(&mut row))?;
                if !goes_on || place.is_none() {
                    break;
                }
            }
            let (Some((cell, style)), Some((line, column))) = (next, place) else { break };
            at = line;
            let has_formula = formulas.contains(&(line, column));
            let column = index(column);
            // A row is as long as its last cell: what lies beyond the limit is refused before it is made.
            left.take((column + 1).saturating_sub(row.len()))?;
            if row.len() <= column {
                row.resize(column + 1, None);
            }
            let read = match cell.get_value() {
                DataRef::Empty if has_formula => Some(ExportCell::Uncomputed),
                value => streamed(value),
            };
            row[column] = if percents.contains(&style) { read.map(in_percent) } else { read };
        }
        book.sheets.extend(sheet.finish());
    }
    Ok(book)
}

pub(super) fn ods(bytes: &[u8], wanted: &[String]) -> Result<ExportBook, TableFault> {
    let mut workbook = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => TableFault::Protected,
        OdsError::CellLimitExceeded { .. } => TableFault::TooMuch,
        _ => TableFault::Broken,
    })?;
    let (mut book, mut left) = (ExportBook::default(), Left(MAX_CELLS));
    let sheets: Vec<String> = workbook.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect();
    let shown;
    (shown, book.hidden) = visible(workbook.sheets_metadata());
    for name in shown {
        let Ok(range) = workbook.worksheet_range(&name) else { continue };
        let rank = sheets.iter().position(|other| *other == name).unwrap_or(usize::MAX);
        let (percents, unanswered) = (percents(bytes, rank), unanswered(bytes, rank));
        let (top, side) = range.start().unwrap_or_default();
        let mut sheet = SheetOf::new(&name, wanted);
        sheet.side = index(side);
        for (line, cells) in (top..).zip(range.rows()) {
            left.take(cells.len())?;
            let read = (side..).zip(cells).map(|(column, data)| match held(data) {
                None if unanswered.contains(&(line, column)) => Some(ExportCell::Uncomputed),
                read if percents.contains(&(line, column)) => read.map(in_percent),
                read => read,
            });
            if !sheet.row(index(line), read.collect())? {
                break;
            }
        }
        book.sheets.extend(sheet.finish());
    }
    Ok(book)
}

/// The separator is the one with which most of the wanted titles are found.
pub(super) fn csv(bytes: &[u8], wanted: &[String]) -> Result<ExportBook, TableFault> {
    let text = decode(bytes);
    let mut best: Option<ExportBook> = None;
    for separator in [b',', b';', b'\t', b'|'] {
        let mut lines = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let (mut sheet, mut left) = (SheetOf::new("", wanted), Left(MAX_CELLS));
        let mut record = csv::StringRecord::new();
        while lines.read_record(&mut record).map_err(|_| TableFault::Broken)? {
            left.take(record.len())?;
            let line = record.position().map_or(0, |place| place.record());
            if !sheet.row(usize::try_from(line).unwrap_or(usize::MAX), record.iter().map(worded).collect())? {
                break;
            }
        }
        let found = ExportBook { sheets: sheet.finish().into_iter().collect(), hidden: Vec::new() };
        let titles = |book: &ExportBook| book.sheets.first().map(|sheet| sheet.titles.len());
        if best.as_ref().is_none_or(|best| titles(&found) > titles(best)) {
            best = Some(found);
        }
    }
    Ok(best.unwrap_or_default())
}

fn worded(text: &str) -> Option<ExportCell> {
    (!text.trim().is_empty()).then(|| ExportCell::Text(text.to_owned()))
}

/// A cell shows no more: what a formula leaves behind these digits is the error of binary fractions (2,3 − 1,6 gives
/// 0,6999999999999997).
const SHOWN_DIGITS: usize = 12;

fn numbered(number: f64) -> ExportCell {
    // The shortest decimal that gives the same double, never with an exponent.
    let text = number.to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // A whole number may be one of 14 digits: none of them is left out.
    if !text.contains('.') || digits.trim_start_matches('0').len() <= SHOWN_DIGITS {
        return ExportCell::Number(text);
    }
    let shown = format!("{number:.*e}", SHOWN_DIGITS - 1).parse::<f64>();
    ExportCell::Number(shown.unwrap_or(number).to_string())
}

/// A number that is shown in percent: two digits further, on its decimal text.
fn in_percent(cell: ExportCell) -> ExportCell {
    let ExportCell::Number(number) = cell else { return cell };
    let (sign, plain) = number.strip_prefix('-').map_or(("", number.as_str()), |rest| ("-", rest));
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let padded = format!("{decimals:0<2}");
    let (moved, rest) = padded.split_at(2);
    let whole = format!("{whole}{moved}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    ExportCell::Percent(format!("{sign}{whole}{point}{rest}"))
}

/// « 0,0 % », and not « "part de %" 0 »: what stands between quotes or behind a backslash is text.
fn shows_percent(style: &calamine::Style) -> bool {
    let Some(format) = &style.number_format else { return false };
    let (mut quoted, mut escaped) = (false, false);
    format.format_code.chars().any(|sign| {
        let after_escape = escaped;
        let plain = !quoted && !after_escape;
        escaped = plain && sign == '\\';
        quoted ^= sign == '"' && !after_escape;
        plain && sign == '%'
    })
}

fn streamed(data: &DataRef<'_>) -> Option<ExportCell> {
    match data {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(ExportCell::Number(number.to_string())),
        DataRef::Float(number) => Some(numbered(*number)),
        DataRef::String(text) => worded(text),
        DataRef::SharedString(text) => worded(text),
        DataRef::Bool(flag) => Some(ExportCell::Flag(*flag)),
        DataRef::DateTime(at) => Some(dated(at)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(iso(text)),
        DataRef::Error(error) => Some(ExportCell::Text(error.to_string())),
    }
}

fn held(data: &Data) -> Option<ExportCell> {
    match data {
        Data::Empty => None,
        Data::Int(number) => Some(ExportCell::Number(number.to_string())),
        Data::Float(number) => Some(numbered(*number)),
        Data::String(text) => worded(text),
        Data::Bool(flag) => Some(ExportCell::Flag(*flag)),
        Data::DateTime(at) => Some(dated(at)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Some(iso(text)),
        Data::Error(error) => Some(ExportCell::Text(error.to_string())),
    }
}

fn iso(text: &str) -> ExportCell {
    let day = || text.parse::<Date>().map(|date| date.to_datetime(Time::midnight()));
    match text.parse::<DateTime>().or_else(|_| day()) {
        Ok(at) => ExportCell::Moment(at),
        Err(_) => ExportCell::Text(text.to_owned()),
    }
}

/// A serial number shown as a date, from 1900 or from 1904 as the workbook says.
fn dated(at: &ExcelDateTime) -> ExportCell {
    let civil = || {
        let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
        let small = |part: u8| i8::try_from(part).ok();
        let nanos = i32::from(milli) * 1_000_000;
        let year = i16::try_from(year).ok()?;
        let civil = DateTime::new(
            year,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            nanos,
        );
        civil.ok()?.round(Unit::Second).ok()
    };
    match civil().filter(|_| at.is_datetime()) {
        Some(civil) => ExportCell::Moment(civil),
        None => numbered(at.as_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn a_date_is_that_of_its_system() {
        let at = |serial, is_1904| dated(&ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904));
        let civil = |text: &str| ExportCell::Moment(text.parse().unwrap());
        assert_eq!(at(46166.0, false), civil("2026-05-24T00:00:00"));
        assert_eq!(at(46166.0 - 1462.0, true), civil("2026-05-24T00:00:00"));
        // Ten past nine and one second, as a float.
        assert_eq!(at(46166.0 + 33_001.0 / 86_400.0, false), civil("2026-05-24T09:10:01"));
        let percent = |number: f64| match in_percent(numbered(number)) {
            ExportCell::Percent(shown) => shown,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            [0.855, 1.0, 0.07, 0.7997, -0.5, 0.0, 0.001].map(percent),
            ["85.5", "100", "7", "79.97", "-50", "0", "0.1"]
        );
        assert_eq!(numbered(79.97), ExportCell::Number("79.97".to_owned()));
        assert_eq!(
            [0.699_999_999_999_999_7, 0.799_999_999_999_999_9, 0.7996].map(percent),
            ["70", "80", "79.96"]
        );
        let read = |number: f64| numbered(number) == ExportCell::Number("69.7".to_owned());
        assert!(read(69.7) && read(69.700_000_000_000_03) && !read(69.700_000_01));
        assert_eq!(numbered(99_900_629_900_013.0), ExportCell::Number("99900629900013".to_owned()));
        assert_eq!(iso("2027-05-24"), civil("2027-05-24T00:00:00"));
    }
}
