//! §3.3 for the pages: a draw with each of its steps, which `guide::draw` makes.

use crate::guide::draw;
use crate::guide::score::ceil_sqrt;

pub use crate::guide::draw::{Step, listed};

/// R-3.1-c — how many of so many attached services are audited at least: the square root, rounded up.
#[must_use]
pub fn least(count: usize) -> usize {
    usize::try_from(ceil_sqrt(u64::try_from(count).unwrap_or(u64::MAX))).unwrap_or(usize::MAX)
}

/// The ids in drawn order, each with the step that chose it.
#[must_use]
pub fn drawn(seed: &str, ids: &[String]) -> Vec<(String, Step)> {
    let steps = draw::Steps::new(seed, listed(ids).len());
    draw::draw(seed, ids).into_iter().zip(steps).collect()
}
