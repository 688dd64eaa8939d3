//! The export as an Excel workbook.

use super::sheets::Sheet;
use super::values::Cell;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

pub(super) fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (day, moment) =
        (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(&sheet.name)?;
        for (column, title) in (0..).zip(&sheet.titles) {
            page.write_string(0, column, title)?;
        }
        for (line, row) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(row) {
                match cell {
                    Cell::Blank => continue,
                    Cell::Text(text) => page.write_string(line, column, text)?,
                    Cell::Number(number) => page.write_number(line, column, *number)?,
                    Cell::Flag(flag) => page.write_boolean(line, column, *flag)?,
                    Cell::Date(date) => {
                        let at = ExcelDateTime::parse_from_str(&date.to_string())?;
                        page.write_datetime_with_format(line, column, at, &day)?
                    }
                    Cell::Moment(at) => {
                        let at =
                            ExcelDateTime::parse_from_str(&at.strftime("%Y-%m-%dT%H:%M:%S").to_string())?;
                        page.write_datetime_with_format(line, column, at, &moment)?
                    }
                };
            }
        }
    }
    workbook.save_to_buffer()
}
