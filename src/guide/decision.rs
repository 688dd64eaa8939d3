//! §2.3, 3.8 — *Décision*: how long the label lasts, and when one may apply again.

use jiff::civil::Date;

use super::calendar::{add_days, add_months};
use super::choices::{Choices, Reapplication};

/// R-2.3-a — *validité de trois ans*: the last valid day, 36 months after the label was obtained, inclusive (F-11).
#[must_use]
pub fn last_valid_day(obtained: Date) -> Date {
    add_months(obtained, 36)
}

/// R-3.8.1-g — *nouvelle demande après un refus*: the first good day, once six months have fully elapsed (F-12).
#[must_use]
pub fn may_reapply_from(refusal_sent: Date, choices: &Choices) -> Date {
    let elapsed = add_months(refusal_sent, 6);
    match choices.reapplication {
        Reapplication::NextDay => add_days(elapsed, 1),
        Reapplication::SameDay => elapsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn three_years_from_a_29th_of_february() {
        assert_eq!(last_valid_day(date(2028, 2, 29)), date(2031, 2, 28));
    }

    #[test]
    fn six_months_fully_elapsed() {
        let sent = date(2026, 8, 31);
        assert_eq!(may_reapply_from(sent, &Choices::default()), date(2027, 3, 1));
        let same_day = Choices { reapplication: Reapplication::SameDay, ..Choices::default() };
        assert_eq!(may_reapply_from(sent, &same_day), date(2027, 2, 28));
    }
}
