//! Cases of §3.4: admissible questionnaires, validity and marks of both surveys.

use crate::conformance::input::{Fault, Field};
use crate::conformance::result::Found;
use crate::guide::Verdict;
use crate::guide::choices::Choices;
use crate::guide::score::Fraction;
use crate::guide::surveys::marks::{AnswerCounts, Neutral, UserAnswers, staff_marks, user_marks};
use crate::guide::surveys::questionnaires::{Questionnaire, Questions, admissible};
use crate::guide::surveys::validity::{
    StaffClass, StaffSurveyFault, UserSurveyFault, class_head_count, return_rate, staff_answers_required,
    staff_left_out, staff_survey, user_survey,
};
use crate::guide::tiers::Criterion;

/// The keys of answer counts, in the order of their points.
const ANSWERS: [&str; 4] = ["0", "0.25", "0.75", "1"];
const NOT_CONCERNED: &str = "nc";
const SATISFACTION: &str = "satisfaction";

pub fn admissibility(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let one = |field: &Field<'_>| {
        let asked = field.at("questions").count_up_to(u32::MAX)?;
        let expressed = field.at("reponses_exprimees").count_up_to(u32::MAX)?;
        let scored = Questions { asked, expressed };
        let finished = field.at("termine").flag()?;
        let questionnaire = Questionnaire { finished, scored, profile: Questions::default() };
        Ok(Found::fields([("recevable", Found::Flag(admissible(&questionnaire, choices)))]))
    };
    input.at("questionnaires").list()?.iter().map(one).collect::<Result<_, _>>().map(Found::List)
}

pub fn user_validity(input: &Field<'_>, _: &Choices) -> Result<Found, Fault> {
    let one = |field: &Field<'_>| {
        let answers = field.at("recevables").count()?;
        // F-04: a number of people invited that is stated as unknown (null) is never valid, like zero.
        let stated = field.at("sollicites");
        let invited = if stated.is_null() { 0 } else { stated.count()? };
        let code = |fault: &UserSurveyFault| match fault {
            UserSurveyFault::TooFewAnswers { .. } => "minimum_50",
            UserSurveyFault::ReturnRate { .. } | UserSurveyFault::NobodyInvited => "taux_5",
        };
        let (valid, reasons) = verdict(&user_survey(invited, answers), code);
        Ok(Found::fields([
            ("taux", Found::maybe(return_rate(answers, invited))),
            ("valide", valid),
            ("motifs", reasons),
            ("alertes", Found::codes(more_answers_than_invited(answers, invited)).extra()),
        ]))
    };
    input.at("enquetes").list()?.iter().map(one).collect::<Result<_, _>>().map(Found::List)
}

pub fn staff_validity(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let concerned = input.at("agents_concernes").count()?;
    let answers = input.at("recevables").count()?;
    let given = input.at("agents_sollicites").optional().or_else(|| input.at("sollicites").optional());
    let invited = given.map_or(Ok(concerned), |field| field.count())?;
    let head_count = class_head_count(concerned, invited, choices);
    let class = match StaffClass::of(head_count) {
        StaffClass::Below50 => "moins_de_50",
        StaffClass::From50To300 => "50_a_300",
        StaffClass::Above300 => "plus_de_300",
    };
    let code = |fault: &StaffSurveyFault| match fault {
        StaffSurveyFault::TooFewAnswers { .. } => "minimum",
        StaffSurveyFault::ReturnRate { .. } | StaffSurveyFault::NobodyInvited => "taux",
    };
    let (valid, reasons) = verdict(&staff_survey(head_count, invited, answers), code);
    let left_out = (staff_left_out(concerned, invited) > 0).then_some("sollicites_inferieurs_aux_concernes");
    let required = staff_answers_required(head_count, invited).unsigned_abs();
    Ok(Found::fields([
        ("tranche", Found::Words(class.to_owned())),
        ("recevables_requis", Found::Count(required)),
        ("taux", Found::maybe(return_rate(answers, invited))),
        ("valide", valid),
        ("motifs", reasons),
        ("alertes", Found::codes(left_out.into_iter().chain(more_answers_than_invited(answers, invited)))),
    ]))
}

