//! Every address, and what applies to all of them: access, security headers, compression, time limit.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use super::app_state::AppState;
use super::page_error::PageError;
use super::{
    access, annex, api, behind, calendar, callback, case_page, decision_sheet, demo, details, draw,
    error_page, health, journal, kept, labels, legal, mails_to_come, metrics, open_data, register, services,
    settling, sheets, shortcuts, situation, statistics, traced, views, work_file, work_list, year,
};
use crate::retry::pages;

/// All the pages.
pub fn router(app: AppState) -> Router {
    let root = Arc::clone(&app.root);
    let mut router = Router::new()
        .route("/", get(work_list::page))
        .route("/cas/{id}", get(case_page::case))
        .route("/cas/{id}/decision", get(decision_sheet::page))
        .route("/fiches", get(sheets::page))
        .route("/dossiers/{number}", get(case_page::dossier))
        .route("/labels", get(labels::page))
        .route("/journal", get(journal::page))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/sante", get(health::page))
        .route("/metrics", get(metrics::page))
        .merge(access::routes())
        .merge(annex::routes())
        .merge(behind::routes())
        .merge(api::routes())
        .merge(calendar::routes())
        .merge(register::routes())
        .merge(open_data::routes())
        .route("/rappel/{secret}", post(callback::called))
        .merge(mails_to_come::routes())
        .merge(services::routes())
        .merge(legal::routes())
        .merge(draw::routes())
        .merge(settling::routes())
        .merge(kept::routes())
        .merge(shortcuts::routes())
        .merge(situation::routes())
        .merge(statistics::routes())
        .merge(details::routes())
        .merge(year::routes())
        .merge(views::routes())
        .merge(work_file::routes())
        .route("/vigie.css", get(|| asset("text/css; charset=utf-8", include_str!("assets/vigie.css"))))
        .route("/vigie.js", get(|| asset("text/javascript; charset=utf-8", include_str!("assets/vigie.js"))));
    if app.demo.is_some() {
        router = router.merge(demo::router());
    }
    let pages = router
        .fallback(|| async { PageError::NotFound("Cette adresse ne correspond à aucune page.".to_owned()) })
        .layer(from_fn_with_state(app.clone(), access::gate::gate))
        .layer(from_fn_with_state(app.clone(), error_page::shown))
        .layer(from_fn_with_state(app.clone(), access::named::named))
        .layer(from_fn(guarded))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, pages::REQUEST))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(api::problem::shown))
        .layer(from_fn(traced::traced))
        .with_state(app);
    under(&root, pages)
}

/// The metrics and the probes alone, for an address of their own.
pub fn metrics_router(app: AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::page))
        .layer(from_fn_with_state(app.clone(), error_page::shown))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, pages::REQUEST))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// The pages under a path, whether the proxy in front passes it on or leaves it out.
fn under(root: &str, pages: Router) -> Router {
    if root.is_empty() {
        return pages;
    }
    let root = root.to_owned();
    let shortened = move |mut request: Request| {
        if let Some(short) = without(&root, request.uri()) {
            *request.uri_mut() = short;
        }
        request
    };
    Router::new().fallback_service(pages.map_request(shortened))
}

/// The same address without the path in front; `None` when it has another one.
fn without(root: &str, address: &Uri) -> Option<Uri> {
    let path = address.path_and_query()?.as_str().strip_prefix(root)?;
    let path = match path.chars().next() {
        None | Some('?') => format!("/{path}"),
        Some('/') => path.to_owned(),
        Some(_) => return None,
    };
    path.parse().ok()
}

async fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=300")], text)
}

/// Nothing remote, nothing inline, no framing, no referrer to others; pages are not kept by caches.
async fn guarded(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    let set = [
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
    ];
    for (name, value) in set {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}
