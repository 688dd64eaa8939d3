//! A mail that left before the ledger began.

use jiff::civil::Date;

use crate::outgoing::mail::Mail;

/// A mail that is wanted and left before the ledger began, on the day that `auto_journal` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    pub mail: Mail,
    pub on: Date,
}
