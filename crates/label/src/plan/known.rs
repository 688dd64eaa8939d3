//! What the plan needs beside the case: the mails and messages already sent, and the values that the platform refused.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::keys::Key;
use crate::judge::agenda::Role;
use crate::outgoing::{Announced, MailKey, MessageKey};

/// A mail that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub on: Date,
    pub role: Role,
    pub subject: String,
    /// The key of the mail.
    pub key: MailKey,
    /// The decision that it announced.
    pub announced: Option<Announced>,
}

/// What the plan needs beside the case.
#[derive(Clone, Debug)]
pub struct Known {
    pub now: Timestamp,
    /// Deadlines that ended before this day are shown, but no mail is sent (`act.since`).
    pub since: Date,
    /// Keys of all mails ever put in the outbox for this case.
    pub mails: BTreeSet<MailKey>,
    /// Mails that were sent, oldest first.
    pub told: Vec<Told>,
    /// Since when a mail server refuses the address of the candidate.
    pub unreachable: Option<Date>,
    /// Values that the platform refused or does not store. They are not written again until they change.
    pub stuck: BTreeSet<(i64, Key, String)>,
    /// Keys of all messages ever put in the outbox for this case; `None` when no message may be sent.
    pub messages: Option<BTreeSet<MessageKey>>,
}

impl Known {
    /// The state before anything was sent or refused.
    #[must_use]
    pub fn nothing(now: Timestamp, since: Date) -> Known {
        let (mails, told, stuck) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        Known { now, since, mails, told, unreachable: None, stuck, messages: None }
    }
}
