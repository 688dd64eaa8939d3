//! §3.10 — *Renouvellement*.

use jiff::civil::Date;

use super::calendar::{add_days, add_months};
use super::choices::{Choices, RenewalStart};

/// R-3.10-a — *invitation à renouveler*: nine months before the end of validity.
#[must_use]
pub fn invitation(last_valid_day: Date) -> Date {
    add_months(last_valid_day, -9)
}

/// R-3.10-b — *nouvelle période*: the day on which a renewed label starts, under the same conditions as the first (F-23).
#[must_use]
pub fn renewed_from(old_last_valid_day: Date, decided: Date, choices: &Choices) -> Date {
    match choices.renewal_start {
        RenewalStart::AfterOldEnd => decided.max(add_days(old_last_valid_day, 1)),
        RenewalStart::Decision => decided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-3.10-a
    #[test]
    fn nine_months_before_the_end() {
        assert_eq!(invitation(date(2031, 2, 28)), date(2030, 5, 28));
    }

    /// R-3.10-b
    #[test]
    fn a_renewal_leaves_no_gap_and_no_overlap() {
        let (end, choices) = (date(2031, 2, 28), Choices::default());
        assert_eq!(renewed_from(end, date(2030, 12, 1), &choices), date(2031, 3, 1));
        assert_eq!(renewed_from(end, date(2031, 4, 2), &choices), date(2031, 4, 2));
        let at_once = Choices { renewal_start: RenewalStart::Decision, ..choices };
        assert_eq!(renewed_from(end, date(2030, 12, 1), &at_once), date(2030, 12, 1));
    }
}
