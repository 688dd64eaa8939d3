//! §3.7 — *Audit*: plan, report, observations, and the first day on which the body may decide.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{Calendar, Deadline, add_days};
use super::choices::{AuditDays, Choices, PlainDays, PlanDays};

/// Working days between the plan and the visit (R-3.7.1-b).
const PLAN_DAYS: u32 = 10;
/// Days for the report (R-3.7.1-f) and for the observations (R-3.7.1-g).
const REPORT_DAYS: i32 = 21;
const OBSERVATION_DAYS: i32 = 10;

/// The days of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// First day, inclusive; the working days of the plan are counted back from it (R-3.7.1-b).
    pub first: Date,
    /// Last day, inclusive, the same as `first` for a visit of one day; the days of the report are counted from it (R-3.7.1-f).
    pub last: Date,
}

/// F-07 — *dates d'audit*: the visits from which delays are counted, one for the whole audit or one for each site.
#[must_use]
pub fn reference_visits(sites: &[Visit], choices: &Choices) -> Vec<Visit> {
    match choices.audit_days {
        AuditDays::EachSite => sites.to_vec(),
        AuditDays::Whole => {
            let first = sites.iter().map(|visit| visit.first).min();
            let last = sites.iter().map(|visit| visit.last).max();
            first.zip(last).map(|(first, last)| Visit { first, last }).into_iter().collect()
        }
    }
}

/// R-3.7.1-a — *plan d'audit d'un dossier complet*: whether the plan was not sent before the file was complete.
#[must_use]
pub fn plan_allowed(complete_on: Option<Date>, plan_sent: Date) -> bool {
    complete_on.is_some_and(|complete| complete <= plan_sent)
}

/// R-3.5.2-e — *pas de plan d'audit avant un dossier complet*: whether a plan was sent all the same.
#[must_use]
pub fn plan_sent_early(complete_on: Option<Date>, plan_sent: Date) -> bool {
    !plan_allowed(complete_on, plan_sent)
}

/// R-3.7.1-b — *plan d'audit*: the tenth working day before the first visit day is the last good one (F-08).
#[must_use]
pub fn plan_limit(first_visit_day: Date, calendar: &Calendar) -> Date {
    calendar.working_days_before(first_visit_day, PLAN_DAYS)
}

/// F-08 — the stricter reading of backward deadlines (*variante franche*), used for reminders, never for lateness.
#[must_use]
pub fn plan_limit_strict(first_visit_day: Date, calendar: &Calendar) -> Date {
    calendar.working_days_before(first_visit_day, PLAN_DAYS + 1)
}

/// F-08 — the last good day for the plan under the reading in force.
#[must_use]
pub fn plan_limit_under(first_visit_day: Date, calendar: &Calendar, choices: &Choices) -> Date {
    match choices.plan_days {
        PlanDays::Tenth => plan_limit(first_visit_day, calendar),
        PlanDays::Eleventh => plan_limit_strict(first_visit_day, calendar),
    }
}

/// R-3.7.1-f — *rapport d'audit*: 21 calendar days after the last visit day.
#[must_use]
pub fn report_due(last_visit_day: Date, calendar: &Calendar) -> Deadline {
    calendar.deadline(add_days(last_visit_day, REPORT_DAYS))
}

/// R-3.7.1-g — *observations*: 10 calendar days from the receipt of the report, which does not count.
#[must_use]
pub fn observations_due(received: Date, calendar: &Calendar) -> Deadline {
    calendar.deadline(add_days(received, OBSERVATION_DAYS))
}

/// F-09 — the day of the report under the reading in force: calendar days, or working days.
#[must_use]
pub fn report_due_under(last_visit_day: Date, calendar: &Calendar, choices: &Choices) -> Deadline {
    plain_days_after(last_visit_day, REPORT_DAYS, calendar, choices)
}

/// F-09 — the day of the observations under the reading in force: calendar days, or working days.
#[must_use]
pub fn observations_due_under(received: Date, calendar: &Calendar, choices: &Choices) -> Deadline {
    plain_days_after(received, OBSERVATION_DAYS, calendar, choices)
}

fn plain_days_after(day: Date, count: i32, calendar: &Calendar, choices: &Choices) -> Deadline {
    match choices.plain_days {
        PlainDays::Calendar => calendar.deadline(add_days(day, count)),
        PlainDays::Working => {
            let reached = (0..count).fold(day, |reached, _| calendar.next_working(add_days(reached, 1)));
            Deadline::fixed(reached)
        }
    }
}

