//! Times as the platform prints and reads them: Paris offsets, seconds, French long dates (§3.1, §3.5).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::sync::LazyLock;

static PARIS: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZone::get("Europe/Paris").expect("the time zone database is compiled in or on the system")
});

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

pub(super) fn paris(at: Timestamp) -> Zoned {
    at.to_zoned(PARIS.clone())
}

/// `2026-01-15T15:52:32+01:00`: the microseconds are lost on the way out.
pub(super) fn printed(at: Timestamp) -> String {
    paris(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

pub(super) fn long_date(date: Date) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
    format!("{} {month} {}", date.day(), date.year())
}

pub(super) fn long_datetime(at: Timestamp) -> String {
    let local = paris(at);
    format!("{} {:02}:{:02}", long_date(local.date()), local.hour(), local.minute())
}

/// A civil time of Paris; one that the spring change skips is moved after it.
pub(super) fn paris_time(date: Date, hour: i8, minute: i8) -> Timestamp {
    local(date.at(hour, minute, 0, 0))
}

fn local(time: DateTime) -> Timestamp {
    time.to_zoned(PARIS.clone())
        .expect("the years of a scenario are far from the limits of the calendar")
        .timestamp()
}

/// Full ISO 8601, a date, or eight digits; without offset it is read in the zone of the server (§2.1).
pub(super) fn read_datetime(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Some(date) = read_date(text) {
        return Some(paris_time(date, 0, 0));
    }
    text.parse::<DateTime>().ok().map(local)
}

pub(super) fn read_date(text: &str) -> Option<Date> {
    match text.len() {
        10 if text.as_bytes().get(4) == Some(&b'-') => text.parse().ok(),
        8 if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (year, rest) = text.split_at(4);
            let (month, day) = rest.split_at(2);
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        _ => None,
    }
}
