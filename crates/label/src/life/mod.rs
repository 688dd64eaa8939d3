//! The label's life, from the decisions of the certification body, and the state that follows from it (part B).
//!
//! `machine` applies the decisions in order and records the outcome of each ([`entry`]); the result is a list of periods
//! of validity ([`period`]). Look next at [`Life::of`], then at [`label`].

pub mod entry;
pub mod follow_up;
mod machine;
pub mod period;
mod standing;
mod windows;

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event, Frame, calendar};
use crate::guide::choices::Choices;
use crate::guide::follow_up::Window;
use crate::guide::tiers::Tier;
use crate::guide::{audit, decision, renewal, sanctions};
use entry::Entry;
use follow_up::FollowUp;
pub use follow_up::last_visit_day;
use machine::Machine;
use period::Period;
pub use standing::{LabelStatus, Standing, Suspension};

/// *État* of a case, the value of the annotation `auto_etat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Deposited; nothing was examined yet.
    Depose,
    /// Something that the guide asks for at the deposit is absent or does not fit.
    ACompleter,
    /// All that is asked for at the deposit is there.
    Complet,
    /// The audit plan was sent.
    PlanTransmis,
    /// Between the first and the last day of the visit.
    AuditEnCours,
    /// The visit is over, the report is not sent.
    RapportAttendu,
    /// The report was sent, and the service may answer it.
    PhaseContradictoire,
    /// The certification body is to decide.
    ADecider,
    /// Labelled, and nothing is to be done now.
    Actif,
    /// A follow-up window comes near.
    SuiviAPreparer,
    /// A follow-up window is open.
    SuiviOuvert,
    /// An action plan was asked for and is not there.
    PlanActionsAttendu,
    /// The label is suspended.
    Suspendu,
    /// The renewal is to be applied for.
    RenouvellementADemander,
    /// The application was refused.
    Rejete,
    /// The application was given up, or closed without a decision.
    Abandonne,
    /// The label was withdrawn.
    Retire,
    /// The label came to its end.
    Expire,
}

impl State {
    /// Every state, with the word of the annotation.
    pub const ALL: [(State, &'static str); 18] = [
        (State::Depose, "depose"),
        (State::ACompleter, "a_completer"),
        (State::Complet, "complet"),
        (State::PlanTransmis, "plan_transmis"),
        (State::AuditEnCours, "audit_en_cours"),
        (State::RapportAttendu, "rapport_attendu"),
        (State::PhaseContradictoire, "phase_contradictoire"),
        (State::ADecider, "a_decider"),
        (State::Actif, "actif"),
        (State::SuiviAPreparer, "suivi_a_preparer"),
        (State::SuiviOuvert, "suivi_ouvert"),
        (State::PlanActionsAttendu, "plan_actions_attendu"),
        (State::Suspendu, "suspendu"),
        (State::RenouvellementADemander, "renouvellement_a_demander"),
        (State::Rejete, "rejete"),
        (State::Abandonne, "abandonne"),
        (State::Retire, "retire"),
        (State::Expire, "expire"),
    ];

    /// The word of the annotation.
    #[must_use]
    pub fn key(self) -> &'static str {
        State::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, key)| key)
    }

    /// True while something may still happen: the case is judged each morning.
    #[must_use]
    pub fn is_living(self) -> bool {
        !matches!(self, State::Rejete | State::Abandonne | State::Retire | State::Expire)
    }
}

/// A label that was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The day of the award that opened the period.
    pub obtained: Date,
    /// The day on which that award was notified; `obtained` where nothing says it.
    pub notified: Date,
    /// Last valid day: the one printed on the attestation wins over the computed one (F-11).
    pub ends: Date,
    /// The last valid day that the guide gives, whatever is printed.
    pub computed_end: Date,
    /// The last day of the mark: two months after the withdrawal that is decided, else as F-22 reads the end of validity.
    pub mark_stops: Date,
    /// `None`: the body did not state it.
    pub tier: Option<Tier>,
    /// In force, or decided and to start later.
    pub suspension: Option<Suspension>,
    /// Day from which the label is withdrawn; may lie ahead.
    pub withdrawn: Option<Date>,
    /// The action plan asked for and not received yet: the day of the request.
    pub plan_asked: Option<Date>,
    /// The follow-up windows, in order; none for a local whose central dispenses it (R-3.9.2-f).
    pub windows: Vec<Window>,
    /// The follow-ups of the period, each in the window of its audit day.
    pub follow_ups: Vec<FollowUp>,
    /// True once a renewal was deposited.
    pub renewing: bool,
    /// First day on which a renewal may be asked for again, once one was refused and none is asked for since (R-3.8.1-g).
    pub reapply_from: Option<Date>,
    /// First day of the next period, once its renewal is granted (F-23).
    pub renewed_from: Option<Date>,
    /// Whether it holds today.
    pub status: LabelStatus,
}

