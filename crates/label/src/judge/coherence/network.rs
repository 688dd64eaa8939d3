//! Compares a decision on a central service with its network on that day (§2.2.2, 3.9.2).

use super::award::Confronted;
use super::incoherence::{Incoherence, NetworkIncoherence};
use crate::case::Decision;
use crate::case::keys::Key;
use crate::guide::central::{CentralFault, CentralResult, CentralUnknown, Majority};
use crate::guide::follow_up::central::{CentralIssue, CentralOutcome};
use crate::guide::supplements::Supplements;
use crate::guide::tiers::Tier;
use crate::judge::network::{OnTheDay, on_the_day, points_of};

impl Confronted<'_> {
    /// R-3.1-c, R-3.9.2-g…k — the conditions of the decision, with the year's locals decided by then.
    pub(super) fn network(&self, found: &mut Vec<Incoherence>) {
        match on_the_day(self.case, self.life, self.facts, self.event, self.frame) {
            Some(OnTheDay::Award(result)) => self.central_award(&result, found),
            Some(OnTheDay::FollowUp { required, audited, supplements, outcome }) => {
                if audited < required {
                    self.central(CentralFault::Sample { audited, required }, found);
                }
                self.three_quarters(audited, supplements, found);
                if let Some(outcome) = outcome {
                    self.central_follow_up(&outcome, found);
                }
            }
            None => {}
        }
    }

    fn central(&self, fault: CentralFault, found: &mut Vec<Incoherence>) {
        let decision = self.event.decision;
        found.push(Incoherence::Network(NetworkIncoherence::Condition { decision, fault }));
    }

    fn central_award(&self, result: &CentralResult, found: &mut Vec<Incoherence>) {
        for fault in &result.faults {
            self.central(*fault, found);
        }
        let decision = self.event.decision;
        for unknown in result.unknown.iter().copied().filter(|unknown| self.is_asked(*unknown)) {
            found.push(Incoherence::Network(NetworkIncoherence::NotEntered { decision, unknown }));
        }
        if let Some(majority) = result.majority {
            self.tier_given(&majority, found);
        }
    }

    /// A form without the field cannot tell it. That no local was audited is a fault of the sample.
    fn is_asked(&self, unknown: CentralUnknown) -> bool {
        match unknown {
            CentralUnknown::Results => false,
            CentralUnknown::Points => self.usable(Key::PointsTotal),
            CentralUnknown::SelfAssessments => self.usable(Key::AutodiagnosticsFournis),
        }
    }

    /// Both readings of the majority are good (F-13).
    fn tier_given(&self, majority: &Majority, found: &mut Vec<Incoherence>) {
        let readings = [majority.cumulative, majority.plurality];
        if let Some(decided) = self.event.tier.filter(|decided| !readings.contains(decided)) {
            found.push(Incoherence::Network(NetworkIncoherence::Tier { decided, given: majority.tier }));
        }
    }

    fn three_quarters(&self, audited: u64, supplements: Supplements, found: &mut Vec<Incoherence>) {
        if audited > 0 && supplements.missing > 0 {
            let required = supplements.required;
            let labelled = required.saturating_sub(supplements.missing);
            self.central(CentralFault::LabelledLocals { labelled, required }, found);
        }
    }

    /// A tier above the one that the year's majority gives, under either reading (R-3.9.2-i, F-38); points below 75 %.
    fn central_follow_up(&self, outcome: &CentralOutcome, found: &mut Vec<Incoherence>) {
        let points = points_of(self.facts);
        if let Some((validated, checked)) =
            points.filter(|_| outcome.issues.contains(&CentralIssue::ActionPlan))
        {
            self.central(CentralFault::Points { validated, checked }, found);
        }
        let given: Option<Tier> = Some(outcome.tier).max(outcome.by_tier_held.map(|other| other.tier));
        let raised = self.event.decision != Decision::Confirme;
        if let (Some(decided), Some(given)) = (self.event.tier.filter(|_| raised), given)
            && decided > given
        {
            found.push(Incoherence::Network(NetworkIncoherence::Tier { decided, given }));
        }
    }
}
