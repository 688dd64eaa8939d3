//! `/deconnexion`, `/session`: signing out, here and at the provider, and seeing as whom one is signed in.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::oidc::SignOut;
use super::origin::refusal;
use super::refused;
use super::refused::Links;
use super::session::HINT;
use super::sign_in::door;
use super::viewing::Door;
use super::who::{UserRole, Viewer};
use crate::store::sessions::Which;
use crate::web::app_state::AppState;
use crate::web::page_error::PageError;
use label::wording::sign_in as words;

/// Ours ends first, whatever becomes of the provider's.
pub(super) async fn out(State(app): State<AppState>, headers: HeaderMap) -> Result<Response, PageError> {
    let door = door(&app)?;
    if let Some(refused) = refusal(&app, &headers) {
        return Ok(refused);
    }
    let session = door.session(&headers, &app.store, app.book.clock.now()).await?;
    let mut next = app.address("/session");
    if let Some(session) = session {
        app.store.sessions().revoke(Which::Print(&session.print)).await?;
        if let Some(provider) = door.provider(&session.provider) {
            let id_token = door.jar.key().open(HINT, &session.hint);
            next = match provider.sign_out(id_token.as_deref()).await {
                Ok(SignOut::At(address)) => address,
                Ok(SignOut::Here) => still_open(&app, &session.provider),
                Err(refusal) => {
                    tracing::warn!(provider = session.provider, "signed out here alone: {refusal}");
                    still_open(&app, &session.provider)
                }
            };
        }
    }
    Ok((door.jar.close(), Redirect::to(&next)).into_response())
}

fn still_open(app: &AppState, provider: &str) -> String {
    let id: String = url::form_urlencoded::byte_serialize(provider.as_bytes()).collect();
    app.address(&format!("/session?ouverte={id}"))
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct After {
    /// The provider whose own session stays open.
    ouverte: Option<String>,
}

pub(super) async fn page(
    State(app): State<AppState>,
    Query(after): Query<After>,
    viewer: Viewer,
) -> Result<Response, PageError> {
    let open = match &app.access.door {
        Door::SignIn(door) => after.ouverte.and_then(|id| door.provider(&id)),
        _ => None,
    };
    let text = match (viewer.signed_in, viewer.role) {
        (true, Some(UserRole::Organisme)) => words::ORGANISME.to_owned(),
        (true, Some(UserRole::Ditp)) => words::DITP.to_owned(),
        (true, Some(UserRole::Lecture)) => words::LECTURE.to_owned(),
        (true, None) => refused::why(&app, &viewer),
        (false, Some(_)) => words::OPEN.to_owned(),
        (false, None) => {
            open.map_or_else(|| words::NOBODY.to_owned(), |open| words::still_open(&open.settings.name))
        }
    };
    refused::page(&app, StatusCode::OK, "Connexion", &text, Links::of(&app, &viewer))
}