/// A case over time: its periods of validity, its refusals, and what became of each decision that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// In order; a renewal decided early makes the second while the first is in force (F-42).
    pub periods: Vec<Period>,
    /// The days on which applications were refused.
    pub refusals: Vec<Date>,
    /// One for each decision read, in order of effect.
    pub entries: Vec<Entry>,
}

impl Life {
    /// The life of `case` as it is known on `today`.
    #[must_use]
    pub fn of(case: &Case, today: Date, choices: &Choices) -> Life {
        let Machine { mut periods, refusals, entries, .. } = Machine::new(case, choices, today).run();
        period::set_delays(&mut periods, case);
        Life { periods, refusals, entries }
    }

    /// The decisions that count, in order of effect.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.entries.iter().filter(|entry| entry.outcome.counts()).map(|entry| &entry.event)
    }
}

/// The label in force on `today`, or the last one.
#[must_use]
pub fn label(case: &Case, today: Date, choices: &Choices) -> Option<Label> {
    label_of(&Life::of(case, today, choices), case, today, choices)
}

/// The label that `life` gives on `today`, with what the fields of the dossiers add to it.
pub(crate) fn label_of(life: &Life, case: &Case, today: Date, choices: &Choices) -> Option<Label> {
    let begun = |period: &&Period| period.starts <= today;
    let period = life.periods.iter().rev().find(begun)?;
    Some(label_of_period(period, life, case, today, choices))
}

/// The label that one period gives on `today`.
pub(crate) fn label_of_period(
    period: &Period,
    life: &Life,
    case: &Case,
    today: Date,
    choices: &Choices,
) -> Label {
    let standing = life.standing_in(period, today);
    let mut label = Label {
        obtained: standing.starts,
        notified: period.notified,
        ends: standing.ends,
        computed_end: period.computed_end,
        mark_stops: mark_stops(standing.withdrawn, standing.ends, choices),
        tier: standing.tier,
        suspension: standing.suspension,
        withdrawn: standing.withdrawn,
        plan_asked: period.plan_asked,
        windows: Vec::new(),
        follow_ups: Vec::new(),
        renewing: false,
        reapply_from: None,
        renewed_from: standing.renewed_from,
        status: standing.status,
    };
    complete(&mut label, life, case);
    label.reapply_from = reapply_from(&label, life, case, choices);
    label.windows = follow_up::windows((label.obtained, label.notified), case, choices);
    label.follow_ups = follow_up::follow_ups(period, case, &label.windows);
    label
}

/// R-5.3.2-f, F-22 — the last day of the mark, as things stand.
fn mark_stops(withdrawn: Option<Date>, ends: Date, choices: &Choices) -> Date {
    let withdrawn = withdrawn.filter(|from| *from <= ends).map(sanctions::mark_stops);
    withdrawn.unwrap_or_else(|| sanctions::mark_stops_after_expiry(ends, choices))
}

/// What the dossiers' fields add to the decisions: plan received, delay to lift, renewal deposited.
fn complete(label: &mut Label, life: &Life, case: &Case) {
    let settled = |event: &&Event| matches!(event.decision, Decision::Confirme | Decision::PalierSuperieur);
    let followed_up = life.decisions().filter(settled).filter_map(Event::on).max();
    for facts in &case.dossiers {
        // A request made before the last follow-up was decided is settled by that decision.
        let asked = facts.date(Key::PlanActionsDemandeLe).filter(|day| *day >= label.obtained);
        if let Some(asked) = asked.filter(|day| followed_up.is_none_or(|decided| *day > decided)) {
            label.plan_asked = Some(asked);
        }
        let received = facts.date(Key::PlanActionsRecuLe);
        if received.is_some_and(|received| label.plan_asked.is_some_and(|asked| received >= asked)) {
            label.plan_asked = None;
        }
        label.renewing |= is_renewing(life, facts, label);
    }
}

/// A renewal that is still asked for: refused, closed or withdrawn, it no longer keeps the label from ending.
fn is_renewing(life: &Life, facts: &Facts, label: &Label) -> bool {
    let closed = matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite) || facts.gone;
    let rejected = |event: &Event| event.dossier == facts.number && event.decision == Decision::Rejete;
    Demande::of(facts) == Demande::Renouvellement
        && facts.deposited > label.obtained
        && !closed
        && !life.decisions().any(rejected)
}

