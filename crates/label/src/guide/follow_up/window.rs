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
    pub opens: Date,
    pub closes: Date,
}

impl Window {
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
}
