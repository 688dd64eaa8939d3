//! Refuses what is asked for under a name that is not ours.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::viewing::Door;
use crate::web::app_state::AppState;
use label::wording::sign_in as words;

/// 421 under a name that is not ours. A proxy that names people may ask under a name of its own, unless one is given.
pub(crate) async fn named(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let access = &app.access;
    let probe = matches!(request.uri().path(), "/healthz" | "/readyz");
    let checked = access.hosts.any() || matches!(access.door, Door::Open | Door::SignIn(_));
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    if probe || !checked || host.is_none_or(|host| access.hosts.known(host)) {
        return next.run(request).await;
    }
    (StatusCode::MISDIRECTED_REQUEST, format!("{}\n", words::OTHER_HOST)).into_response()
}
