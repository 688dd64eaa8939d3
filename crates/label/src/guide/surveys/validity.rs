//! §3.4.1, 3.4.2 — how many admissible questionnaires a survey needs.

use serde::Serialize;

use crate::guide::choices::{Choices, StaffClassBase, UsersInvited};
use crate::guide::score::{Bound, Fraction, ceil_share};
use crate::guide::verdict::Verdict;

/// Admissible answers that a users' survey needs, inclusive (R-3.4.1-g).
pub const MIN_USER_ANSWERS: i64 = 50;
/// Percentage of the people invited that a users' survey needs, inclusive (R-3.4.1-g).
pub const MIN_USER_RATE: i64 = 5;

/// Why a users' survey is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum UserSurveyFault {
    /// Fewer admissible answers than asked for.
    TooFewAnswers {
        /// Admissible answers received.
        admissible: i64,
        /// The fewest that are enough: [`MIN_USER_ANSWERS`].
        required: i64,
    },
    /// A return rate below the one asked for.
    ReturnRate {
        /// Admissible answers divided by people invited: 1/20 is 5 %.
        rate: Fraction,
        /// The lowest good rate: 1/20, which is [`MIN_USER_RATE`] as a fraction.
        required: Fraction,
    },
    /// The number of people invited is 0 or below, so that there is no rate (F-04).
    NobodyInvited,
}

/// *Taux de retour*: admissible answers on people invited; `None` when nobody was. It may pass 1 (F-04).
#[must_use]
pub fn return_rate(admissible: i64, invited: i64) -> Option<Fraction> {
    Fraction::new(admissible, invited).filter(|_| invited > 0)
}

fn percent(percent: i64) -> Fraction {
    Fraction::from(percent) / Fraction::from(100)
}

/// R-3.4.1-g — *validité de l'enquête usagers*: at least 50 admissible answers, and at least 5 % of the people invited.
///
/// Both bounds count (R-X-7). People who answered by QR code were not invited: the number invited is the one the
/// candidate declares (F-04); zero invited is never valid.
#[must_use]
pub fn user_survey(invited: i64, admissible: i64) -> Verdict<UserSurveyFault> {
    let required = percent(MIN_USER_RATE);
    let mut faults = Vec::new();
    if admissible < MIN_USER_ANSWERS {
        faults.push(UserSurveyFault::TooFewAnswers { admissible, required: MIN_USER_ANSWERS });
    }
    match return_rate(admissible, invited) {
        None => faults.push(UserSurveyFault::NobodyInvited),
        Some(rate) if !Bound::AtLeast(required.clone()).holds(&rate) => {
            faults.push(UserSurveyFault::ReturnRate { rate, required });
        }
        Some(_) => {}
    }
    Verdict::from_faults(faults)
}

/// The admissible answers that a users' survey needs: 50, or 5 % of the people invited rounded up when that is more.
#[must_use]
pub fn user_answers_required(invited: i64) -> i64 {
    let share = ceil_share(5, 100, u64::try_from(invited).unwrap_or(0));
    i64::try_from(share).unwrap_or(i64::MAX).max(MIN_USER_ANSWERS)
}

/// F-04 — *usagers sollicités*: those written to, and the others when the reading in force counts them.
#[must_use]
pub fn users_invited(mailed: i64, reached_otherwise: i64, choices: &Choices) -> i64 {
    match choices.users_invited {
        UsersInvited::Mailed => mailed,
        UsersInvited::WithComplements => mailed.saturating_add(reached_otherwise.max(0)),
    }
}

/// The head-count class of a staff survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum StaffClass {
    /// At most 49.
    Below50,
    /// 50 to 300, both inclusive.
    From50To300,
    /// At least 301.
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

/// F-05 — the head-count that gives the class: the staff concerned, or the staff invited.
#[must_use]
pub fn class_head_count(concerned: i64, invited: i64, choices: &Choices) -> i64 {
    match choices.staff_class {
        StaffClassBase::Concerned => concerned,
        StaffClassBase::Invited => invited,
    }
}

/// F-05 — near 50 and 301, one more or one fewer member of staff changes the number of answers asked for, which is told
/// to the candidate.
#[must_use]
pub fn near_a_class_limit(concerned: i64) -> bool {
    (48..=51).contains(&concerned) || (299..=302).contains(&concerned)
}

