//! §3.9 — *date théorique* of a follow-up audit, and the two months around it.

use jiff::civil::Date;
use serde::Serialize;

use crate::guide::calendar::add_months;
use crate::guide::choices::{Choices, WindowBounds};

/// Months on each side of the theoretical date.
const MARGIN: i32 = 2;

/// The window of a follow-up audit; both ends are good days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The theoretical date T.
    pub theory: Date,
    /// The first good day.
    pub opens: Date,
    /// The last good day.
    pub closes: Date,
}

impl Window {
    /// True from the day on which it opens to the day on which it closes, both inclusive.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.opens <= day && day <= self.closes
    }

    /// The window around T = start + `months`, its bounds counted from T.
    #[must_use]
    pub fn after(start: Date, months: i32) -> Window {
        let theory = add_months(start, months);
        Window { theory, opens: add_months(theory, -MARGIN), closes: add_months(theory, MARGIN) }
    }

    /// F-10 — the window under the reading in force; the two differ only for starts on the 29th, 30th or 31st.
    #[must_use]
    pub fn after_under(start: Date, months: i32, choices: &Choices) -> Window {
        match choices.window_bounds {
            WindowBounds::AroundTheory => Window::after(start, months),
            WindowBounds::FromNotification => Window {
                theory: add_months(start, months),
                opens: add_months(start, months.saturating_sub(MARGIN)),
                closes: add_months(start, months.saturating_add(MARGIN)),
            },
        }
    }
}

/// R-3.9.1-l — *audit hors de sa fenêtre*: the rank of the window that the audit day falls in; outside all of them, no
/// follow-up is done.
#[must_use]
pub fn window_of(audit: Date, windows: &[Window]) -> Option<usize> {
    windows.iter().position(|window| window.contains(audit))
}

/// The rank of the window nearest to a day that is outside all of them.
#[must_use]
pub fn nearest(day: Date, windows: &[Window]) -> Option<usize> {
    let distance = |window: &Window| {
        let away = if day < window.opens { window.opens - day } else { day - window.closes };
        away.get_days()
    };
    windows.iter().enumerate().min_by_key(|(_, window)| distance(window)).map(|(rank, _)| rank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_window_is_counted_from_the_theoretical_date() {
        let notified = date(2026, 8, 31);
        let window = Window::after(notified, 18);
        assert_eq!(window.theory, date(2028, 2, 29));
        assert_eq!((window.opens, window.closes), (date(2027, 12, 29), date(2028, 4, 29)));
        assert!(window.contains(window.opens) && window.contains(window.closes));
        assert!(!window.contains(date(2028, 4, 30)));
        assert_eq!(Window::after_under(notified, 18, &Choices::default()), window);
        let other = Choices { window_bounds: WindowBounds::FromNotification, ..Choices::default() };
        let window = Window::after_under(notified, 18, &other);
        assert_eq!((window.opens, window.closes), (date(2027, 12, 31), date(2028, 4, 30)));
    }

    /// R-3.9.1-l
    #[test]
    fn an_audit_belongs_to_the_window_that_its_day_falls_in_and_to_no_other() {
        let windows = [12, 24].map(|months| Window::after(date(2027, 3, 31), months));
        let of = |day: Date| window_of(day, &windows);
        assert_eq!([date(2028, 1, 31), date(2028, 5, 31)].map(of), [Some(0); 2]);
        assert_eq!([date(2028, 1, 30), date(2028, 6, 1), date(2029, 6, 1)].map(of), [None; 3]);
        assert_eq!(of(date(2029, 1, 31)), Some(1));
        let near = |day: Date| nearest(day, &windows);
        assert_eq!(
            [date(2027, 6, 1), date(2028, 6, 1), date(2028, 12, 1)].map(near),
            [Some(0), Some(0), Some(1)]
        );
        assert_eq!(nearest(date(2028, 1, 1), &[]), None);
    }
}
