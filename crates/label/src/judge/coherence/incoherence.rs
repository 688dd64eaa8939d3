//! Contradictions between a decision or a date and the rest of the case, as data; the sentences are in
//! `wording/coherence.rs`.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::{PlatformState, Value};
use crate::case::keys::Key;
use crate::case::{Decision, Service};
use crate::guide::central::{CentralFault, CentralUnknown};
use crate::guide::tiers::{Component, Criterion, Limiting, Tier};
use crate::life::entry::Outcome;

/// A contradiction between a decision or a date and the rest of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Incoherence {
    /// `life` doubts or refuses the decision. `on`: the day of the decision, when it has one.
    Entry {
        /// The decision that is doubted or refused.
        decision: Decision,
        /// Its day; `None` when it has none.
        on: Option<Date>,
        /// The doubt, or the reason of the refusal.
        outcome: Outcome,
    },
    /// A row of the table of decisions without a decision that can be read. `row` counts from 1.
    UnreadableRow {
        /// Its place in the table, from 1.
        row: usize,
    },
    /// The tier decided is above what the marks give, or there is none to give.
    AboveMarks {
        /// The tier decided; `None` when the award states none.
        decided: Option<Tier>,
        /// The tier that the marks give; `None` when they give none.
        computed: Option<Tier>,
        /// The marks that keep it from a higher tier.
        limiting: Vec<Limiting>,
    },
    /// The tier decided is below the highest one whose every criterion is met.
    BelowMarks {
        /// The tier decided.
        decided: Tier,
        /// The tier that the marks give.
        computed: Tier,
    },
    /// A Bronze threshold is not reached, and nothing is decided yet.
    RefusalProposed {
        /// The marks below the threshold.
        limiting: Vec<Limiting>,
    },
    /// Refused, while the marks reach a tier.
    RefusedAboveMarks {
        /// The tier that the marks give.
        computed: Tier,
    },
    /// Awarded while the marks that the tier asks for are not all known.
    MarksMissing {
        /// The tier decided; `None` when the award states none.
        decided: Option<Tier>,
        /// The criteria that have no mark.
        missing: Vec<Criterion>,
    },
    /// Awarded without one of the three components (R-2.1-a).
    ComponentMissing(Component),
    /// An award that opens a period states no tier.
    NoTier,
    /// Or is decided without a mark for the Or criteria (R-2.2.1-e).
    OrWithoutScore,
    /// Decided in favour without a visit day (R-2.1-a).
    NoAudit,
    /// Decided in favour while this survey is not valid (F-36).
    InvalidSurvey(Component),
    /// Decided before a day that comes first.
    DecidedBefore {
        /// Which day it is.
        milestone: Milestone,
        /// The day of the decision, else of its notification.
        decided: Date,
        /// The day of the milestone.
        day: Date,
    },
    /// Notified before the decision was taken (R-3.8.1-b).
    NotifiedBeforeDecided {
        /// The day of the decision.
        decided: Date,
        /// The day of its notification.
        notified: Date,
    },
    /// It takes effect before it was taken.
    EffectiveBeforeDecided {
        /// The decision whose days disagree.
        decision: Decision,
        /// The day on which it was taken.
        decided: Date,
        /// The day on which it takes effect.
        effective: Date,
    },
    /// A day of effect on a decision that counts from its own day: what a withdrawal that was corrected leaves behind.
    EffectIgnored {
        /// The decision that does not count from it.
        decision: Decision,
        /// The day of effect that is written.
        effective: Date,
    },
    /// Decided although no report was sent.
    NoReport,
    /// What the platform says of the dossier is not what was decided.
    PlatformDisagrees {
        /// The last decision that grants or refuses.
        decision: Decision,
        /// The state of the dossier on the platform.
        state: PlatformState,
    },
    /// A decision in the single field, which the table of decisions of the same dossier does not hold. `None`: that one is
    /// void.
    BesideTheTable {
        /// The decision typed in the single field.
        decision: Option<Decision>,
        /// Its day; `None` when no day is typed.
        on: Option<Date>,
    },
    /// A later dossier of a service says that it is of another kind than the application that it follows.
    OtherKind {
        /// The kind that the later dossier states.
        stated: Service,
        /// The kind of the first application, which is kept.
        judged: Service,
    },
    /// An extension adds sites: it gives no other tier.
    ExtensionTier {
        /// The tier written for the extension.
        decided: Tier,
        /// The tier of the label on that day.
        held: Tier,
    },
    /// A withdrawal of a label that was withdrawn on another day.
    WithdrawnAgain {
        /// The day of the first withdrawal.
        first: Date,
    },
    /// A suspension that states none of the guide's causes (R-5.3.1-a).
    SuspensionWithoutCause,
    /// Suspended for a plan that nobody asked for.
    PlanNeverAsked,
    /// Suspended for a plan that had been received.
    PlanReceived {
        /// The day on which the plan was received.
        received: Date,
    },
    /// A delay to become compliant, without a suspension.
    DelayWithoutSuspension {
        /// The last day of the delay.
        on: Date,
    },
    /// « Moins de 75 % de locaux labellisés » is a cause of a central service only.
    CauseOfACentral,
    /// The delay set to lift a suspension is before it, or after the last day that it may last.
    DelayOutsideSuspension {
        /// The last day of the delay.
        delay: Date,
        /// The day from which the label is suspended.
        since: Date,
        /// The last day that the suspension may last, inclusive.
        limit: Date,
    },
    /// A central's decision or audit against its locals, or an attached local's decision.
    Network(NetworkIncoherence),
    /// More control points valid than checked (R-2.2.2-d).
    MorePointsThanChecked {
        /// Points found valid.
        valid: i64,
        /// Points checked.
        total: i64,
    },
    /// More staff invited to the survey than it concerns (R-3.4.2-a).
    MoreInvitedThanConcerned {
        /// Staff of the service that the survey concerns.
        concerned: i64,
        /// Staff invited to answer.
        invited: i64,
    },
    /// More self-assessments provided than there are locals (R-2.2.2-c).
    MoreSelfAssessmentsThanLocals {
        /// Self-assessments provided.
        provided: i64,
        /// Locals that the central's dossier says it has.
        locals: i64,
    },
    /// The audit plan was sent while the candidate has something to add or mend (R-3.5.2-e).
    PlanWhileIncomplete {
        /// The day on which it was sent.
        sent: Date,
    },
    /// The audit plan was sent before the dossier was deposited (R-3.7.1-a).
    PlanBeforeDeposit {
        /// The day on which the plan was sent.
        sent: Date,
        /// The day of deposit.
        deposited: Date,
    },
    /// An audit report without a visit day, in a dossier not yet decided (R-3.7.1-f).
    ReportWithoutVisit {
        /// The day on which it was sent, else received.
        sent: Date,
    },
    /// Observations on a report that has no day, in a dossier not yet decided (R-3.7.1-g).
    ObservationsWithoutReport {
        /// The day of the observations.
        on: Date,
    },
    /// An action plan received, for which neither a decision nor a date shows a request (R-3.9.1-i).
    PlanReceivedUnasked {
        /// The day on which it was received.
        received: Date,
    },
    /// A mark is not the one that stood in the report. `now`: `None` when it was emptied.
    MarkRevised {
        /// The field of the mark.
        key: Key,
        /// The mark first read once the report was sent.
        reported: Value,
        /// The mark of today.
        now: Option<Value>,
    },
    /// A dossier no longer says of its service what it said when the label was awarded, which is kept.
    ChangedSinceAward {
        /// The field that changed.
        key: Key,
        /// What it held at the award.
        awarded: Value,
        /// What it holds today; `None` when it was emptied.
        now: Option<Value>,
    },
    /// Two steps of the guide whose days are in the wrong order; the same day is in order.
    Reversed {
        /// The field of the step that comes first in the guide.
        first: Key,
        /// Its day, after `then_on`.
        first_on: Date,
        /// The field of the step that follows it.
        then: Key,
        /// Its day, before `first_on`.
        then_on: Date,
    },
    /// Something that is stated as done on a day in the future.
    DoneAhead {
        /// The field of the day.
        key: Key,
        /// The day, which is after the day of the review.
        on: Date,
    },
}

