//! The tables of one dossier: each gives findings that compare marks, or a finding that says why it cannot be used.

use super::arithmetic;
use super::outcome::{Mark, Recount, TableDoubt, level};
use crate::case::beside::Beside;
use crate::case::grid_points::{AgainstEdition, in_force};
use crate::case::inspection::FileFault;
use crate::case::keys::Key;
use crate::case::table::{Cells, CentralGrid, LocalGrid, SurveyTable, TableContent, TableKind, TableReading};
use crate::guide::score::Fraction;
use crate::guide::tiers::Criterion;
use crate::judge::examiner::Examiner;
use crate::judge::finding::{Level, What};

/// The rules of a kind of table: that of the mark, that of admissible questionnaires, and their section.
fn rules(kind: TableKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        TableKind::EnqueteUsagers => ("R-3.4.1-j", "R-3.4.1-f", "3.4.1"),
        TableKind::EnqueteAgents => ("R-3.4.2-e", "R-3.4.2-c", "3.4.2"),
        TableKind::GrilleLocal => ("R-3.7.1-d", "R-3.7.1-d", "3.7.1"),
        TableKind::GrilleCentral => ("R-3.7.2-c", "R-3.7.2-c", "3.7.2"),
    }
}

impl Examiner<'_> {
    /// The tables among this dossier's files.
    pub(crate) fn recount(&mut self) {
        for key in [Key::EnqueteUsagersRapport, Key::EnqueteAgentsRapport, Key::GrilleAudit] {
            let Some(kind) = TableKind::expected(self.facts, key) else { continue };
            for file in self.facts.files(key) {
                let Some(table) = self.tables.get(&(file.checksum.clone(), kind)) else { continue };
                // A fault of the file itself has its own finding; one under another name may still be read.
                let fault = self.inspections.of(file).map(|found| found.fault);
                let unread = matches!(table.content, TableContent::Unread(_));
                let misnamed = matches!(fault, Some(Some(FileFault::OtherMedia { .. })));
                if fault == Some(None) || (misnamed && !unread) {
                    self.one_table(table, &file.name);
                }
            }
        }
    }

    fn told(&mut self, kind: TableKind, level: Level, recount: Recount) {
        let (mark, admissible, section) = rules(kind);
        let rule = match recount {
            Recount::Admissible { .. } | Recount::TooManyAnswers { .. } => admissible,
            _ => mark,
        };
        self.add(rule, section, level, What::Recount(recount));
    }

    fn one_table(&mut self, table: &TableReading, name: &str) {
        let (kind, name) = (table.kind, name.to_owned());
        let doubts = match &table.content {
            TableContent::NotATable => return,
            TableContent::Unread(fault) => {
                let unread = Recount::Unread { kind, name, fault: *fault };
                return self.told(kind, Level::ToCheck, unread);
            }
            TableContent::Survey(survey) => survey_doubts(survey),
            TableContent::LocalGrid(grid) => {
                let own = column_doubts(&grid.beside, &grid.pointless);
                [own, self.grid_doubts(&grid.bad, &grid.blank, &grid.editions)].concat()
            }
            TableContent::CentralGrid(grid) => {
                let own = column_doubts(&grid.beside, &grid.pointless);
                [own, self.grid_doubts(&grid.bad, &grid.blank, &grid.editions)].concat()
            }
        };
        self.beside(&table.content, kind);
        if !doubts.is_empty() {
            return self.told(kind, Level::ToCheck, Recount::Doubtful { kind, name, doubts });
        }
        let done = match &table.content {
            TableContent::Survey(survey) => self.survey(kind, survey),
            TableContent::LocalGrid(grid) => self.local_grid(grid),
            TableContent::CentralGrid(grid) => self.central_grid(grid),
            TableContent::NotATable | TableContent::Unread(_) => true,
        };
        if !done {
            let doubts = vec![TableDoubt::Empty];
            self.told(kind, Level::ToCheck, Recount::Doubtful { kind, name, doubts });
        }
    }

    /// False when nobody answered anything.
    fn survey(&mut self, kind: TableKind, survey: &SurveyTable) -> bool {
        let choices = &self.frame.choices;
        let (criterion, admissible_key, (recounted, mean_of)) = match kind {
            TableKind::EnqueteUsagers => {
                (Criterion::UserSurvey, Key::UsagersRecevables, arithmetic::users(survey, choices))
            }
            _ => (Criterion::StaffSurvey, Key::AgentsRecevables, arithmetic::staff(survey, choices)),
        };
        let Some(recounted) = recounted else { return false };
        let mark = self.mark(criterion, recounted, mean_of);
        self.told(kind, mark.level(), Recount::Mark(mark));
        let declared = self.facts.count(admissible_key);
        if let Some(respondents) = survey.respondents {
            let (rows, counted) = (respondents.rows, respondents.admissible);
            let level = level(declared.map(|declared| declared == counted));
            self.told(kind, level, Recount::Admissible { key: admissible_key, rows, counted, declared });
        } else if let Some(admissible) = declared {
            let most = survey.questions.iter().max_by_key(|question| question.answers());
            if let Some(question) = most.filter(|question| question.answers() > admissible) {
                let (answers, question) = (question.answers(), question.label.clone());
                let many = Recount::TooManyAnswers { question, answers, key: admissible_key, admissible };
                self.told(kind, Level::ToCheck, many);
            }
        }
        self.other_lines(kind, survey.unknown_rows);
        true
    }

    fn other_lines(&mut self, kind: TableKind, lines: u32) {
        // A survey may have more questions than the label asks for, but a control point of a grid must not be left out.
        let level = if kind == TableKind::GrilleLocal { Level::ToCheck } else { Level::Unknown };
        if lines > 0 {
            self.told(kind, level, Recount::OtherLines { kind, lines });
        }
    }

    fn left_aside(&mut self, kind: TableKind, lines: u32) {
        if lines > 0 {
            self.told(kind, Level::Unknown, Recount::LeftAside { kind, lines });
        }
    }

    /// What the reader left aside, and what the file hides.
    fn beside(&mut self, content: &TableContent, kind: TableKind) {
        let beside = match content {
            TableContent::Survey(table) => &table.beside,
            TableContent::LocalGrid(table) => &table.beside,
            TableContent::CentralGrid(table) => &table.beside,
            TableContent::NotATable | TableContent::Unread(_) => return,
        };
        if beside.hides() {
            let (rows, columns) = (beside.hidden_rows.clone(), beside.hidden_columns.clone());
            self.told(kind, Level::ToCheck, Recount::Hidden { kind, rows, columns });
        }
        if beside.leaves_aside() {
            let level = if beside.under.count > 0 { Level::ToCheck } else { Level::Unknown };
            self.told(kind, level, Recount::Beside { kind, beside: Box::new(beside.clone()) });
        }
    }

    /// F-01. False when no point applies.
    fn local_grid(&mut self, grid: &LocalGrid) -> bool {
        let (mut alike, mut undeclared) = (Vec::new(), Vec::new());
        let mut any = false;
        for (rank, criterion) in Criterion::all().take(9).enumerate() {
            let Some(recounted) = arithmetic::score(grid, rank, &self.frame.choices) else { continue };
            let mark = self.mark(criterion, recounted, Vec::new());
            match (mark.agrees(), &mark.declared) {
                (_, None) => undeclared.push(mark),
                (true, Some(_)) => alike.push(mark),
                (false, Some(_)) => {
                    any = true;
                    self.told(TableKind::GrilleLocal, Level::ToCheck, Recount::Mark(mark));
                }
            }
        }
        for (marks, declared, level) in [(alike, true, Level::Ok), (undeclared, false, Level::Unknown)] {
            if !marks.is_empty() {
                any = true;
                self.told(TableKind::GrilleLocal, level, Recount::Scores { marks, declared });
            }
        }
        if any {
            self.other_lines(TableKind::GrilleLocal, grid.unknown_rows);
            self.left_aside(TableKind::GrilleLocal, grid.left_aside);
        }
        any
    }

    /// False when no point was checked.
    fn central_grid(&mut self, grid: &CentralGrid) -> bool {
        let counted = arithmetic::points(grid);
        let declared = (self.facts.count(Key::PointsValides), self.facts.count(Key::PointsTotal));
        let same = match declared {
            (None, None) => None,
            (valid, total) => Some(
                valid.is_none_or(|valid| valid == counted.0) && total.is_none_or(|total| total == counted.1),
            ),
        };
        if counted.1 > 0 {
            self.told(TableKind::GrilleCentral, level(same), Recount::Points { counted, declared });
            self.left_aside(TableKind::GrilleCentral, grid.left_aside);
        }
        counted.1 > 0
    }

    /// R-3.7.1-d, R-3.7.2-c. Before the audit has a day, its grid is not compared with an edition.
    fn grid_doubts(&self, bad: &Cells, blank: &Cells, editions: &[AgainstEdition]) -> Vec<TableDoubt> {
        let mut doubts = Vec::new();
        if bad.count > 0 {
            doubts.push(TableDoubt::UnknownNotes(bad.clone()));
        }
        if blank.count > 0 {
            doubts.push(TableDoubt::NoNote(blank.clone()));
        }
        let edition = self.facts.date(Key::AuditDebut).and_then(|audited| in_force(editions, audited));
        if let Some(edition) = edition.filter(|edition| !edition.gaps.is_empty()) {
            let (edition, gaps) = (edition.name.clone(), edition.gaps.clone());
            doubts.push(TableDoubt::OtherPoints { edition, gaps });
        }
        doubts
    }

    fn mark(&self, criterion: Criterion, recounted: Fraction, mean_of: Vec<Fraction>) -> Mark {
        let key = declared_in(criterion);
        let declared = self.facts.mark(key);
        let tiers = declared.as_ref().map(|declared| (criterion.tier(declared), criterion.tier(&recounted)));
        let tiers = tiers.filter(|(declared, recounted)| declared != recounted);
        Mark { key, recounted, declared, mean_of, tiers }
    }
}

