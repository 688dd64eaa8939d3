//! Computes marks from the tables deposited by the candidate and the auditor, and compares them with the declared ones.
//!
//! The computation uses exact fractions and the functions of `guide/`. A declared mark may be truncated or rounded to
//! two decimals, as marks are shown (R-X-8). A rounding up to a whole number is a difference, because it could reach a
//! threshold.

mod arithmetic;
mod examine;
pub(super) mod outcome;

pub use outcome::{Mark, Recount, TableDoubt};
