//! Calendar files (RFC 5545), as mails carry them (RFC 5546), as feeds and `vigie agenda` write them: one way to write an
//! event, so that a calendar program shows the same in each. The crate escapes and folds; the order and the choice of the
//! properties are ours, so that the same events are the same bytes.

use icalendar::Property;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use label::plain;

/// The end of every file.
pub const END: &str = "END:VCALENDAR\r\n";
/// Nine o'clock on the day before: an all-day event begins at midnight.
const ALARM: &str = "-PT15H";
/// Characters of a title, and of a text.
const MAX_TITLE: usize = 200;
const MAX_TEXT: usize = 2000;

/// 1 January 2025. A sequence number has 31 bits: it is the seconds since this day.
const EPOCH: i64 = 1_735_689_600;

/// The number of what was said of an event at an instant: what was said later has a higher one, in a mail as in a feed, and no
/// counter has to be stored.
#[must_use]
pub fn sequence(at: Timestamp) -> u32 {
    u32::try_from(at.as_second() - EPOCH).unwrap_or(0)
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// A calendar that programs read again and again, under its name; or a file to import.
    Feed(&'a str),
    /// An event to keep.
    Publish,
    /// An event to take away.
    Cancel,
}

/// Who sends an event by mail: RFC 5546 wants somebody.
#[derive(Clone, Copy, Debug)]
pub struct Organizer<'a> {
    pub name: &'a str,
    pub address: &'a str,
}

/// An all-day event.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// Never changes, whatever becomes of the day.
    pub uid: String,
    pub day: Date,
    pub title: &'a str,
    pub text: &'a str,
    /// The page of the dossier.
    pub url: Option<String>,
    /// Higher at each change: programs keep the event with the highest.
    pub sequence: u32,
    pub stamp: Timestamp,
    pub modified: Option<Timestamp>,
    pub organizer: Option<Organizer<'a>>,
    pub cancelled: bool,
}

/// The beginning of a file.
#[must_use]
pub fn head(purpose: Purpose<'_>) -> String {
    let mut text = Lines::new("BEGIN:VCALENDAR");
    text.put("VERSION", "2.0");
    text.put("PRODID", "-//vigie//Label Services Publics +//FR");
    text.put("CALSCALE", "GREGORIAN");
    match purpose {
        Purpose::Publish => text.put("METHOD", "PUBLISH"),
        Purpose::Cancel => text.put("METHOD", "CANCEL"),
        Purpose::Feed(name) => {
            let name = plain::line(name);
            text.put("NAME", &name);
            text.put("X-WR-CALNAME", &name);
            text.add(Property::new("REFRESH-INTERVAL", "PT6H").add_parameter("VALUE", "DURATION").done());
            text.put("X-PUBLISHED-TTL", "PT6H");
        }
    }
    text.0
}

/// What stands in a file without events, which RFC 5545 does not allow to be empty.
#[must_use]
pub fn nothing() -> &'static str {
    "BEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
}

/// One event.
#[must_use]
pub fn event(entry: &Entry<'_>) -> String {
    let title: String = plain::line(entry.title).chars().take(MAX_TITLE).collect();
    let detail: String = plain::lines(entry.text).chars().take(MAX_TEXT).collect();
    let mut text = Lines::new("BEGIN:VEVENT");
    text.put("UID", &plain::line(&entry.uid));
    text.put("DTSTAMP", &instant(entry.stamp));
    text.put("SEQUENCE", &entry.sequence.to_string());
    if let Some(modified) = entry.modified {
        text.put("LAST-MODIFIED", &instant(modified));
    }
    text.add(day("DTSTART", entry.day));
    // RFC 5545 §3.8.2.2: the end is not part of the event, and is later than its start.
    if let Ok(end) = entry.day.checked_add(1.day()) {
        text.add(day("DTEND", end));
    }
    text.put("SUMMARY", &title);
    if !detail.trim().is_empty() {
        text.put("DESCRIPTION", &detail.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if let Some(url) = entry.url.as_deref().filter(|url| url.chars().all(|c| c.is_ascii_graphic())) {
        text.put("URL", url);
    }
    if let Some(Organizer { name, address }) = entry.organizer {
        let mut organizer = Property::new("ORGANIZER", format!("mailto:{address}"));
        let name = plain::line(name).replace('"', "'");
        if !name.trim().is_empty() {
            organizer.add_parameter("CN", &format!("\"{}\"", name.trim()));
        }
        text.add(organizer);
    }
    text.put("STATUS", if entry.cancelled { "CANCELLED" } else { "CONFIRMED" });
    // A deadline keeps nobody busy.
    text.put("TRANSP", "TRANSPARENT");
    if !entry.cancelled {
        text.line("BEGIN:VALARM");
        text.put("ACTION", "DISPLAY");
        text.put("DESCRIPTION", &title);
        text.put("TRIGGER", ALARM);
        text.line("END:VALARM");
    }
    text.line("END:VEVENT");
    text.0
}

/// Lines that end and continue as RFC 5545 §3.1 says.
struct Lines(String);

impl Lines {
    fn new(first: &str) -> Lines {
        let mut lines = Lines(String::new());
        lines.line(first);
        lines
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push_str("\r\n");
    }

    fn put(&mut self, name: &str, value: &str) {
        self.add(Property::new(name, value));
    }

    fn add(&mut self, property: Property) {
        let line: Result<String, std::fmt::Error> = property.try_into();
        self.0.push_str(&line.unwrap_or_default());
    }
}

fn day(name: &str, day: Date) -> Property {
    Property::new(name, day.strftime("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
