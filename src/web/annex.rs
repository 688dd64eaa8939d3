//! `/cas/{id}/annexe`: the annex of a central service's attestation, as a table to print and as a file.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::central_page::local_lines;
use super::list_file::{Format, ListFile};
use super::owned::hidden_locals;
use super::page_error::PageError;
use super::sync;
use crate::register::annex::csv;
use label::Tier;
use label::case::{Case, Service, body_name};
use label::judge::network::{AnnexLine, annex};
use label::wording::network::tier_or_not_stated;
use label::wording::{date_full, date_short};

const NETWORK: [&str; 5] = ["local", "labellise", "palier", "decide_le", "annee"];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/cas/{id}/annexe", get(page))
        .route("/cas/{id}/annexe.csv", get(file))
        .route("/cas/{id}/reseau.csv", get(|app, who, id| network(app, who, id, Format::Csv)))
        .route("/cas/{id}/reseau.xlsx", get(|app, who, id| network(app, who, id, Format::Xlsx)))
}

#[derive(Debug, Default, Deserialize)]
struct AnnexQuery {
    /// The day of the annex; today when it is absent.
    au: Option<Date>,
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(asked): Query<AnnexQuery>,
) -> Result<Html<String>, PageError> {
    let (case, day) = central((&app, &viewer), &id, &asked).await?;
    let hidden = hidden_locals(&app, &viewer, &case).await?;
    let lines: Vec<Value> = annex(&case, day).iter().map(|line| row(line, &hidden)).collect();
    let sync = sync::state(&app).await?;
    let (id, name, day, au) = (case.id, case.name(), date_full(day), day.to_string());
    let values = context! { id, name, day, au, lines, sync };
    app.render("annex.html", "", values)
}

/// The register shows the label of a local that another body certifies, and not its number.
fn row(line: &AnnexLine, hidden: &BTreeSet<i64>) -> Value {
    context! {
        id => (!hidden.contains(&line.case)).then_some(line.case),
        name => line.name.as_str(),
        siret => line.siret.as_deref(),
        tier => tier_or_not_stated(line.tier),
        tier_key => line.tier.map(Tier::key),
        year => line.from.year(),
        from => date_short(line.from),
        to => date_short(line.to),
    }
}

async fn file(
    State(app): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(asked): Query<AnnexQuery>,
) -> Result<Response, PageError> {
    let (case, day) = central((&app, &viewer), &id, &asked).await?;
    let name = format!("attachment; filename=\"annexe-{}-{day}.csv\"", case.id);
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, csv(&annex(&case, day))).into_response())
}

/// The locals of a network as its board shows them.
async fn network(
    State(app): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
    format: Format,
) -> Result<Response, PageError> {
    let (case, day) = central((&app, &viewer), &id, &AnnexQuery::default()).await?;
    let hidden = hidden_locals(&app, &viewer, &case).await?;
    let mut file = ListFile::new("reseau", &NETWORK, format)?;
    file = file.add(local_lines(&case, day, &hidden)).await?;
    file.answer(&app, &viewer).await
}

/// The central service of that number, and the day that is asked for.
async fn central(
    (app, viewer): (&AppState, &Viewer),
    id: &str,
    asked: &AnnexQuery,
) -> Result<(Case, Date), PageError> {
    let unknown =
        || PageError::NotFound("Ce numéro n’est pas celui d’un service central connu de vigie.".to_owned());
    let number: i64 = id.parse().map_err(|_| unknown())?;
    let frame = app.book.frame().await?;
    let own = |case: &Case| case.dossiers.iter().any(|facts| viewer.sees(body_name(facts, &frame)));
    let case = app.book.case_of(number).await?;
    let case = case.filter(|case| case.service == Service::Central && own(case));
    Ok((case.ok_or_else(unknown)?, asked.au.unwrap_or(app.book.today())))
}
