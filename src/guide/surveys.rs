//! §3.4 — *Réalisation des enquêtes usagers et agents*.

use jiff::civil::Date;
use serde::Serialize;

use super::Verdict;
use super::calendar::add_months;
use super::choices::{Choices, SurveyFreshness};
use super::score::{Fraction, ceil_share};

/// Admissible answers that a users' survey needs, inclusive (R-3.4.1-g).
pub const MIN_USER_ANSWERS: i64 = 50;
/// Months during which a survey stays good before an initial audit (R-3.4-a).
pub const FRESHNESS_MONTHS: i32 = 6;

/// Why a users' survey is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum UserSurveyFault {
    TooFewAnswers { admissible: i64, required: i64 },
    ReturnRate { rate: Fraction, required: Fraction },
    NobodyInvited,
}

/// R-3.4.1-g — *validité de l'enquête usagers*: at least 50 admissible answers, and at least 5 % of the people invited.
///
/// Both bounds count (R-X-7). People who answered by QR code were not invited: the number invited is the one the
/// candidate declares (F-04); zero invited is never valid.
#[must_use]
pub fn user_survey(invited: i64, admissible: i64) -> Verdict<UserSurveyFault> {
    let required = Fraction::new(5, 100).unwrap_or_else(|| Fraction::from(0));
    let mut faults = Vec::new();
    if admissible < MIN_USER_ANSWERS {
        faults.push(UserSurveyFault::TooFewAnswers { admissible, required: MIN_USER_ANSWERS });
    }
    match Fraction::new(admissible, invited).filter(|_| invited > 0) {
        None => faults.push(UserSurveyFault::NobodyInvited),
        Some(rate) if rate < required => faults.push(UserSurveyFault::ReturnRate { rate, required }),
        Some(_) => {}
    }
    Verdict::from_faults(faults)
}

/// The head-count class of a staff survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum StaffClass {
    Below50,
    From50To300,
    Above300,
}

impl StaffClass {
    /// Classes on the staff *concerned*, not on the staff invited (F-05). 50 and 300 belong to the middle class.
    #[must_use]
    pub fn of(concerned: i64) -> StaffClass {
        match concerned {
            ..50 => StaffClass::Below50,
            50..=300 => StaffClass::From50To300,
            301.. => StaffClass::Above300,
        }
    }

    /// The return rate in percent and the number of admissible answers asked for, both inclusive.
    #[must_use]
    pub fn requires(self) -> (u64, i64) {
        match self {
            StaffClass::Below50 => (50, 0),
            StaffClass::From50To300 => (30, 30),
            StaffClass::Above300 => (10, 50),
        }
    }
}

/// Why a staff survey is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum StaffSurveyFault {
    ReturnRate { rate: Fraction, required_percent: u64 },
    TooFewAnswers { admissible: i64, required: i64 },
    NobodyInvited,
}

/// R-3.4.2-d — *taux de retour de l'enquête agents*: a rate on the staff invited, and a minimum, by class of head-count.
#[must_use]
pub fn staff_survey(concerned: i64, invited: i64, admissible: i64) -> Verdict<StaffSurveyFault> {
    let (percent, minimum) = StaffClass::of(concerned).requires();
    let asked = Fraction::new(i64::try_from(percent).unwrap_or(100), 100);
    let mut faults = Vec::new();
    match (Fraction::new(admissible, invited).filter(|_| invited > 0), asked) {
        (Some(rate), Some(asked)) if rate < asked => {
            faults.push(StaffSurveyFault::ReturnRate { rate, required_percent: percent });
        }
        (Some(_), _) => {}
        (None, _) => faults.push(StaffSurveyFault::NobodyInvited),
    }
    if admissible < minimum {
        faults.push(StaffSurveyFault::TooFewAnswers { admissible, required: minimum });
    }
    Verdict::from_faults(faults)
}

/// R-3.4.2-d — the admissible answers that a staff survey needs: max(⌈rate × invited⌉, minimum).
#[must_use]
pub fn staff_answers_required(concerned: i64, invited: i64) -> i64 {
    let (percent, minimum) = StaffClass::of(concerned).requires();
    let share = ceil_share(percent, 100, u64::try_from(invited).unwrap_or(0));
    i64::try_from(share).unwrap_or(i64::MAX).max(minimum)
}

/// Whether a survey is still good on the first day of an initial audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Freshness {
    Fresh,
    /// Closed exactly six months before: the guide says both things; the reading in force decides, the body is told.
    OnTheDay {
        accepted: bool,
    },
    TooOld,
    /// Closed after the audit began.
    TooLate,
}

/// R-3.4-a — *enquêtes de moins de six mois*: closed after (audit − 6 months) and not after the first audit day.
///
/// The closing date is the most demanding one the guide allows; the exact day is open (F-06).
#[must_use]
pub fn survey_freshness(closed: Date, first_audit_day: Date, choices: &Choices) -> Freshness {
    let bound = add_months(first_audit_day, -FRESHNESS_MONTHS);
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

/// R-3.4-f — the first day on which the survey forms may be asked for again after a campaign that fell short.
#[must_use]
pub fn new_campaign_from(closed: Date) -> Date {
    add_months(closed, 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn fifty_answers_and_five_percent_both_count() {
        assert_eq!(user_survey(1000, 50), Verdict::Met);
        assert!(
            matches!(user_survey(1001, 50), Verdict::NotMet(f) if matches!(f[..], [UserSurveyFault::ReturnRate { .. }]))
        );
        assert!(
            matches!(user_survey(400, 49), Verdict::NotMet(f) if matches!(f[..], [UserSurveyFault::TooFewAnswers { .. }]))
        );
        assert!(matches!(user_survey(0, 60), Verdict::NotMet(f) if f == [UserSurveyFault::NobodyInvited]));
    }

    #[test]
    fn staff_answers_required_by_head_count() {
        for (staff, required) in
            [(1, 1), (48, 24), (49, 25), (50, 30), (99, 30), (101, 31), (300, 90), (301, 50), (501, 51)]
        {
            assert_eq!(staff_answers_required(staff, staff), required, "{staff}");
            assert_eq!(staff_survey(staff, staff, required), Verdict::Met, "{staff}");
            assert_ne!(staff_survey(staff, staff, required - 1), Verdict::Met, "{staff}");
        }
    }

    #[test]
    fn six_months_is_strict_by_default() {
        let audit = date(2027, 3, 1);
        let strict = Choices::default();
        assert_eq!(survey_freshness(date(2026, 9, 2), audit, &strict), Freshness::Fresh);
        assert_eq!(
            survey_freshness(date(2026, 9, 1), audit, &strict),
            Freshness::OnTheDay { accepted: false }
        );
        let inclusive = Choices { survey_freshness: SurveyFreshness::Inclusive, ..strict };
        assert_eq!(
            survey_freshness(date(2026, 9, 1), audit, &inclusive),
            Freshness::OnTheDay { accepted: true }
        );
        assert_eq!(survey_freshness(date(2026, 8, 31), audit, &inclusive), Freshness::TooOld);
        assert_eq!(survey_freshness(date(2027, 3, 2), audit, &strict), Freshness::TooLate);
        // The last good audit day for 31 August is 28 February: found with the predicate, not by adding months.
        assert_eq!(survey_freshness(date(2026, 8, 31), date(2027, 2, 28), &strict), Freshness::Fresh);
        assert_eq!(survey_freshness(date(2026, 8, 31), date(2027, 3, 1), &strict), Freshness::TooOld);
    }
}
