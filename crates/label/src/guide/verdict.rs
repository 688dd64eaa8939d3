//! What every rule that may refuse answers.

use serde::Serialize;

/// What a rule says of some values. `R` is the rule's own kind of reason.
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
