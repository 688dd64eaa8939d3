//! What the plan needs beside the case: the mails and messages already sent, and the values that the platform refused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::keys::Key;
use crate::judge::agenda::Role;
use crate::outgoing::{Announced, CalendarEvent, Mail, MailCode, MailKey, MessageKey};

/// A mail that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The day in Paris on which it was sent.
    pub on: Date,
    /// Its reader.
    pub role: Role,
    /// Its subject, as it was sent.
    pub subject: String,
    /// The key of the mail.
    pub key: MailKey,
    /// The decision that it announced.
    pub announced: Option<Announced>,
    /// The days that it put into a calendar.
    pub events: Vec<CalendarEvent>,
}

/// The announcement of a decision, or its correction, that was given up before it reached its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// The key under which it was put in the outbox.
    pub key: MailKey,
    /// What it announced.
    pub announced: Option<Announced>,
    /// Its reader can be written to: another mail reached it since, or it has another address.
    pub reachable: bool,
}

/// An address of the candidate refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The day in Paris from which it refuses; the latest one when several addresses do.
    pub since: Date,
    /// Mails go to another address of the dossier.
    pub reached: bool,
}

/// What the plan needs beside the case.
#[derive(Clone, Debug)]
pub struct Known {
    /// The moment that is written as that of the last update when annotations change (`auto_maj`).
    pub now: Timestamp,
    /// Deadlines that ended before this day are shown, but no mail is sent (`act.since`).
    pub since: Date,
    /// Confirmations, higher tiers and liftings of before this day are not told to the service: earlier versions told it
    /// none, and it knows them by now.
    pub good_news: Date,
    /// Keys of all mails ever put in the outbox for this case.
    pub mails: BTreeSet<MailKey>,
    /// Mails that were sent, oldest first.
    pub told: Vec<Told>,
    /// Mails that had left and did not arrive: the annotation that lists them is not believed.
    pub came_back: BTreeSet<MailKey>,
    /// Announcements and corrections that were given up.
    pub given_up: Vec<GivenUp>,
    /// By dossier, the doubts about its decisions that its last judgement found ([`Found::number`]); a dossier that was never
    /// judged is absent.
    ///
    /// [`Found::number`]: crate::wording::found::Found::number
    pub doubted: BTreeMap<i64, BTreeSet<u64>>,
    /// That a mail server refuses an address of the candidate.
    pub unreachable: Option<Unreachable>,
    /// Values that the platform refused or does not store. They are not written again until they change.
    pub stuck: BTreeSet<(i64, Key, String)>,
    /// Keys of all messages ever put in the outbox for this case; `None` when no message may be sent.
    pub messages: Option<BTreeSet<MessageKey>>,
}

impl Known {
    /// The state before anything was sent or refused.
    #[must_use]
    pub fn nothing(now: Timestamp, since: Date) -> Known {
        let (mails, told, given_up, stuck) = (BTreeSet::new(), Vec::new(), Vec::new(), BTreeSet::new());
        let (came_back, good_news) = (BTreeSet::new(), since);
        let (doubted, unreachable, messages) = (BTreeMap::new(), None, None);
        Known {
            now,
            since,
            good_news,
            mails,
            told,
            came_back,
            given_up,
            doubted,
            unreachable,
            stuck,
            messages,
        }
    }

    /// Whether this is a correction that was given up and is tried again: its reader can be written to, or what it is to
    /// be told is not what was given up. Reminders and announcements are not.
    #[must_use]
    pub fn is_tried_again(&self, mail: &Mail) -> bool {
        let again = |lost: &GivenUp| lost.reachable || lost.announced != mail.letter.announced;
        let lost = self.given_up.iter().find(|lost| lost.key == mail.key);
        matches!(mail.key.code, MailCode::Corrected(_)) && lost.is_some_and(again)
    }
}
