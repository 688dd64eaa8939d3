//! What a program reads when it is refused (RFC 9457), whichever part of the pages refused it.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use label::wording::api as words;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::access::is_api;
use crate::web::page_error::Said;

/// Why a request got no answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parametre: Option<String>,
}

/// A request that is refused, with the parameter that is to blame.
#[derive(Debug)]
pub(super) struct Refusal {
    pub status: StatusCode,
    pub text: String,
    pub parameter: Option<String>,
}

/// The parameter that an answer blames.
#[derive(Clone)]
struct Blamed(String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut answer = self.status.into_response();
        answer.extensions_mut().insert(Said(self.text));
        if let Some(name) = self.parameter {
            answer.extensions_mut().insert(Blamed(name));
        }
        answer
    }
}

/// Turns each refusal at an address of the API into a problem: ours, and those of the layers in between.
pub(in crate::web) async fn shown(request: Request, next: Next) -> Response {
    let for_programs = is_api(request.uri().path());
    let mut answer = next.run(request).await;
    let status = answer.status();
    if !for_programs || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let said = answer.extensions_mut().remove::<Said>();
    let detail = said.map_or_else(|| words::problem_detail(status.as_u16()).to_owned(), |said| said.0);
    let parametre = answer.extensions_mut().remove::<Blamed>().map(|blamed| blamed.0);
    let title = words::problem_title(status.as_u16());
    let problem = Problem { kind: "about:blank", title, status: status.as_u16(), detail, parametre };
    let headers = answer.headers_mut();
    for name in [CONTENT_LENGTH, CONTENT_ENCODING, ETAG] {
        headers.remove(name);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *answer.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
    answer
}
