//! §3.4 — when a survey is launched, how old it may be at the audit, when another may start.

use jiff::civil::Date;
use serde::Serialize;

use crate::guide::calendar::add_months;
use crate::guide::choices::{Choices, SurveyFreshness};

/// Months during which a survey stays good before an initial audit (R-3.4-a).
pub const FRESHNESS_MONTHS: i32 = 6;

/// Whether a survey is still good on the first day of an initial audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Freshness {
    /// Closed less than six months before; on the first audit day at the latest.
    Fresh,
    /// Closed exactly six months before. The guide is ambiguous: the reading in force decides, and the body is told.
    OnTheDay {
        /// True under the reading that takes it.
        accepted: bool,
    },
    /// Closed more than six months before.
    TooOld,
    /// Closed after the audit began.
    TooLate,
}

impl Freshness {
    /// Whether the survey may be used.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Freshness::Fresh | Freshness::OnTheDay { accepted: true })
    }
}

/// The day exactly six months before an audit: a survey closed on it is open to discussion (F-06).
#[must_use]
pub fn freshness_bound(first_audit_day: Date) -> Date {
    add_months(first_audit_day, -FRESHNESS_MONTHS)
}

/// R-3.4-a — *enquêtes de moins de six mois*: closed after (audit − 6 months) and not after the first audit day.
///
/// The closing date is the most demanding one the guide allows; the exact day is open (F-06).
#[must_use]
pub fn survey_freshness(closed: Date, first_audit_day: Date, choices: &Choices) -> Freshness {
    let bound = freshness_bound(first_audit_day);
    if closed > first_audit_day {
        Freshness::TooLate
    } else if closed > bound {
        Freshness::Fresh
    } else if closed == bound {
        Freshness::OnTheDay { accepted: choices.survey_freshness == SurveyFreshness::Inclusive }
    } else {
        Freshness::TooOld
    }
}

/// R-3.4-c — *lancement conseillé*: two months before the first audit day; advice, never a fault.
#[must_use]
pub fn launch_advised(first_audit_day: Date) -> Date {
    add_months(first_audit_day, -2)
}

/// R-3.4-f — *nouvelle campagne*: the first day on which the forms may be asked for again after one that fell short.
#[must_use]
pub fn new_campaign_from(closed: Date) -> Date {
    add_months(closed, 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// R-3.4-a
    #[test]
    fn six_months_is_strict_by_default() {
        let audit = date(2027, 3, 1);
        let strict = Choices::default();
        assert_eq!(survey_freshness(date(2026, 9, 2), audit, &strict), Freshness::Fresh);
        let on_the_day = survey_freshness(date(2026, 9, 1), audit, &strict);
        assert_eq!(on_the_day, Freshness::OnTheDay { accepted: false });
        let inclusive = Choices { survey_freshness: SurveyFreshness::Inclusive, ..strict };
        assert!(survey_freshness(date(2026, 9, 1), audit, &inclusive).is_good());
        assert_eq!(survey_freshness(date(2026, 8, 31), audit, &inclusive), Freshness::TooOld);
        assert_eq!(survey_freshness(audit, audit, &strict), Freshness::Fresh);
        assert_eq!(survey_freshness(date(2027, 3, 2), audit, &strict), Freshness::TooLate);
        // The last good audit day for 31 August is 28 February. Adding six months would give another day.
        assert_eq!(survey_freshness(date(2026, 8, 31), date(2027, 2, 28), &strict), Freshness::Fresh);
        assert_eq!(survey_freshness(date(2026, 8, 31), date(2027, 3, 1), &strict), Freshness::TooOld);
    }

    #[test]
    fn a_survey_is_used_when_it_is_fresh_or_taken_on_the_day() {
        let on_the_day = |accepted| Freshness::OnTheDay { accepted };
        assert!([Freshness::Fresh, on_the_day(true)].iter().all(|age| age.is_good()));
        assert!([on_the_day(false), Freshness::TooOld, Freshness::TooLate].iter().all(|age| !age.is_good()));
    }

    /// R-3.4-c, R-3.4-f
    #[test]
    fn two_months_before_and_six_months_after() {
        assert_eq!(launch_advised(date(2027, 4, 30)), date(2027, 2, 28));
        assert_eq!(new_campaign_from(date(2026, 5, 31)), date(2026, 11, 30));
    }
}
