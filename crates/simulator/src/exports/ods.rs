//! The export as an OpenDocument spreadsheet: three entries of a zip.

use super::sheets::Sheet;
use super::values::Cell;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

pub(super) fn write(sheets: &[Sheet]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(
        "mimetype",
        SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored),
    )?;
    zip.write_all(KIND.as_bytes())?;
    zip.start_file("content.xml", SimpleFileOptions::default())?;
    zip.write_all(content(sheets).as_bytes())?;
    zip.start_file("META-INF/manifest.xml", SimpleFileOptions::default())?;
    let manifest = format!(
        "{HEAD}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.2\"><manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{KIND}\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"
    );
    zip.write_all(manifest.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

fn content(sheets: &[Sheet]) -> String {
    let mut text = format!(
        "{HEAD}<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\">\
         <office:body><office:spreadsheet>"
    );
    for sheet in sheets {
        text.push_str(&format!("<table:table table:name=\"{}\">", escaped(&sheet.name)));
        let titles = sheet.titles.iter().map(|title| Cell::Text(title.clone())).collect();
        for row in [&titles].into_iter().chain(&sheet.rows) {
            text.push_str("<table:table-row>");
            row.iter().for_each(|cell| text.push_str(&written(cell)));
            text.push_str("</table:table-row>");
        }
        text.push_str("</table:table>");
    }
    text.push_str("</office:spreadsheet></office:body></office:document-content>");
    text
}

fn written(cell: &Cell) -> String {
    let typed = |kind: &str, attribute: &str, value: &str| {
        format!(
            "<table:table-cell office:value-type=\"{kind}\" office:{attribute}=\"{value}\"><text:p>{value}</text:p>\
             </table:table-cell>"
        )
    };
    match cell {
        Cell::Blank => "<table:table-cell/>".to_owned(),
        Cell::Text(text) => {
            let lines: String =
                text.split('\n').map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect();
            format!("<table:table-cell office:value-type=\"string\">{lines}</table:table-cell>")
        }
        Cell::Number(number) => typed("float", "value", &number.to_string()),
        // In this format a flag is a number.
        Cell::Flag(flag) => typed("float", "value", if *flag { "1" } else { "0" }),
        Cell::Date(date) => typed("date", "date-value", &date.to_string()),
        Cell::Moment(at) => typed("date", "date-value", &at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
