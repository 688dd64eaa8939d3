//! The label « Services Publics + » as pure functions: civil dates, facts and exact fractions in; verdicts, dates and
//! French sentences out. No I/O, no clock, no log, no float.
//!
//! The fence is the manifest: nothing that could do I/O is a dependency, and jiff comes without `std`, so that asking it
//! the time does not compile here (`cargo check -p label`). Clippy refuses floats (`clippy.toml` beside the manifest).
//!
//! | module | what it is | may name |
//! |---|---|---|
//! | [`guide`] | the label's guide, section by section | itself |
//! | [`conformance`] | worked cases through the very functions that judge real dossiers | `guide` |
//! | [`case`] | what is known of a service: its dossiers' facts, assembled; the readings in force | `guide` |
//! | [`life`] | the label of a case and its state on a day | `case`, `guide` |
//! | [`judge`] | findings, tiers, deadlines: [`judge::review()`] is the door | `life`, `case`, `guide` |
//! | [`wording`] | every French sentence | `judge`, `life`, `case`, `guide` |
//! | [`plan`] | what should be minus what is: annotations, mails, messages, notices | all of the above |
#![deny(clippy::disallowed_types, clippy::disallowed_macros, clippy::float_arithmetic)]

pub mod case;
pub mod conformance;
pub mod guide;
pub mod judge;
pub mod life;
pub mod outgoing;
pub mod plan;
pub mod wording;

// The guide's words that those outside need; they name no rule.
pub use guide::calendar::paris_date;
pub use guide::choices::Choices;
pub use guide::draw::sample;
pub use guide::score::Fraction;
pub use guide::tiers::Tier;
