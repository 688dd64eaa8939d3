//! Dates of one dossier in the wrong order, or in the future for something stated as done.

use jiff::civil::Date;

use super::incoherence::Incoherence;
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::guide::audit::plan_allowed;
use crate::life::last_visit_day;

/// Two steps of the guide: the second never comes before the first. The same day is in order.
const ORDERED: [(Key, Key); 7] = [
    (Key::ContratDate, Key::AuditDebut),
    (Key::PlanTransmisLe, Key::AuditDebut),
    (Key::AuditDebut, Key::RapportTransmisLe),
    (Key::RapportTransmisLe, Key::RapportRecuLe),
    (Key::RapportRecuLe, Key::ObservationsLe),
    (Key::PlanActionsDemandeLe, Key::PlanActionsRecuLe),
    (Key::PlanActionsRecuLe, Key::PlanValideLe),
];

/// Dates of things stated as done, which cannot be in the future.
const DONE: [Key; 9] = [
    Key::AutodiagnosticLe,
    Key::ContratDate,
    Key::PlanTransmisLe,
    Key::RapportTransmisLe,
    Key::RapportRecuLe,
    Key::ObservationsLe,
    Key::PlanActionsDemandeLe,
    Key::PlanActionsRecuLe,
    Key::PlanValideLe,
];

/// `incomplete`: documents of the dossier are missing or unusable.
pub(super) fn incoherences(facts: &Facts, incomplete: bool, today: Date) -> Vec<Incoherence> {
    let mut found = Vec::new();
    for (first, then) in ORDERED {
        // A report follows the last visit day, not only the first.
        let first_on = if first == Key::AuditDebut { last_visit_day(facts) } else { facts.date(first) };
        if let (Some(first_on), Some(then_on)) = (first_on, facts.date(then))
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
    // R-3.7.1-a: the plan is sent once the dossier is complete. Checked before the visit only: later, a missing document
    // has its own finding.
    let complete_on = (!incomplete).then_some(facts.deposited);
    if let Some(sent) = facts.date(Key::PlanTransmisLe).filter(|sent| !plan_allowed(complete_on, *sent)) {
        found.push(Incoherence::PlanWhileIncomplete { sent });
    }
    if let (Some(valid), Some(total)) = (facts.count(Key::PointsValides), facts.count(Key::PointsTotal))
        && valid > total
    {
        found.push(Incoherence::MorePointsThanChecked { valid, total });
    }
    found
}
