//! The register as CSV, JSON and HTML, written as a beginning, pages and an end, so that one page at most is in memory.

use std::io::{ErrorKind, Write};

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Audience, Reader, RegisterCell, RegisterLine};
use crate::store::Result;
use crate::store::register::Register;
use label::wording::date_full;

/// A format that can be written page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFile {
    Csv,
    Json,
    Html,
}

/// The current register as CSV: UTF-8, commas, a first line of column names.
///
/// # Errors
/// When the store cannot be read.
pub async fn csv(register: Register, today: Date, audience: Audience) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut reader = Reader::current(register, today, audience);
    let mut first = true;
    file.extend(TextFile::Csv.start(audience));
    while let Some(lines) = reader.next().await? {
        file.extend(TextFile::Csv.page(audience, &lines, first));
        first = false;
    }
    Ok(file)
}

/// Writes a whole register. A closed pipe is a normal end.
///
/// # Errors
/// When the store cannot be read, or the file not be written.
pub async fn write(mut reader: Reader, kind: TextFile, out: &mut dyn Write) -> anyhow::Result<()> {
    let audience = reader.audience();
    let mut put = |bytes: &[u8]| match out.write_all(bytes) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        done => done.map(|()| true),
    };
    let mut first = true;
    let mut wanted = put(&kind.start(audience))?;
    while wanted && let Some(lines) = reader.next().await? {
        wanted = put(&kind.page(audience, &lines, first))?;
        first = false;
    }
    if wanted {
        put(kind.end())?;
    }
    Ok(())
}

impl TextFile {
    /// Separator between several values in one cell.
    pub const BETWEEN: &str = " ; ";

    #[must_use]
    pub fn start(self, audience: Audience) -> Vec<u8> {
        match self {
            TextFile::Csv => record(audience.columns().iter().map(|name| (*name).to_owned())),
            TextFile::Json => b"[".to_vec(),
            TextFile::Html => {
                let mut page = HTML_START.to_owned();
                for title in titles(audience) {
                    page.push_str(&format!("<th scope=\"col\">{title}</th>"));
                }
                page.push_str("</tr></thead>\n<tbody>\n");
                page.into_bytes()
            }
        }
    }

    /// `first`: whether these lines are the first ones.
    #[must_use]
    pub fn page(self, audience: Audience, lines: &[RegisterLine], first: bool) -> Vec<u8> {
        let mut text = Vec::new();
        for (rank, line) in lines.iter().enumerate() {
            match self {
                TextFile::Csv => text.extend(record(line.cells.iter().map(plain).map(harmless))),
                TextFile::Json => {
                    text.extend(if first && rank == 0 { "\n" } else { ",\n" }.as_bytes());
                    text.extend(object(audience, line).to_string().into_bytes());
                }
                TextFile::Html => text.extend(row(line).into_bytes()),
            }
        }
        text
    }

    #[must_use]
    pub fn end(self) -> &'static [u8] {
        match self {
            TextFile::Csv => b"",
            TextFile::Json => b"\n]\n",
            TextFile::Html => b"</tbody>\n</table>\n</body>\n</html>\n",
        }
    }
}

/// A cell as text: days as 2027-05-24.
pub fn plain(cell: &RegisterCell) -> String {
    match cell {
        RegisterCell::Nothing => String::new(),
        RegisterCell::Text(text) => text.clone(),
        RegisterCell::Day(day) => day.to_string(),
        RegisterCell::List(list) => list.join(TextFile::BETWEEN),
        RegisterCell::Number(number) => number.to_string(),
    }
}

/// Marks a text that a spreadsheet would take for a formula as text, since anybody may type anything into the form.
#[must_use]
pub fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

/// One line of CSV.
pub fn record(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let cells: Vec<String> = cells.collect();
    // Writing into memory cannot fail.
    let _ = writer.write_record(&cells);
    writer.into_inner().unwrap_or_default()
}