fn more_answers_than_invited(answers: i64, invited: i64) -> Option<&'static str> {
    (invited > 0 && answers > invited).then_some("taux_superieur_a_100")
}

fn verdict<R>(verdict: &Verdict<R>, code: impl Fn(&R) -> &'static str) -> (Found, Found) {
    match verdict {
        Verdict::Met => (Found::Flag(true), Found::Set(Vec::new())),
        Verdict::NotMet(faults) => (Found::Flag(false), Found::codes(faults.iter().map(code))),
    }
}

pub fn user_mark(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let questions = input.at("questions");
    let groups: Vec<String> = (1..=8).map(|n| n.to_string()).chain([SATISFACTION.to_owned()]).collect();
    if let Some(unknown) = questions.object()?.keys().find(|key| !groups.contains(key)) {
        return Err(questions.at(unknown).fault("engagement de 1 à 8 ou « satisfaction » attendu"));
    }
    let mut answers = UserAnswers::default();
    let slots = answers.engagements.iter_mut().chain([&mut answers.satisfaction]);
    for (slot, group) in slots.zip(&groups) {
        *slot = all_counts(&questions.at(group))?;
    }
    let sizes: Vec<usize> = answers.engagements.iter().chain([&answers.satisfaction]).map(Vec::len).collect();
    let marks = user_marks(&answers, choices);
    let neutral = marks.neutral.iter().filter_map(|Neutral { group, rank }| {
        let place = group.checked_sub(1)?;
        let (name, size) = groups.get(place).zip(sizes.get(place))?;
        Some(Found::Question { group: name.clone(), rank: *rank, alone: *size == 1 })
    });
    let neutral = Found::Set(neutral.collect());
    let notes = groups.iter().cloned().zip(marks.notes.into_iter().map(Found::maybe)).collect();
    let mut fields = vec![("notes".to_owned(), Found::Fields(notes))];
    fields.extend(global(marks.global, Criterion::UserSurvey));
    fields.push(("questions_neutralisees".to_owned(), neutral));
    Ok(Found::Fields(fields))
}

pub fn staff_mark(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let marks = staff_marks(&all_counts(&input.at("questions"))?, choices);
    let question = |rank: &usize| Found::Question { group: String::new(), rank: *rank, alone: true };
    let mut fields = global(marks.global, Criterion::StaffSurvey);
    let neutral = Found::Set(marks.neutral.iter().map(question).collect());
    fields.push(("questions_neutralisees".to_owned(), neutral));
    Ok(Found::Fields(fields))
}

/// A mark, as it is displayed, and the tier that it allows by itself.
fn global(mark: Option<Fraction>, criterion: Criterion) -> Vec<(String, Found)> {
    let shown = mark.as_ref().map_or(Found::Nothing, |mark| Found::Words(mark.truncated(2)));
    let tier = Found::Tier(mark.as_ref().and_then(|mark| criterion.tier(mark)));
    vec![
        ("note_globale".to_owned(), Found::maybe(mark)),
        ("affichage".to_owned(), shown),
        ("palier_composante".to_owned(), tier),
    ]
}

fn all_counts(questions: &Field<'_>) -> Result<Vec<AnswerCounts>, Fault> {
    questions.items()?.iter().map(counts).collect()
}

fn counts(question: &Field<'_>) -> Result<AnswerCounts, Fault> {
    let known = |key: &&String| !ANSWERS.contains(&key.as_str()) && *key != NOT_CONCERNED;
    if let Some(unknown) = question.object()?.keys().find(known) {
        return Err(question.at(unknown).fault("réponse 0, 0.25, 0.75, 1 ou nc attendue"));
    }
    let mut scored = [0; 4];
    for (slot, key) in scored.iter_mut().zip(ANSWERS) {
        *slot = question.at(key).count()?;
    }
    Ok(AnswerCounts { scored, not_concerned: question.at(NOT_CONCERNED).count()? })
}
