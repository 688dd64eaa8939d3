//! The guide of the label « Services Publics + », section by section, in the guide's order.
//!
//! Pure: civil dates and exact fractions in, verdicts and dates out. No I/O, no clock, no log, no float (`Cargo.toml` and
//! `clippy.toml` of this crate). Each function's documentation begins with the rule's id in the catalogue and the guide's
//! French term. [`RULES`] is the table of contents; `crates/label/tests/it/guide_contents.rs` checks it.
//!
//! | section | file |
//! |---|---|
//! | conventions (R-X) | [`calendar`], [`holidays`], [`score`] |
//! | open questions (F) | [`choices`] |
//! | 1 actors | [`actors`] |
//! | 1.4 perimeters of local authorities | [`perimeter`] |
//! | 2.1, 2.2.1 components and tiers | [`tiers`], [`declared`] |
//! | 2.2.2 central services | [`central`] |
//! | 3.1, 3.9.2 samples | [`sample`], [`supplements`] |
//! | 3.3 random draw | [`draw`] |
//! | 3.4 surveys | [`surveys`] |
//! | 3.5 application file | [`application`] |
//! | 3.7 audit | [`audit`], [`grid`] |
//! | 2.3, 3.8 decision | [`decision`] |
//! | 3.9 follow-up | [`follow_up`] |
//! | 3.8.2, 3.9.2, 5.3.2 attached locals | [`attached`] |
//! | 3.10 renewal | [`renewal`] |
//! | 5.2 extension | [`extension`] |
//! | 5.3 suspension, withdrawal | [`sanctions`] |

pub mod actors;
pub mod application;
pub mod attached;
pub mod audit;
pub mod calendar;
pub mod central;
pub mod choices;
mod contents;
pub mod decision;
pub mod declared;
pub mod departements;
pub mod draw;
pub mod extension;
pub mod follow_up;
pub mod grid;
pub mod holidays;
pub mod perimeter;
pub mod renewal;
mod rule;
pub mod sample;
pub mod sanctions;
pub mod score;
pub mod supplements;
pub mod surveys;
pub mod tiers;
mod verdict;

pub use contents::RULES;
pub use rule::{Basis, Rule, RuleKind};
pub use verdict::Verdict;
