//! Makes the pages of errors.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::access::is_api;
use super::app_state::AppState;
use super::page_error::Said;
use label::wording::lists;

fn is_page(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// Makes the page of an answer that is only an error so far.
pub(super) async fn shown(State(app): State<AppState>, request: Request, next: Next) -> Response {
    // What programs read is made outside of all, for errors that never come here too.
    if is_api(request.uri().path()) {
        return next.run(request).await;
    }
    let mut answer = next.run(request).await;
    let status = answer.status();
    let text = match answer.extensions_mut().remove() {
        Some(Said(text)) => text,
        // The library's own words are English, and name our types.
        None if status == StatusCode::BAD_REQUEST && !is_page(&answer) => lists::NOT_UNDERSTOOD.to_owned(),
        None => return answer,
    };
    let title = match status {
        StatusCode::NOT_FOUND => "Page introuvable",
        StatusCode::BAD_REQUEST => "Demande incomprise",
        _ => "Page indisponible",
    };
    match app.error_page(context! { title, text }) {
        Ok(page) => (status, page).into_response(),
        Err(error) => {
            tracing::error!("page of an error: {error:#}");
            status.into_response()
        }
    }
}
