//! The day of a letter as a calendar reads it.

use icalendar::{Calendar, Component, EventLike};
use jiff::Timestamp;

use crate::review::wording::Letter;

pub(super) fn ics(letter: &Letter, host: &str, now: Timestamp) -> Option<String> {
    let event = letter.event.as_ref()?;
    let day = chrono::NaiveDate::from_ymd_opt(
        i32::from(event.day.year()),
        u32::try_from(event.day.month()).ok()?,
        u32::try_from(event.day.day()).ok()?,
    )?;
    let stamp = chrono::DateTime::from_timestamp(now.as_second(), 0)?;
    let entry = icalendar::Event::new()
        .uid(&format!("{}@{host}", event.uid))
        .timestamp(stamp)
        .summary(&event.title)
        .description(&letter.source)
        .all_day(day)
        .done();
    Some(Calendar::new().push(entry).done().to_string())
}
