//! `/cas/{id}/decision`: one page for the committee, to print: what is asked, what the numbers give, what a person must look
//! at, and room for the decision.

use axum::extract::{Path, State};
use axum::response::Html;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::access::who::Viewer;
use super::app_state::AppState;
use super::case_parts;
use super::central_page;
use super::owned::{Owned, owned};
use super::page_error::PageError;
use super::sync;
use label::case::facts::Facts;
use label::case::keys::Key;
use label::case::{Case, Demande};
use label::judge::finding::{Finding, Level};
use label::judge::marks;
use label::judge::readings::{self, Change, Reading};
use label::judge::{DossierTier, Review};
use label::wording::{self, boards, date_full, decision_sheet as words, findings, names};

/// Findings on the sheet: it is one page. The case's page has them all.
const FINDINGS: usize = 12;
const READINGS: usize = 4;

pub async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, PageError> {
    let unknown = || PageError::NotFound(words::UNKNOWN.to_owned());
    let number: i64 = id.parse().map_err(|_| unknown())?;
    let sheet = sheet(&app, &viewer, number).await?.ok_or_else(unknown)?;
    let values = context! { sheet, sync => sync::state(&app).await? };
    app.render("decision_sheet.html", "", values)
}

/// What the sheet of a dossier says; `None` when it is not known, or not the viewer's.
pub(super) async fn sheet(app: &AppState, viewer: &Viewer, number: i64) -> Result<Option<Value>, PageError> {
    let Some((case, review)) = app.book.review_of(number).await? else { return Ok(None) };
    let frame = app.book.frame().await?;
    let Some(Owned { case, review, partly }) = owned(case, review, viewer, &frame) else { return Ok(None) };
    let Some(facts) = case.dossier(number).or(case.current()) else { return Ok(None) };
    let open = if partly { Vec::new() } else { readings::open_readings(&case, &review, &frame) };
    let (doubts, left) = doubts(&review, facts.number);
    let network = review.network.as_ref();
    Ok(Some(context! {
        id => review.case,
        name => review.name.as_str(),
        subject => subject(&case, facts, &review),
        body => case.body_name(&frame),
        dates => dates(facts),
        verdict => verdict(&review, facts.number),
        board => marks::board(case.service, facts).map(|board| case_parts::board(&board, &review)),
        gauges => network.map(|view| central_page::gauges(view, view.labelled_in_all())),
        doubts,
        left,
        readings => open.iter().filter_map(decisive).take(READINGS).collect::<Vec<_>>(),
        choices => words::CHOICES,
        today => date_full(app.book.today()),
    }))
}

/// What the dossier asks for, and what the service holds today.
fn subject(case: &Case, facts: &Facts, review: &Review) -> Vec<String> {
    let mut lines = vec![words::asks(
        boards::demande(Demande::of(facts)),
        facts.number,
        &date_full(facts.deposited),
        names::service(case.service),
    )];
    lines.extend(review.standing().map(wording::standing::validity));
    lines.extend(review.standing().and_then(|label| wording::standing::suspension(label, review.today)));
    lines
}

/// A reading that changes what is decided, with nothing of what it changes beside.
fn decisive(reading: &Reading) -> Option<Value> {
    let decides =
        |change: &&Change| matches!(change, Change::Tier { .. } | Change::State { .. } | Change::End { .. });
    let changes: Vec<Change> = reading.changes.iter().filter(decides).cloned().collect();
    let reading = Reading { changes, ..reading.clone() };
    (!reading.changes.is_empty()).then(|| case_parts::reading(&reading))
}

/// The days of the audit, where they are known.
fn dates(facts: &Facts) -> Vec<Value> {
    const DATES: [Key; 8] = [
        Key::AutodiagnosticLe,
        Key::EnqueteUsagersCloture,
        Key::EnqueteAgentsCloture,
        Key::AuditDebut,
        Key::AuditFin,
        Key::RapportTransmisLe,
        Key::ObservationsLe,
        Key::PlanActionsRecuLe,
    ];
    let line = |key: &Key| {
        let day: Option<Date> = facts.date(*key);
        day.map(|day| context! { what => names::capital(&wording::fields::key(*key)), day => date_full(day) })
    };
    DATES.iter().filter_map(line).collect()
}

fn verdict(review: &Review, dossier: i64) -> Option<String> {
    let own = |tier: &&DossierTier| tier.dossier == dossier;
    let local = review.tiers.iter().find(own).map(wording::tier_text);
    local.or_else(|| review.network.as_ref().and_then(|view| view.tier()).map(words::of_the_network))
}

/// What a person must look at, the most serious first, and how many more there are.
fn doubts(review: &Review, dossier: i64) -> (Vec<Value>, usize) {
    let mut found: Vec<&Finding> = review.faults(Some(dossier)).collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let left = found.len().saturating_sub(FINDINGS);
    let line = |finding: &&Finding| {
        context! {
            word => findings::level(finding.level), text => findings::sentence(finding),
            serious => finding.level >= Level::Missing,
            section => (finding.rule != "DN").then_some(finding.section),
        }
    };
    (found.iter().take(FINDINGS).map(line).collect(), left)
}
