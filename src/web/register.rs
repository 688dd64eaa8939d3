//! `/registre`: the labelled services, as a page and as files; without a right to more, the public variant.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::filters::asked_day;
use super::legal;
use super::page_error::PageError;
use super::sync;
use crate::register::files::{TextFile, titles};
use crate::register::workbook::workbook;
use crate::register::{Audience, Next, Reader, RegisterCell, RegisterLine, RegisterPlace, page as page_of};
use crate::store::of_body::OfBody;
use crate::store::register::{Register, Which};
use label::wording::{date_full, date_short, open_data};

/// Lines of the table on one page.
const LINES: i64 = 100;
/// Services of one name, at most, that pages can pass over.
pub(super) const MOST_ALIKE: usize = 10_000;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/registre", get(page))
        .route("/registre.csv", get(csv))
        .route("/registre.json", get(json))
        .route("/registre.xlsx", get(xlsx))
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RegisterQuery {
    /// « publique »: what the public sees, for who may see more.
    pub version: Option<String>,
    /// « termines »: labels that were withdrawn or have expired; for who may see more.
    pub liste: Option<String>,
    /// « 2027-03-12 »: the labels of that day; today when absent.
    pub au: Option<String>,
    /// « nom~2 »: after the second line of that folded name. The number of a case is that of a dossier, which the public does not
    /// read.
    pub apres: Option<String>,
}

impl RegisterQuery {
    /// What the public sees today.
    pub(super) fn public() -> RegisterQuery {
        RegisterQuery { version: Some("publique".to_owned()), ..RegisterQuery::default() }
    }

    pub fn audience(&self, viewer: &Viewer) -> Audience {
        let public = self.version.as_deref() == Some("publique");
        if viewer.sees_dossiers() && !public { Audience::Internal } else { Audience::Public }
    }

    fn over(&self, viewer: &Viewer) -> bool {
        self.audience(viewer) == Audience::Internal && self.liste.as_deref() == Some("termines")
    }

    pub fn which(&self, viewer: &Viewer) -> Which {
        if self.over(viewer) { Which::Past } else { Which::Current }
    }

    /// The register, or the lines of the viewer's body. What anyone may see is shown to it too.
    pub(super) fn register(&self, app: &AppState, viewer: &Viewer) -> Register {
        let open = app.access.public_register && self.audience(viewer) == Audience::Public;
        let body = if open { OfBody::default() } else { viewer.of_body() };
        app.store.register().of(body)
    }

    /// What its files say of the reading: the same to all who are given the public one, which any cache may keep.
    async fn told(&self, app: &AppState, viewer: &Viewer) -> Result<sync::Told, PageError> {
        match self.audience(viewer) {
            Audience::Public => sync::Told::outside(app).await,
            Audience::Internal => sync::Told::to(app, viewer).await,
        }
    }

    /// The day that is asked for.
    fn day(&self, app: &AppState) -> Result<Date, PageError> {
        Ok(asked_day(self.au.as_deref())?.unwrap_or_else(|| app.book.today()))
    }

    /// Before the first line of a folded name, and how many lines of that name were shown; no more than a page of them, so
    /// that an address cannot have many read.
    fn after(&self) -> Option<(RegisterPlace, usize)> {
        let (name, shown) = self.apres.as_deref()?.rsplit_once('~')?;
        Some(((name.to_owned(), i64::MIN), shown.parse().ok().filter(|shown| *shown <= MOST_ALIKE)?))
    }
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<RegisterQuery>,
    headers: HeaderMap,
) -> Result<Html<String>, PageError> {
    let audience = asked.audience(&viewer);
    let (register, today, day) = (asked.register(&app, &viewer), app.book.today(), asked.day(&app)?);
    let which = asked.which(&viewer);
    let (place, shown) = asked.after().unzip();
    let shown = shown.unwrap_or_default();
    let count = LINES.saturating_add(i64::try_from(shown).unwrap_or_default());
    let (lines, more) = page_of(&register, which, audience, day, place, count).await?;
    let lines: Vec<Value> = lines.iter().skip(shown).map(row).collect();
    let encoded = |Next { place: (name, _), alike }: Next| {
        url::form_urlencoded::byte_serialize(format!("{name}~{alike}").as_bytes()).collect::<String>()
    };
    let more = more.map(encoded);
    let values = context! {
        lines, more,
        titles => titles(audience).to_vec(),
        internal => audience == Audience::Internal,
        may_see_more => viewer.sees_dossiers(),
        over => asked.over(&viewer),
        day => date_full(day),
        on => day.to_string(),
        asked_day => (day != today).then(|| day.to_string()),
        ahead => day > today,
        first => asked.apres.is_none(),
        licence => app.site.licence.as_str(),
        share => legal::share(&app, &headers, "/registre", open_data::TITLE, open_data::DESCRIPTION),
        sync => if viewer.role.is_some() { sync::state(&app).await? } else { sync::outside(&app).await? },
    };
    app.render("register.html", "registre", values)
}

