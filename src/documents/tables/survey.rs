//! Reads a survey's results in three layouts: counts in a grid of questions and answers, counts in a list, or one row
//! per respondent. A respondent's answers are added to the counts and not stored.

use super::Body;
use super::header::{column, columns, twins};
use super::layout::{Request, SurveyLayout};
use super::text::{Cell, KnownTitles, fold};
use super::totals::sums_up;
use label::case::table::{AnsweredQuestion, Respondents, SurveyTable, TableContent};

/// Index of « not concerned », after the four answers with points.
const NOT_CONCERNED: usize = 4;

enum Shape {
    /// A row per question, a column per answer.
    Grid { question: usize, answers: Vec<(usize, usize)> },
    /// A row per question and answer.
    List { question: usize, answer: usize, count: usize, last: Option<usize>, filled: Vec<[bool; 5]> },
    /// A row per respondent. `questions` beyond the scored ones are about the respondent's profile.
    Respondents { finished: Option<usize>, questions: Vec<(usize, usize)> },
}

struct Survey {
    shape: Shape,
    questions: KnownTitles<usize>,
    answers: KnownTitles<usize>,
    finished: KnownTitles<bool>,
    ignored: KnownTitles<()>,
    /// The folded words of rows that sum up.
    sums: Vec<String>,
    /// Columns with one meaning: the first is read, the other compared with it.
    twins: Vec<(usize, usize)>,
    needed: u32,
    table: SurveyTable,
}

/// The reader of the rows below, when `titles` is the row of titles of a survey.
pub(super) fn body(layout: &SurveyLayout, request: &Request, titles: &[String]) -> Option<Box<dyn Body>> {
    let of = |words: &[String]| column(titles, words);
    let scored = layout.questions.iter().map(|question| question.titles.as_slice());
    let all = scored.chain(layout.profile.iter().map(Vec::as_slice));
    let questions = KnownTitles::new(all.zip(0..));
    let answers = KnownTitles::new(layout.answers.all().into_iter().map(Vec::as_slice).zip(0..));
    let shape = match (of(&layout.question), of(&layout.answer), of(&layout.count)) {
        (Some(question), Some(answer), Some(count)) => {
            let filled = vec![[false; 5]; layout.questions.len()];
            Shape::List { question, answer, count, last: None, filled }
        }
        (Some(question), ..) => {
            let found = columns(titles, |title| answers.exactly(title));
            let every = (0..NOT_CONCERNED).all(|worth| found.iter().any(|(_, other)| *other == worth));
            every.then_some(Shape::Grid { question, answers: found })?
        }
        _ => {
            // Exact titles first, so that « Question 1 » is preferred to « Question 1, commentaire ».
            let mut found = columns(titles, |title| questions.exactly(title));
            let longer = columns(titles, |title| questions.beginning(title));
            let absent = |(_, rank): &(usize, usize)| found.iter().all(|(_, other)| other != rank);
            let longer: Vec<_> = longer.into_iter().filter(absent).collect();
            found.extend(longer);
            let scored = found.iter().filter(|(_, rank)| *rank < layout.questions.len()).count();
            // When half of the questions or more are absent, it is another table; a missing question is reported otherwise.
            (2 * scored > layout.questions.len()).then_some(())?;
            Shape::Respondents { finished: of(&layout.finished), questions: found }
        }
    };
    let twins = match &shape {
        Shape::List { .. } => {
            let counts = KnownTitles::new([(layout.count.as_slice(), ())]);
            twins(titles, |title| counts.exactly(title))
        }
        Shape::Grid { .. } => twins(titles, |title| answers.exactly(title)),
        Shape::Respondents { .. } => twins(titles, |title| questions.exactly(title)),
    };
    let question = |one: &super::layout::QuestionTitles| AnsweredQuestion {
        label: one.titles.first().cloned().unwrap_or_default(),
        group: one.engagement.map_or(9, usize::from),
        found: false,
        scored: [0; 4],
        not_concerned: 0,
        other: 0,
    };
    let mut table = SurveyTable {
        questions: layout.questions.iter().map(question).collect(),
        bad: Default::default(),
        repeated: Default::default(),
        unknown_rows: 0,
        unfinished: Default::default(),
        respondents: None,
        twins: Default::default(),
        beside: Default::default(),
    };
    if let Shape::Respondents { questions, .. } = &shape {
        table.respondents = Some(Respondents { rows: 0, admissible: 0 });
        for (_, rank) in questions {
            if let Some(question) = table.questions.get_mut(*rank) {
                question.found = true;
            }
        }
    }
    Some(Box::new(Survey {
        shape,
        questions,
        answers,
        finished: KnownTitles::new([
            (layout.finished_words.as_slice(), true),
            (layout.unfinished_words.as_slice(), false),
        ]),
        ignored: KnownTitles::new([(layout.ignored.as_slice(), ())]),
        sums: layout.ignored.iter().map(|word| fold(word)).collect(),
        twins,
        needed: request.answers_needed,
        table,
    }))
}

