//! What is known beside the facts: what was told already, and what the platform refused.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::case::keys::Key;
use crate::judge::agenda::Role;
use crate::outgoing::MailKey;

/// What was told already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub on: Date,
    pub role: Role,
    pub subject: String,
    /// Of the mail that told it.
    pub key: MailKey,
}

/// What the program knows beside the facts.
#[derive(Clone, Debug)]
pub struct Known {
    pub now: Timestamp,
    /// Deadlines that ended before this day are shown, never mailed (`act.since`).
    pub since: Date,
    /// Keys of all mails ever put in the outbox for this case.
    pub mails: BTreeSet<MailKey>,
    /// Mails that went out, oldest first.
    pub told: Vec<Told>,
    /// Since when a mail server refuses the address of the candidate.
    pub unreachable: Option<Date>,
    /// Values that the platform refused or does not keep: not tried again until they change.
    pub stuck: BTreeSet<(i64, Key, String)>,
    /// Keys of all messages ever put in the outbox for this case; nothing when none may be sent.
    pub messages: Option<BTreeSet<String>>,
}

impl Known {
    /// Nothing was ever told nor refused.
    #[must_use]
    pub fn nothing(now: Timestamp, since: Date) -> Known {
        let (mails, told, stuck) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        Known { now, since, mails, told, unreachable: None, stuck, messages: None }
    }
}
