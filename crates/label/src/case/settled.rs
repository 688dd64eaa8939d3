//! A deadline that a person says is settled, although nothing in the dossier shows it: it has no end otherwise.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a person found settled: one deadline of one dossier, on one day. When the deadline gets another day, it is another
/// one, and is not settled. Who says so stands in the journal: the record of a judgement names nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Settled {
    /// Number of the dossier that the deadline belongs to.
    pub dossier: i64,
    /// « O-08 », « O-16-1 » for the second.
    pub code: String,
    /// The nominal day of the deadline.
    pub due: Date,
    /// The day on which it was found settled.
    pub on: Date,
}