/// The field that declares a criterion's mark.
fn declared_in(criterion: Criterion) -> Key {
    match criterion {
        Criterion::Engagement(1) => Key::ScoreE1,
        Criterion::Engagement(2) => Key::ScoreE2,
        Criterion::Engagement(3) => Key::ScoreE3,
        Criterion::Engagement(4) => Key::ScoreE4,
        Criterion::Engagement(5) => Key::ScoreE5,
        Criterion::Engagement(6) => Key::ScoreE6,
        Criterion::Engagement(7) => Key::ScoreE7,
        Criterion::Engagement(_) => Key::ScoreE8,
        Criterion::OrCriteria => Key::ScoreOr,
        Criterion::StaffSurvey => Key::NoteAgents,
        Criterion::UserSurvey => Key::NoteUsagers,
    }
}

fn column_doubts(beside: &Beside, pointless: &Cells) -> Vec<TableDoubt> {
    let mut doubts = Vec::new();
    if beside.is_undecided() {
        doubts.push(TableDoubt::NoteColumns(beside.columns.clone()));
    }
    if pointless.count > 0 {
        doubts.push(TableDoubt::NoPoint(pointless.clone()));
    }
    doubts
}

fn survey_doubts(survey: &SurveyTable) -> Vec<TableDoubt> {
    let mut doubts = Vec::new();
    if survey.twins.count > 0 {
        doubts.push(TableDoubt::TwinColumns(survey.twins.clone()));
    }
    if survey.bad.count > 0 {
        doubts.push(TableDoubt::NotNumbers(survey.bad.clone()));
    }
    if survey.unfinished.count > 0 {
        doubts.push(TableDoubt::Unfinished(survey.unfinished.clone()));
    }
    if survey.repeated.count > 0 {
        doubts.push(TableDoubt::Twice(survey.repeated.clone()));
    }
    let missing = survey.questions.iter().filter(|question| !question.found);
    let missing: Vec<String> = missing.map(|question| question.label.clone()).collect();
    if !missing.is_empty() {
        doubts.push(TableDoubt::MissingQuestions(missing));
    }
    // Only the first such question is reported.
    if let Some(question) = survey.questions.iter().find(|question| question.other > 0) {
        let (question, answers) = (question.label.clone(), question.other);
        doubts.push(TableDoubt::UnknownAnswers { question, answers });
    }
    doubts
}
