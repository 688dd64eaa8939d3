//! §3.9.1 — *Suivi d'un service public local*.

use jiff::civil::Date;
use serde::Serialize;

use super::window::Window;
use crate::guide::application::{Age, deposit_limit};
use crate::guide::calendar::{Calendar, Deadline, add_months};
use crate::guide::choices::{BelowHeld, Choices, FollowUpSurveys, SelfAssessmentYear};
use crate::guide::surveys::FRESHNESS_MONTHS;
use crate::guide::tiers::Tier;

/// R-3.9.1-a — *préparer le suivi* of a local service: 12 months after the label was obtained.
#[must_use]
pub fn local_preparation(obtained: Date) -> Date {
    add_months(obtained, 12)
}

/// R-3.9.1-b — *audit de suivi à 18 mois* of a local service: T = notification + 18 months, T ± 2 months (F-10).
#[must_use]
pub fn local_window(notified: Date) -> Window {
    Window::after(notified, 18)
}

/// R-3.9.1-c — *autodiagnostic chaque année*: the days of the three that follow the initial one (F-18).
#[must_use]
pub fn yearly_self_assessments(initial: Date, choices: &Choices) -> [Date; 3] {
    [12, 24, 36].map(|months| {
        let anniversary = add_months(initial, months);
        match choices.self_assessment_year {
            SelfAssessmentYear::Rolling => anniversary,
            SelfAssessmentYear::Calendar => Date::new(anniversary.year(), 12, 31).unwrap_or(anniversary),
        }
    })
}

/// R-3.9.1-d — *enquêtes entre l'audit initial et l'audit de suivi*: after the first, and not after the second began.
///
/// The six months of §3.4 are asked « pour l'audit initial » only, unless the other reading is in force (F-28).
#[must_use]
pub fn follow_up_survey(closed: Date, initial_audit: Date, follow_up: Date, choices: &Choices) -> Age {
    let stale = add_months(follow_up, -FRESHNESS_MONTHS);
    let bound = match choices.follow_up_surveys {
        FollowUpSurveys::SinceInitial => initial_audit,
        FollowUpSurveys::SixMonths => initial_audit.max(stale),
    };
    if closed > follow_up {
        Age::TooLate
    } else if closed <= bound {
        Age::TooOld { bound }
    } else {
        Age::Good
    }
}

/// R-3.9.1-e — *demande de suivi*: deposited like the initial one, a month before the follow-up's first day (F-28).
#[must_use]
pub fn request_limit(first_follow_up_day: Date) -> Date {
    deposit_limit(first_follow_up_day)
}

/// The result of a local service's follow-up audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum LocalOutcome {
    Confirmed,
    Raised(Tier),
    /// The minimum of the tier held is not reached: an action plan is asked for, and the tier stays.
    ActionPlan,
    /// Only under a reading of F-16 that is not in the text of the guide.
    Lowered(Tier),
}

/// R-3.9.1-g — *label confirmé* when the marks allow the tier held; higher ones raise it, lower ones ask for a plan (F-16).
#[must_use]
pub fn local_outcome(held: Tier, reached: Option<Tier>, choices: &Choices) -> LocalOutcome {
    if let Some(tier) = raised_tier(held, reached) {
        return LocalOutcome::Raised(tier);
    }
    match (reached, choices.below_held) {
        (Some(tier), _) if tier == held => LocalOutcome::Confirmed,
        (Some(_), BelowHeld::Confirm) => LocalOutcome::Confirmed,
        (Some(tier), BelowHeld::Downgrade) => LocalOutcome::Lowered(tier),
        _ => LocalOutcome::ActionPlan,
    }
}

/// R-3.9.1-h — *palier supérieur*: the tier that a follow-up gives when it is above the one held; the end date stays.
#[must_use]
pub fn raised_tier(held: Tier, reached: Option<Tier>) -> Option<Tier> {
    reached.filter(|tier| *tier > held)
}

