//! The export as a CSV file.

use super::sheets::Sheet;
use super::values::Cell;
use crate::dates;

pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&sheet.titles)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(text))?;
    }
    Ok(writer.into_inner()?)
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(at) => {
            let at = dates::paris_time(at.date(), at.hour(), at.minute())
                + jiff::SignedDuration::from_secs(at.second().into());
            dates::paris(at).strftime("%Y-%m-%d %H:%M:%S %z").to_string()
        }
    }
}
