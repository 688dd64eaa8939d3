//! The window: read-only pages over what vigie knows. It reads the store and shows reviews; it writes nothing.
//!
//! One file a screen: [`work_list`], [`case_page`], [`journal`], [`health`]; [`demo`] adds the simulated clock and the
//! mailbox. Templates and assets are compiled in: no build step, no remote asset, no inline script.

pub mod access;
pub mod case_page;
pub mod demo;
pub mod health;
pub mod journal;
mod register;
mod statistics;
pub mod work_list;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::{Environment, Value, context};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::casebook::CaseBook;
use crate::store;
use access::Access;
use demo::Demo;

/// What every page needs.
#[derive(Clone)]
pub struct Window {
    pub book: CaseBook,
    pub scope: String,
    templates: Arc<Environment<'static>>,
    pub demo: Option<Arc<Demo>>,
    pub access: Arc<Access>,
    counted: statistics::Counted,
}

/// A page that cannot be made.
pub enum PageError {
    NotFound(String),
    Store(store::Error),
    Template(minijinja::Error),
    File(anyhow::Error),
}

impl From<store::Error> for PageError {
    fn from(error: store::Error) -> PageError {
        PageError::Store(error)
    }
}

impl From<minijinja::Error> for PageError {
    fn from(error: minijinja::Error) -> PageError {
        PageError::Template(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            PageError::NotFound(text) => (StatusCode::NOT_FOUND, text),
            PageError::Store(error) => {
                tracing::error!("page: {error}");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Les données ne peuvent pas être lues pour l’instant.".to_owned(),
                )
            }
            PageError::File(error) => {
                tracing::error!("page: {error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, "Ce fichier ne peut pas être fait.".to_owned())
            }
            PageError::Template(error) => {
                tracing::error!("page: {error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, "Cette page ne peut pas être affichée.".to_owned())
            }
        };
        let page = templates().and_then(|templates| {
            let title =
                if status == StatusCode::NOT_FOUND { "Page introuvable" } else { "Page indisponible" };
            templates.get_template("error.html")?.render(context! { title, text, demo => false, page => "" })
        });
        (status, Html(page.unwrap_or_default())).into_response()
    }
}

const TEMPLATES: [(&str, &str); 9] = [
    ("base.html", include_str!("templates/base.html")),
    ("clock.html", include_str!("templates/clock.html")),
    ("work_list.html", include_str!("templates/work_list.html")),
    ("work_list_body.html", include_str!("templates/work_list_body.html")),
    ("case_detail.html", include_str!("templates/case_detail.html")),
    ("case.html", include_str!("templates/case.html")),
    ("entries.html", include_str!("templates/entries.html")),
    ("journal.html", include_str!("templates/journal.html")),
    ("error.html", include_str!("templates/error.html")),
];

const MORE_TEMPLATES: [(&str, &str); 3] = [
    ("register.html", include_str!("templates/register.html")),
    ("statistics.html", include_str!("templates/statistics.html")),
    ("refused.html", include_str!("templates/refused.html")),
];

fn templates() -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    for (name, text) in TEMPLATES.into_iter().chain(MORE_TEMPLATES) {
        templates.add_template(name, text)?;
    }
    Ok(templates)
}

impl Window {
    /// # Errors
    /// When a template is not one, which a test would have seen.
    pub fn new(book: CaseBook, scope: String, demo: Option<Arc<Demo>>) -> Result<Window, minijinja::Error> {
        let (access, counted) = (Arc::new(Access::open()), statistics::Counted::default());
        Ok(Window { book, scope, templates: Arc::new(templates()?), demo, access, counted })
    }

    /// The same pages, shown to those who may see them only.
    #[must_use]
    pub fn behind(self, access: Access) -> Window {
        Window { access: Arc::new(access), ..self }
    }

    fn render(&self, template: &str, page: &str, values: Value) -> Result<Html<String>, PageError> {
        let clock = self.demo.as_ref().map(|demo| demo.clock_view(&self.book.clock));
        let frame = context! { page, demo => self.demo.is_some(), clock => clock };
        let values = context! { ..values, ..frame };
        Ok(Html(self.templates.get_template(template)?.render(values)?))
    }
}

/// All the pages.
pub fn router(window: Window) -> Router {
    let mut router = Router::new()
        .route("/", get(work_list::page))
        .route("/cas/{id}", get(case_page::case))
        .route("/dossiers/{number}", get(case_page::dossier))
        .route("/journal", get(journal::page))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(access::sign_in::routes())
        .merge(register::routes())
        .merge(statistics::routes())
        .route("/vigie.css", get(|| asset("text/css; charset=utf-8", include_str!("assets/vigie.css"))))
        .route("/vigie.js", get(|| asset("text/javascript; charset=utf-8", include_str!("assets/vigie.js"))));
    if window.demo.is_some() {
        router = router.merge(demo::router());
    }
    router
        .fallback(|| async { PageError::NotFound("Cette adresse ne correspond à aucune page.".to_owned()) })
        .layer(from_fn_with_state(window.clone(), access::gate))
        .layer(from_fn(guarded))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(30)))
        .layer(CatchPanicLayer::new())
        .with_state(window)
}

async fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=300")], text)
}

/// Nothing remote, nothing inline, no framing, no referrer; pages are not kept by caches.
async fn guarded(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    let set = [
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ];
    for (name, value) in set {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}
