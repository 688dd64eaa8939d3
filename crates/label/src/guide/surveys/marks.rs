//! §3.4.1, 3.4.2 — from the answers to the marks out of 100.
//!
//! Each question has a note (mean of its answers), each engagement a note (mean of its questions), and the mark is the
//! mean of the notes (F-02). A question that nobody answered is left out of the mean and listed in the result.

use serde::Serialize;

use crate::guide::choices::{Choices, SurveyAveraging};
use crate::guide::score::Fraction;

/// How many admissible questionnaires gave each answer to one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerCounts {
    /// Answers worth 0, ¼, ¾ and 1, in that order.
    pub scored: [i64; 4],
    /// *Non concerné / ne se prononce pas*.
    pub not_concerned: i64,
}

impl AnswerCounts {
    fn total(counts: &[AnswerCounts]) -> AnswerCounts {
        counts.iter().fold(AnswerCounts::default(), |sum, one| AnswerCounts {
            scored: std::array::from_fn(|i| sum.scored[i].saturating_add(one.scored[i])),
            not_concerned: sum.not_concerned.saturating_add(one.not_concerned),
        })
    }
}

/// R-3.4.1-h — *cotation des réponses*: 0, 0.25, 0.75 or 1 point, from the worst answer to the best.
#[must_use]
pub fn answer_points() -> [Fraction; 4] {
    [0, 1, 3, 4].map(|quarters| Fraction::from(quarters) / Fraction::from(4))
}

/// R-3.4.1-k — *note d'une question*: mean out of 100 of its answers; *non concerné* neutralises, all of them leave no note.
#[must_use]
pub fn question_note(counts: &AnswerCounts) -> Option<Fraction> {
    let counted = counts.scored.map(Fraction::from);
    let answers: Fraction = counted.iter().cloned().sum();
    let points: Fraction =
        counted.into_iter().zip(answer_points()).map(|(count, points)| count * points).sum();
    (answers > Fraction::from(0)).then(|| points * Fraction::from(100) / answers)
}

/// R-3.4.1-i — *note moyenne par engagement*: mean of its questions' notes; `None` when every question is neutral.
#[must_use]
pub fn engagement_note(questions: &[AnswerCounts], choices: &Choices) -> Option<Fraction> {
    match choices.averaging {
        SurveyAveraging::ByQuestion => {
            Fraction::mean(&questions.iter().filter_map(question_note).collect::<Vec<_>>())
        }
        SurveyAveraging::Pooled => question_note(&AnswerCounts::total(questions)),
    }
}

/// The answers to the users' survey: the questions of each engagement, and the global satisfaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAnswers {
    /// Engagement n at index n − 1, one entry for each of its questions: the guide has two for engagements 1, 2, 3, 4, 5 and 7,
    /// one for 6 and 8.
    pub engagements: [Vec<AnswerCounts>; 8],
    /// The questions of global satisfaction: one in the guide.
    pub satisfaction: Vec<AnswerCounts>,
}

/// A question that nobody answered: its group (1 to 8 the engagements, 9 the satisfaction) and rank, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Neutral {
    /// 1 to 8: that engagement; 9: the satisfaction.
    pub group: usize,
    /// Its place among the questions of the group, from 1.
    pub rank: usize,
}

/// The users' mark, and the notes that it is the mean of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserMarks {
    /// The eight engagements and the satisfaction; `None`: dropped, because nobody answered any of its questions.
    pub notes: [Option<Fraction>; 9],
    /// Out of 100; `None` when nothing was answered.
    pub global: Option<Fraction>,
    /// The questions that nobody answered, in order; they are in no note.
    pub neutral: Vec<Neutral>,
    /// The mark under the other reading of F-02, when it differs.
    pub other_reading: Option<Fraction>,
}

/// R-3.4.1-j — *note globale de l'enquête usagers*: mean of nine notes, so that each engagement weighs the same.
#[must_use]
pub fn user_marks(answers: &UserAnswers, choices: &Choices) -> UserMarks {
    let groups: Vec<&[AnswerCounts]> =
        answers.engagements.iter().chain([&answers.satisfaction]).map(Vec::as_slice).collect();
    let notes_under = |choices: &Choices| -> Vec<Option<Fraction>> {
        groups.iter().map(|questions| engagement_note(questions, choices)).collect()
    };
    let mean =
        |notes: &[Option<Fraction>]| Fraction::mean(&notes.iter().flatten().cloned().collect::<Vec<_>>());
    let mut notes = notes_under(choices);
    let global = mean(&notes);
    let other = mean(&notes_under(&choices.with_other_averaging()));
    let neutral =
        groups.iter().zip(1..).flat_map(|(questions, group)| neutral_in(group, questions)).collect();
    let other_reading = other.filter(|other| Some(other) != global.as_ref());
    UserMarks { notes: std::array::from_fn(|i| notes[i].take()), global, neutral, other_reading }
}

fn neutral_in(group: usize, questions: &[AnswerCounts]) -> Vec<Neutral> {
    let unanswered = questions.iter().zip(1..).filter(|(counts, _)| question_note(counts).is_none());
    unanswered.map(|(_, rank)| Neutral { group, rank }).collect()
}

impl Choices {
    fn with_other_averaging(self) -> Choices {
        let averaging = match self.averaging {
            SurveyAveraging::ByQuestion => SurveyAveraging::Pooled,
            SurveyAveraging::Pooled => SurveyAveraging::ByQuestion,
        };
        Choices { averaging, ..self }
    }
}

