//! The guide of the label « Services Publics + », section by section, in the guide's order.
//!
//! Pure: civil dates and exact fractions in, verdicts and dates out. No I/O, no clock, no log, no float; the compiler
//! enforces it (`.clippy.toml`). Each function's documentation begins with the rule's id in the catalogue and the
//! guide's own word. [`RULES`] is the table of contents; `tests/it/architecture.rs` checks that it is true.
//!
//! | section | file |
//! |---|---|
//! | conventions (R-X) | [`calendar`], [`score`] |
//! | 2.2.1 tiers | [`tiers`] |
//! | 3.4 surveys | [`surveys`] |
//! | 3.5 application file | [`application`] |
//! | 3.7 audit | [`audit`] |
//! | 2.3, 3.8 decision | [`decision`] |
//! | 3.9 follow-up | [`follow_up`] |
//! | 3.10 renewal | [`renewal`] |
//! | 5.3 suspension, withdrawal | [`sanctions`] |
#![deny(clippy::disallowed_types, clippy::disallowed_macros, clippy::float_arithmetic)]

pub mod application;
pub mod audit;
pub mod calendar;
pub mod choices;
pub mod decision;
pub mod follow_up;
pub mod renewal;
pub mod sanctions;
pub mod score;
pub mod surveys;
pub mod tiers;

use serde::Serialize;

/// What a rule says of some values. `R` is the rule's own kind of reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict<R> {
    Met,
    NotMet(Vec<R>),
}

impl<R> Verdict<R> {
    #[must_use]
    pub fn from_faults(faults: Vec<R>) -> Verdict<R> {
        if faults.is_empty() { Verdict::Met } else { Verdict::NotMet(faults) }
    }
}

/// A rule that the program computes: its id, the guide's section, and the function that carries it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub id: &'static str,
    pub section: &'static str,
    /// `file::function` inside this folder.
    pub carried_by: &'static str,
}

const fn rule(id: &'static str, section: &'static str, carried_by: &'static str) -> Rule {
    Rule { id, section, carried_by }
}

/// The rules computed so far, in the guide's order.
pub const RULES: &[Rule] = &[
    rule("R-X-1", "A.X", "calendar::paris_date"),
    rule("R-X-2", "A.X", "calendar::add_days"),
    rule("R-X-3", "A.X", "calendar::add_months"),
    rule("R-X-4", "A.X", "calendar::is_working"),
    rule("R-X-5", "A.X", "calendar::working_days_before"),
    rule("R-X-6", "A.X", "calendar::next_working"),
    rule("R-X-8", "A.X", "score::truncated"),
    rule("R-X-9", "A.X", "score::ceil_share"),
    rule("R-2.2.1-a", "2.2.1", "tiers::threshold"),
    rule("R-2.2.1-d", "2.2.1", "tiers::local_tier"),
    rule("R-2.3-a", "2.3", "decision::last_valid_day"),
    rule("R-3.4-a", "3.4", "surveys::survey_freshness"),
    rule("R-3.4-f", "3.4", "surveys::new_campaign_from"),
    rule("R-3.4.1-g", "3.4.1", "surveys::user_survey"),
    rule("R-3.4.2-d", "3.4.2", "surveys::staff_survey"),
    rule("R-3.5.1-e", "3.5.1", "application::self_assessment_age"),
    rule("R-3.5.1-i", "3.5.1", "application::indicators_since"),
    rule("R-3.5.1-k", "3.5.1", "application::deposit_limit"),
    rule("R-3.5.2-d", "3.5.2", "application::complements_limit"),
    rule("R-3.7.1-b", "3.7.1", "audit::plan_limit"),
    rule("R-3.7.1-f", "3.7.1", "audit::report_due"),
    rule("R-3.7.1-g", "3.7.1", "audit::observations_due"),
    rule("R-3.8.1-g", "3.8.1", "decision::may_reapply_from"),
    rule("R-3.9.1-a", "3.9.1", "follow_up::local_preparation"),
    rule("R-3.9.1-b", "3.9.1", "follow_up::local_window"),
    rule("R-3.9.1-i", "3.9.1", "follow_up::action_plan_due"),
    rule("R-3.9.2-b", "3.9.2", "follow_up::central_preparations"),
    rule("R-3.9.2-d", "3.9.2", "follow_up::central_windows"),
    rule("R-3.10-a", "3.10", "renewal::invitation"),
    rule("R-5.3.1-h", "5.3.1", "sanctions::suspension_limit"),
    rule("R-5.3.2-f", "5.3.2", "sanctions::mark_stops"),
];
