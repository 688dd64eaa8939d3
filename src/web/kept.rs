//! A person keeps what a dossier says today of its service in the place of what it said when the label was awarded: from the
//! case's page.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;

use super::access::origin::refusal;
use super::access::who::Viewer;
use super::app_state::AppState;
use super::owned::owns;
use super::page_error::PageError;
use crate::store::journal::NewLine;
use label::case::facts::Value;
use label::case::keys::Key;
use label::judge::coherence::incoherence::Incoherence;
use label::judge::finding::{Finding, What};
use label::wording::journal::EntryKind;
use label::wording::{self, boards, fields, journal};

pub fn routes() -> Router<AppState> {
    Router::new().route("/constats/retenir", post(keep))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    dossier: i64,
    /// The field: « siret ».
    cle: String,
    /// What the page showed as the value of today; empty for none.
    #[serde(default)]
    valeur: String,
}

/// What a finding proposes to keep: the field, and its value of today.
pub(super) fn proposed(finding: &Finding) -> Option<(Key, Option<&Value>)> {
    match &finding.what {
        What::Coherence(Incoherence::ChangedSinceAward { key, now, .. }) => Some((*key, now.as_ref())),
        _ => None,
    }
}

/// A value as the form sends it back.
pub(super) fn sent(value: Option<&Value>) -> String {
    value.map(fields::value).unwrap_or_default()
}

async fn keep(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if let Some(refused) = refusal(&app, &headers) {
        return Ok(refused);
    }
    if !owns(&app, &viewer, chosen.dossier).await? {
        return Err(gone());
    }
    let (case, review) = app.book.review_of(chosen.dossier).await?.ok_or_else(gone)?;
    let of_it = review.findings.iter().filter(|finding| finding.dossier == chosen.dossier);
    let meant = |(key, now): &(Key, Option<&Value>)| key.name() == chosen.cle && sent(*now) == chosen.valeur;
    let (key, now) = of_it.filter_map(proposed).find(meant).ok_or_else(gone)?;
    let who = viewer.who.as_ref().map(|who| who.name.as_str());
    let value = now.map(|now| wording::identity(key, now));
    let detail = journal::kept(&fields::key(key), value.as_deref(), who);
    let line = NewLine {
        key: Some(format!("{}/{}", chosen.dossier, key.name())),
        ..NewLine::new(EntryKind::Kept, Some(chosen.dossier), detail)
    };
    let kept =
        app.store.ledger().keep_instead((chosen.dossier, key), now, &line, app.book.clock.now()).await?;
    if !kept {
        return Err(gone());
    }
    if let Some(soon) = &app.soon {
        soon.notify_one();
    }
    Ok(Redirect::to(&app.address(&format!("/cas/{}#constats", case.id))).into_response())
}

fn gone() -> PageError {
    PageError::NotFound(boards::NOT_TO_KEEP.to_owned())
}
