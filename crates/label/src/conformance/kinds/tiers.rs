//! Cases of §2.2.1 and 3.7.1: an engagement's score, a local service's tier.

use crate::conformance::input::{Fault, Field};
use crate::conformance::result::Found;
use crate::guide::choices::Choices;
use crate::guide::follow_up::{LocalOutcome, local_outcome};
use crate::guide::grid::{LocalPoint, score};
use crate::guide::tiers::{Criterion, LocalMarks, local_tier};

/// How a case writes a control point that does not apply.
const NOT_APPLICABLE: [&str; 2] = ["nc", "na"];

pub fn engagement_score(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let points = input.at("points").list()?.iter().map(point).collect::<Result<Vec<_>, _>>()?;
    let score = score(&[points], choices);
    let shown = score.as_ref().map_or(Found::Nothing, |score| Found::Words(score.truncated(2)));
    let tier = score.as_ref().and_then(|score| Criterion::Engagement(1).tier(score));
    Ok(Found::fields([
        ("score", Found::maybe(score)),
        ("affichage", shown),
        ("palier_composante", Found::Tier(tier)),
    ]))
}

fn point(field: &Field<'_>) -> Result<Option<LocalPoint>, Fault> {
    if field.words().is_ok_and(|words| NOT_APPLICABLE.contains(&words)) {
        return Ok(None);
    }
    let point = LocalPoint::from_value(&field.exact()?);
    point.map(Some).ok_or_else(|| field.fault("0, 0.25, 0.75 ou 1 attendu"))
}

pub fn local(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let engagements = input.at("engagements");
    let fields = engagements.list()?;
    if fields.len() != 8 {
        return Err(engagements.fault("huit notes d'engagement attendues"));
    }
    let mut marks = LocalMarks::default();
    for (slot, field) in marks.engagements.iter_mut().zip(&fields) {
        *slot = Some(field.mark()?);
    }
    marks.or_criteria = Some(input.at("criteres_or").mark()?);
    marks.staff = Some(input.at("agents").mark()?);
    marks.users = Some(input.at("usagers").mark()?);
    let held = input.at("palier_detenu").optional().map(|field| field.tier()).transpose()?;
    let result = local_tier(&marks);
    let limiting = result.limiting.iter().map(|limiting| Found::Words(name(limiting.criterion)));
    let outcome = held.map_or(Found::Nothing, |held| {
        let outcome = local_outcome(held, result.tier, choices);
        Found::Words(outcome_name(outcome).to_owned())
    });
    Ok(Found::fields([
        ("palier", Found::Tier(result.tier)),
        ("limitants", Found::Set(limiting.collect())),
        ("issue_suivi", outcome),
    ]))
}

fn name(criterion: Criterion) -> String {
    match criterion {
        Criterion::Engagement(n) => format!("engagement_{n}"),
        Criterion::OrCriteria => "criteres_or".to_owned(),
        Criterion::StaffSurvey => "agents".to_owned(),
        Criterion::UserSurvey => "usagers".to_owned(),
    }
}

fn outcome_name(outcome: LocalOutcome) -> &'static str {
    match outcome {
        LocalOutcome::Confirmed => "confirme",
        LocalOutcome::Raised(_) => "superieur",
        LocalOutcome::ActionPlan => "plan_actions",
        LocalOutcome::Lowered(_) => "inferieur",
    }
}