fn cell<'c>(cells: &'c [Cell<'c>], column: usize) -> &'c Cell<'c> {
    cells.get(column).unwrap_or(&Cell::Blank)
}

impl Body for Survey {
    fn row(&mut self, at: u32, cells: &[Cell<'_>]) {
        for (first, other) in &self.twins {
            let (first, second) = (cell(cells, *first), cell(cells, *other));
            if !second.is_blank() && first.folded() != second.folded() {
                self.table.twins.add(at, *other);
            }
        }
        match &self.shape {
            Shape::Grid { question, answers } => {
                let (question, answers) = (*question, answers.clone());
                self.grid_row(at, cells, question, &answers);
            }
            Shape::List { question, answer, count, .. } => {
                let columns = (*question, *answer, *count);
                self.list_row(at, cells, columns);
            }
            Shape::Respondents { finished, questions } => {
                let (finished, questions) = (*finished, questions.clone());
                self.respondent(at, cells, finished, &questions);
            }
        }
    }

    fn finish(self: Box<Self>) -> TableContent {
        TableContent::Survey(self.table)
    }
}

impl Survey {
    fn grid_row(&mut self, at: u32, cells: &[Cell<'_>], question: usize, answers: &[(usize, usize)]) {
        let title = cell(cells, question).folded();
        let known = self.questions.beginning(&title).and_then(|rank| self.table.questions.get_mut(rank));
        let Some(known) = known else {
            self.table.unknown_rows += u32::from(self.ignored.beginning(&title).is_none());
            return;
        };
        if known.found {
            self.table.repeated.add(at, question);
            return;
        }
        known.found = true;
        for (column, answer) in answers {
            match cell(cells, *column).count() {
                Ok(count) => known.add(*answer, count.unwrap_or(0)),
                Err(_) => self.table.bad.add(at, *column),
            }
        }
    }

    fn list_row(&mut self, at: u32, cells: &[Cell<'_>], (question, answer, count): (usize, usize, usize)) {
        let Shape::List { last, filled, .. } = &mut self.shape else { return };
        let title = cell(cells, question).folded();
        if !title.is_empty() {
            *last = self.questions.beginning(&title);
        }
        let given = cell(cells, answer).folded();
        if [&title, &given].into_iter().any(|text| !text.is_empty() && self.ignored.beginning(text).is_some())
        {
            return;
        }
        let known = last.and_then(|rank| Some((self.table.questions.get_mut(rank)?, filled.get_mut(rank)?)));
        let Some((known, filled)) = known else {
            self.table.unknown_rows += 1;
            return;
        };
        known.found = true;
        let number = match cell(cells, count).count() {
            Ok(number) => number.unwrap_or(0),
            Err(_) => return self.table.bad.add(at, count),
        };
        match self.answers.exactly(&given).and_then(|rank| Some((rank, filled.get_mut(rank)?))) {
            Some((_, true)) => self.table.repeated.add(at, answer),
            Some((rank, filled)) => {
                *filled = true;
                known.add(rank, number);
            }
            // A row with only the title of a question: no answer and no number.
            None if given.is_empty() && number == 0 => {}
            None => known.other = known.other.saturating_add(number.max(1)),
        }
    }

    /// R-3.4.1-f: counts the answers of one row if the questionnaire is admissible.
    fn respondent(
        &mut self,
        at: u32,
        cells: &[Cell<'_>],
        finished: Option<usize>,
        questions: &[(usize, usize)],
    ) {
        // A row of means or totals beneath the answers is no respondent.
        let first = cells.iter().find(|cell| !cell.is_blank()).map(Cell::folded).unwrap_or_default();
        if sums_up(&first, &self.sums) {
            return;
        }
        let mut given: Vec<(usize, usize)> = Vec::new();
        let mut expressed = 0;
        let mut blank = true;
        for (column, rank) in questions {
            let cell = cell(cells, *column);
            if cell.is_blank() {
                continue;
            }
            blank = false;
            let Some(question) = self.table.questions.get_mut(*rank) else {
                // An answer about the profile is any text; it only counts as expressed.
                expressed += 1;
                continue;
            };
            match self.answers.exactly(&cell.folded()) {
                Some(answer) => {
                    expressed += u32::from(answer != NOT_CONCERNED);
                    given.push((*rank, answer));
                }
                None => question.other = question.other.saturating_add(1),
            }
        }
        let Some(respondents) = self.table.respondents.as_mut().filter(|_| !blank) else { return };
        respondents.rows += 1;
        let done = match finished.map(|column| (column, cell(cells, column))) {
            None => true,
            Some((_, cell)) if cell.is_blank() => false,
            Some((column, cell)) => match self.finished.exactly(&cell.folded()) {
                Some(done) => done,
                None => {
                    self.table.unfinished.add(at, column);
                    if let Some(word) = cell.short_word() {
                        self.table.unfinished.word(word);
                    }
                    false
                }
            },
        };
        if done && expressed >= self.needed {
            respondents.admissible += 1;
            for (rank, answer) in given {
                if let Some(question) = self.table.questions.get_mut(rank) {
                    question.add(answer, 1);
                }
            }
        }
    }
}
