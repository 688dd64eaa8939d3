//! §3.9.2 — *locaux supplémentaires*: how many more local services a central must present when too few of those audited
//! are labelled.

use serde::Serialize;

use super::central::labelled_required;
use super::choices::{Choices, SupplementBase};

/// Additional locals that a central must present, in both readings of F-14.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Supplements {
    /// Labelled locals asked for: 75 % of those audited before any is added, rounded up.
    pub required: u64,
    /// Labelled locals missing among those audited.
    pub missing: u64,
    /// If every additional local, labelled, also counts as audited.
    pub of_all_audited: u64,
    /// If the three quarters stay those of the first sample.
    pub of_the_sample: u64,
    /// Under the reading in force.
    pub needed: u64,
}

/// R-3.9.2-g — *locaux supplémentaires*: how many more, all labelled, bring the share of labelled locals to 75 % (F-14).
#[must_use]
pub fn supplements(audited: u64, labelled: u64, choices: &Choices) -> Supplements {
    let required = labelled_required(audited);
    let missing = required.saturating_sub(labelled);
    // labelled + k ≥ ¾ (audited + k)  ⇔  k ≥ 3 audited − 4 labelled
    let gap = (3 * u128::from(audited)).saturating_sub(4 * u128::from(labelled));
    let of_all_audited = u64::try_from(gap).unwrap_or(u64::MAX);
    let needed = match choices.supplement_base {
        SupplementBase::AllAudited => of_all_audited,
        SupplementBase::InitialSample => missing,
    };
    Supplements { required, missing, of_all_audited, of_the_sample: missing, needed }
}

/// How many locals of a sample may be refused while three quarters of it can still be labelled.
#[must_use]
pub fn may_be_refused(sample: u64) -> u64 {
    sample.saturating_sub(labelled_required(sample))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_sample_may_be_refused() {
        assert_eq!([0, 1, 3, 4, 6, 8, 11].map(may_be_refused), [0, 0, 0, 1, 1, 2, 2]);
    }

    /// R-3.9.2-g
    #[test]
    fn additional_locals_also_count_as_audited() {
        let choices = Choices::default();
        let six_of_ten = supplements(10, 6, &choices);
        assert_eq!((six_of_ten.required, six_of_ten.missing), (8, 2));
        assert_eq!((six_of_ten.of_all_audited, six_of_ten.of_the_sample, six_of_ten.needed), (6, 2, 6));
        assert_eq!(supplements(10, 8, &choices).needed, 0);
        assert_eq!(supplements(10, 7, &choices).of_all_audited, 2);
        let sample = Choices { supplement_base: SupplementBase::InitialSample, ..choices };
        assert_eq!(supplements(10, 6, &sample).needed, 2);
    }
}
