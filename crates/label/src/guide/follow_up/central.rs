//! §3.9.2 — *Suivi d'un service public central*.

use jiff::civil::Date;
use serde::Serialize;

use super::window::Window;
use crate::guide::calendar::{Calendar, Deadline, add_months};
use crate::guide::central::{Majority, TierCounts, majority, points_reached};
use crate::guide::choices::{CentralClock, Choices, LowerMajority};
use crate::guide::supplements::{Supplements, supplements};
use crate::guide::tiers::Tier;

/// R-3.9.2-b — *préparer le suivi* of a central service: 9 months after the label was obtained, and again a year later.
#[must_use]
pub fn central_preparations(obtained: Date) -> [Date; 2] {
    [9, 21].map(|months| add_months(obtained, months))
}

/// R-3.9.2-d — *audit de suivi en année N+1*: T = notification + 12 months, T ± 2 months (F-10).
#[must_use]
pub fn first_central_window(notified: Date) -> Window {
    Window::after(notified, 12)
}

/// R-3.9.2-l — *audit de suivi en année N+2*: the same again, T = notification + 24 months.
#[must_use]
pub fn second_central_window(notified: Date) -> Window {
    Window::after(notified, 24)
}

/// *Audits de suivi annuels* of a central service, both windows.
#[must_use]
pub fn central_windows(notified: Date) -> [Window; 2] {
    [first_central_window(notified), second_central_window(notified)]
}

/// F-34 — the day from which both windows are counted: the notification, or the initial audit.
#[must_use]
pub fn central_clock(notified: Date, initial_audit: Date, choices: &Choices) -> Date {
    match choices.central_clock {
        CentralClock::Notification => notified,
        CentralClock::InitialAudit => initial_audit,
    }
}

/// The result of a central service's follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CentralIssue {
    /// The tier held stays (R-3.9.2-h).
    Confirmed,
    /// The label takes the tier of the year's majority, above the one held (R-3.9.2-i).
    Raised,
    /// Fewer than 75 % of the audited locals are labelled: others must be presented first.
    MoreLocals,
    /// Fewer than 75 % of the points: a plan within one month, else suspension until it is validated.
    ActionPlan,
    /// Only under a reading of F-17 that is not in the text of the guide.
    Lowered,
}

/// What the certification body must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CentralAlert {
    /// The locals' majority is below the tier held: the guide has no scenario (F-17).
    LowerMajority,
}

/// The outcome of a central's follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CentralOutcome {
    /// Every condition that fails; when none does, the one result of the comparison.
    pub issues: Vec<CentralIssue>,
    /// The tier after the follow-up; the one held until the follow-up is passed.
    pub tier: Tier,
    /// What the body must be told besides; empty while a condition fails.
    pub alerts: Vec<CentralAlert>,
    /// Both readings of the majority (F-13).
    pub majority: Option<Majority>,
    /// Both readings of the additional locals (F-14).
    pub supplements: Supplements,
    /// What the comparison with the tier held would give, when it gives something else (F-38).
    pub by_tier_held: Option<Comparison>,
}

/// What is known of a central service at a yearly follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CentralFollowUp {
    /// The tier held before the follow-up.
    pub held: Tier,
    /// The majority of the locals labelled in year N; none when it is not known: the tier held then stands for it.
    pub first_year: Option<Tier>,
    /// Locals audited in the year of this follow-up, each once.
    pub audited: u64,
    /// Those of them that are labelled.
    pub labelled: TierCounts,
    /// Points validated at the central's own audit of that year: at least 75 % of `points_checked` are asked for (R-3.9.2-j).
    pub points_validated: u64,
    /// Points checked at that audit; when it is 0, the 75 % are not reached.
    pub points_checked: u64,
}