fn object(audience: Audience, line: &RegisterLine) -> Value {
    let value = |cell: &RegisterCell| match cell {
        RegisterCell::Nothing => Value::Null,
        RegisterCell::Number(number) => Value::from(*number),
        RegisterCell::List(list) => Value::from(list.clone()),
        other => Value::from(plain(other)),
    };
    let columns = audience.columns().iter().zip(&line.cells);
    Value::Object(columns.map(|(name, cell)| ((*name).to_owned(), value(cell))).collect::<Map<_, _>>())
}

fn row(line: &RegisterLine) -> String {
    let mut html = String::from("<tr>");
    for (rank, cell) in line.cells.iter().enumerate() {
        let text = match cell {
            RegisterCell::Day(day) => format!("<time datetime=\"{day}\">{}</time>", date_full(*day)),
            other => escaped(&plain(other)),
        };
        html.push_str(&if rank == 0 {
            format!("<th scope=\"row\">{text}</th>")
        } else {
            format!("<td>{text}</td>")
        });
    }
    html.push_str("</tr>\n");
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The French titles of the columns.
#[must_use]
pub fn titles(audience: Audience) -> &'static [&'static str] {
    const TITLES: [&str; super::COLUMNS.len()] = [
        "Nom",
        "SIRET",
        "Type de service",
        "Département",
        "Palier",
        "Décision",
        "Notification",
        "Début de la période",
        "Fin de validité",
        "Statut",
        "Statut depuis le",
        "Suspendu depuis",
        "Délai fixé pour la levée",
        "Suspendu au plus tard jusqu’au",
        "Retiré le",
        "Sites",
        "Organisme de certification",
        "Service central",
        "Identifiant",
        "Dossier",
    ];
    &TITLES[..audience.columns().len()]
}

const HTML_START: &str = "<!doctype html>
<html lang=\"fr\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Services labellisés « Services Publics + »</title>
</head>
<body>
<h1>Services labellisés « Services Publics + »</h1>
<table>
<caption>Labels en vigueur, par nom</caption>
<thead><tr>";

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn line(name: &str) -> RegisterLine {
        let mut cells = vec![RegisterCell::Nothing; super::super::COLUMNS.len() - 1];
        cells[0] = RegisterCell::Text(name.to_owned());
        cells[5] = RegisterCell::Day(date(2027, 5, 24));
        cells[15] = RegisterCell::List(vec!["A (Brest)".to_owned(), "B".to_owned()]);
        RegisterLine { cells }
    }

    #[test]
    fn no_cell_is_a_formula_and_no_quote_breaks_a_line() {
        let lines = ["=HYPERLINK(\"x\")", "+1", "-1", "@a", "\ttab", "a \"b\", c\nd", "1=1"].map(line);
        let file = TextFile::Csv.page(Audience::Public, &lines, true);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_slice());
        let names: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
        let kept = ["'=HYPERLINK(\"x\")", "'+1", "'-1", "'@a", "'\ttab", "a \"b\", c\nd", "1=1"];
        assert_eq!(names, kept);
    }

    #[test]
    fn json_and_html_hold_the_same_words() {
        let pages = [
            TextFile::Json.start(Audience::Public),
            TextFile::Json.page(Audience::Public, &[line("a\"b")], true),
        ];
        let more = TextFile::Json.page(Audience::Public, &[line("<b>")], false);
        let file = [pages.concat(), more, TextFile::Json.end().to_vec()].concat();
        let list: Vec<Value> = serde_json::from_slice(&file).unwrap();
        assert_eq!((&list[0]["nom"], &list[1]["nom"]), (&Value::from("a\"b"), &Value::from("<b>")));
        assert_eq!(list[0]["date_decision"], "2027-05-24");
        assert_eq!(list[0]["sites"][1], "B");
        let html = String::from_utf8(TextFile::Html.page(Audience::Public, &[line("<b>")], true)).unwrap();
        assert!(html.contains("&lt;b&gt;") && html.contains("lundi 24 mai 2027"), "{html}");
    }
}