/// R-3.9.1-i — *plan d'actions*: to be proposed within one month of the certification body's request.
#[must_use]
pub fn action_plan_due(asked: Date, calendar: &Calendar) -> Deadline {
    calendar.deadline(add_months(asked, 1))
}

/// R-3.9.1-j — *suspension possible*: no plan was received and its month is over. The body decides, nothing is automatic.
#[must_use]
pub fn suspension_possible(due: Deadline, plan_received: Option<Date>, today: Date) -> bool {
    due.is_late(today) && plan_received.is_none_or(|received| received > today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-3.9.1-a, R-3.9.1-b, R-3.9.1-e
    #[test]
    fn the_dates_of_a_local_follow_up() {
        assert_eq!(local_preparation(date(2028, 2, 29)), date(2029, 2, 28));
        assert_eq!(local_window(date(2026, 8, 31)).theory, date(2028, 2, 29));
        assert_eq!(request_limit(date(2028, 3, 31)), date(2028, 2, 29));
    }

    /// R-3.9.1-c
    #[test]
    fn a_self_assessment_each_year() {
        let initial = date(2028, 2, 29);
        let rolling = yearly_self_assessments(initial, &Choices::default());
        assert_eq!(rolling, [date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28)]);
        let calendar = Choices { self_assessment_year: SelfAssessmentYear::Calendar, ..Choices::default() };
        assert_eq!(yearly_self_assessments(initial, &calendar)[0], date(2029, 12, 31));
    }

    /// R-3.9.1-d
    #[test]
    fn surveys_of_a_follow_up_come_after_the_initial_audit() {
        let (initial, follow_up) = (date(2026, 5, 20), date(2027, 11, 30));
        let age = |closed, choices: &Choices| follow_up_survey(closed, initial, follow_up, choices);
        let since = Choices::default();
        assert_eq!(age(date(2026, 5, 21), &since), Age::Good);
        assert_eq!(age(initial, &since), Age::TooOld { bound: initial });
        assert_eq!(age(date(2027, 12, 1), &since), Age::TooLate);
        let fresh = Choices { follow_up_surveys: FollowUpSurveys::SixMonths, ..since };
        assert_eq!(age(date(2027, 5, 30), &fresh), Age::TooOld { bound: date(2027, 5, 30) });
        assert_eq!(age(date(2027, 5, 31), &fresh), Age::Good);
    }

    /// R-3.9.1-g, R-3.9.1-h
    #[test]
    fn the_outcome_never_lowers_a_tier_by_itself() {
        let choices = Choices::default();
        let of = |reached| local_outcome(Tier::Argent, reached, &choices);
        assert_eq!(of(Some(Tier::Argent)), LocalOutcome::Confirmed);
        assert_eq!(of(Some(Tier::Or)), LocalOutcome::Raised(Tier::Or));
        assert_eq!([of(Some(Tier::Bronze)), of(None)], [LocalOutcome::ActionPlan; 2]);
        let downgrade = Choices { below_held: BelowHeld::Downgrade, ..choices };
        let lowered = local_outcome(Tier::Argent, Some(Tier::Bronze), &downgrade);
        assert_eq!(lowered, LocalOutcome::Lowered(Tier::Bronze));
        assert_eq!(local_outcome(Tier::Argent, None, &downgrade), LocalOutcome::ActionPlan);
        assert_eq!(raised_tier(Tier::Or, Some(Tier::Or)), None);
    }

    /// R-3.9.1-i, R-3.9.1-j
    #[test]
    fn one_month_for_the_action_plan() {
        let due = action_plan_due(date(2027, 1, 31), &Calendar::default());
        assert_eq!(due, Deadline { nominal: date(2027, 2, 28), extended: date(2027, 3, 1) });
        assert!(!suspension_possible(due, None, date(2027, 3, 1)));
        assert!(suspension_possible(due, None, date(2027, 3, 2)));
        assert!(!suspension_possible(due, Some(date(2027, 3, 2)), date(2027, 3, 2)));
    }
}