/// The staff's mark, and the questions (from 1) that nobody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaffMarks {
    /// Out of 100; `None` when nothing was answered.
    pub global: Option<Fraction>,
    /// The ranks of the questions that nobody answered, in order; they are not in the mark.
    pub neutral: Vec<usize>,
}

/// R-3.4.2-e — *note globale de l'enquête agents*: mean out of 100 of the notes of its eleven questions (F-02).
#[must_use]
pub fn staff_marks(questions: &[AnswerCounts], choices: &Choices) -> StaffMarks {
    let (notes, neutral) = staff_notes(questions);
    let global = match choices.averaging {
        SurveyAveraging::ByQuestion => Fraction::mean(&notes),
        SurveyAveraging::Pooled => question_note(&AnswerCounts::total(questions)),
    };
    StaffMarks { global, neutral }
}

/// R-3.4.2-f — *non concerné* neutralises a staff answer: the notes of the questions that have one, the ranks of the others.
#[must_use]
pub fn staff_notes(questions: &[AnswerCounts]) -> (Vec<Fraction>, Vec<usize>) {
    let neutral = neutral_in(1, questions).into_iter().map(|question| question.rank).collect();
    (questions.iter().filter_map(question_note).collect(), neutral)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(scored: [i64; 4], not_concerned: i64) -> AnswerCounts {
        AnswerCounts { scored, not_concerned }
    }

    fn whole(note: i64) -> Option<Fraction> {
        Some(Fraction::from(note))
    }

    /// R-3.4.1-h, R-3.4.1-k
    #[test]
    fn not_concerned_is_left_out_of_the_mean() {
        assert_eq!(answer_points().map(|points| points.truncated(2)), ["0.00", "0.25", "0.75", "1.00"]);
        assert_eq!(question_note(&counts([0, 0, 8, 12], 80)), whole(90));
        assert_eq!(question_note(&counts([10, 0, 40, 50], 0)), whole(80));
        assert_eq!(question_note(&counts([0, 0, 0, 0], 25)), None);
        assert_eq!(question_note(&counts([1, 1, 1, i64::MAX], 0)).unwrap().truncated(0), "99");
    }

    /// R-3.4.1-i
    #[test]
    fn an_engagement_is_the_mean_of_its_questions_and_not_of_their_answers() {
        let third = [counts([0, 0, 8, 12], 80), counts([20, 0, 40, 40], 0)];
        assert_eq!(engagement_note(&third, &Choices::default()), whole(80));
        let pooled = Choices { averaging: SurveyAveraging::Pooled, ..Choices::default() };
        assert_eq!(engagement_note(&third, &pooled).unwrap().truncated(2), "73.33");
        let half_neutral = [counts([0, 0, 0, 0], 100), counts([20, 0, 40, 40], 0)];
        assert_eq!(engagement_note(&half_neutral, &Choices::default()), whole(70));
    }

    /// R-3.4.1-j
    #[test]
    fn a_neutral_engagement_leaves_a_mean_of_eight() {
        let mut answers = UserAnswers {
            engagements: std::array::from_fn(|_| vec![counts([0, 0, 4, 0], 0)]),
            satisfaction: vec![counts([0, 0, 0, 9], 0)],
        };
        let all = user_marks(&answers, &Choices::default());
        assert_eq!((all.global, all.neutral), (Fraction::new(700, 9), vec![]));
        answers.engagements[4] = vec![counts([0; 4], 4), counts([0; 4], 4)];
        let marks = user_marks(&answers, &Choices::default());
        assert_eq!((marks.global, &marks.notes[4]), (Fraction::new(625, 8), &None));
        assert_eq!(marks.neutral, [Neutral { group: 5, rank: 1 }, Neutral { group: 5, rank: 2 }]);
        assert_eq!(user_marks(&UserAnswers::default(), &Choices::default()).global, None);
    }

    /// F-02
    #[test]
    fn the_other_reading_is_told_when_it_gives_another_mark() {
        let mut answers = UserAnswers::default();
        answers.engagements[2] = vec![counts([0, 0, 8, 12], 80), counts([20, 0, 40, 40], 0)];
        // The two questions have 90 and 70; of all the answers together, 88 points out of 120.
        let (by_question, pooled) = (whole(80), Fraction::new(220, 3));
        let choices = Choices { averaging: SurveyAveraging::Pooled, ..Choices::default() };
        for (choices, global, other) in
            [(Choices::default(), &by_question, &pooled), (choices, &pooled, &by_question)]
        {
            let marks = user_marks(&answers, &choices);
            assert_eq!((&marks.global, &marks.other_reading), (global, other));
        }
        answers.engagements[2].truncate(1);
        assert_eq!(user_marks(&answers, &Choices::default()).other_reading, None);
    }

    /// R-3.4.2-e, R-3.4.2-f
    #[test]
    fn the_staff_mark_drops_a_question_that_concerned_nobody() {
        let mut questions = vec![counts([0, 20, 20, 0], 0); 11];
        questions[0] = counts([0, 40, 0, 0], 0);
        questions[1] = counts([0, 0, 40, 0], 0);
        assert_eq!(staff_marks(&questions, &Choices::default()).global, whole(50));
        questions[1] = counts([0; 4], 40);
        let marks = staff_marks(&questions, &Choices::default());
        assert_eq!((marks.global, marks.neutral), (Fraction::new(475, 10), vec![2]));
        assert_eq!(staff_notes(&questions).0.len(), 10);
    }
}
