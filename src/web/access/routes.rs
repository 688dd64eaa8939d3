//! The addresses of signing in and out.

use axum::Router;
use axum::routing::{get, post};

use super::{sign_in, sign_out};
use crate::web::app_state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/connexion", get(sign_in::begin))
        .route("/connexion/retour", get(sign_in::end))
        .route("/deconnexion", post(sign_out::out))
        .route("/session", get(sign_out::page))
}