/// Why a staff survey is not valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum StaffSurveyFault {
    /// A return rate below the one asked for.
    ReturnRate {
        /// Admissible answers divided by staff invited: 1/2 is 50 %.
        rate: Fraction,
        /// The lowest good rate, in percent: 50, 30 or 10 by class.
        required_percent: u64,
    },
    /// Fewer admissible answers than the minimum of the class.
    TooFewAnswers {
        /// Admissible answers received.
        admissible: i64,
        /// The fewest that are enough: 30 or 50 by class.
        required: i64,
    },
    /// The number of staff invited is 0 or below, so that there is no rate.
    NobodyInvited,
}

/// R-3.4.2-d — *taux de retour de l'enquête agents*: a rate on the staff invited, and a minimum, by class of head-count.
#[must_use]
pub fn staff_survey(concerned: i64, invited: i64, admissible: i64) -> Verdict<StaffSurveyFault> {
    let (asked, minimum) = StaffClass::of(concerned).requires();
    let bound = Bound::AtLeast(percent(i64::try_from(asked).unwrap_or(100)));
    let mut faults = Vec::new();
    match return_rate(admissible, invited) {
        None => faults.push(StaffSurveyFault::NobodyInvited),
        Some(rate) if !bound.holds(&rate) => {
            faults.push(StaffSurveyFault::ReturnRate { rate, required_percent: asked });
        }
        Some(_) => {}
    }
    if admissible < minimum {
        faults.push(StaffSurveyFault::TooFewAnswers { admissible, required: minimum });
    }
    Verdict::from_faults(faults)
}

/// The admissible answers that a staff survey needs: max(⌈rate × invited⌉, minimum) (R-3.4.2-d).
#[must_use]
pub fn staff_answers_required(concerned: i64, invited: i64) -> i64 {
    let (percent, minimum) = StaffClass::of(concerned).requires();
    let share = ceil_share(percent, 100, u64::try_from(invited).unwrap_or(0));
    i64::try_from(share).unwrap_or(i64::MAX).max(minimum)
}

/// R-3.4.2-a — *ensemble des agents*: how many of the staff concerned were not invited; the survey goes to all of them.
#[must_use]
pub fn staff_left_out(concerned: i64, invited: i64) -> i64 {
    concerned.saturating_sub(invited).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_that_a_users_survey_needs_are_those_that_make_it_valid() {
        for (invited, required) in [(1, 50), (1000, 50), (1001, 51), (1020, 51), (1021, 52)] {
            assert_eq!(user_answers_required(invited), required, "{invited}");
            assert_eq!(user_survey(invited, required), Verdict::Met, "{invited}");
            assert_ne!(user_survey(invited, required - 1), Verdict::Met, "{invited}");
        }
    }

    /// R-3.4.1-g
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
        assert_eq!(user_survey(40, 60), Verdict::Met);
    }

    #[test]
    fn people_reached_by_a_qr_code_were_not_invited() {
        assert_eq!(users_invited(1000, 200, &Choices::default()), 1000);
        let wide = Choices { users_invited: UsersInvited::WithComplements, ..Choices::default() };
        assert_eq!(users_invited(1000, 200, &wide), 1200);
    }

    /// R-3.4.2-d
    #[test]
    fn staff_answers_required_by_head_count() {
        for (staff, required) in [
            (1, 1),
            (48, 24),
            (49, 25),
            (50, 30),
            (99, 30),
            (100, 30),
            (101, 31),
            (300, 90),
            (301, 50),
            (500, 50),
            (501, 51),
        ] {
            assert_eq!(staff_answers_required(staff, staff), required, "{staff}");
            assert_eq!(staff_survey(staff, staff, required), Verdict::Met, "{staff}");
            assert_ne!(staff_survey(staff, staff, required - 1), Verdict::Met, "{staff}");
        }
        assert_ne!(staff_survey(10, 0, 10), Verdict::Met);
    }

    /// R-3.4.2-a
    #[test]
    fn the_class_is_that_of_the_staff_concerned() {
        assert_eq!(staff_left_out(50, 45), 5);
        assert_eq!(staff_left_out(50, 60), 0);
        assert_eq!(class_head_count(50, 45, &Choices::default()), 50);
        let invited = Choices { staff_class: StaffClassBase::Invited, ..Choices::default() };
        assert_eq!(StaffClass::of(class_head_count(50, 45, &invited)), StaffClass::Below50);
        assert!(near_a_class_limit(49) && near_a_class_limit(301) && !near_a_class_limit(120));
    }
}
