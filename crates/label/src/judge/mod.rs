//! Judges one case under the guide: takes facts, a day and the readings in force, and returns a [`Review`].
//!
//! Pure, like [`crate::guide`]. It holds no French text (see [`crate::wording`]) and may import `guide`, `case` and `life`.
//! The entry point is [`review()`]; look next at [`crate::plan::plan`].

pub mod agenda;
pub mod coherence;
mod decided;
mod documents;
mod examiner;
mod files;
pub mod finding;
pub mod follow_up;
mod identity;
mod level;
pub mod marks;
pub mod measures;
pub mod network;
pub mod of_perimeter;
pub mod perimeter;
pub mod readings;
pub mod recount;
mod review;
mod sites;
pub mod time_line;

pub use decided::{Change, Decided};
pub use review::{DossierTier, Review, review};
