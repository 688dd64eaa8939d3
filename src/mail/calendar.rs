//! The days of a letter as a calendar reads it.

use icalendar::{Calendar, Component, EventLike};
use jiff::Timestamp;

use crate::review::wording::Letter;

/// All of them in one calendar; without any there is none.
pub(super) fn ics(letter: &Letter, host: &str, now: Timestamp) -> Option<String> {
    let stamp = chrono::DateTime::from_timestamp(now.as_second(), 0)?;
    let mut calendar = Calendar::new();
    for event in &letter.events {
        let day = chrono::NaiveDate::from_ymd_opt(
            i32::from(event.day.year()),
            u32::try_from(event.day.month()).ok()?,
            u32::try_from(event.day.day()).ok()?,
        )?;
        let entry = icalendar::Event::new()
            .uid(&format!("{}@{host}", event.uid))
            .timestamp(stamp)
            .summary(&event.title)
            .description(&letter.source)
            .all_day(day)
            .done();
        calendar.push(entry);
    }
    (!letter.events.is_empty()).then(|| calendar.done().to_string())
}
