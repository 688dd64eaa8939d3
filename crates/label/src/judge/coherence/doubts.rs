//! Which contradictions put a decision in doubt. The others are about dates and counts beside it, or about a decision that
//! nobody has taken yet.

use super::incoherence::{Incoherence, NetworkIncoherence};

impl Incoherence {
    /// Whether it makes a decision that was taken doubtful.
    #[must_use]
    pub fn doubts_decision(&self) -> bool {
        match self {
            Incoherence::Entry { .. }
            | Incoherence::UnreadableRow { .. }
            | Incoherence::AboveMarks { .. }
            | Incoherence::BelowMarks { .. }
            | Incoherence::RefusedAboveMarks { .. }
            | Incoherence::MarksMissing { .. }
            | Incoherence::ComponentMissing(_)
            | Incoherence::NoTier
            | Incoherence::OrWithoutScore
            | Incoherence::NoAudit
            | Incoherence::InvalidSurvey(_)
            | Incoherence::DecidedBefore { .. }
            | Incoherence::NotifiedBeforeDecided { .. }
            | Incoherence::EffectiveBeforeDecided { .. }
            | Incoherence::EffectIgnored { .. }
            | Incoherence::NoReport
            | Incoherence::PlatformDisagrees { .. }
            | Incoherence::BesideTheTable { .. }
            | Incoherence::ExtensionTier { .. }
            | Incoherence::WithdrawnAgain { .. }
            | Incoherence::ChangedSinceAward { .. }
            | Incoherence::SuspensionWithoutCause
            | Incoherence::PlanNeverAsked
            | Incoherence::PlanReceived { .. }
            | Incoherence::CauseOfACentral
            | Incoherence::DelayOutsideSuspension { .. } => true,
            Incoherence::Network(network) => network.doubts_decision(),
            Incoherence::RefusalProposed { .. }
            | Incoherence::OtherKind { .. }
            | Incoherence::DelayWithoutSuspension { .. }
            | Incoherence::MorePointsThanChecked { .. }
            | Incoherence::MoreInvitedThanConcerned { .. }
            | Incoherence::MoreSelfAssessmentsThanLocals { .. }
            | Incoherence::PlanWhileIncomplete { .. }
            | Incoherence::PlanBeforeDeposit { .. }
            | Incoherence::ReportWithoutVisit { .. }
            | Incoherence::ObservationsWithoutReport { .. }
            | Incoherence::PlanReceivedUnasked { .. }
            | Incoherence::MarkRevised { .. }
            | Incoherence::Reversed { .. }
            | Incoherence::DoneAhead { .. } => false,
        }
    }
}

impl NetworkIncoherence {
    fn doubts_decision(&self) -> bool {
        match self {
            NetworkIncoherence::Condition { .. }
            | NetworkIncoherence::NotEntered { .. }
            | NetworkIncoherence::Tier { .. }
            | NetworkIncoherence::RaisedWithoutAudit => true,
            NetworkIncoherence::AuditedBeforeLocals { .. } => false,
        }
    }
}
