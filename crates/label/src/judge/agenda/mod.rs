//! Deadlines of a case: who must do what by when, and which reminder stage has come (part C of the catalogue).
//!
//! A stage is reached when its day is today or before. So no reminder is lost when the program does not run on that day,
//! and when several stages are reached only the latest is sent.

mod application;
mod deadlines;
mod draft;
mod due;
mod label;
mod obligation;
mod proofs;
mod role;
mod stage_name;
mod suspension;

pub(super) use deadlines::agenda;
pub use due::{Due, Stage, Status};
pub use obligation::Obligation;
pub use role::Role;
pub use stage_name::{StageName, UnknownStage};
pub(crate) use suspension::DELAY;
