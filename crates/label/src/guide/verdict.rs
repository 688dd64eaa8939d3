//! The result of a rule that may refuse.

use serde::Serialize;

/// The result of a rule for given values. `R` is the rule's type of reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict<R> {
    /// The values meet the rule.
    Met,
    /// They do not, with every reason; at least one when made by [`Verdict::from_faults`].
    NotMet(Vec<R>),
}

impl<R> Verdict<R> {
    /// Met when there is no fault.
    #[must_use]
    pub fn from_faults(faults: Vec<R>) -> Verdict<R> {
        if faults.is_empty() { Verdict::Met } else { Verdict::NotMet(faults) }
    }
}
