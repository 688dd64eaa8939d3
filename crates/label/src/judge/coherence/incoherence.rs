//! Contradictions between a decision or a date and the rest of the case, as data; the sentences are in
//! `wording/coherence.rs`.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::{PlatformState, Value};
use crate::case::keys::Key;
use crate::case::{Decision, Service};
use crate::guide::central::{CentralFault, CentralUnknown};
use crate::guide::tiers::{Component, Criterion, Limiting, Tier};
use crate::life::entry::{EntryDoubt, Outcome};

/// A contradiction between a decision or a date and the rest of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Incoherence {
    /// `life` doubts or refuses the decision. `on`: the day of the decision, when it has one.
    Entry {
        decision: Decision,
        on: Option<Date>,
        outcome: Outcome,
    },
    /// A row of the table of decisions without a decision that can be read. `row` counts from 1.
    UnreadableRow {
        row: usize,
    },
    /// The tier decided is above what the marks give, or there is none to give.
    AboveMarks {
        decided: Option<Tier>,
        computed: Option<Tier>,
        limiting: Vec<Limiting>,
    },
    /// The tier decided is below the highest one whose every criterion is met.
    BelowMarks {
        decided: Tier,
        computed: Tier,
    },
    /// A Bronze threshold is not reached, and nothing is decided yet.
    RefusalProposed {
        limiting: Vec<Limiting>,
    },
    /// Refused, while the marks reach a tier.
    RefusedAboveMarks {
        computed: Tier,
    },
    /// Awarded while the marks that the tier asks for are not all known.
    MarksMissing {
        decided: Option<Tier>,
        missing: Vec<Criterion>,
    },
    /// Awarded without one of the three components (R-2.1-a).
    ComponentMissing(Component),
    NoTier,
    OrWithoutScore,
    NoAudit,
    InvalidSurvey(Component),
    DecidedBefore {
        milestone: Milestone,
        decided: Date,
        day: Date,
    },
    NotifiedBeforeDecided {
        decided: Date,
        notified: Date,
    },
    EffectiveBeforeDecided {
        decision: Decision,
        decided: Date,
        effective: Date,
    },
    /// Decided although no report was sent.
    NoReport,
    /// What the platform says of the dossier is not what was decided.
    PlatformDisagrees {
        decision: Decision,
        state: PlatformState,
    },
    /// A decision in the single field, which the table of decisions of the same dossier does not hold. `None`: that one is
    /// void.
    BesideTheTable {
        decision: Option<Decision>,
        on: Option<Date>,
    },
    /// A later dossier of a service says that it is of another kind than the application that it follows.
    OtherKind {
        stated: Service,
        judged: Service,
    },
    /// An extension adds sites: it gives no other tier.
    ExtensionTier {
        decided: Tier,
        held: Tier,
    },
    /// A withdrawal of a label that was withdrawn on another day.
    WithdrawnAgain {
        first: Date,
    },
    SuspensionWithoutCause,
    /// Suspended for a plan that nobody asked for.
    PlanNeverAsked,
    /// Suspended for a plan that had been received.
    PlanReceived {
        received: Date,
    },
    /// A delay to become compliant, without a suspension.
    DelayWithoutSuspension {
        on: Date,
    },
    /// « Moins de 75 % de locaux labellisés » is a cause of a central service only.
    CauseOfACentral,
    /// The delay set to lift a suspension is before it, or after the last day that it may last.
    DelayOutsideSuspension {
        delay: Date,
        since: Date,
        limit: Date,
    },
    Network(NetworkIncoherence),
    MorePointsThanChecked {
        valid: i64,
        total: i64,
    },
    MoreInvitedThanConcerned {
        concerned: i64,
        invited: i64,
    },
    MoreSelfAssessmentsThanLocals {
        provided: i64,
        locals: i64,
    },
    PlanWhileIncomplete {
        sent: Date,
    },
    PlanBeforeDeposit {
        sent: Date,
        deposited: Date,
    },
    ReportWithoutVisit {
        sent: Date,
    },
    ObservationsWithoutReport {
        on: Date,
    },
    PlanReceivedUnasked {
        received: Date,
    },
    /// A mark is not the one that stood in the report. `now`: `None` when it was emptied.
    MarkRevised {
        key: Key,
        reported: Value,
        now: Option<Value>,
    },
    Reversed {
        first: Key,
        first_on: Date,
        then: Key,
        then_on: Date,
    },
    /// Something that is stated as done on a day in the future.
    DoneAhead {
        key: Key,
        on: Date,
    },
}

/// A contradiction between a decision on a central, or its audit, and its locals; or of an attached local's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NetworkIncoherence {
    /// A condition of §2.2.2 or 3.9.2 that was not met when the central was labelled, confirmed or raised.
    Condition { decision: Decision, fault: CentralFault },
    /// The same, of something that is not entered.
    NotEntered { decision: Decision, unknown: CentralUnknown },
    /// A central's tier that its locals do not give.
    Tier { decided: Tier, given: Tier },
    /// A central's first visit day, while the results of its year's sample were not all known: `known` of `required`;
    /// `later` are the locals whose visit does not come before it.
    AuditedBeforeLocals { audited: Date, known: u64, required: u64, later: u64 },
    /// An attached local raised without an audit of its own (F-44).
    RaisedWithoutAudit,
}

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

/// A day that must not be after the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Milestone {
    Deposit,
    LastVisitDay,
    Report,
    /// The last day for observations, or for a central's corrective actions.
    EndOfObservations,
}

impl Incoherence {
    /// The rule that it concerns and the guide's section.
    #[must_use]
    pub fn reference(&self) -> (&'static str, &'static str) {
        use Incoherence as I;
        match self {
            I::Entry { decision, outcome, .. } => of_a_decision(*decision, *outcome),
            I::UnreadableRow { .. } | I::BesideTheTable { .. } => ("R-3.8-a", "3.8"),
            I::OtherKind { .. } => ("DN", "3.5.1"),
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
            I::EffectiveBeforeDecided { decision, .. } => of_a_decision(*decision, Outcome::Accepted),
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
        _ => ("R-3.5.1-e", "3.5.1"),
    }
}
