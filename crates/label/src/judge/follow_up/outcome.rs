//! §3.9.1 — what the marks of a local's follow-up propose: the label confirmed, a higher tier, or an action plan (F-16).

use jiff::civil::Date;

use super::Followed;
use super::note::{FollowUpNote, Proposed};
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Decision, Service};
use crate::guide::decision::{Proposal, proposal};
use crate::guide::follow_up::LocalOutcome;
use crate::guide::follow_up::local_outcome;
use crate::guide::tiers::{Tier, local_tier};
use crate::judge::coherence::invalid_surveys;
use crate::judge::finding::{Finding, Level, What};
use crate::judge::marks::local_marks;
use crate::life::follow_up::FollowUp;

impl Followed<'_> {
    /// The outcome that the marks of each follow-up give, before its decision and beside it.
    pub(super) fn proposals(&self) -> Vec<Finding> {
        if self.case.service == Service::Central {
            return Vec::new();
        }
        self.label.follow_ups.iter().filter_map(|one| self.proposed(one)).collect()
    }

    fn proposed(&self, one: &FollowUp) -> Option<Finding> {
        let facts = self.case.dossiers.iter().find(|facts| facts.number == one.dossier)?;
        let audit = one.audit.filter(|audit| *audit <= self.today)?;
        let held = self.period.tier_on(audit)?;
        let reached = reached(facts)?;
        let outcome = local_outcome(held, reached, &self.frame.choices);
        let decided = one.decided.map(|(decision, _)| decision);
        let agrees = decided.is_none_or(|decision| self.agrees(outcome, decision, facts, audit));
        let reserve = invalid_surveys(self.own, facts.number);
        let settled =
            decided.is_some() || (outcome == LocalOutcome::ActionPlan && self.plan_asked(facts, audit));
        let fine = reserve.is_empty() && agrees && (settled || outcome == LocalOutcome::Confirmed);
        let rule = match outcome {
            LocalOutcome::Confirmed => "R-3.9.1-g",
            LocalOutcome::Raised(_) => "R-3.9.1-h",
            LocalOutcome::ActionPlan | LocalOutcome::Lowered(_) => "R-3.9.1-i",
        };
        let level = if fine { Level::Ok } else { Level::ToCheck };
        let proposed = Proposed { held, reached, outcome, reserve, decided, agrees };
        let what = What::FollowUp(FollowUpNote::Proposed(proposed));
        Some(Finding::for_the_body(facts.number, rule, "3.9.1", level, what))
    }

    /// Whether the decision is the outcome that the marks give. Below the minimum, the label is confirmed once a plan was
    /// asked for.
    fn agrees(&self, outcome: LocalOutcome, decision: Decision, facts: &Facts, audit: Date) -> bool {
        match (outcome, decision) {
            (LocalOutcome::Confirmed, Decision::Confirme)
            | (LocalOutcome::Raised(_), Decision::PalierSuperieur) => true,
            // « Labellisé » on a follow-up says its tier, which is compared with the marks elsewhere.
            (LocalOutcome::Confirmed | LocalOutcome::Raised(_), Decision::Labellise) => true,
            (LocalOutcome::ActionPlan, _) => self.plan_asked(facts, audit),
            _ => false,
        }
    }

    fn plan_asked(&self, facts: &Facts, audit: Date) -> bool {
        let plan = |event: &&crate::case::Event| {
            event.decision == Decision::PlanActions && event.on().is_some_and(|on| on >= audit)
        };
        let dated = [Key::PlanActionsDemandeLe, Key::PlanActionsRecuLe, Key::PlanValideLe];
        self.life.decisions().any(|event| plan(&event))
            || dated.into_iter().filter_map(|key| facts.date(key)).any(|day| day >= audit)
    }
}

/// The tier that a follow-up's marks give: `Some(None)` is below Bronze, `None` when marks are missing that could change
/// the outcome.
fn reached(facts: &Facts) -> Option<Option<Tier>> {
    let marks = local_marks(facts);
    let result = local_tier(&marks);
    // A low mark keeps the next tier out of reach, whatever the missing ones are. Without any, one of them may still be high.
    let sure = !result.limiting.is_empty() || result.missing.is_empty();
    match proposal(&result) {
        Proposal::Label(tier) => sure.then_some(Some(tier)),
        Proposal::Reject => Some(None),
        Proposal::Wait => None,
    }
}
