//! One request of a program: what it asks for, and the answer in the form that all addresses share.

use std::fmt::Write;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use label::wording::api as words;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::form_urlencoded;
use utoipa::ToSchema;

use super::parameters::{Pairs, Parameters};
use super::problem::Refusal;
use crate::web::access::Viewer;
use crate::web::app_state::AppState;
use crate::web::page_error::PageError;

/// What a program reads.
pub(super) type Answer = Result<Response, PageError>;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

/// What is asked for, by whom.
pub(super) struct Call<P> {
    pub app: AppState,
    pub viewer: Viewer,
    pub asked: P,
    path: String,
    query: String,
    /// The answers that the program holds already.
    held: String,
}

impl<P: Parameters> FromRequestParts<AppState> for Call<P> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Call<P>, Refusal> {
        if !takes_json(&parts.headers) {
            let text = words::problem_detail(406).to_owned();
            return Err(Refusal { status: StatusCode::NOT_ACCEPTABLE, text, parameter: None });
        }
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let mut pairs = Pairs::of(&query)?;
        let asked = P::take(&mut pairs)?;
        pairs.end()?;
        let viewer = parts.extensions.get::<Viewer>().cloned().unwrap_or_default();
        let held = lines(&parts.headers, &IF_NONE_MATCH);
        let path = app.address(parts.uri.path());
        Ok(Call { app: app.clone(), viewer, asked, path, query, held })
    }
}

/// All lines of a header as one.
fn lines(headers: &HeaderMap, name: &axum::http::HeaderName) -> String {
    let all = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    all.collect::<Vec<_>>().join(",")
}

/// Whether JSON is among what the program reads; one that says nothing reads all.
fn takes_json(headers: &HeaderMap) -> bool {
    if !headers.contains_key(ACCEPT) {
        return true;
    }
    lines(headers, &ACCEPT).split(',').any(|range| {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let kind = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").map(str::to_owned));
        let refused = weight.is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty());
        matches!(kind.as_str(), "*/*" | "application/*" | "application/json") && !refused
    })
}

impl<P> Call<P> {
    /// Lines of a list, and the place of the next ones.
    pub fn page<T: Serialize>(&self, items: Vec<T>, next: Option<String>) -> Answer {
        let link = next.as_deref().map(|next| self.next_page(next));
        let mut answer = self.one(&Page { items, next })?;
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            answer.headers_mut().insert(LINK, link);
        }
        Ok(answer)
    }

    /// The address of the next page, with the same filters.
    fn next_page(&self, next: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()).filter(|(name, _)| name != "after")
        {
            query.append_pair(&name, &value);
        }
        query.append_pair("after", next);
        format!("<{}?{}>; rel=\"next\"", self.path, query.finish())
    }

    /// One thing, or nothing when the program holds the same.
    pub fn one<T: Serialize>(&self, value: &T) -> Answer {
        let body = serde_json::to_vec(value).map_err(|error| PageError::File(error.into()))?;
        let mut tag = String::from("W/\"");
        for byte in Sha256::digest(&body).iter().take(16) {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        let held = self.held.split(',').map(str::trim).any(|held| held == "*" || held == tag);
        let mut answer = match held {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        };
        let headers = answer.headers_mut();
        // Who asks, and with what, decides what is answered.
        headers.insert(VARY, HeaderValue::from_static("authorization, cookie, accept"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(ETAG, HeaderValue::try_from(tag).map_err(|error| PageError::File(error.into()))?);
        Ok(answer)
    }
}

/// Keeps the lines of one page of `found`, which was asked for with one line more; the last one kept when more follow.
pub(super) fn cut<T>(found: &mut Vec<T>, limit: i64) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    found.last().filter(|_| more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_answered_to_those_who_read_it() {
        let takes = |value: &'static str| {
            takes_json(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(value))]))
        };
        assert!(takes_json(&HeaderMap::new()));
        assert!(takes("*/*") && takes("text/html, Application/JSON;q=0.5") && takes("application/*;q=1.0"));
        assert!(!takes("text/html") && !takes("application/json;q=0") && !takes("application/json; q=0.000"));
    }
}
