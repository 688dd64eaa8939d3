//! Where a POST comes from.

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, header};
use url::Url;

/// True when a POST comes from one of our own pages: a form of another site carries another origin. Browsers see us at
/// `base`, where a proxy may name another host to us.
#[must_use]
pub fn same_origin(headers: &HeaderMap, base: Option<&Url>) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    if base.is_some_and(|base| base.origin().ascii_serialization().eq_ignore_ascii_case(origin)) {
        return true;
    }
    let own = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
    text(header::HOST).zip(own).is_some_and(|(host, own)| own.eq_ignore_ascii_case(host))
}