/// R-3.9.2-h — *label confirmé* when 75 % of the points are validated and the year's majority has the tier of the locals
/// labelled in year N (F-38).
///
/// Before that, 75 % of the audited locals must be labelled (R-3.9.2-g) and 75 % of the points validated (R-3.9.2-j).
/// Conditions that fail are listed, and the tier held does not change meanwhile.
#[must_use]
pub fn central_outcome(file: &CentralFollowUp, choices: &Choices) -> CentralOutcome {
    let supplements = supplements(file.audited, file.labelled.total(), choices);
    let majority = majority(&file.labelled, choices);
    let mut outcome = CentralOutcome {
        issues: Vec::new(),
        tier: file.held,
        alerts: Vec::new(),
        majority,
        supplements,
        by_tier_held: None,
    };
    if supplements.missing > 0 || majority.is_none() {
        outcome.issues.push(CentralIssue::MoreLocals);
    }
    if !points_reached(file.points_validated, file.points_checked) {
        outcome.issues.push(CentralIssue::ActionPlan);
    }
    if let Some(majority) = majority.filter(|_| outcome.issues.is_empty()) {
        let by = |compared| compared_with(compared, file.held, majority.tier, choices);
        let (retained, other) = (by(file.first_year.unwrap_or(file.held)), by(file.held));
        outcome.issues.push(retained.issue);
        outcome.tier = retained.tier;
        outcome.alerts.extend(retained.alert);
        outcome.by_tier_held = (other != retained).then_some(other);
    }
    outcome
}

/// What comparing the year's majority with a tier gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// `Confirmed` or `Raised`; for a lower majority, the issue of the reading in force (F-17).
    pub issue: CentralIssue,
    /// The tier that follows.
    pub tier: Tier,
    /// `None` unless the majority is lower than the tier compared with.
    pub alert: Option<CentralAlert>,
}

/// The year's majority is the same as `compared`, higher or lower. A higher one raises the label only above the tier held.
fn compared_with(compared: Tier, held: Tier, majority: Tier, choices: &Choices) -> Comparison {
    if majority < compared {
        let (issue, tier) = lower_majority(held, majority, choices);
        return Comparison { issue, tier, alert: Some(CentralAlert::LowerMajority) };
    }
    match raised_central_tier(held, majority).filter(|_| majority > compared) {
        Some(tier) => Comparison { issue: CentralIssue::Raised, tier, alert: None },
        None => Comparison { issue: CentralIssue::Confirmed, tier: held, alert: None },
    }
}

/// R-3.9.2-i — *palier supérieur*: the majority's tier, when it is above the one held.
#[must_use]
pub fn raised_central_tier(held: Tier, majority: Tier) -> Option<Tier> {
    Some(majority).filter(|tier| *tier > held)
}

/// R-3.9.2-k — *majorité inférieure*: the guide has no scenario; the tier is kept, with an alert (F-17).
#[must_use]
pub fn lower_majority(held: Tier, majority: Tier, choices: &Choices) -> (CentralIssue, Tier) {
    match choices.lower_majority {
        LowerMajority::Keep => (CentralIssue::Confirmed, held),
        LowerMajority::Lower => (CentralIssue::Lowered, majority),
        LowerMajority::ActionPlan => (CentralIssue::ActionPlan, held),
    }
}

/// R-3.9.2-j — *plan d'actions du service central*: within one month, else suspended until the plan is validated.
///
/// The answer: whether a suspension is open to the body today. Unlike a local's, a plan received is not enough.
#[must_use]
pub fn central_suspension_possible(
    asked: Date,
    validated: Option<Date>,
    today: Date,
    calendar: &Calendar,
) -> bool {
    central_plan_due(asked, calendar).is_late(today) && validated.is_none_or(|day| day > today)
}

