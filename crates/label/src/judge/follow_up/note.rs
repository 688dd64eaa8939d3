//! What is found about a follow-up, as data; the sentences are in `wording/follow_up.rs`.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::Decision;
use crate::guide::follow_up::{LocalOutcome, Window};
use crate::guide::tiers::{Component, Tier};

/// What is found about a follow-up of a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum FollowUpNote {
    /// The audit is outside its window; `window` is the nearest one.
    Outside {
        /// The day of the audit.
        audit: Date,
        /// The window nearest to it.
        window: Window,
    },
    /// The window closed without an audit in it. `fault`: whether the service is at fault, when a person has said it.
    Missed {
        /// The window that closed.
        window: Window,
        /// `Some(true)`: a cause of withdrawal (R-5.3.2-a). `None`: nobody has said it.
        fault: Option<bool>,
    },
    /// A follow-up was decided and its audit day is not known; `window` is the one that is retained.
    AuditUnknown {
        /// The day of the decision.
        decided: Date,
        /// `None` when no window of the label fits the decision.
        window: Option<Window>,
    },
    /// What the marks of a local's follow-up give (§ 3.9.1).
    Proposed(Proposed),
    /// The plan that was asked for is late, and the body may suspend the label. `received`: proposed, and not validated.
    SuspensionPossible {
        /// The day on which the plan was asked for.
        asked: Date,
        /// The last day to produce it (for a central: to have it validated), extended and inclusive (R-X-6).
        due: Date,
        /// The day on which it was proposed; `None` when it was not.
        received: Option<Date>,
    },
}

/// What the marks of a follow-up give, beside what was decided of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposed {
    /// The tier held on the day of the audit.
    pub held: Tier,
    /// The tier that the marks give; `None`: not even Bronze.
    pub reached: Option<Tier>,
    /// The outcome that the marks give, under the reading of F-16 in force.
    pub outcome: LocalOutcome,
    /// Surveys without enough answers (F-36).
    pub reserve: Vec<Component>,
    /// What was decided; `None` while nothing is.
    pub decided: Option<Decision>,
    /// False when the decision is not the outcome that the marks give.
    pub agrees: bool,
}
