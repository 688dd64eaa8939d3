//! The documents of the simulated platform, and what vigie read in them.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::{Value, context};

use super::control::PlatformFile;
use super::mailbox::attached;
use crate::web::app_state::AppState;
use crate::web::evidence;
use crate::web::page_error::PageError;
use label::case::Case;
use label::case::facts::{Attachment, Facts};
use label::case::keys::Key;
use label::case::table::{TableContent, TableKind};
use label::wording::{fields, names, story};

/// Types that browsers show; any other is kept.
const SHOWN: [&str; 4] = ["application/pdf", "image/png", "image/jpeg", "image/gif"];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/demo/documents/{dossier}/{rank}", get(page))
        .route("/demo/documents/{dossier}/{rank}/fichier", get(file))
}

/// A document with the case that it belongs to.
struct Opened {
    case: Case,
    dossier: i64,
    key: Key,
    attachment: Attachment,
    file: PlatformFile,
}

async fn opened(app: &AppState, dossier: i64, rank: usize) -> Result<Opened, PageError> {
    let unknown = || PageError::NotFound(story::NO_DOCUMENT.to_owned());
    let (case, _) = app.book.review_of(dossier).await?.ok_or_else(unknown)?;
    let found = case.dossier(dossier).and_then(|facts: &Facts| facts.attachments().nth(rank));
    let (key, attachment) = found.map(|(key, file)| (key, file.clone())).ok_or_else(unknown)?;
    let file = app.demo.as_ref().and_then(|demo| demo.file(dossier, &attachment.checksum));
    let file = file.ok_or_else(unknown)?;
    Ok(Opened { case, dossier, key, attachment, file })
}

async fn page(
    State(app): State<AppState>,
    Path((dossier, rank)): Path<(i64, usize)>,
) -> Result<Html<String>, PageError> {
    let Opened { case, dossier, key, attachment, file } = opened(&app, dossier, rank).await?;
    let inspection = case.inspections.of(&attachment);
    let values = context! {
        dossier,
        case => case.id,
        piece => names::capital(&fields::key(key)),
        name => attachment.name.as_str(),
        line => evidence::present(key, &attachment, inspection.as_ref(), None),
        checksum => attachment.checksum.as_str(),
        media => file.media.as_str(),
        image => file.media.starts_with("image/") && SHOWN.contains(&file.media.as_str()),
        address => format!("{}/fichier", evidence::opened_at(dossier, rank)),
        table => table(&case, dossier, key, &attachment),
    };
    app.render("demo_document.html", "demo", values)
}

/// What was counted in a table: a line for each question, or each engagement.
fn table(case: &Case, dossier: i64, key: Key, attachment: &Attachment) -> Option<Value> {
    let kind = TableKind::expected(case.dossier(dossier)?, key)?;
    let reading = case.tables.get(&(attachment.checksum.clone(), kind))?;
    let rows: Vec<Value> = match &reading.content {
        TableContent::Survey(survey) => survey
            .questions
            .iter()
            .filter(|question| question.found)
            .map(|question| context! { name => question.label.as_str(), counts => question.scored })
            .collect(),
        TableContent::LocalGrid(grid) => grid
            .sites
            .iter()
            .enumerate()
            .flat_map(|(site, points)| points.iter().enumerate().map(move |(rank, one)| (site, rank, one)))
            .map(|(site, rank, one)| context! { name => story::engagement(site, rank), counts => one.scored })
            .collect(),
        TableContent::CentralGrid(grid) => {
            vec![context! { name => story::POINTS, counts => [grid.unmet, 0, 0, grid.met] }]
        }
        TableContent::NotATable | TableContent::Unread(_) => Vec::new(),
    };
    (!rows.is_empty()).then(|| context! { rows })
}

async fn file(
    State(app): State<AppState>,
    Path((dossier, rank)): Path<(i64, usize)>,
) -> Result<Response, PageError> {
    let PlatformFile { name, media, bytes } = opened(&app, dossier, rank).await?.file;
    if !SHOWN.contains(&media.as_str()) {
        return Ok(attached(&media, &name, bytes));
    }
    Ok(([(header::CONTENT_TYPE, media)], bytes).into_response())
}
