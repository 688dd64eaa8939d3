//! Dates and counts of one dossier that contradict each other: steps in the wrong order or without the step before, dates
//! in the future of what is stated as done, more of something than there can be.

use jiff::civil::Date;

use super::incoherence::Incoherence;
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision};
use crate::guide::audit::plan_sent_early;
use crate::life::{Life, last_visit_day};

/// Steps of the guide: the last one never comes before the one that precedes it, which is the first of the list that is
/// filled in. The same day is in order.
const ORDERED: [(&[Key], Key); 8] = [
    (&[Key::ContratDate], Key::AuditDebut),
    (&[Key::PlanTransmisLe], Key::AuditDebut),
    (&[Key::AuditDebut], Key::RapportTransmisLe),
    (&[Key::RapportTransmisLe, Key::AuditDebut], Key::RapportRecuLe),
    (&[Key::RapportRecuLe, Key::RapportTransmisLe, Key::AuditDebut], Key::ObservationsLe),
    (&[Key::AuditDebut], Key::PlanActionsDemandeLe),
    (&[Key::PlanActionsDemandeLe], Key::PlanActionsRecuLe),
    (&[Key::PlanActionsRecuLe], Key::PlanValideLe),
];

/// Dates of things stated as done, which cannot be in the future.
const DONE: [Key; 10] = [
    Key::AutodiagnosticLe,
    Key::ContratDate,
    Key::PlanTransmisLe,
    Key::RapportTransmisLe,
    Key::RapportRecuLe,
    Key::ObservationsLe,
    Key::PlanActionsDemandeLe,
    Key::PlanActionsRecuLe,
    Key::PlanValideLe,
    Key::ConstateLe,
];

/// `incomplete`: the candidate has something to add or to mend.
pub(super) fn incoherences(
    case: &Case,
    life: &Life,
    facts: &Facts,
    incomplete: bool,
    today: Date,
) -> Vec<Incoherence> {
    let mut found = Vec::new();
    for (before, then) in ORDERED {
        let first = before.iter().find_map(|key| day_of(facts, *key));
        if let (Some((first, first_on)), Some(then_on)) = (first, facts.date(then))
            && then_on < first_on
        {
            found.push(Incoherence::Reversed { first, first_on, then, then_on });
        }
    }
    for key in DONE {
        if let Some(on) = facts.date(key).filter(|on| *on > today) {
            found.push(Incoherence::DoneAhead { key, on });
        }
    }
    plan(facts, incomplete, &mut found);
    steps_missing(case, life, facts, &mut found);
    counts(facts, &mut found);
    found
}

/// The day of a step, with its field. A report follows the last visit day, not only the first.
fn day_of(facts: &Facts, key: Key) -> Option<(Key, Date)> {
    match key {
        Key::AuditDebut => Some((Key::AuditFin, last_visit_day(facts)?)),
        other => Some((other, facts.date(other)?)),
    }
}

/// R-3.7.1-a, R-3.5.2-e — the audit plan is sent once the dossier is deposited and complete.
fn plan(facts: &Facts, incomplete: bool, found: &mut Vec<Incoherence>) {
    let Some(sent) = facts.date(Key::PlanTransmisLe) else { return };
    let deposited = facts.deposited;
    if plan_sent_early((!incomplete).then_some(deposited), sent) {
        // A visit before the deposit is the finding of the deposit itself.
        let visited = last_visit_day(facts).is_some_and(|visit| visit < deposited);
        if incomplete {
            found.push(Incoherence::PlanWhileIncomplete { sent });
        } else if !visited {
            found.push(Incoherence::PlanBeforeDeposit { sent, deposited });
        }
    }
}

/// Something that follows a step which the dossier does not hold.
fn steps_missing(case: &Case, life: &Life, facts: &Facts, found: &mut Vec<Incoherence>) {
    let report = facts.date(Key::RapportTransmisLe).or(facts.date(Key::RapportRecuLe));
    let decided = life.decisions().any(|event| event.dossier == facts.number);
    match (last_visit_day(facts), report) {
        // Once decided, the decision's own finding says it.
        (None, Some(sent)) if !decided => found.push(Incoherence::ReportWithoutVisit { sent }),
        (_, None) => {
            let on = facts.date(Key::ObservationsLe).filter(|_| !decided);
            found.extend(on.map(|on| Incoherence::ObservationsWithoutReport { on }));
        }
        _ => {}
    }
    let by_decision = life.decisions().any(|event| event.decision == Decision::PlanActions);
    let by_date = case.dossiers.iter().any(|facts| facts.date(Key::PlanActionsDemandeLe).is_some());
    if let Some(received) = facts.date(Key::PlanActionsRecuLe).filter(|_| !by_decision && !by_date) {
        found.push(Incoherence::PlanReceivedUnasked { received });
    }
}

fn counts(facts: &Facts, found: &mut Vec<Incoherence>) {
    let exceeds = |part, whole| {
        let (part, whole) = (facts.count(part)?, facts.count(whole)?);
        (part > whole).then_some((part, whole))
    };
    if let Some((valid, total)) = exceeds(Key::PointsValides, Key::PointsTotal) {
        found.push(Incoherence::MorePointsThanChecked { valid, total });
    }
    if let Some((invited, concerned)) = exceeds(Key::AgentsSollicites, Key::AgentsConcernes) {
        found.push(Incoherence::MoreInvitedThanConcerned { concerned, invited });
    }
    if let Some((provided, locals)) = exceeds(Key::AutodiagnosticsFournis, Key::NLocaux) {
        found.push(Incoherence::MoreSelfAssessmentsThanLocals { provided, locals });
    }
}
