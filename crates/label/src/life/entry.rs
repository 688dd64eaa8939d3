//! The outcome of each decision that was read: it counts, it counts but must be checked by a person, or it does not count.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::Event;
use crate::guide::tiers::Tier;

/// One decision and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub event: Event,
    pub outcome: Outcome,
}

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
        used: Date,
    },
    /// Its day is in the future: it counts from that day.
    Future {
        on: Date,
    },
    PlanBeforeLabel,
    /// The same award written again, with another tier: the last one written is retained.
    AwardRewritten {
        before: Option<Tier>,
        after: Option<Tier>,
    },
    /// A follow-up was decided during a suspension.
    DecidedWhileSuspended {
        since: Date,
    },
    /// « Palier supérieur » that is not above the tier held: the tier stays.
    NotHigher {
        held: Tier,
        decided: Tier,
    },
    /// « Palier supérieur » without a tier: the tier stays.
    HigherWithoutTier,
    /// « Confirmé » with a tier that is not the one held: the tier stays.
    ConfirmedOtherTier {
        held: Tier,
        decided: Tier,
    },
    /// A renewal decided after the label had ended: a gap lies between the two periods.
    LateRenewal {
        ended: Date,
    },
    /// A second suspension while one runs: the first one's limits stand.
    SuspendedAgain {
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
    BeforeAward { awarded: Date },
    /// Nothing is suspended on its day.
    NothingToLift,
    /// The label had ended before its day.
    Over { ended: Date },
    /// An award that its author replaced by a refusal.
    Corrected { refused: Date },
    /// A refusal that its author replaced by an award.
    RefusalCorrected { awarded: Date },
    /// A refusal written beside an award that is still written.
    LabelledAlready { awarded: Date },
    /// A second first award while a label is in force.
    AwardedTwice { awarded: Date },
}

impl Outcome {
    /// Whether the decision counts today: one whose day is ahead does not yet.
    #[must_use]
    pub fn counts(self) -> bool {
        !matches!(self, Outcome::Refused(_) | Outcome::Doubtful(EntryDoubt::Future { .. }))
    }

    #[must_use]
    pub fn reason(self) -> Option<RefusalReason> {
        match self {
            Outcome::Refused(reason) => Some(reason),
            Outcome::Accepted | Outcome::Doubtful(_) => None,
        }
    }
}
