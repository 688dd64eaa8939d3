//! The outcome of each decision that was read: it counts, it counts but must be checked by a person, or it does not count.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::Event;
use crate::guide::tiers::Tier;

/// One decision and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The decision, as it is written.
    pub event: Event,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a decision that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// It counts.
    Accepted,
    /// It counts, and a person must check it.
    Doubtful(EntryDoubt),
    /// It does not count.
    Refused(RefusalReason),
}

/// Why a decision that counts must be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EntryDoubt {
    /// It has no day of its own: the platform's day of decision is used.
    Undated {
        /// The platform's day.
        used: Date,
    },
    /// Its day is in the future: it counts from that day.
    Future {
        /// Its day.
        on: Date,
    },
    /// An action plan is asked for, and no label was granted yet.
    PlanBeforeLabel,
    /// The same award written again, with another tier: the last one written is retained.
    AwardRewritten {
        /// The tier of the first text.
        before: Option<Tier>,
        /// The tier that is retained.
        after: Option<Tier>,
    },
    /// A follow-up was decided during a suspension.
    DecidedWhileSuspended {
        /// The first day of the suspension.
        since: Date,
    },
    /// « Palier supérieur » that is not above the tier held: the tier stays.
    NotHigher {
        /// The tier that stays.
        held: Tier,
        /// The one that is written.
        decided: Tier,
    },
    /// « Palier supérieur » without a tier: the tier stays.
    HigherWithoutTier,
    /// « Confirmé » with a tier that is not the one held: the tier stays.
    ConfirmedOtherTier {
        /// The tier that stays.
        held: Tier,
        /// The one that is written.
        decided: Tier,
    },
    /// A renewal decided after the label had ended: a gap lies between the two periods.
    LateRenewal {
        /// The last day of the label before.
        ended: Date,
    },
    /// A second suspension while one runs: the first one's limits stand.
    SuspendedAgain {
        /// The first day of the first one.
        since: Date,
    },
    /// A renewal or a follow-up without the label that it follows.
    FirstUnknown,
}

/// Why a decision does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RefusalReason {
    /// It has no day, and the platform gives none.
    Undated,
    /// There is no label that it could be about.
    NoLabel,
    /// Its day comes before the award.
    BeforeAward {
        /// The day of the award.
        awarded: Date,
    },
    /// Nothing is suspended on its day.
    NothingToLift,
    /// The label had ended before its day.
    Over {
        /// The last day of the label.
        ended: Date,
    },
    /// An award that its author replaced by a refusal.
    Corrected {
        /// The day of the refusal.
        refused: Date,
    },
    /// A refusal that its author replaced by an award.
    RefusalCorrected {
        /// The day of the award.
        awarded: Date,
    },
    /// A refusal written beside an award that is still written.
    LabelledAlready {
        /// The day of the award.
        awarded: Date,
    },
    /// A second first award while a label is in force.
    AwardedTwice {
        /// The day of the first one.
        awarded: Date,
    },
}

impl Outcome {
    /// Whether the decision counts today: one whose day is ahead does not yet.
    #[must_use]
    pub fn counts(self) -> bool {
        !matches!(self, Outcome::Refused(_) | Outcome::Doubtful(EntryDoubt::Future { .. }))
    }

    /// Why it does not count; `None` when it does.
    #[must_use]
    pub fn reason(self) -> Option<RefusalReason> {
        match self {
            Outcome::Refused(reason) => Some(reason),
            Outcome::Accepted | Outcome::Doubtful(_) => None,
        }
    }
}
