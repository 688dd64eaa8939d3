//! §3.9 — *Suivi*: the window of a follow-up audit, its conditions and its result.
//!
//! | file | what it holds |
//! |---|---|
//! | [`window`] | when a follow-up may take place |
//! | [`local`] | §3.9.1, a local service |
//! | [`central`] | §3.9.2, a central service |

pub mod central;
pub mod local;
pub mod window;

pub use central::{
    CentralAlert, CentralIssue, CentralOutcome, central_outcome, central_preparations, central_windows,
};
pub use local::{LocalOutcome, action_plan_due, local_outcome, local_preparation, local_window};
pub use window::Window;
