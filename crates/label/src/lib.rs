//! The label « Services Publics + » as pure functions: civil dates, facts and exact fractions in; verdicts, dates and
//! French sentences out. No I/O, no clock, no log, no float.
//!
//! The fence is the manifest: nothing that could do I/O is a dependency, and jiff comes without `std`, so that asking it
//! the time does not compile here (`cargo check -p label`). Clippy refuses floats (`clippy.toml` beside the manifest).
//!
//! | module | what it is | may name |
//! |---|---|---|
//! | [`guide`] | the label's guide, section by section | itself |
//! | [`review`] | one case under the guide: facts, findings, agenda, planned actions, French | `guide` |
//! | [`conformance`] | worked cases through the very functions that judge real dossiers | `guide` |
#![deny(clippy::disallowed_types, clippy::disallowed_macros, clippy::float_arithmetic)]

pub mod conformance;
pub mod guide;
pub mod review;