/// One month after the certification body's request (R-3.9.2-j).
#[must_use]
pub fn central_plan_due(asked: Date, calendar: &Calendar) -> Deadline {
    super::local::action_plan_due(asked, calendar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-3.9.2-b, R-3.9.2-d, R-3.9.2-l
    #[test]
    fn a_central_service_is_followed_twice() {
        let theories = central_windows(date(2027, 3, 31)).map(|window| window.theory);
        assert_eq!(theories, [date(2028, 3, 31), date(2029, 3, 31)]);
        let preparations = [date(2028, 11, 29), date(2029, 11, 29)];
        assert_eq!(central_preparations(date(2028, 2, 29)), preparations);
        let (notified, audited) = (date(2027, 3, 31), date(2027, 1, 15));
        assert_eq!(central_clock(notified, audited, &Choices::default()), notified);
        let from_audit = Choices { central_clock: CentralClock::InitialAudit, ..Choices::default() };
        assert_eq!(central_clock(notified, audited, &from_audit), audited);
    }

    fn file(held: Tier, labelled: [u64; 3], points_validated: u64) -> CentralFollowUp {
        let [bronze, argent, or] = labelled;
        let labelled = TierCounts { bronze, argent, or, untold: 0 };
        CentralFollowUp { held, first_year: None, audited: 9, labelled, points_validated, points_checked: 40 }
    }

    /// R-3.9.2-h, R-3.9.2-i
    #[test]
    fn confirmed_or_raised_by_the_majority() {
        let outcome = central_outcome(&file(Tier::Bronze, [3, 2, 2], 30), &Choices::default());
        assert_eq!((outcome.issues, outcome.tier), (vec![CentralIssue::Raised], Tier::Argent));
        let outcome = central_outcome(&file(Tier::Bronze, [7, 1, 1], 30), &Choices::default());
        assert_eq!((outcome.issues, outcome.tier), (vec![CentralIssue::Confirmed], Tier::Bronze));
        assert_eq!(raised_central_tier(Tier::Argent, Tier::Argent), None);
    }

    /// R-3.9.2-h, R-3.9.2-i
    #[test]
    fn the_majority_is_compared_with_the_locals_of_the_first_year() {
        let of = |held, first_year, labelled| {
            let file = CentralFollowUp { first_year: Some(first_year), ..file(held, labelled, 30) };
            let outcome = central_outcome(&file, &Choices::default());
            let other = outcome.by_tier_held.map(|other| (other.issue, other.tier, other.alert.is_some()));
            (outcome.issues, outcome.tier, outcome.alerts.len(), other)
        };
        // Held Argent, while the first year's locals were Bronze for the most part, and still are.
        let same = of(Tier::Argent, Tier::Bronze, [7, 1, 1]);
        let kept = (CentralIssue::Confirmed, Tier::Argent, true);
        assert_eq!(same, (vec![CentralIssue::Confirmed], Tier::Argent, 0, Some(kept)));
        // Above the first year's, and not above the tier held.
        assert_eq!(
            of(Tier::Argent, Tier::Bronze, [1, 7, 1]),
            (vec![CentralIssue::Confirmed], Tier::Argent, 0, None)
        );
        // Above the tier held, and not above the first year's.
        let raised = (CentralIssue::Raised, Tier::Argent, false);
        assert_eq!(
            of(Tier::Bronze, Tier::Argent, [1, 7, 1]),
            (vec![CentralIssue::Confirmed], Tier::Bronze, 0, Some(raised))
        );
        assert_eq!(
            of(Tier::Bronze, Tier::Or, [1, 7, 1]),
            (vec![CentralIssue::Confirmed], Tier::Bronze, 1, Some(raised))
        );
    }

    /// R-3.9.2-k
    #[test]
    fn a_lower_majority_keeps_the_tier_and_is_told() {
        let lower = file(Tier::Or, [7, 0, 0], 30);
        let outcome = central_outcome(&lower, &Choices::default());
        assert_eq!((outcome.tier, outcome.alerts), (Tier::Or, vec![CentralAlert::LowerMajority]));
        let lowering = Choices { lower_majority: LowerMajority::Lower, ..Choices::default() };
        let outcome = central_outcome(&lower, &lowering);
        assert_eq!((outcome.issues, outcome.tier), (vec![CentralIssue::Lowered], Tier::Bronze));
    }

    /// R-3.9.2-j
    #[test]
    fn what_fails_is_listed_and_the_tier_stays() {
        let outcome = central_outcome(&file(Tier::Argent, [0, 0, 6], 29), &Choices::default());
        assert_eq!(outcome.issues, [CentralIssue::MoreLocals, CentralIssue::ActionPlan]);
        assert_eq!((outcome.tier, outcome.supplements.of_all_audited), (Tier::Argent, 3));
        let calendar = Calendar::default();
        let possible =
            |validated, today| central_suspension_possible(date(2027, 1, 31), validated, today, &calendar);
        assert!(!possible(None, date(2027, 3, 1)) && possible(None, date(2027, 3, 2)));
        assert!(!possible(Some(date(2027, 3, 2)), date(2027, 3, 2)));
        assert!(!possible(Some(date(2027, 2, 10)), date(2027, 3, 2)), "validated within the month");
        assert!(possible(Some(date(2027, 3, 3)), date(2027, 3, 2)), "validated on the day after");
    }
}
