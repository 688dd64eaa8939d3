//! §3.7 — *Audit*: plan, report, observations.

use jiff::civil::Date;

use super::calendar::{Calendar, Deadline, add_days};

/// R-3.7.1-b — *plan d'audit*: the tenth working day before the first visit day is the last good one (F-08).
#[must_use]
pub fn plan_limit(first_visit_day: Date, calendar: &Calendar) -> Date {
    calendar.working_days_before(first_visit_day, 10)
}

/// F-08 — the stricter reading of backward deadlines (*variante franche*), used to remind, never to call late.
#[must_use]
pub fn plan_limit_strict(first_visit_day: Date, calendar: &Calendar) -> Date {
    calendar.working_days_before(first_visit_day, 11)
}

/// R-3.7.1-f — *rapport d'audit*: 21 calendar days after the last visit day.
#[must_use]
pub fn report_due(last_visit_day: Date, calendar: &Calendar) -> Deadline {
    calendar.deadline(add_days(last_visit_day, 21))
}

/// R-3.7.1-g — *observations*: 10 calendar days from the receipt of the report, which does not count.
#[must_use]
pub fn observations_due(received: Date, calendar: &Calendar) -> Deadline {
    calendar.deadline(add_days(received, 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_plan_and_its_stricter_reading() {
        let metropole = Calendar::default();
        assert_eq!(plan_limit(date(2027, 5, 24), &metropole), date(2027, 5, 7));
        assert_eq!(plan_limit_strict(date(2027, 5, 24), &metropole), date(2027, 5, 5));
    }

    #[test]
    fn the_report_lands_on_ascension_day() {
        let due = report_due(date(2027, 4, 15), &Calendar::default());
        assert_eq!(due, Deadline { nominal: date(2027, 5, 6), extended: date(2027, 5, 7) });
    }

    #[test]
    fn observations_end_at_christmas() {
        let due = observations_due(date(2026, 12, 15), &Calendar::default());
        assert_eq!(due, Deadline { nominal: date(2026, 12, 25), extended: date(2026, 12, 28) });
    }
}
