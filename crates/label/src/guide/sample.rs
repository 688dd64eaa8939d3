//! §3.1, 3.9.2 — *échantillon de √n locaux*: how many are drawn each year, and how many are left to draw.

use serde::Serialize;

use super::choices::{Choices, ExhaustedPool};
use super::score::ceil_sqrt;

/// The years of a cycle: N, N+1, N+2.
pub const CYCLE_YEARS: usize = 3;

/// R-3.1-c — *échantillon*: at least ⌈√n⌉ of the n attached locals are audited each year.
#[must_use]
pub fn sample_size(locals: u64) -> u64 {
    ceil_sqrt(locals)
}

/// How many local services can be drawn in each year of a cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SamplePools {
    /// The fewest locals to audit each year: ⌈√n⌉ (R-3.1-c).
    pub sample: u64,
    /// Locals never audited at the start of each year.
    pub available: Vec<u64>,
    /// True when in some year fewer are left than the sample asks for.
    pub exhausted: bool,
    /// How many are drawn each year under the reading in force (F-15).
    pub drawn: Vec<u64>,
}

/// R-3.9.2-c — *tirage parmi les locaux non encore audités*: what is left each year of a pool of `locals`.
///
/// A pool smaller than the sample is audited whole, with an alert (F-15): it happens for n of 1 to 8, 10 and 11.
#[must_use]
pub fn pools(locals: u64, years: usize, choices: &Choices) -> SamplePools {
    let sample = sample_size(locals);
    let mut left = locals;
    let mut pools = SamplePools { sample, available: Vec::new(), exhausted: false, drawn: Vec::new() };
    for _ in 0..years {
        let drawn = match choices.exhausted_pool {
            ExhaustedPool::AllLeft => left.min(sample),
            ExhaustedPool::Again => sample.min(locals),
        };
        pools.available.push(left);
        pools.exhausted |= left < sample;
        pools.drawn.push(drawn);
        left = left.saturating_sub(sample);
    }
    pools
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R-3.1-c, R-3.9.2-c
    #[test]
    fn a_small_pool_runs_out() {
        let choices = Choices::default();
        let ten = pools(10, 3, &choices);
        assert_eq!((ten.sample, ten.available, ten.exhausted), (4, vec![10, 6, 2], true));
        assert_eq!(ten.drawn, [4, 4, 2]);
        let exhausted: Vec<u64> = (1..=300).filter(|n| pools(*n, CYCLE_YEARS, &choices).exhausted).collect();
        assert_eq!(exhausted, [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]);
        let again = Choices { exhausted_pool: ExhaustedPool::Again, ..choices };
        assert_eq!(pools(10, 3, &again).drawn, [4, 4, 4]);
        assert_eq!([1, 30, 64, 100, 101].map(sample_size), [1, 6, 8, 10, 11]);
    }
}
