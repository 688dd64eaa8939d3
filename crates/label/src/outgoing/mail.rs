//! A mail to put in the outbox.

use jiff::civil::Date;

use crate::case::ZoneUsed;
use crate::judge::agenda::Role;
use crate::outgoing::letter::Letter;
use crate::outgoing::mail_key::MailKey;

/// A mail to put in the outbox, once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Identifies the mail in the outbox: one mail per key.
    pub key: MailKey,
    /// Number of the dossier that the mail is about.
    pub dossier: i64,
    /// The role that the mail is addressed to.
    pub role: Role,
    /// Id of the rule that the mail comes from.
    pub rule: String,
    /// What the mail says.
    pub letter: Letter,
    /// The day it is about: the deadline's, the decision's, the deposit's.
    pub day: Date,
    /// The first day on which it could be sent.
    pub from: Date,
    /// The last day on which its reader can act, when there is one: it does not wait beyond it.
    pub last_day: Option<Date>,
    /// True when the certification body gets it at once, not in its daily digest.
    pub urgent: bool,
    /// Whose public holidays its day was worked out with, when it depends on working days.
    pub zone: Option<ZoneUsed>,
    /// The date that this reader was sent before for the same obligation or event.
    pub replaces: Option<Date>,
}
