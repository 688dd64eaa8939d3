//! A span for each page, for traces: its method, its route and its status. Never its address, which may name a service or
//! hold the secret of a calendar.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument as _, info_span};

pub(super) async fn traced(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let span = info_span!(
        "page",
        otel.kind = "server",
        http.request.method = method(request.method()),
        http.route = route,
        http.response.status_code = Empty
    );
    let answer = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", answer.status().as_u16());
    answer
}

/// The name of a method that these pages answer to: another may be any text.
fn method(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::OPTIONS => method.as_str(),
        _ => "_OTHER",
    }
}
