//! Computes marks from counts, with the functions of the guide.

use crate::case::table::{AnsweredQuestion, CentralGrid, GridPoints, LocalGrid, SurveyTable};
use crate::guide::choices::{Choices, SurveyAveraging};
use crate::guide::grid::{self, LocalPoint, central_points};
use crate::guide::score::Fraction;
use crate::guide::surveys::marks::{AnswerCounts, UserAnswers, staff_marks, staff_notes, user_marks};

/// Notes of questions with fewer answers are not shown, since they could reveal a person's answer.
const SHOWN_FROM: i64 = 5;
/// Largest number of points of one kind on one site. A grid has dozens.
const MAX_POINTS: u32 = 10_000;

impl AnsweredQuestion {
    /// Number of answers given, *non concerné* included.
    pub(super) fn answers(&self) -> i64 {
        self.scored.iter().fold(self.not_concerned, |sum, count| sum.saturating_add(*count))
    }

    fn counts(&self) -> AnswerCounts {
        AnswerCounts { scored: self.scored, not_concerned: self.not_concerned }
    }
}

/// Whether the notes of the questions may be shown: every question has at least [`SHOWN_FROM`] answers.
fn may_show(survey: &SurveyTable) -> bool {
    survey.questions.iter().all(|question| {
        let expressed = question.scored.iter().fold(0_i64, |sum, count| sum.saturating_add(*count));
        expressed == 0 || expressed >= SHOWN_FROM
    })
}

/// R-3.4.1-j: the users' mark, and the notes it is the mean of.
pub(super) fn users(survey: &SurveyTable, choices: &Choices) -> (Option<Fraction>, Vec<Fraction>) {
    let mut answers = UserAnswers::default();
    for question in &survey.questions {
        let group = question.group.checked_sub(1).and_then(|place| answers.engagements.get_mut(place));
        group.unwrap_or(&mut answers.satisfaction).push(question.counts());
    }
    let marks = user_marks(&answers, choices);
    let notes = if may_show(survey) { marks.notes.into_iter().flatten().collect() } else { Vec::new() };
    (marks.global, notes)
}

/// R-3.4.2-e: the staff's mark, and the notes it is the mean of.
pub(super) fn staff(survey: &SurveyTable, choices: &Choices) -> (Option<Fraction>, Vec<Fraction>) {
    let questions: Vec<AnswerCounts> = survey.questions.iter().map(AnsweredQuestion::counts).collect();
    // Under the pooled reading, the mark is not a mean of notes.
    let shown = may_show(survey) && choices.averaging == SurveyAveraging::ByQuestion;
    let notes = if shown { staff_notes(&questions).0 } else { Vec::new() };
    (staff_marks(&questions, choices).global, notes)
}

/// F-01: the score of the engagement, or of the Or criteria, of that rank from 0.
pub(super) fn score(grid: &LocalGrid, rank: usize, choices: &Choices) -> Option<Fraction> {
    let sites: Vec<Vec<Option<LocalPoint>>> =
        grid.sites.iter().filter_map(|site| site.get(rank)).map(control_points).collect();
    grid::score(&sites, choices)
}

fn control_points(points: &GridPoints) -> Vec<Option<LocalPoint>> {
    let times = |count: u32| usize::try_from(count.min(MAX_POINTS)).unwrap_or(0);
    let scored = LocalPoint::ALL.into_iter().zip(points.scored);
    scored.flat_map(|(point, count)| std::iter::repeat_n(Some(point), times(count))).collect()
}

/// R-3.7.2-c: points validated and points checked.
pub(super) fn points(grid: &CentralGrid) -> (i64, i64) {
    let times = |count: u32| usize::try_from(count.min(MAX_POINTS)).unwrap_or(0);
    let all = std::iter::repeat_n(Some(true), times(grid.met));
    let all: Vec<Option<bool>> = all.chain(std::iter::repeat_n(Some(false), times(grid.unmet))).collect();
    let (valid, total) = central_points(&all);
    (i64::try_from(valid).unwrap_or(i64::MAX), i64::try_from(total).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::table::Cells;

    fn survey(questions: Vec<(usize, [i64; 4], i64)>) -> SurveyTable {
        let question = |(group, scored, not_concerned)| AnsweredQuestion {
            label: "Q".to_owned(),
            group,
            found: true,
            scored,
            not_concerned,
            other: 0,
        };
        SurveyTable {
            questions: questions.into_iter().map(question).collect(),
            bad: Cells::default(),
            repeated: Cells::default(),
            unknown_rows: 0,
            unfinished: Cells::default(),
            respondents: None,
            twins: Cells::default(),
            beside: Default::default(),
        }
    }

    #[test]
    fn the_users_mark_is_the_mean_of_nine_notes() {
        let mut questions: Vec<_> = (1..=9).map(|group| (group, [0, 0, 40, 0], 0)).collect();
        questions.push((9, [0, 0, 0, 40], 0));
        let (mark, notes) = users(&survey(questions.clone()), &Choices::default());
        // Eight times 75 and 87.5.
        assert_eq!((mark, notes.len()), (Fraction::new(1375, 18), 9));
        questions[0].1 = [0, 0, 4, 0];
        assert_eq!(
            users(&survey(questions), &Choices::default()).1,
            [],
            "four people are too few to be shown"
        );
        assert_eq!(users(&survey(vec![(1, [0; 4], 9)]), &Choices::default()).0, None);
    }

    #[test]
    fn the_staff_mark_is_the_mean_of_its_questions() {
        let two = survey(vec![(9, [0, 0, 0, 10], 0), (9, [10, 0, 0, 10], 5), (9, [0; 4], 25)]);
        let (mark, notes) = staff(&two, &Choices::default());
        assert_eq!((mark, notes), (Some(Fraction::from(75)), vec![Fraction::from(100), Fraction::from(50)]));
        let pooled = Choices { averaging: SurveyAveraging::Pooled, ..Choices::default() };
        let (mark, notes) = staff(&two, &pooled);
        assert_eq!((mark, notes), (Fraction::new(200, 3), Vec::new()));
    }

    #[test]
    fn absurd_counts_cost_nothing() {
        let mut grid = LocalGrid::default();
        grid.sites.push([GridPoints { scored: [u32::MAX, 0, 0, u32::MAX], not_applicable: u32::MAX }; 9]);
        assert_eq!(score(&grid, 8, &Choices::default()), Some(Fraction::from(50)));
        assert_eq!(score(&grid, 9, &Choices::default()), None);
        let central = CentralGrid { met: 30, unmet: 6, ..CentralGrid::default() };
        assert_eq!(points(&central), (30, 36));
        let huge = survey(vec![(9, [i64::MAX; 4], i64::MAX)]);
        assert_eq!(staff(&huge, &Choices::default()).0, Some(Fraction::from(50)));
    }
}
