//! §3.4.1, 3.4.2 — *questionnaires recevables*.

use crate::guide::choices::{Choices, QuestionBase};
use crate::guide::score::{Bound, Fraction};

/// Scored questions of the users' questionnaire: six engagements of two, two of one, and the global satisfaction.
pub const USER_QUESTIONS: u32 = 15;
/// Scored questions of the staff's questionnaire.
pub const STAFF_QUESTIONS: u32 = 11;

/// Questions put to a respondent, and those that got an answer other than *non concerné*; a blank is no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Questions put.
    pub asked: u32,
    /// Those of them answered otherwise than *non concerné*; not checked against `asked`.
    pub expressed: u32,
}

/// One respondent's questionnaire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Questionnaire {
    /// The respondent went to its end; if not, it is never *recevable*.
    pub finished: bool,
    /// Questions that give a mark.
    pub scored: Questions,
    /// Questions on the respondent, without a mark; they count only under the wide reading of F-03.
    pub profile: Questions,
}

/// R-3.4.1-f — *questionnaire recevable*: finished, and more than half of its questions answered.
///
/// *Non concerné / ne se prononce pas* is no answer. Strict (R-X-7): 8 of 15, not 7.5; which questions is open (F-03).
#[must_use]
pub fn admissible(questionnaire: &Questionnaire, choices: &Choices) -> bool {
    let Questionnaire { finished, scored, profile } = *questionnaire;
    let (asked, expressed) = match choices.question_base {
        QuestionBase::Scored => (i64::from(scored.asked), i64::from(scored.expressed)),
        QuestionBase::All => (
            i64::from(scored.asked) + i64::from(profile.asked),
            i64::from(scored.expressed) + i64::from(profile.expressed),
        ),
    };
    let half = Fraction::new(asked, 2).map(Bound::MoreThan);
    finished && half.is_some_and(|half| half.holds(&Fraction::from(expressed)))
}

/// R-3.4.2-c — *questionnaire recevable* of staff: the same test on its eleven questions.
#[must_use]
pub fn staff_admissible(finished: bool, expressed: u32) -> bool {
    let scored = Questions { asked: STAFF_QUESTIONS, expressed };
    let questionnaire = Questionnaire { finished, scored, profile: Questions::default() };
    admissible(&questionnaire, &Choices::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(expressed: u32, finished: bool) -> Questionnaire {
        let scored = Questions { asked: USER_QUESTIONS, expressed };
        Questionnaire { finished, scored, profile: Questions::default() }
    }

    /// R-3.4.1-f, R-3.4.2-c
    #[test]
    fn more_than_half_of_the_questions() {
        let choices = Choices::default();
        assert!(admissible(&users(8, true), &choices));
        assert!(!admissible(&users(7, true), &choices));
        assert!(!admissible(&users(15, false), &choices));
        assert!(staff_admissible(true, 6) && !staff_admissible(true, 5) && !staff_admissible(false, 11));
        let even = Questionnaire { scored: Questions { asked: 10, expressed: 5 }, ..users(0, true) };
        assert!(!admissible(&even, &choices));
        assert!(!admissible(&Questionnaire { finished: true, ..Questionnaire::default() }, &choices));
    }

    #[test]
    fn the_profile_counts_under_the_wide_reading_only() {
        let profile = Questions { asked: 5, expressed: 5 };
        let seven_and_profile = Questionnaire { profile, ..users(7, true) };
        assert!(!admissible(&seven_and_profile, &Choices::default()));
        let all = Choices { question_base: QuestionBase::All, ..Choices::default() };
        assert!(admissible(&seven_and_profile, &all));
        // Of twenty questions, ten are no more than half.
        let told = |scored: u32, expressed: u32| {
            let profile = Questions { asked: 5, expressed };
            admissible(&Questionnaire { profile, ..users(scored, true) }, &all)
        };
        assert_eq!([told(8, 0), told(7, 2), told(7, 3), told(8, 3)], [false, false, false, true]);
    }
}
