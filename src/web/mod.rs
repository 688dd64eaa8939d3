//! The window: read-only pages over what vigie knows. It reads the store and shows reviews; it writes nothing.
//!
//! One file a screen: [`work_list`], [`case_page`] (with [`case_parts`], [`time_line`], [`evidence`], [`told`] and, for a
//! central service, [`central_page`]), [`journal`], [`health`]; [`demo`] adds the simulated clock and the mailbox.
//! Templates and assets are compiled in: no build step, no remote asset, no inline script.

pub mod access;
mod calendar;
mod case_page;
mod case_parts;
mod central_page;
pub mod demo;
mod evidence;
mod filters;
pub mod health;
pub mod journal;
mod labels;
mod metrics;
mod register;
mod statistics;
pub mod story;
mod sync;
mod time_line;
mod told;
mod work_list;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minijinja::{Environment, Value, context};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::casebook::CaseBook;
use crate::store;
use access::Access;
use demo::Demo;
use label::case::facts::Facts;

/// What every page needs.
#[derive(Clone)]
pub struct Window {
    pub book: CaseBook,
    pub scope: String,
    templates: Arc<Environment<'static>>,
    /// Where dossiers are seen on the platform: by démarche, the first one for all others.
    platform: Arc<[(Option<i64>, String)]>,
    pub demo: Option<Arc<Demo>>,
    pub access: Arc<Access>,
    /// The domain of our mails: what identifies a deadline in calendars is the same in both.
    pub domain: String,
    /// Last days of the tokens in use.
    pub token_ends: Vec<Date>,
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

const TEMPLATES: [(&str, &str); 14] = [
    ("base.html", include_str!("templates/base.html")),
    ("clock.html", include_str!("templates/clock.html")),
    ("work_list.html", include_str!("templates/work_list.html")),
    ("demo.html", include_str!("templates/demo.html")),
    ("labels.html", include_str!("templates/labels.html")),
    ("filters.html", include_str!("templates/filters.html")),
    ("sync.html", include_str!("templates/sync.html")),
    ("network.html", include_str!("templates/network.html")),
    ("marks.html", include_str!("templates/marks.html")),
    ("time_line.html", include_str!("templates/time_line.html")),
    ("case.html", include_str!("templates/case.html")),
    ("entries.html", include_str!("templates/entries.html")),
    ("journal.html", include_str!("templates/journal.html")),
    ("error.html", include_str!("templates/error.html")),
];

const MORE_TEMPLATES: [(&str, &str); 5] = [
    ("calendar.html", include_str!("templates/calendar.html")),
    ("health.html", include_str!("templates/health.html")),
    ("register.html", include_str!("templates/register.html")),
    ("statistics.html", include_str!("templates/statistics.html")),
    ("refused.html", include_str!("templates/refused.html")),
];

fn templates() -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    templates.add_filter("nom", plain);
    for (name, text) in TEMPLATES.into_iter().chain(MORE_TEMPLATES) {
        templates.add_template(name, text)?;
    }
    Ok(templates)
}

/// Characters of one name on a page.
const MAX_NAME: usize = 160;

/// A name from outside, fit for a line: it has an end.
fn plain(text: &str) -> String {
    let mut letters = text.chars().filter(|c| !c.is_control());
    let mut short: String = letters.by_ref().take(MAX_NAME).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// A mark that turns the text around it: a name that holds one would rewrite its neighbours. French needs none.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// « 24/05/2027 09:30 », in Paris.
fn moment(at: Timestamp) -> String {
    static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");
    PARIS.to_datetime(at).strftime("%d/%m/%Y %H:%M").to_string()
}

impl Window {
    /// # Errors
    /// When a template is not one, which a test would have seen.
    pub fn new(book: CaseBook, scope: String, demo: Option<Arc<Demo>>) -> Result<Window, minijinja::Error> {
        let (access, counted) = (Arc::new(Access::open()), statistics::Counted::default());
        let (templates, platform) = (Arc::new(templates()?), Arc::new([]));
        let (domain, token_ends) = ("vigie".to_owned(), Vec::new());
        Ok(Window { book, scope, templates, platform, demo, access, domain, token_ends, counted })
    }

    /// The same pages, shown to those who may see them only.
    #[must_use]
    pub fn behind(self, access: Access) -> Window {
        Window { access: Arc::new(access), ..self }
    }

    /// With the addresses of the API, by démarche when a section names one: pages link to the same host.
    #[must_use]
    pub fn with_platform(mut self, endpoints: Vec<(Option<i64>, String)>) -> Window {
        self.platform = endpoints.into();
        self
    }

    /// The instructor's page of a dossier; `None` when no endpoint is known, or the dossier left the platform.
    fn platform_page(&self, facts: &Facts) -> Option<String> {
        if facts.gone {
            return None;
        }
        self.platform_address(facts.demarche, facts.number)
    }

    fn platform_address(&self, demarche: i64, dossier: i64) -> Option<String> {
        let own = self.platform.iter().find(|(number, _)| *number == Some(demarche));
        let (_, endpoint) = own.or(self.platform.first())?;
        let (scheme, rest) =
            endpoint.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
        let host = rest.split('/').next().filter(|host| !host.is_empty())?;
        Some(format!("{scheme}://{host}/procedures/{demarche}/dossiers/{dossier}"))
    }

    fn render(&self, template: &str, page: &str, values: Value) -> Result<Html<String>, PageError> {
        let clock = self.demo.as_ref().map(|demo| demo.clock_view(&self.book.clock));
        let frame = context! { page, demo => self.demo.is_some(), clock => clock };
        let values = context! { ..values, ..frame };
        let mut page = self.templates.get_template(template)?.render(values)?;
        page.retain(|c| !turns_text(c));
        Ok(Html(page))
    }
}

/// All the pages.
pub fn router(window: Window) -> Router {
    let mut router = Router::new()
        .route("/", get(work_list::page))
        .route("/cas/{id}", get(case_page::case))
        .route("/dossiers/{number}", get(case_page::dossier))
        .route("/labels", get(labels::page))
        .route("/journal", get(journal::page))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/sante", get(health::page))
        .route("/metrics", get(metrics::page))
        .merge(access::sign_in::routes())
        .merge(calendar::routes())
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
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}
