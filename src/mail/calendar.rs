//! The days of a letter as a calendar reads it: a file for each, for programs that take one event a file.

use jiff::Timestamp;
use lettre::message::Mailbox;

use crate::ics::{END, Entry, Organizer, Purpose, event, head, sequence};
use label::outgoing::{CalendarEvent, Letter, Platform};

/// A calendar file of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CalendarFile {
    pub name: String,
    /// Its type, with the method that RFC 6047 wants there too.
    pub media: &'static str,
    pub text: String,
}

/// The files of a letter, in the order of its days.
pub(super) fn files(
    letter: &Letter,
    platform: &Platform,
    from: &Mailbox,
    now: Timestamp,
) -> Vec<CalendarFile> {
    let mut files: Vec<CalendarFile> = Vec::new();
    for day in &letter.events {
        let (base, purpose, media) = match day.cancelled {
            false => ("echeance", Purpose::Publish, "text/calendar; charset=utf-8; method=PUBLISH"),
            true => ("annulation", Purpose::Cancel, "text/calendar; charset=utf-8; method=CANCEL"),
        };
        let before = files.iter().filter(|file| file.media == media).count();
        let name = match before {
            0 => format!("{base}.ics"),
            _ => format!("{base}-{}.ics", before + 1),
        };
        let text = format!(
            "{}{}{END}",
            head(purpose),
            event(&Entry {
                url: letter.about_event(day).and_then(|about| platform.page(about)),
                ..entry(day, letter, from, now)
            })
        );
        files.push(CalendarFile { name, media, text });
    }
    files
}

fn entry<'a>(day: &'a CalendarEvent, letter: &'a Letter, from: &'a Mailbox, now: Timestamp) -> Entry<'a> {
    Entry {
        uid: format!("{}@{}", day.uid, from.email.domain()),
        day: day.day,
        title: &day.title,
        text: &letter.source,
        sequence: sequence(now),
        stamp: now,
        organizer: Some(Organizer {
            name: from.name.as_deref().unwrap_or_default(),
            address: from.email.as_ref(),
        }),
        cancelled: day.cancelled,
        ..Entry::default()
    }
}
