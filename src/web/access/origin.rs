//! Where a POST comes from.

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::web::app_state::AppState;
use label::wording::sign_in::OTHER_SITE;

/// What a POST from elsewhere than our own pages is answered; `None` for one of ours.
pub fn refusal(app: &AppState, headers: &HeaderMap) -> Option<Response> {
    let own = same_origin(headers, app.access.hosts.base.as_ref());
    (!own).then(|| (StatusCode::FORBIDDEN, format!("{OTHER_SITE}\n")).into_response())
}

/// True when a POST comes from one of our own pages: a form of another site carries another origin. Browsers see us at
/// `base`, where a proxy may name another host to us.
fn same_origin(headers: &HeaderMap, base: Option<&Url>) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    if base.is_some_and(|base| base.origin().ascii_serialization().eq_ignore_ascii_case(origin)) {
        return true;
    }
    let own = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
    text(header::HOST).zip(own).is_some_and(|(host, own)| own.eq_ignore_ascii_case(host))
}
