//! Where a page of a list begins: after the last line of the one before, so that lines which come or go meanwhile neither
//! repeat nor hide others. Each place accepts all that its pattern does.

use jiff::civil::{Date, date};
use label::wording::api as words;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::parameters::{Word, parameters};
use super::words::{Limit, number};
use crate::store::deadlines::After;
use crate::store::work::WorkLine;

/// Characters of a place: a name may be long.
const MOST: usize = 4000;

fn pattern(pattern: &str) -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(MOST));
    text.pattern(Some(pattern)).build()
}

fn plain(text: &str) -> bool {
    text.chars().count() <= MOST && !text.chars().any(char::is_control)
}

/// « guichet de valdoree~4242 »: a sorted name or day, and a case.
#[derive(Clone, Debug)]
pub(super) struct NamePlace(pub String, pub i64);

impl NamePlace {
    pub fn written(key: &str, case: i64) -> String {
        format!("{key}~{case}")
    }

    /// Before the first line, when there is none.
    pub fn or_start(place: &Option<NamePlace>) -> (&str, i64) {
        place.as_ref().map_or(("", i64::MIN), |NamePlace(key, case)| (key, *case))
    }
}

impl Word for NamePlace {
    fn read(text: &str) -> Option<NamePlace> {
        let (key, case) = text.split_once('~')?;
        let case = number(case).filter(|_| case.len() <= 15 && plain(text))?;
        Some(NamePlace(key.to_owned(), case))
    }

    fn expected() -> String {
        words::PLACE_EXPECTED.to_owned()
    }

    fn schema() -> Object {
        pattern(r"^[^~\u0000-\u001f\u007f-\u009f]*~[0-9]{1,15}$")
    }
}

/// « 20270524~4242~O-07~0 »: a deadline.
#[derive(Clone, Debug)]
pub(super) struct DuePlace(pub After);

impl DuePlace {
    pub fn written(line: &WorkLine) -> String {
        format!("{}~{}~{}~{}", line.due.strftime("%Y%m%d"), line.dossier, line.code, line.occurrence)
    }
}

impl Word for DuePlace {
    fn read(text: &str) -> Option<DuePlace> {
        let parts: Vec<&str> = text.split('~').collect();
        let [due, dossier, code, occurrence] = parts[..] else { return None };
        let sign = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'-';
        let fits = due.len() == 8 && dossier.len() <= 15 && occurrence.len() <= 9;
        let fits = fits && (1..=10).contains(&code.len()) && code.bytes().all(sign);
        let (due, code) = (day(number(due)?), code.to_owned());
        let after = After { due, dossier: number(dossier)?, code, occurrence: number(occurrence)? };
        fits.then_some(DuePlace(after))
    }

    fn expected() -> String {
        words::PLACE_EXPECTED.to_owned()
    }

    fn schema() -> Object {
        pattern("^[0-9]{8}~[0-9]{1,15}~[A-Za-z0-9-]{1,10}~[0-9]{1,9}$")
    }
}

/// « 20270524 » as a day; the nearest one when there is none.
fn day(digits: i64) -> Date {
    let part = |value: i64, from, to| i8::try_from(value.clamp(from, to)).unwrap_or(1);
    let year = i16::try_from((digits / 10_000).clamp(1, 9998)).unwrap_or(1);
    let first = date(year, part(digits / 100 % 100, 1, 12), 1);
    let wanted = part(digits % 100, 1, i64::from(first.days_in_month()));
    first.with().day(wanted).build().unwrap_or(first)
}

/// « 20270524~KEY » or « 1779000000000000~KEY »: a mail, by the day on which it leaves or the instant at which it was put.
#[derive(Clone, Debug)]
pub(super) struct MailPlace(i64, pub String);

impl MailPlace {
    pub fn leaving(day: &str, key: &str) -> String {
        format!("{}~{key}", day.replace('-', ""))
    }

    pub fn put(at: i64, key: &str) -> String {
        format!("{at}~{key}")
    }

    /// The day, as the store writes it.
    pub fn day(&self) -> String {
        day(self.0).to_string()
    }

    pub fn instant(&self) -> i64 {
        self.0
    }
}

impl Word for MailPlace {
    fn read(text: &str) -> Option<MailPlace> {
        let (number_text, key) = text.split_once('~')?;
        let fits = number_text.len() <= 18 && !key.is_empty() && plain(text);
        Some(MailPlace(number(number_text)?, key.to_owned())).filter(|_| fits)
    }

    fn expected() -> String {
        words::PLACE_EXPECTED.to_owned()
    }

    fn schema() -> Object {
        pattern(r"^[0-9]{1,18}~[^\u0000-\u001f\u007f-\u009f]+$")
    }
}

/// The id of a line of the journal.
#[derive(Clone, Debug)]
pub(super) struct LinePlace(pub String);

impl Word for LinePlace {
    fn read(text: &str) -> Option<LinePlace> {
        let sign = |sign: u8| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign) || sign == b'-';
        ((1..=60).contains(&text.len()) && text.bytes().all(sign)).then(|| LinePlace(text.to_owned()))
    }

    fn expected() -> String {
        words::PLACE_EXPECTED.to_owned()
    }

    fn schema() -> Object {
        pattern("^[0-9a-f-]{1,60}$")
    }
}

parameters! {
    /// Which page of a list that is sorted by names.
    NamePaging { "after" => after: NamePlace, "limit" => limit: Limit }
}
parameters! {
    DuePaging { "after" => after: DuePlace, "limit" => limit: Limit }
}
parameters! {
    MailPaging { "after" => after: MailPlace, "limit" => limit: Limit }
}
parameters! {
    LinePaging { "after" => after: LinePlace, "limit" => limit: Limit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let due = |text| DuePlace::read(text).map(|place| place.0);
        let after = After { due: date(2027, 5, 24), dossier: 4242, code: "O-07".to_owned(), occurrence: 0 };
        assert_eq!(due("20270524~4242~O-07~0"), Some(after));
        assert_eq!(due("20270231~1~O-07~0").unwrap().due, date(2027, 2, 28), "no such day: the nearest");
        assert_eq!(due("00000000~1~O-07~0").unwrap().due, date(1, 1, 1));
        assert_eq!(due("99999999~1~O-07~0").unwrap().due, date(9998, 12, 31));
        for other in
            ["", "~", "2027-05-24~1~O-07~0", "20270524~1~O-07", "20270524~-1~O-07~0", "20270524~1~~0"]
        {
            assert_eq!(due(other), None, "{other}");
        }
        let name = NamePlace::read(&NamePlace::written("guichet de valdoree", 4242)).unwrap();
        assert_eq!((name.0.as_str(), name.1), ("guichet de valdoree", 4242));
        assert!(NamePlace::read("guichet").is_none() && NamePlace::read("a\0~1").is_none());
        let mail = MailPlace::read(&MailPlace::leaving("2027-05-24", "4242/x~y")).unwrap();
        assert_eq!((mail.day().as_str(), mail.1.as_str()), ("2027-05-24", "4242/x~y"));
    }
}
