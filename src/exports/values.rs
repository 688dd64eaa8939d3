//! What a cell holds, read as the platform writes it and as spreadsheet programs write it again.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::documents::exports::ExportCell;
use label::folding::folded;

/// The column of the code of a département, beside the column of its name.
pub(super) fn code_of(id: &str) -> String {
    format!("{id} (code)")
}

pub(super) fn text(cell: &ExportCell) -> String {
    match cell {
        ExportCell::Text(text) => text.trim().to_owned(),
        ExportCell::Number(number) | ExportCell::Percent(number) => number.clone(),
        ExportCell::Flag(true) => "Oui".to_owned(),
        ExportCell::Flag(false) => "Non".to_owned(),
        ExportCell::Moment(at) if at.time() == Time::midnight() => at.date().to_string(),
        ExportCell::Moment(at) => at.to_string(),
        ExportCell::Uncomputed => String::new(),
    }
}

/// Without a fraction that is only zeros, as floats are written: « 12.0 ».
pub(super) fn number(cell: &ExportCell) -> String {
    let text = text(cell);
    match text.split_once(['.', ',']) {
        // Three zeros may be thousands: « 12.000 », « 12,000 ».
        Some((whole, zeros))
            if !whole.is_empty() && zeros.len() != 3 && zeros.bytes().all(|digit| digit == b'0') =>
        {
            whole.to_owned()
        }
        _ => text,
    }
}

pub(super) fn is_zero(cell: &ExportCell) -> bool {
    matches!(number(cell).as_str(), "0" | "-0")
}

/// Written as a flag: exports without a model write words.
pub(super) fn is_typed_flag(cell: &ExportCell) -> bool {
    matches!(cell, ExportCell::Flag(_)) || matches!(text(cell).to_lowercase().as_str(), "true" | "false")
}

/// `None` when it is neither yes nor no.
pub(super) fn flag(cell: &ExportCell) -> Option<bool> {
    match folded(&text(cell)).as_str() {
        "oui" | "o" | "on" | "yes" | "y" | "true" | "vrai" | "x" | "1" => Some(true),
        "non" | "n" | "off" | "no" | "false" | "faux" | "0" => Some(false),
        "" => label::folding::tick(&text(cell)),
        _ => None,
    }
}

/// ISO, or « 24/05/2027 » as a spreadsheet in French writes it again; with a time of day or without.
pub(super) fn date(cell: &ExportCell) -> Option<Date> {
    moment(cell).map(|at| at.date()).or_else(|| match cell {
        ExportCell::Text(text) => civil(text).map(|at| at.date()),
        _ => None,
    })
}

/// An instant: a wall time is that of Paris. In the hour that October repeats the first one is taken: the day is the same.
pub(super) fn instant(cell: &ExportCell) -> Option<Timestamp> {
    let paris = TimeZone::get("Europe/Paris").ok()?;
    if let ExportCell::Text(text) = cell
        && let Some(at) = with_offset(text.trim())
    {
        return Some(at);
    }
    let civil = moment(cell).or_else(|| match cell {
        ExportCell::Text(text) => civil(text),
        _ => None,
    })?;
    paris.to_timestamp(civil).ok()
}

fn moment(cell: &ExportCell) -> Option<DateTime> {
    match cell {
        ExportCell::Moment(at) => Some(*at),
        _ => None,
    }
}

fn with_offset(text: &str) -> Option<Timestamp> {
    let spaced = || Zoned::strptime("%Y-%m-%d %H:%M:%S %z", text).ok().map(|at| at.timestamp());
    let utc = || text.strip_suffix(" UTC").and_then(|text| format!("{text}Z").parse().ok());
    text.parse().ok().or_else(spaced).or_else(utc)
}

/// A day as it is typed: the day first, unless the year is.
const DAYS: [&str; 4] = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d"];

