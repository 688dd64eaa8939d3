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

/// A self-assessment that was made: its day, and the year that it is said to be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfAssessmentReport {
    /// The day on which it was made; one on or before the initial one proves no year.
    pub on: Date,
    /// The calendar year; `None` when none is stated.
    pub year: Option<i64>,
}

/// Months after the end of a year during which a self-assessment still proves that year, when nothing else does.
const LATE_MONTHS: i32 = 3;

/// The self-assessment that proves each of the three years after the initial one (R-3.9.1-c). One report proves one year:
/// year k ends on its day of [`yearly_self_assessments`] and begins on the day after that of year k − 1. A late report
/// proves the year before its own, unless that year has one or the report says another year.
#[must_use]
pub fn years_proved(initial: Date, reports: &[SelfAssessmentReport], choices: &Choices) -> [Option<Date>; 3] {
    let ends = yearly_self_assessments(initial, choices);
    let mut proved = [None; 3];
    let mut reports: Vec<&SelfAssessmentReport> =
        reports.iter().filter(|report| report.on > initial).collect();
    reports.sort_by_key(|report| report.on);
    for report in reports {
        let own = ends.iter().position(|end| report.on <= *end);
        let before = own.unwrap_or(ends.len()).checked_sub(1);
        let late = before.filter(|year| {
            let end = ends[*year];
            let stated = report.year.is_none_or(|stated| stated == i64::from(end.year()));
            report.on < add_months(end, LATE_MONTHS) && stated && proved[*year].is_none()
        });
        if let Some(year) = late.or(own) {
            proved[year] = proved[year].or(Some(report.on));
        }
    }
    proved
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
    /// The tier held stays (R-3.9.1-g).
    Confirmed,
    /// The label takes this tier, above the one held; its end date stays (R-3.9.1-h).
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

    /// R-3.9.1-c
    #[test]
    fn one_report_proves_one_year() {
        let (initial, choices) = (date(2026, 11, 5), Choices::default());
        let report = |on: Date| SelfAssessmentReport { on, year: None };
        let of = |days: &[Date]| {
            let reports: Vec<SelfAssessmentReport> = days.iter().copied().map(report).collect();
            years_proved(initial, &reports, &choices).map(|on| on.is_some())
        };
        assert_eq!(of(&[date(2028, 6, 1)]), [false, true, false]);
        assert_eq!(of(&[date(2027, 11, 5)]), [true, false, false]);
        assert_eq!(of(&[date(2027, 11, 6)]), [true, false, false], "late by a day");
        assert_eq!(of(&[date(2028, 2, 4)]), [true, false, false]);
        assert_eq!(of(&[date(2028, 2, 5)]), [false, true, false], "three months late");
        assert_eq!(of(&[date(2027, 10, 1), date(2027, 12, 1)]), [true, true, false]);
        assert_eq!(of(&[date(2027, 9, 1), date(2027, 10, 1)]), [true, false, false]);
        assert_eq!(of(&[date(2029, 12, 1)]), [false, false, true]);
        assert_eq!(of(&[date(2030, 2, 5), initial]), [false; 3]);
        let stated = |year: i64| {
            let report = SelfAssessmentReport { on: date(2027, 12, 1), year: Some(year) };
            years_proved(initial, &[report], &choices).map(|on| on.is_some())
        };
        assert_eq!([stated(2027), stated(2028)], [[true, false, false], [false, true, false]]);
        let calendar = Choices { self_assessment_year: SelfAssessmentYear::Calendar, ..choices };
        let reports = [date(2027, 12, 31), date(2029, 12, 1)].map(report);
        assert_eq!(years_proved(initial, &reports, &calendar).map(|on| on.is_some()), [true, false, true]);
    }

    /// R-3.9.1-d
    #[test]
    fn surveys_of_a_follow_up_come_after_the_initial_audit() {
        let (initial, follow_up) = (date(2026, 5, 20), date(2027, 11, 30));
        let age = |closed, choices: &Choices| follow_up_survey(closed, initial, follow_up, choices);
        let since = Choices::default();
        assert_eq!(age(date(2026, 5, 21), &since), Age::Good);
        assert_eq!(age(initial, &since), Age::TooOld { bound: initial });
        assert_eq!(age(follow_up, &since), Age::Good);
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
        let confirm = Choices { below_held: BelowHeld::Confirm, ..choices };
        let below = |reached| local_outcome(Tier::Argent, reached, &confirm);
        assert_eq!(
            [below(Some(Tier::Bronze)), below(None)],
            [LocalOutcome::Confirmed, LocalOutcome::ActionPlan]
        );
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
        assert!(!suspension_possible(due, Some(date(2027, 2, 10)), date(2027, 3, 2)), "within the month");
        assert!(suspension_possible(due, Some(date(2027, 3, 3)), date(2027, 3, 2)), "on the day after");
    }
}
