//! The days of a letter as a calendar reads it.

use icalendar::{Calendar, Component, EventLike, Property};
use jiff::Timestamp;

use super::header::header_line;
use label::outgoing::Letter;

/// 1 January 2025. A sequence number has 31 bits: it is the seconds since this day.
const EPOCH: i64 = 1_735_689_600;

/// All of them in one calendar; without any there is none.
pub(super) fn ics(letter: &Letter, host: &str, now: Timestamp) -> Option<String> {
    let stamp = chrono::DateTime::from_timestamp(now.as_second(), 0)?;
    // A later mail has the higher number, whatever its day: programs keep the event with the highest, and no counter
    // has to be stored.
    let sequence = u32::try_from(now.as_second() - EPOCH).unwrap_or(0);
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    for event in &letter.events {
        let day = chrono::NaiveDate::from_ymd_opt(
            i32::from(event.day.year()),
            u32::try_from(event.day.month()).ok()?,
            u32::try_from(event.day.day()).ok()?,
        )?;
        let entry = icalendar::Event::new()
            .uid(&format!("{}@{host}", event.uid))
            .timestamp(stamp)
            .sequence(sequence)
            .summary(&header_line(&event.title))
            .description(&header_line(&letter.source))
            .add_property("TRANSP", "TRANSPARENT")
            .all_day(day)
            .done();
        calendar.push(entry);
    }
    (!letter.events.is_empty()).then(|| calendar.done().to_string())
}
