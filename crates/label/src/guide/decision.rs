//! §2.3, 3.8 — *Décision*: what the marks propose, how long the label lasts, when one may apply again.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{add_days, add_months};
use super::choices::{Choices, CountingYear, LastDay, Reapplication};
use super::tiers::{Tier, TierResult};

/// Months of validity (R-2.3-a).
const VALIDITY_MONTHS: i32 = 36;

/// R-2.3-a — *validité de trois ans*: the last valid day, 36 months after the label was obtained, inclusive (F-11).
#[must_use]
pub fn last_valid_day(obtained: Date) -> Date {
    add_months(obtained, VALIDITY_MONTHS)
}

/// F-11 — the last valid day: the one printed on the attestation, else that of the reading in force.
#[must_use]
pub fn last_valid_day_under(obtained: Date, printed: Option<Date>, choices: &Choices) -> Date {
    let end = last_valid_day(obtained);
    printed.unwrap_or(match choices.last_day {
        LastDay::SameDay => end,
        LastDay::DayBefore => add_days(end, -1),
    })
}

/// The decision that the marks allow. The certification body decides, not the program (R-3.8-a).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Proposal {
    /// Grant the label in that tier, the highest whose every threshold is reached.
    Label(Tier),
    /// Refuse: a Bronze threshold is not reached (R-3.8.1-f).
    Reject,
    /// A mark that is needed is not known yet.
    Wait,
}

/// R-3.8.1-f — *candidature rejetée*: when a Bronze threshold is not reached; else the tier that the marks give.
#[must_use]
pub fn proposal(result: &TierResult) -> Proposal {
    match result.tier {
        Some(tier) => Proposal::Label(tier),
        None if !result.limiting.is_empty() => Proposal::Reject,
        None => Proposal::Wait,
    }
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

/// R-3.8.2-c — *nouvelle demande d'un service central après un refus*: the same six months.
#[must_use]
pub fn central_may_reapply_from(refusal_sent: Date, choices: &Choices) -> Date {
    may_reapply_from(refusal_sent, choices)
}

/// F-32 — *labellisés dans l'année en cours*: whether a local's decision counts for the central audit of a year.
///
/// `cycle` is the year from the first local audit to the central's decision, both inclusive.
#[must_use]
pub fn counts_for_the_year(local_decision: Date, cycle: (Date, Date), choices: &Choices) -> bool {
    match choices.counting_year {
        CountingYear::Cycle => (cycle.0..=cycle.1).contains(&local_decision),
        CountingYear::Calendar => local_decision.year() == cycle.1.year() && local_decision <= cycle.1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::score::Fraction;
    use crate::guide::tiers::{LocalMarks, local_tier};
    use jiff::civil::date;

    /// R-2.3-a
    #[test]
    fn three_years_from_a_29th_of_february() {
        let obtained = date(2028, 2, 29);
        assert_eq!(last_valid_day(obtained), date(2031, 2, 28));
        assert_eq!(last_valid_day_under(obtained, None, &Choices::default()), date(2031, 2, 28));
        let eve = Choices { last_day: LastDay::DayBefore, ..Choices::default() };
        assert_eq!(last_valid_day_under(obtained, None, &eve), date(2031, 2, 27));
        assert_eq!(last_valid_day_under(obtained, Some(date(2031, 1, 31)), &eve), date(2031, 1, 31));
    }

    /// R-3.8.1-f
    #[test]
    fn one_mark_below_bronze_is_a_refusal() {
        let fifty = Some(Fraction::from(50));
        let mut marks =
            LocalMarks { engagements: std::array::from_fn(|_| fifty.clone()), ..LocalMarks::default() };
        assert_eq!(proposal(&local_tier(&marks)), Proposal::Wait);
        marks.staff = fifty;
        marks.users = "69.99".parse().ok();
        assert_eq!(proposal(&local_tier(&marks)), Proposal::Reject);
        marks.users = "70".parse().ok();
        assert_eq!(proposal(&local_tier(&marks)), Proposal::Label(Tier::Bronze));
    }

    /// R-3.8.1-g, R-3.8.2-c
    #[test]
    fn six_months_fully_elapsed() {
        let sent = date(2026, 8, 31);
        assert_eq!(may_reapply_from(sent, &Choices::default()), date(2027, 3, 1));
        assert_eq!(central_may_reapply_from(sent, &Choices::default()), date(2027, 3, 1));
        let same_day = Choices { reapplication: Reapplication::SameDay, ..Choices::default() };
        assert_eq!(may_reapply_from(sent, &same_day), date(2027, 2, 28));
    }

    #[test]
    fn the_year_is_that_of_the_cycle() {
        let cycle = (date(2026, 11, 2), date(2027, 4, 30));
        let last_december = date(2026, 12, 15);
        assert!(counts_for_the_year(last_december, cycle, &Choices::default()));
        let calendar = Choices { counting_year: CountingYear::Calendar, ..Choices::default() };
        assert!(!counts_for_the_year(last_december, cycle, &calendar));
        assert!(counts_for_the_year(date(2027, 1, 4), cycle, &calendar));
    }
}
