//! One case under the guide: facts, a day and the readings in force go in, a [`Review`] comes out.
//!
//! Pure, like [`crate::guide`]: it knows no platform, no store, no clock, and no French (see [`crate::wording`]). It may
//! name `guide`, `case` and `life`. Outside, [`review()`] is the only way in; look next at [`crate::plan::plan`].

pub mod agenda;
pub mod coherence;
mod documents;
mod examiner;
pub mod finding;
mod level;
pub mod marks;
pub mod network;
pub mod readings;
pub mod recount;
mod review;
pub mod time_line;

pub use review::{DossierTier, Review, review};
