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
        audit: Date,
        window: Window,
    },
    /// The window closed without an audit in it. `fault`: whether the service is at fault, when a person has said it.
    Missed {
        window: Window,
        fault: Option<bool>,
    },
    /// A follow-up was decided and its audit day is not known; `window` is the one that is retained.
    AuditUnknown {
        decided: Date,
        window: Option<Window>,
    },
    Proposed(Proposed),
    /// The plan that was asked for is late, and the body may suspend the label. `received`: proposed, and not validated.
    SuspensionPossible {
        asked: Date,
        due: Date,
        received: Option<Date>,
    },
}

/// What the marks of a follow-up give, beside what was decided of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposed {
    pub held: Tier,
    /// The tier that the marks give; `None`: not even Bronze.
    pub reached: Option<Tier>,
    pub outcome: LocalOutcome,
    /// Surveys without enough answers (F-36).
    pub reserve: Vec<Component>,
    pub decided: Option<Decision>,
    /// False when the decision is not the outcome that the marks give.
    pub agrees: bool,
}
