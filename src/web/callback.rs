//! `POST /rappel/<secret>`: the platform says that a dossier changed its state. It signs nothing, so that nothing of it is
//! read: the next pass comes forward, and asks the platform itself.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::access::session::print;
use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::settings::CALLBACK;

/// Answers the same to a wrong secret as where nothing is open.
pub(super) async fn called(
    State(app): State<AppState>,
    Path(secret): Path<String>,
) -> Result<StatusCode, PageError> {
    let Some(wake) = &app.wake else { return Ok(StatusCode::NOT_FOUND) };
    // Hashes are compared: how long it takes says nothing of the secret.
    let known = app.store.settings().get(CALLBACK).await?;
    if known.as_deref() != Some(print(&secret).as_str()) {
        return Ok(StatusCode::NOT_FOUND);
    }
    wake.notify_one();
    Ok(StatusCode::NO_CONTENT)
}
