//! The result of a rule that may refuse.

use serde::Serialize;

/// The result of a rule for given values. `R` is the rule's type of reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict<R> {
    Met,
    NotMet(Vec<R>),
}

impl<R> Verdict<R> {
    #[must_use]
    pub fn from_faults(faults: Vec<R>) -> Verdict<R> {
        if faults.is_empty() { Verdict::Met } else { Verdict::NotMet(faults) }
    }
}