/// R-3.8.1-g — six months after the last refusal of a renewal of this period, unless another one is asked for.
fn reapply_from(label: &Label, life: &Life, case: &Case, choices: &Choices) -> Option<Date> {
    let renewals = case
        .dossiers
        .iter()
        .filter(|facts| Demande::of(facts) == Demande::Renouvellement && facts.deposited > label.obtained);
    let refused = |facts: &Facts| {
        let own = |event: &&Event| event.dossier == facts.number && event.decision == Decision::Rejete;
        match life.decisions().rfind(own) {
            Some(event) => event.notified.or(event.on()),
            None => facts.decided.filter(|_| facts.state == PlatformState::Refuse),
        }
    };
    let refused = renewals.filter_map(refused).max().filter(|_| !label.renewing)?;
    Some(decision::may_reapply_from(refused, choices))
}

/// The state of the case today.
pub(super) fn state(
    case: &Case,
    life: &Life,
    label: Option<&Label>,
    complete: bool,
    today: Date,
    frame: &Frame,
) -> State {
    let application =
        case.current().map_or(State::Depose, |facts| application_state(facts, complete, today, frame));
    match label {
        None => without_label(case, life, application),
        Some(label) => label_state(label, case, application, today),
    }
}

/// No label is known: the last decision that counts is a refusal, or nothing is decided yet.
///
/// A follow-up or a renewal without a first application is about a label that is not known here: its decision is shown
/// unchanged.
fn without_label(case: &Case, life: &Life, application: State) -> State {
    if life.decisions().next_back().is_some_and(|event| event.decision == Decision::Rejete) {
        return State::Rejete;
    }
    let orphan = case.dossiers.iter().all(|facts| Demande::of(facts) != Demande::Initial);
    match case.events.last().map(|event| event.decision).filter(|_| orphan) {
        Some(Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur | Decision::Levee) => {
            State::Actif
        }
        Some(Decision::PlanActions) => State::PlanActionsAttendu,
        Some(Decision::Suspension) => State::Suspendu,
        Some(Decision::Retrait) => State::Retire,
        Some(Decision::Rejete) | None => application,
    }
}

/// B.2, in order of priority: the end or suspension of the label, then what is late or open, then what is to prepare.
fn label_state(label: &Label, case: &Case, application: State, today: Date) -> State {
    let window = label.next_window(today);
    match label.status {
        LabelStatus::Withdrawn => return State::Retire,
        // The case goes on while a renewal is examined: its state is shown. The old label is over all the same (F-23).
        LabelStatus::Expired if label.renewing && application != State::Abandonne => return application,
        LabelStatus::Expired => return State::Expire,
        LabelStatus::Suspended => return State::Suspendu,
        LabelStatus::Active => {}
    }
    if label.plan_asked.is_some() {
        State::PlanActionsAttendu
    } else if window.is_some_and(|(_, window)| window.opens <= today) {
        State::SuiviOuvert
    } else if renewal::invitation(label.ends) <= today && !label.renewing && !label.is_barred(today) {
        State::RenouvellementADemander
    } else if window
        .and_then(|(index, _)| label.preparation(case.service, index))
        .is_some_and(|day| day <= today)
    {
        State::SuiviAPreparer
    } else {
        State::Actif
    }
}

/// B.1 for one dossier without decision: the last milestone that its dates show as reached.
fn application_state(facts: &Facts, complete: bool, today: Date, frame: &Frame) -> State {
    let past = |key| facts.date(key).filter(|day| *day <= today);
    let first = facts.date(Key::AuditDebut);
    let last = last_visit_day(facts);
    if facts.state == PlatformState::SansSuite {
        return State::Abandonne;
    }
    if let Some(sent) = past(Key::RapportTransmisLe).or(past(Key::RapportRecuLe)) {
        let received = facts.date(Key::RapportRecuLe).unwrap_or(sent);
        let due = audit::observations_due_under(received, &calendar(facts, frame), &frame.choices);
        let open = past(Key::ObservationsLe).is_none() && today <= due.extended;
        return if open { State::PhaseContradictoire } else { State::ADecider };
    }
    if last.is_some_and(|day| day < today) {
        State::RapportAttendu
    } else if first.is_some_and(|day| day <= today) {
        State::AuditEnCours
    } else if past(Key::PlanTransmisLe).is_some() {
        State::PlanTransmis
    } else if facts.correction.is_some() {
        State::ACompleter
    } else if facts.state == PlatformState::EnConstruction {
        State::Depose
    } else if complete {
        State::Complet
    } else {
        State::ACompleter
    }
}
