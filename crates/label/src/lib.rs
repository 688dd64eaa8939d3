//! The label « Services Publics + » as pure functions: civil dates, facts and exact fractions in; verdicts, dates and
//! French sentences out. No I/O, no clock, no log, no float.
//!
//! `Cargo.toml` ensures it: no dependency does I/O, and jiff is built without `std`, so that code which reads the clock
//! does not compile (`cargo check -p label`). Clippy refuses floats (`clippy.toml` beside `Cargo.toml`).
//!
//! | module | what it is | may import |
//! |---|---|---|
//! | [`address`] | addresses as people type them | itself |
//! | [`folding`] | text without accents and capitals, to compare and sort by | itself |
//! | [`plain`] | text that somebody typed, without what changes the text around it | itself |
//! | [`guide`] | the label's guide, section by section | itself |
//! | [`conformance`] | runs worked cases through the functions that judge real dossiers | `guide` |
//! | [`case`] | what is known of a service: its dossiers' facts, assembled; the readings in force | `guide`, `address`, `folding` |
//! | [`life`] | the label of a case and its state on a day | `case`, `guide` |
//! | [`judge`] | findings, tiers, deadlines; the entry point is [`judge::review()`] | `life`, `case`, `guide` |
//! | [`outgoing`] | what is sent, as values: mails, messages, notices, annotations | `judge`, `life`, `case`, `guide` |
//! | [`wording`] | every French sentence | `outgoing`, `judge`, `life`, `case`, `guide` |
//! | [`situation`] | what a service may expect that is no candidate yet | `judge`, `case`, `guide` |
//! | [`plan`] | the actions to take: annotations, mails, messages and notices that should exist and do not | all of the above |
//!
//! Another program begins with [`situation::outlook`], for a service that has deposited nothing, or with [`case::assemble`]
//! and [`judge::review()`], for dossiers; what is true of a label on a day is its [`life::Standing`]. `examples/` has a
//! program for each.
#![warn(missing_docs)]
#![deny(clippy::disallowed_types, clippy::disallowed_macros, clippy::float_arithmetic)]

pub mod address;
pub mod case;
pub mod conformance;
pub mod drawing;
pub mod folding;
pub mod guide;
pub mod judge;
pub mod life;
pub mod outgoing;
pub mod plain;
pub mod plan;
pub mod situation;
pub mod wording;

// Items of `guide` that are used outside this crate.
pub use guide::calendar::{Calendar, Zone, paris_date};
pub use guide::choices::Choices;
pub use guide::departements::read as departement_code;
pub use guide::draw::sample;
pub use guide::score::Fraction;
pub use guide::tiers::Tier;