/// R-3.7.1-h — *transmission pour décision*: from the receipt of the observations, or from the end of the ten days.
///
/// The guide does not say which; either does. The answer is the first day on which the body may decide.
#[must_use]
pub fn ready_for_decision(observations: Option<Date>, due: Deadline) -> Date {
    let elapsed = add_days(due.extended, 1);
    observations.map_or(elapsed, |received| received.min(elapsed))
}

/// R-3.7.2-b — *plan d'audit du service central*: the same ten working days.
#[must_use]
pub fn central_plan_limit(first_visit_day: Date, calendar: &Calendar) -> Date {
    plan_limit(first_visit_day, calendar)
}

/// R-3.7.2-d — *rapport d'audit du service central*: the same 21 days.
#[must_use]
pub fn central_report_due(last_visit_day: Date, calendar: &Calendar) -> Deadline {
    report_due(last_visit_day, calendar)
}

/// R-3.7.2-e — *propositions d'actions correctives* of a central service: ten days from the receipt of the report.
#[must_use]
pub fn corrective_actions_due(received: Date, calendar: &Calendar) -> Deadline {
    observations_due(received, calendar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-3.7.1-b, R-3.7.2-b
    #[test]
    fn the_plan_and_its_stricter_reading() {
        let metropole = Calendar::default();
        let (first, limit, strict) = (date(2027, 5, 24), date(2027, 5, 7), date(2027, 5, 5));
        assert_eq!((plan_limit(first, &metropole), central_plan_limit(first, &metropole)), (limit, limit));
        assert_eq!(plan_limit_strict(first, &metropole), strict);
        let franche = Choices { plan_days: PlanDays::Eleventh, ..Choices::default() };
        assert_eq!(plan_limit_under(first, &metropole, &Choices::default()), limit);
        assert_eq!(plan_limit_under(first, &metropole, &franche), strict);
    }

    /// R-3.7.1-a, R-3.5.2-e
    #[test]
    fn no_plan_before_the_file_is_complete() {
        let sent = date(2027, 5, 3);
        assert!(plan_sent_early(None, sent) && !plan_sent_early(Some(sent), sent));
        assert!(plan_allowed(Some(sent), sent));
        assert!(!plan_allowed(None, sent) && !plan_allowed(Some(date(2027, 5, 4)), sent));
    }

    /// R-3.7.1-f, R-3.7.2-d
    #[test]
    fn the_report_lands_on_ascension_day() {
        let (last, calendar) = (date(2027, 4, 15), Calendar::default());
        let due = report_due(last, &calendar);
        assert_eq!(due, Deadline { nominal: date(2027, 5, 6), extended: date(2027, 5, 7) });
        assert_eq!(central_report_due(last, &calendar), due);
        assert_eq!(report_due_under(last, &calendar, &Choices::default()), due);
        let working = Choices { plain_days: PlainDays::Working, ..Choices::default() };
        assert_eq!(report_due_under(last, &calendar, &working).nominal, date(2027, 5, 18));
    }

    /// R-3.7.1-g, R-3.7.1-h, R-3.7.2-e
    #[test]
    fn observations_end_at_christmas() {
        let (received, calendar) = (date(2026, 12, 15), Calendar::default());
        let due = observations_due(received, &calendar);
        assert_eq!(due, Deadline { nominal: date(2026, 12, 25), extended: date(2026, 12, 28) });
        assert_eq!(corrective_actions_due(received, &calendar), due);
        assert_eq!(observations_due_under(received, &calendar, &Choices::default()), due);
        assert_eq!(ready_for_decision(None, due), date(2026, 12, 29));
        assert_eq!(ready_for_decision(Some(date(2026, 12, 18)), due), date(2026, 12, 18));
    }

    #[test]
    fn several_sites_make_one_audit_unless_chosen_otherwise() {
        let sites = [(10, 12), (3, 4)]
            .map(|(first, last)| Visit { first: date(2027, 5, first), last: date(2027, 5, last) });
        let whole = Visit { first: date(2027, 5, 3), last: date(2027, 5, 12) };
        assert_eq!(reference_visits(&sites, &Choices::default()), [whole]);
        let each = Choices { audit_days: AuditDays::EachSite, ..Choices::default() };
        assert_eq!(reference_visits(&sites, &each), sites);
        assert_eq!(reference_visits(&[], &Choices::default()), []);
    }
}
