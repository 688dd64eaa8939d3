//! Marks recounted from the tables that the candidate and the auditor hand in, beside the ones they declare.
//!
//! The rules are those of `guide/`, to the fraction. A declared mark may be cut or rounded at the hundredth, as marks are
//! shown (R-X-8), but a rounding that reaches a whole number reaches a threshold, and is a difference.

mod arithmetic;
mod examine;
pub(super) mod outcome;

pub use outcome::{Mark, Recount, TableDoubt};