/// A contradiction between a decision on a central, or its audit, and its locals; or of an attached local's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NetworkIncoherence {
    /// A condition of §2.2.2 or 3.9.2 that was not met when the central was labelled, confirmed or raised.
    Condition {
        /// The decision on the central.
        decision: Decision,
        /// The condition that was not met.
        fault: CentralFault,
    },
    /// The same, of something that is not entered.
    NotEntered {
        /// The decision on the central.
        decision: Decision,
        /// What is not entered.
        unknown: CentralUnknown,
    },
    /// A central's tier that its locals do not give.
    Tier {
        /// The tier decided for the central.
        decided: Tier,
        /// The tier that the majority of its locals gives.
        given: Tier,
    },
    /// A central's first visit day, while the results of its year's sample were not all known: `known` of `required`;
    /// `later` are the locals whose visit does not come before it.
    AuditedBeforeLocals {
        /// The central's first visit day.
        audited: Date,
        /// Locals of the sample whose results were known by then.
        known: u64,
        /// Locals that the year's sample requires.
        required: u64,
        /// Locals whose visit does not come before that day.
        later: u64,
    },
    /// An attached local raised without an audit of its own (F-44).
    RaisedWithoutAudit,
}

/// A day that must not be after the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Milestone {
    /// The day on which the dossier was deposited.
    Deposit,
    /// The last day of the visit.
    LastVisitDay,
    /// The day on which the report was sent.
    Report,
    /// The last day for observations, or for a central's corrective actions.
    EndOfObservations,
}
