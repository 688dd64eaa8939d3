//! A mail that was sent before the ledger began.

use jiff::civil::Date;

use crate::outgoing::mail::Mail;

/// A mail that the plan wants and that was sent before the ledger began, on the day given by `auto_journal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    pub mail: Mail,
    pub on: Date,
}
