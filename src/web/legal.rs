//! The pages that French law asks for: legal notices, accessibility, privacy. They say nothing of what is stored.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use minijinja::{Value, context};

use super::app_state::AppState;
use super::page_error::PageError;
use label::wording::legal::{self, Part};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/mentions-legales", get(notices))
        .route("/accessibilite", get(declaration))
        .route("/confidentialite", get(privacy))
        .route("/robots.txt", get(robots))
}

async fn notices(State(app): State<AppState>, headers: HeaderMap) -> Result<Html<String>, PageError> {
    let contact = app.access.contact.as_deref();
    let site = &app.site;
    let parts = match &site.notices {
        Some(text) => legal::parts(text),
        None => legal::notices(&site.publisher, contact, &site.licence),
    };
    shown(&app, &headers, "/mentions-legales", legal::NOTICES, parts)
}

async fn declaration(State(app): State<AppState>, headers: HeaderMap) -> Result<Html<String>, PageError> {
    let contact = app.access.contact.as_deref();
    let site = &app.site;
    let parts = match &site.declaration {
        Some(text) => legal::parts(text),
        None => legal::accessibility(
            &site.publisher,
            site.accessibility,
            site.checked,
            site.method.as_deref(),
            contact,
        ),
    };
    shown(&app, &headers, "/accessibilite", legal::accessibility_title(site.accessibility), parts)
}

async fn privacy(State(app): State<AppState>, headers: HeaderMap) -> Result<Html<String>, PageError> {
    let parts = match &app.site.privacy {
        Some(text) => legal::parts(text),
        None => legal::privacy(&app.site.publisher, app.access.contact.as_deref()),
    };
    shown(&app, &headers, "/confidentialite", legal::PRIVACY, parts)
}

fn shown(
    app: &AppState,
    headers: &HeaderMap,
    path: &str,
    title: &str,
    parts: Vec<Part>,
) -> Result<Html<String>, PageError> {
    let parts: Vec<Value> =
        parts.into_iter().map(|Part { heading, paragraphs }| context! { heading, paragraphs }).collect();
    let values = context! { title, parts, share => share(app, headers, path, title, "") };
    app.render("legal.html", "", values)
}

/// How a page is named where it is shared, and its one address.
pub(super) fn share(app: &AppState, headers: &HeaderMap, path: &str, title: &str, text: &str) -> Value {
    context! { address => format!("{}{path}", app.base(headers)), title, text }
}

/// What search engines may read: what anyone may.
async fn robots(State(app): State<AppState>) -> impl IntoResponse {
    let access = &app.access;
    let mut text = "User-agent: *\n".to_owned();
    let open = [
        (access.public_register, "/registre"),
        (access.public_simulator, "/simulateur"),
        (access.public_simulator, "/tirage"),
    ];
    for (_, path) in open.iter().filter(|(open, _)| *open) {
        text.push_str(&format!("Allow: {}\n", app.address(path)));
    }
    if open.iter().any(|(open, _)| *open) {
        for path in ["/mentions-legales", "/accessibilite", "/confidentialite", "/vigie.css"] {
            text.push_str(&format!("Allow: {}\n", app.address(path)));
        }
    }
    text.push_str(&format!("Disallow: {}\n", app.address("/")));
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")],
        text,
    )
}
