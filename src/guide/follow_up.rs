//! §3.9 — *Suivi*: preparation, window of the follow-up audit, action plan.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{Calendar, Deadline, add_months};

/// The window of a follow-up audit; both ends are good days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The theoretical date T.
    pub theory: Date,
    pub opens: Date,
    pub closes: Date,
}

impl Window {
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.opens <= day && day <= self.closes
    }
}

fn around(theory: Date) -> Window {
    Window { theory, opens: add_months(theory, -2), closes: add_months(theory, 2) }
}

/// R-3.9.1-b — *audit de suivi à 18 mois* of a local service: T = notification + 18 months, T ± 2 months (F-10).
#[must_use]
pub fn local_window(notified: Date) -> Window {
    around(add_months(notified, 18))
}

/// R-3.9.2-d, R-3.9.2-l — *audits de suivi annuels* of a central service: T = notification + 12, then + 24 months.
#[must_use]
pub fn central_windows(notified: Date) -> [Window; 2] {
    [12, 24].map(|months| around(add_months(notified, months)))
}

/// R-3.9.1-a — *préparer le suivi* of a local service: 12 months after the label was obtained.
#[must_use]
pub fn local_preparation(obtained: Date) -> Date {
    add_months(obtained, 12)
}

/// R-3.9.2-b — *préparer le suivi* of a central service: 9 months after the label was obtained, and again a year later.
#[must_use]
pub fn central_preparations(obtained: Date) -> [Date; 2] {
    [9, 21].map(|months| add_months(obtained, months))
}

/// R-3.9.1-i — *plan d'actions*: to be proposed within one month of the certification body's request.
#[must_use]
pub fn action_plan_due(asked: Date, calendar: &Calendar) -> Deadline {
    calendar.deadline(add_months(asked, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_window_is_counted_from_the_theoretical_date() {
        let window = local_window(date(2026, 8, 31));
        assert_eq!(window.theory, date(2028, 2, 29));
        assert_eq!((window.opens, window.closes), (date(2027, 12, 29), date(2028, 4, 29)));
        assert!(window.contains(window.opens) && window.contains(window.closes));
        assert!(!window.contains(date(2028, 4, 30)));
    }

    #[test]
    fn a_central_service_is_followed_twice() {
        let theories = central_windows(date(2027, 3, 31)).map(|window| window.theory);
        assert_eq!(theories, [date(2028, 3, 31), date(2029, 3, 31)]);
        assert_eq!(central_preparations(date(2028, 2, 29))[0], date(2028, 11, 29));
        assert_eq!(local_preparation(date(2028, 2, 29)), date(2029, 2, 28));
    }

    #[test]
    fn one_month_for_the_action_plan() {
        let due = action_plan_due(date(2027, 1, 31), &Calendar::default());
        assert_eq!(due, Deadline { nominal: date(2027, 2, 28), extended: date(2027, 3, 1) });
    }
}
