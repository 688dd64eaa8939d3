//! A mail that was sent before the ledger began.

use jiff::civil::Date;

use crate::outgoing::mail::Mail;

/// A mail that the plan wants and that was sent before the ledger began, on the day given by `auto_journal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    /// The mail as the plan wants it.
    pub mail: Mail,
    /// The day on which it was sent, as given by `auto_journal`.
    pub on: Date,
}
