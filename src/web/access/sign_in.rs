//! `/connexion`, `/connexion/retour`, `/deconnexion`, `/session`: signing in, out, and seeing as whom.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::ToSpan;
use minijinja::context;
use serde::Deserialize;

use super::origin::same_origin;
use super::provider::Refusal;
use super::session;
use super::viewing::Door;
use super::who::{UserRole, Viewer};
use crate::web::app_state::AppState;
use crate::web::own_path::OwnPath;
use crate::web::page_error::PageError;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/connexion", get(begin))
        .route("/connexion/retour", get(end))
        .route("/deconnexion", post(out))
        .route("/session", get(page))
}

#[derive(Debug, Default, Deserialize)]
struct Back {
    retour: Option<String>,
}

/// The page to return to after the sign-in; the first one in place of what is not ours, or would sign in again.
fn own_path(back: Option<&str>) -> OwnPath {
    let page = |path: &OwnPath| !path.path().starts_with("/connexion");
    back.and_then(OwnPath::parse).filter(page).unwrap_or_default()
}

fn absent() -> PageError {
    PageError::NotFound("Les personnes ne se connectent pas ici.".to_owned())
}

async fn begin(State(app): State<AppState>, Query(back): Query<Back>) -> Result<Response, PageError> {
    let Door::SignIn(provider) = &app.access.door else { return Err(absent()) };
    match provider.begin(own_path(back.retour.as_deref()), &app.book.clock).await {
        Ok((address, pending)) => {
            let cookies = session::begin(&provider.key, &pending);
            Ok((cookies, Redirect::to(&address)).into_response())
        }
        Err(refusal) => said(&app, &refusal),
    }
}

/// What the provider sends a browser back with (RFC 6749, 4.1.2).
#[derive(Debug, Default, Deserialize)]
struct AuthorizationResponse {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

async fn end(
    State(app): State<AppState>,
    Query(response): Query<AuthorizationResponse>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Door::SignIn(provider) = &app.access.door else { return Err(absent()) };
    let now = app.book.clock.now();
    let refused = |why: &str| Refusal::Answer(why.to_owned());
    let Some(pending) = session::pending(&headers, &provider.key, now) else {
        return said(&app, &refused("no sign-in was under way"));
    };
    let (Some(code), Some(state), None) = (response.code, response.state, response.error) else {
        return said(&app, &refused("the provider gave no code"));
    };
    let back = own_path(Some(&pending.back));
    match provider.end(pending, &state, code, &app.book.clock).await {
        Ok(who) => {
            let until = now.saturating_add(provider.session_minutes.minutes()).unwrap_or(now);
            let cookies = session::open(&provider.key, who, until);
            Ok((cookies, back.redirect()).into_response())
        }
        Err(refusal) => {
            let page = said(&app, &refusal)?;
            Ok((session::close(), page).into_response())
        }
    }
}

/// The reason is for the log: a person needs to know what to do.
fn said(app: &AppState, refusal: &Refusal) -> Result<Response, PageError> {
    tracing::warn!("sign-in refused: {refusal}");
    let (status, text) = match refusal {
        Refusal::Provider(_) => (
            StatusCode::BAD_GATEWAY,
            "Le service de connexion ne répond pas. Réessayez dans quelques minutes.",
        ),
        Refusal::Answer(_) => {
            (StatusCode::FORBIDDEN, "La connexion n’a pas abouti. Vous pouvez la reprendre.")
        }
    };
    let values = context! { title => "Connexion impossible", text, sign_in => true, sign_out => false,
    register => app.access.public_register };
    Ok((status, app.render("refused.html", "", values)?).into_response())
}

async fn out(State(app): State<AppState>, headers: HeaderMap) -> Result<Response, PageError> {
    let Door::SignIn(_) = &app.access.door else { return Err(absent()) };
    if !same_origin(&headers) {
        return Ok((StatusCode::FORBIDDEN, "Cette demande vient d’un autre site.\n").into_response());
    }
    Ok((session::close(), Redirect::to("/session")).into_response())
}

async fn page(State(app): State<AppState>, viewer: Viewer) -> Result<Response, PageError> {
    let signs_in = matches!(app.access.door, Door::SignIn(_));
    let text = match (viewer.signed_in, viewer.role) {
        (true, Some(UserRole::Organisme)) => "Vous êtes connecté pour l’organisme de certification.",
        (true, Some(UserRole::Ditp)) => "Vous êtes connecté pour la DITP : registre, statistiques et labels.",
        (true, Some(UserRole::Lecture)) => "Vous êtes connecté en lecture.",
        (true, None) => "Vous êtes connecté, mais aucun rôle ne vous a été donné dans vigie.",
        (false, Some(_)) => "Ces pages ne demandent pas de connexion.",
        (false, None) => "Vous n’êtes pas connecté.",
    };
    let values = context! { title => "Connexion", text, sign_in => signs_in && !viewer.signed_in,
    sign_out => signs_in && viewer.signed_in,
    register => viewer.role.is_some() || app.access.public_register };
    Ok(app.render("refused.html", "", values)?.into_response())
}