fn row(line: &RegisterLine) -> Value {
    let cell = |cell: &RegisterCell| match cell {
        RegisterCell::Nothing => context! { text => "" },
        RegisterCell::Text(text) => context! { text => text.as_str() },
        RegisterCell::Day(day) => context! { text => date_short(*day), day => day.to_string() },
        RegisterCell::List(list) => context! { list },
        RegisterCell::Number(number) => context! { text => number.to_string(), dossier => number },
    };
    Value::from(line.cells.iter().map(cell).collect::<Vec<_>>())
}

async fn csv(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<RegisterQuery>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    text(&app, &viewer, &asked, &headers, TextFile::Csv).await
}

async fn json(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<RegisterQuery>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    text(&app, &viewer, &asked, &headers, TextFile::Json).await
}

async fn xlsx(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<RegisterQuery>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let told = asked.told(&app, &viewer).await?;
    let (head, known) = head(&app, &viewer, &asked, &headers, "xlsx", KIND).await?;
    if known {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let (which, day) = (asked.which(&viewer), asked.day(&app)?);
    let reader = Reader::of(asked.register(&app, &viewer), which, day, asked.audience(&viewer));
    let file = workbook(reader, Some(told.text)).await.map_err(PageError::File)?;
    Ok((head, file).into_response())
}

/// A file that is sent while it is read: memory use does not grow with the register.
async fn text(
    app: &AppState,
    viewer: &Viewer,
    asked: &RegisterQuery,
    headers: &HeaderMap,
    kind: TextFile,
) -> Result<Response, PageError> {
    let (name, media) = match kind {
        TextFile::Csv => ("csv", "text/csv; charset=utf-8; header=present"),
        TextFile::Json => ("json", "application/json"),
        TextFile::Html => ("html", "text/html; charset=utf-8"),
    };
    let (head, known) = head(app, viewer, asked, headers, name, media).await?;
    if known {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let audience = asked.audience(viewer);
    let (which, day) = (asked.which(viewer), asked.day(app)?);
    let reader = Reader::of(asked.register(app, viewer), which, day, audience);
    let parts = stream::try_unfold(Part::Start(reader), move |part| async move {
        let step = match part {
            Part::Start(reader) => Some((kind.start(audience), Part::Lines(reader, true))),
            Part::Lines(mut reader, first) => {
                // In a task of its own: a client that disconnects must not cancel a query in the middle.
                let reading = tokio::spawn(async move {
                    let lines = reader.next().await;
                    (reader, lines)
                });
                let (reader, lines) = reading.await?;
                Some(match lines? {
                    Some(lines) => (kind.page(audience, &lines, first), Part::Lines(reader, false)),
                    None => (kind.end().to_vec(), Part::End),
                })
            }
            Part::End => None,
        };
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
            step.map(|(bytes, next)| (Bytes::from(bytes), next)),
        )
    });
    Ok((head, Body::from_stream(parts)).into_response())
}

/// What of a file is still to be sent.
enum Part {
    Start(Reader),
    Lines(Reader, bool),
    End,
}

/// Headers of a file, and whether the client already has it: it is the same as long as no judgement differs from the
/// one before, the day is the same, and the reading is as fresh or as old.
pub(super) async fn head(
    app: &AppState,
    viewer: &Viewer,
    asked: &RegisterQuery,
    headers: &HeaderMap,
    extension: &str,
    media: &str,
) -> Result<(HeaderMap, bool), PageError> {
    let (edition, day) = (app.store.cases().edition().await?, asked.day(app)?);
    let public = asked.audience(viewer) == Audience::Public;
    let variant = match (public, asked.over(viewer)) {
        (true, _) => "public",
        (false, false) => "interne",
        (false, true) => "termines",
    };
    // A body is named by its place: a header holds no accents.
    let bodies = &app.access.bodies;
    let body = viewer.body.as_ref().map(|body| bodies.iter().position(|one| one == body).unwrap_or_default());
    let body = body.map(|rank| format!(".{rank}")).unwrap_or_default();
    let told = asked.told(app, viewer).await?;
    let (reading, old) = (told.word(), told.suffix());
    let tag = format!("W/\"{edition}.{day}.{variant}{body}{old}.{extension}\"");
    // For anyone's cache only what anyone may read.
    let same_for_all = app.access.public_register || app.access.bodies.is_empty();
    let open = public && same_for_all && viewer.body.is_none();
    let caching = if open { "public, max-age=300" } else { "private, no-cache" };
    let name = format!("attachment; filename=\"registre-{variant}-{day}{old}.{extension}\"");
    let mut head = HeaderMap::new();
    let values = [
        (header::CONTENT_TYPE, media),
        (header::ETAG, &tag),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "cookie"),
        (header::CONTENT_DISPOSITION, &name),
        (sync::READING, reading),
    ];
    for (key, value) in values {
        if let Ok(value) = value.parse() {
            head.insert(key, value);
        }
    }
    let held = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = held.split(',').any(|held| held.trim() == tag);
    Ok((head, known))
}
