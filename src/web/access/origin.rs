//! Where a POST comes from.

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, header};

/// True when a POST comes from one of our own pages: a form of another site carries another origin.
#[must_use]
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            let own = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
            own.is_some_and(|own| own.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}
