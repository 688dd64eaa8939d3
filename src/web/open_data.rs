//! The open files of the register: what they hold, the changes of a month, a catalogue, a feed. Always the public variant.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use super::register::{RegisterQuery, head};
use super::sync;
use crate::register::changes::{self, Changed, Changes};
use crate::register::description::{Published, catalogue, changes_schema, package, schema};
use crate::register::{COLUMNS, RegisterCell};
use crate::store::register::Register;
use label::wording::open_data as words;

/// Entries of the feed.
const ENTRIES: usize = 200;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/registre/schema.json", get(|app, headers| described(app, headers, Kind::Schema)))
        .route(
            "/registre/changements.schema.json",
            get(|app, headers| described(app, headers, Kind::Changes)),
        )
        .route("/registre/datapackage.json", get(|app, headers| described(app, headers, Kind::Package)))
        .route("/registre/dcat.jsonld", get(|app, headers| described(app, headers, Kind::Catalogue)))
        .route("/registre/changements.csv", get(month))
        .route("/registre.atom", get(feed))
}

#[derive(Clone, Copy)]
enum Kind {
    Schema,
    Changes,
    Package,
    Catalogue,
}

async fn described(State(app): State<AppState>, headers: HeaderMap, kind: Kind) -> Response {
    let access = &app.access;
    let published = Published {
        base: app.base(&headers),
        licence: &app.site.licence,
        publisher: app.site.publisher.name.as_deref(),
        contact: access.contact.as_deref(),
        day: app.book.today(),
    };
    let (value, media) = match kind {
        Kind::Schema => (schema(), "application/json"),
        Kind::Changes => (changes_schema(), "application/json"),
        Kind::Package => (package(&published), "application/json"),
        Kind::Catalogue => (catalogue(&published), "application/ld+json"),
    };
    ([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-cache")], value.to_string()).into_response()
}

#[derive(Debug, Default, Deserialize)]
struct MonthQuery {
    /// « 2027-03 »; the current month when absent.
    mois: Option<String>,
}

/// The eve of the month and its last day, or today.
fn bounds(asked: Option<&str>, today: Date) -> Result<(Date, Date), PageError> {
    let asked = asked.map(str::trim).filter(|text| !text.is_empty());
    let first = match asked {
        None => today.first_of_month(),
        Some(text) => {
            let refused = || PageError::BadAddress(words::not_a_month(text));
            // « 2027-03 » and nothing else: « 2027-03-0 » is no month.
            let day = (text.len() == 7).then(|| format!("{text}-01").parse::<Date>().ok()).flatten();
            day.filter(|day| *day <= today && day.year() >= 1900).ok_or_else(refused)?
        }
    };
    let eve = first.checked_sub(1.day()).unwrap_or(first);
    Ok((eve, first.last_of_month().min(today)))
}

/// The register that the public reads, or the lines of the viewer's body.
fn register(app: &AppState, viewer: &Viewer) -> Register {
    RegisterQuery::public().register(app, viewer)
}

/// What changed in a month, sent while it is read.
async fn month(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<MonthQuery>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let (eve, until) = bounds(asked.mois.as_deref(), app.book.today())?;
    let media = "text/csv; charset=utf-8; header=present";
    let query = RegisterQuery::public();
    let (mut known, same) = head(&app, &viewer, &query, &headers, &format!("{until}.csv"), media).await?;
    if same {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    let old = sync::Told::outside(&app).await?.suffix();
    let (year, month) = (until.year(), until.month());
    let name = format!("attachment; filename=\"changements-{year}-{month:02}{old}.csv\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        known.insert(header::CONTENT_DISPOSITION, name);
    }
    let reading = Changes::between(register(&app, &viewer), eve, until);
    let parts = stream::try_unfold((Some(reading), true), |(reading, first)| async move {
        let Some(mut reading) = reading else { return Ok(None) };
        if first {
            return Ok(Some((Bytes::from(changes::head()), (Some(reading), false))));
        }
        // In a task of its own: a client that disconnects must not cancel a query in the middle.
        let read = tokio::spawn(async move {
            let page = reading.next().await;
            (reading, page)
        });
        let (reading, page) = read.await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
            page?.map(|page| (Bytes::from(changes::lines(&page)), (Some(reading), false))),
        )
    });
    Ok((known, Body::from_stream(parts)).into_response())
}

/// The dated changes since the first day of the month before, the latest first.
async fn feed(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    const MEDIA: &str = "application/atom+xml; charset=utf-8";
    let today = app.book.today();
    let query = RegisterQuery::public();
    let (mut known, same) = head(&app, &viewer, &query, &headers, "atom", MEDIA).await?;
    known.remove(header::CONTENT_DISPOSITION);
    if same {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    let first = today.first_of_month();
    let before = first.checked_sub(1.day()).unwrap_or(first).first_of_month();
    let eve = before.checked_sub(1.day()).unwrap_or(before);
    let mut entries: Vec<(Date, Changed)> = Vec::new();
    let mut reading = Changes::each_between(register(&app, &viewer), eve, today);
    while let Some(page) = reading.next().await? {
        entries.extend(page.into_iter().filter_map(|changed| Some((changed.day?, changed))));
        // One page of entries at most is kept, of however many.
        entries.sort_by_key(|one| std::cmp::Reverse(one.0));
        entries.truncate(ENTRIES);
    }
    let base = app.base(&headers);
    let updated = entries.first().map_or(eve, |(day, _)| *day);
    let lines: Vec<Value> = entries.iter().map(|(day, changed)| entry(&app, *day, changed)).collect();
    let publisher = app.site.publisher.name.clone();
    let values = context! {
        base, lines,
        title => words::TITLE,
        domain => app.domain.as_str(),
        publisher => publisher.unwrap_or_else(|| words::ANONYMOUS_PUBLISHER.to_owned()),
        updated => moment(updated),
        licence => app.site.licence.as_str(),
    };
    Ok((known, app.plain("feed.xml", values)?).into_response())
}

fn entry(app: &AppState, day: Date, changed: &Changed) -> Value {
    let cell = |name: &str| {
        let rank = COLUMNS.iter().position(|column| *column == name)?;
        match changed.line.cells.get(rank)? {
            RegisterCell::Text(text) => Some(text.clone()),
            RegisterCell::Day(day) => Some(label::wording::date_full(*day)),
            _ => None,
        }
    };
    let name = cell("nom").unwrap_or_default();
    let identifier = cell("identifiant").unwrap_or_default();
    context! {
        id => format!("tag:{},2026:registre/{identifier}/{day}", app.domain),
        title => changed.change.headline(&name, cell("palier").as_deref()),
        day => moment(day),
        on => label::wording::date_full(day),
        organisme => cell("organisme"),
        departement => cell("departement"),
        last_day => cell("date_fin"),
        word => changed.change.word(),
        mois => format!("{}-{:02}", day.year(), day.month()),
    }
}

fn moment(day: Date) -> String {
    format!("{day}T00:00:00Z")
}
