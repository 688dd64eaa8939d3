//! §3.9.1, 3.9.2 — the action plan of a follow-up: when its month is over, the body may suspend the label. It decides,
//! nothing follows by itself.

use jiff::civil::Date;

use super::Followed;
use super::note::FollowUpNote;
use crate::case::keys::Key;
use crate::case::{Decision, Service, calendar};
use crate::guide::follow_up::action_plan_due;
use crate::guide::follow_up::central::{central_plan_due, central_suspension_possible};
use crate::guide::follow_up::local::suspension_possible;
use crate::judge::finding::Finding;

/// The days of the last plan that was asked for.
struct Plan {
    asked: Date,
    received: Option<Date>,
    validated: Option<Date>,
}

impl Followed<'_> {
    /// R-3.9.1-j, R-3.9.2-j — a local's plan must be produced, a central's validated (L1973).
    pub(super) fn suspension_possible(&self) -> Option<Finding> {
        let idle = self.period.over_on(self.today).is_none() && self.label.suspension.is_none();
        let plan = self.last_plan().filter(|_| idle)?;
        let facts = self.case.current()?;
        let days = calendar(facts, self.frame);
        let central = self.case.service == Service::Central;
        let (possible, due, reference) = if central {
            let possible = central_suspension_possible(plan.asked, plan.validated, self.today, &days);
            (possible, central_plan_due(plan.asked, &days), ("R-3.9.2-j", "3.9.2"))
        } else {
            let due = action_plan_due(plan.asked, &days);
            (suspension_possible(due, plan.received, self.today), due, ("R-3.9.1-j", "3.9.1"))
        };
        let received = plan.received.filter(|day| *day <= self.today);
        let note = FollowUpNote::SuspensionPossible { asked: plan.asked, due: due.extended, received };
        possible.then(|| self.note(facts.number, reference, note))
    }

    /// A request made before the last follow-up was decided is settled by that decision.
    fn last_plan(&self) -> Option<Plan> {
        let settled = self.period.followed.iter().map(|(_, on)| *on).max();
        let dates = |key: Key| self.case.dossiers.iter().filter_map(move |facts| facts.date(key));
        let decided = self.life.decisions().filter(|event| event.decision == Decision::PlanActions);
        let asked = dates(Key::PlanActionsDemandeLe).chain(decided.filter_map(|event| event.on()));
        let asked = asked.filter(|day| (self.period.starts..=self.today).contains(day)).max()?;
        let since = |key: Key| dates(key).filter(|day| *day >= asked).min();
        let plan =
            Plan { asked, received: since(Key::PlanActionsRecuLe), validated: since(Key::PlanValideLe) };
        settled.is_none_or(|day| day < asked).then_some(plan)
    }
}
