//! `/cas/{id}` and `/dossiers/{number}`: one service's findings, deadlines, and what was written and sent.

use axum::extract::{Path, State};
use axum::response::Html;
use minijinja::{Value, context};

use super::{PageError, Window, journal};
use crate::review::Review;
use crate::review::agenda::Status;
use crate::review::case::Case;
use crate::review::facts::Value as Fact;
use crate::review::finding::Level;
use crate::review::keys::Key;
use crate::review::life::State as LabelState;
use crate::review::wording::{self, date_full, findings, names};

/// Journal lines on a page.
const ENTRIES: i64 = 50;

pub async fn case(State(window): State<Window>, Path(id): Path<String>) -> Result<Html<String>, PageError> {
    page(&window, &id).await
}

/// The page of the service that a dossier belongs to.
pub async fn dossier(
    State(window): State<Window>,
    Path(number): Path<String>,
) -> Result<Html<String>, PageError> {
    page(&window, &number).await
}

async fn page(window: &Window, number: &str) -> Result<Html<String>, PageError> {
    let unknown = || {
        PageError::NotFound(format!(
            "Le dossier « {} » n’est pas connu de vigie.",
            number.chars().take(20).collect::<String>()
        ))
    };
    let number: i64 = number.parse().map_err(|_| unknown())?;
    let detail = detail(window, number).await?.ok_or_else(unknown)?;
    let entries = journal::entries(window, Some(number), ENTRIES).await?;
    window.render("case.html", "", context! { detail, entries })
}

/// All that the review says of one case; `None` when it is not known.
pub async fn detail(window: &Window, number: i64) -> Result<Option<Value>, PageError> {
    let Some((case, review)) = window.book.review_of(number).await? else { return Ok(None) };
    Ok(Some(view(&case, &review)))
}

fn view(case: &Case, review: &Review) -> Value {
    let held = review.label.as_ref().and_then(|label| label.tier);
    let dossiers: Vec<i64> = case.dossiers.iter().map(|facts| facts.number).collect();
    context! {
        id => review.case,
        name => review.name.as_str(),
        service => names::service(review.service),
        state => wording::state(review.state),
        held => held.map(wording::tier),
        held_key => held.map(|tier| tier.key()),
        late => review.is_late(),
        validity => validity(review),
        tiers => tiers(review),
        network => review.network.as_ref().map(wording::network_text),
        findings => found(review),
        agenda => agenda(review),
        written => written(case),
        dossiers,
    }
}

fn validity(review: &Review) -> Option<String> {
    let label = review.label.as_ref()?;
    if let Some(day) = label.withdrawn.filter(|_| review.state == LabelState::Retire) {
        return Some(format!("Label retiré le {}.", date_full(day)));
    }
    let verb = if review.state == LabelState::Expire {
        "Label arrivé à échéance, valable jusqu’au"
    } else {
        "Label valable jusqu’au"
    };
    let suspended = label.suspension.as_ref().map(|s| format!(", suspendu depuis le {}", date_full(s.since)));
    Some(format!("{verb} {} inclus{}.", date_full(label.ends), suspended.unwrap_or_default()))
}

fn tiers(review: &Review) -> Vec<Value> {
    let view = |tier: &crate::review::DossierTier| {
        context! { dossier => tier.dossier, text => wording::tier_text(&tier.result) }
    };
    review.tiers.iter().map(view).collect()
}

fn found(review: &Review) -> Vec<Value> {
    let mut found: Vec<_> = review.findings.iter().collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let class = |level| match level {
        Level::Ok => "ok",
        Level::Unknown => "unknown",
        Level::ToCheck => "to_check",
        Level::Missing => "missing",
        Level::Ko => "ko",
    };
    found.into_iter().map(|f| context! { class => class(f.level), text => wording::finding(f) }).collect()
}

fn agenda(review: &Review) -> Vec<Value> {
    let class = |status| match status {
        Status::Upcoming => "upcoming",
        Status::Late => "late",
        Status::Passed => "passed",
        Status::Done => "done",
    };
    review
        .agenda
        .iter()
        .map(|due| context! { class => class(due.status), text => findings::due_line(due) })
        .collect()
}

/// What stands in the annotations of the current dossier, as the platform last said.
fn written(case: &Case) -> Vec<Value> {
    let Some(facts) = case.current() else { return Vec::new() };
    let line = |key: &Key| {
        let value = facts.values.get(key)?;
        let shown = match value {
            Fact::Choice(ours) => LabelState::ALL
                .iter()
                .find(|(_, name)| name == ours)
                .map_or_else(|| ours.clone(), |(state, _)| wording::state(*state).to_owned()),
            other => names::value(other),
        };
        (!shown.is_empty()).then(|| context! { key => names::written(*key), value => shown })
    };
    Key::ALL.iter().filter(|key| key.is_written()).filter_map(line).collect()
}