const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// « lundi 24 mai 2027 », « 1er juin 2027 ».
fn written_out(text: &str) -> Option<Date> {
    let folded = folded(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let (day, month, year) = match words.as_slice() {
        [day, month, year] => (day, month, year),
        [name, day, month, year] if name.ends_with("di") || *name == "dimanche" => (day, month, year),
        _ => return None,
    };
    let month = MONTHS.iter().zip(1..).find(|(name, _)| *name == month)?.1;
    let day = day.strip_suffix("er").unwrap_or(day).parse().ok()?;
    let year = year.parse().ok().filter(|year| (1900..3000).contains(year))?;
    Date::new(year, month, day).ok()
}

fn civil(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if let Ok(at) = text.parse::<DateTime>() {
        return Some(at);
    }
    let forms = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y à %H:%M"];
    if let Some(date) = written_out(text) {
        return Some(date.to_datetime(Time::midnight()));
    }
    let full = forms.iter().find_map(|form| DateTime::strptime(form, text).ok());
    let typed = || DAYS.iter().find_map(|form| Date::strptime(form, text).ok());
    let day = || text.parse::<Date>().ok().or_else(typed);
    let read = full.or_else(|| day().map(|date| date.to_datetime(Time::midnight())))?;
    // A spreadsheet shows years by two digits; no dossier is older than the platform.
    match read.year() {
        0..100 => read.with().year(read.year() + 2000).build().ok(),
        1900.. => Some(read),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> ExportCell {
        ExportCell::Text(text.to_owned())
    }

    #[test]
    fn a_date_is_read_in_every_form_it_is_found_in() {
        let day: Date = "2027-05-24".parse().unwrap();
        for text in ["2027-05-24", "24/05/2027", "2027-05-24T09:30:00", "24/05/2027 09:30", " 2027-05-24 "] {
            assert_eq!(date(&said(text)), Some(day), "{text}");
        }
        assert_eq!(date(&ExportCell::Moment("2027-05-24T00:00:00".parse().unwrap())), Some(day));
        for text in [
            "24-05-2027",
            "24.05.2027",
            "2027/05/24",
            "24 mai 2027",
            "Lundi 24 Mai 2027",
            "24\u{a0}mai\u{a0}2027",
        ] {
            assert_eq!(date(&said(text)), Some(day), "{text}");
        }
        assert_eq!(date(&said("1er août 2027")), Some("2027-08-01".parse().unwrap()));
        for text in ["31 juin 2027", "24 mai", "24 mai 27", "mardi mai 2027", "24 floréal 2027"] {
            assert_eq!(date(&said(text)), None, "{text}");
        }
        assert_eq!(date(&said("24/05/27")), Some(day));
        assert_eq!(date(&said("24/05/0227")), None);
        for text in ["46531", "mai 2027", "24/13/2027", "05-24-2027"] {
            assert_eq!(date(&said(text)), None, "{text}");
        }
        assert_eq!(date(&ExportCell::Number("46531".to_owned())), None);
    }

    #[test]
    fn a_wall_time_is_that_of_paris() {
        let utc: Timestamp = "2027-05-24T07:30:00Z".parse().unwrap();
        assert_eq!(instant(&ExportCell::Moment("2027-05-24T09:30:00".parse().unwrap())), Some(utc));
        for text in [
            "2027-05-24 09:30:00 +0200",
            "2027-05-24T09:30:00+02:00",
            "2027-05-24 07:30:00 UTC",
            "24/05/2027 09:30",
        ] {
            assert_eq!(instant(&said(text)), Some(utc), "{text}");
        }
        let repeated = instant(&said("31/10/2027 02:30")).unwrap();
        assert_eq!(repeated.to_string(), "2027-10-31T00:30:00Z");
    }

    #[test]
    fn answers_and_numbers() {
        assert_eq!(
            [flag(&said("Oui")), flag(&said("off")), flag(&said("?"))],
            [Some(true), Some(false), None]
        );
        assert_eq!(flag(&ExportCell::Number("1".to_owned())), Some(true));
        assert_eq!([number(&said("12.0")), number(&said("79.97"))], ["12", "79.97"]);
        assert_eq!([number(&said("12.000")), number(&said("12,000"))], ["12.000", "12,000"]);
        assert_eq!(
            [flag(&said("O")), flag(&said("✓")), flag(&said("✗")), flag(&said("-"))],
            [Some(true), Some(true), Some(false), None]
        );
        assert!(
            is_zero(&said("0,0")) && is_zero(&ExportCell::Number("0".to_owned())) && !is_zero(&said("10"))
        );
    }
}
