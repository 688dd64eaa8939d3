//! Contradictions of suspensions and withdrawals: the cause, the delay to become compliant, a second withdrawal.

use jiff::civil::Date;

use super::award::Confronted;
use super::incoherence::Incoherence;
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Service};
use crate::judge::finding::Finding;
use crate::life::Life;

impl Confronted<'_> {
    /// R-5.3.1-a…e — a suspension has one of the guide's causes, and one that fits the case.
    pub(super) fn cause(&self, found: &mut Vec<Incoherence>) {
        let (event, service) = (self.event, self.case.service);
        match event.cause.as_deref() {
            None if self.usable(Key::MotifSuspension) => found.push(Incoherence::SuspensionWithoutCause),
            Some("seuil_75") if matches!(service, Service::LocalIndependant | Service::LocalRattache) => {
                found.push(Incoherence::CauseOfACentral);
            }
            Some("plan_non_produit") if self.usable(Key::PlanActionsDemandeLe) => {
                let Some(on) = event.decided.or(event.on()) else { return };
                found.extend(plan(self.case, self.life, on));
            }
            _ => {}
        }
    }
}

/// The action plan that was not produced was asked for before `on`, and not received by then.
fn plan(case: &Case, life: &Life, on: Date) -> Option<Incoherence> {
    let decided =
        life.decisions().filter(|event| event.decision == Decision::PlanActions).filter_map(Event::on);
    let typed = case.dossiers.iter().filter_map(|facts| facts.date(Key::PlanActionsDemandeLe));
    let Some(asked) = decided.chain(typed).filter(|asked| *asked <= on).max() else {
        return Some(Incoherence::PlanNeverAsked);
    };
    let received = case.dossiers.iter().filter_map(|facts| facts.date(Key::PlanActionsRecuLe));
    let received = received.filter(|received| *received >= asked && *received <= on).max()?;
    Some(Incoherence::PlanReceived { received })
}

/// R-5.3.1-i — the delay that the body sets is that of a suspension; `suspension` compares the two.
pub(super) fn delay(facts: &Facts, life: &Life) -> Option<Incoherence> {
    let on = facts.date(Key::DelaiLevee)?;
    let suspended = life.periods.iter().any(|period| !period.suspensions.is_empty());
    (!suspended).then_some(Incoherence::DelayWithoutSuspension { on })
}

/// Withdrawals of a label that was withdrawn on another day.
pub(super) fn again(life: &Life) -> Vec<Finding> {
    let mut first: Option<Date> = None;
    let mut found = Vec::new();
    for event in life.decisions() {
        match (event.decision, event.on()) {
            (Decision::Labellise, _) => first = None,
            (Decision::Retrait, Some(on)) => match first {
                Some(first) if first != on => {
                    found.push(Finding::contradiction(event.dossier, Incoherence::WithdrawnAgain { first }));
                }
                _ => first = Some(on),
            },
            _ => {}
        }
    }
    found
}
