//! The rule of the catalogue and the guide's section that each contradiction concerns.

use super::incoherence::{Incoherence, Milestone, NetworkIncoherence};
use crate::case::Decision;
use crate::case::keys::Key;
use crate::guide::central::{CentralFault, CentralUnknown};
use crate::guide::tiers::Component;
use crate::life::entry::{EntryDoubt, Outcome};

impl NetworkIncoherence {
    fn reference(self) -> (&'static str, &'static str) {
        use NetworkIncoherence as N;
        match self {
            N::Condition { fault: CentralFault::Sample { .. }, .. } => ("R-3.1-c", "3.1"),
            N::Condition { fault: CentralFault::LabelledLocals { .. }, decision: Decision::Labellise } => {
                ("R-2.2.2-b", "2.2.2")
            }
            N::Condition { fault: CentralFault::LabelledLocals { .. }, .. } => ("R-3.9.2-g", "3.9.2"),
            N::Condition { fault: CentralFault::SelfAssessments { .. }, .. }
            | N::NotEntered { unknown: CentralUnknown::SelfAssessments, .. } => ("R-2.2.2-c", "2.2.2"),
            N::Condition { fault: CentralFault::Points { .. }, .. } | N::NotEntered { .. } => {
                ("R-2.2.2-d", "2.2.2")
            }
            N::Tier { .. } => ("R-2.2.2-a", "2.2.2"),
            N::AuditedBeforeLocals { .. } => ("R-3.7.2-a", "3.7.2"),
            N::RaisedWithoutAudit => ("R-3.9.2-f", "3.9.2"),
        }
    }
}

impl Incoherence {
    /// The rule that it concerns and the guide's section.
    #[must_use]
    pub fn reference(&self) -> (&'static str, &'static str) {
        use Incoherence as I;
        match self {
            I::Entry { decision, outcome, .. } => of_a_decision(*decision, *outcome),
            I::UnreadableRow { .. } | I::BesideTheTable { .. } => ("R-3.8-a", "3.8"),
            I::OtherKind { .. } | I::ChangedSinceAward { .. } => ("DN", "3.5.1"),
            I::ExtensionTier { .. } => ("R-5.2-c", "5.2"),
            I::AboveMarks { .. } | I::BelowMarks { .. } | I::MarksMissing { .. } | I::NoTier => {
                ("R-2.2.1-d", "2.2.1")
            }
            I::RefusalProposed { .. } | I::RefusedAboveMarks { .. } => ("R-3.8.1-f", "3.8.1"),
            I::ComponentMissing(_) => ("R-2.1-a", "2.1"),
            I::OrWithoutScore => ("R-2.2.1-e", "2.2.1"),
            I::NoAudit => ("R-2.1-a", "2.1"),
            I::InvalidSurvey(Component::StaffSurvey) => ("R-3.4.2-d", "3.4.2"),
            I::InvalidSurvey(_) => ("R-3.4.1-g", "3.4.1"),
            I::DecidedBefore { milestone: Milestone::Deposit, .. } => ("R-3.5.1-k", "3.5.1"),
            I::DecidedBefore { milestone: Milestone::EndOfObservations, .. } => ("R-3.7.1-h", "3.7.1"),
            I::DecidedBefore { .. } => ("R-3.7.1-f", "3.7.1"),
            I::NotifiedBeforeDecided { .. } => ("R-3.8.1-b", "3.8.1"),
            I::EffectiveBeforeDecided { decision, .. } | I::EffectIgnored { decision, .. } => {
                of_a_decision(*decision, Outcome::Accepted)
            }
            I::WithdrawnAgain { .. } => ("R-5.3.2-e", "5.3.2"),
            I::NoReport | I::ReportWithoutVisit { .. } => ("R-3.7.1-f", "3.7.1"),
            I::PlatformDisagrees { .. } => ("R-3.8-a", "3.8"),
            I::SuspensionWithoutCause | I::CauseOfACentral | I::PlanNeverAsked | I::PlanReceived { .. } => {
                ("R-5.3.1-a", "5.3.1")
            }
            I::DelayWithoutSuspension { .. } => ("R-5.3.1-i", "5.3.1"),
            I::DelayOutsideSuspension { .. } => ("R-5.3.1-h", "5.3.1"),
            I::Network(incoherence) => incoherence.reference(),
            I::MoreSelfAssessmentsThanLocals { .. } => ("R-2.2.2-c", "2.2.2"),
            I::MorePointsThanChecked { .. } => ("R-2.2.2-d", "2.2.2"),
            I::MoreInvitedThanConcerned { .. } => ("R-3.4.2-a", "3.4.2"),
            I::PlanWhileIncomplete { .. } => ("R-3.5.2-e", "3.5.2"),
            I::PlanBeforeDeposit { .. } => ("R-3.7.1-a", "3.7.1"),
            I::ObservationsWithoutReport { .. } | I::MarkRevised { .. } => ("R-3.7.1-g", "3.7.1"),
            I::PlanReceivedUnasked { .. } => ("R-3.9.1-i", "3.9.1"),
            I::Reversed { then, .. } => of_a_date(*then),
            I::DoneAhead { key, .. } => of_a_date(*key),
        }
    }
}

/// The rule that a doubted or refused decision concerns, and its section.
fn of_a_decision(decision: Decision, outcome: Outcome) -> (&'static str, &'static str) {
    if let Outcome::Doubtful(EntryDoubt::LateRenewal { .. }) = outcome {
        return ("R-5.3.2-d", "5.3.2");
    }
    match decision {
        Decision::Labellise => ("R-2.3-a", "2.3"),
        Decision::Rejete => ("R-3.8.1-f", "3.8.1"),
        Decision::Confirme => ("R-3.9.1-g", "3.9.1"),
        Decision::PalierSuperieur => ("R-3.9.1-h", "3.9.1"),
        Decision::PlanActions => ("R-3.9.1-i", "3.9.1"),
        Decision::Suspension => ("R-5.3.1-h", "5.3.1"),
        Decision::Levee => ("R-5.3.1-i", "5.3.1"),
        Decision::Retrait => ("R-5.3.2-e", "5.3.2"),
    }
}

/// The rule that a date belongs to, and its section.
fn of_a_date(key: Key) -> (&'static str, &'static str) {
    match key {
        Key::ContratDate => ("R-3.5.2-a", "3.5.2"),
        Key::AuditDebut | Key::PlanTransmisLe => ("R-3.7.1-b", "3.7.1"),
        Key::RapportTransmisLe => ("R-3.7.1-f", "3.7.1"),
        Key::RapportRecuLe | Key::ObservationsLe => ("R-3.7.1-g", "3.7.1"),
        Key::PlanActionsDemandeLe | Key::PlanActionsRecuLe | Key::PlanValideLe => ("R-3.9.1-i", "3.9.1"),
        Key::NotificationLe => ("R-3.8.1-b", "3.8.1"),
        Key::ConstateLe => ("R-X-1", "A.X"),
        _ => ("R-3.5.1-e", "3.5.1"),
    }
}
