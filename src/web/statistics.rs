//! `/statistiques`: what the national commission asks, drawn, in tables and as files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::behind::FigureQuery;
use super::counted::{Counted, Edition};
use super::figures::{cells, delays, in_force, months, places, rows, stated, tiers};
use super::filters::asked_day;
use super::page_error::PageError;
use super::sync;
use crate::register::statistics::{Counts, Statistics, days};
use label::wording::{date_full, lists};

/// Width of the drawing that bars share.
const WIDTH: i64 = 400;
const ROW: i64 = 24;

/// How long a reader waits for a new count before the last one is shown.
const SOON: Duration = Duration::from_millis(25);

impl Counted {
    async fn of(&self, app: &AppState) -> Result<Edition, PageError> {
        let _turn = self.turn.lock().await;
        let (edition, today) = (app.store.cases().edition().await?, app.book.today());
        if let Some(kept) = self.kept.read().await.as_ref()
            && (&kept.0, kept.1) == (&edition, today)
        {
            return Ok(kept.clone());
        }
        let counted = (edition, today, Arc::new(Statistics::read(&app.store.register(), today).await?));
        *self.kept.write().await = Some(counted.clone());
        Ok(counted)
    }

    /// For a page: the last count, and false, while a new one takes its time.
    async fn shown(&self, app: &AppState) -> Result<(Edition, bool), PageError> {
        let Some(last) = self.kept.read().await.clone() else { return Ok((self.of(app).await?, true)) };
        if self.turn.try_lock().is_err() {
            return Ok((last, false));
        }
        let (counted, of) = (self.clone(), app.clone());
        // The count goes on when the request that asked for it is cancelled.
        let count = tokio::spawn(async move { counted.of(&of).await });
        match tokio::time::timeout(SOON, count).await {
            Ok(Ok(counted)) => Ok((counted?, true)),
            Ok(Err(_)) | Err(_) => Ok((last, false)),
        }
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/statistiques", get(page))
        .route("/statistiques.csv", get(csv))
        .route("/statistiques.json", get(json))
}

#[derive(Debug, Default, Deserialize)]
struct StatisticsQuery {
    annee: Option<String>,
    /// « 2027-03-12 »: as of that day; today when absent.
    au: Option<String>,
}

/// The counts of a day, of all cases or of those of the viewer's body.
async fn read(app: &AppState, viewer: &Viewer, day: Date) -> Result<Statistics, PageError> {
    Ok(Statistics::read(&app.store.register().of(viewer.of_body()), day).await?)
}

impl StatisticsQuery {
    /// The day that is counted for this request alone: another than today, or today for one body. None: the count that is
    /// kept for all.
    fn own_day(&self, app: &AppState, viewer: &Viewer) -> Result<Option<Date>, PageError> {
        let today = app.book.today();
        let asked = asked_day(self.au.as_deref())?;
        Ok(match viewer.body {
            Some(_) => Some(asked.unwrap_or(today)),
            None => asked.filter(|day| *day != today),
        })
    }

    /// The counts of the day that is asked for, its day, and whether they are up to date.
    async fn counts(
        &self,
        app: &AppState,
        viewer: &Viewer,
    ) -> Result<(Date, Arc<Statistics>, bool), PageError> {
        match self.own_day(app, viewer)? {
            Some(day) => Ok((day, Arc::new(read(app, viewer, day).await?), true)),
            None => {
                let ((_, day, statistics), latest) = app.counted.shown(app).await?;
                Ok((day, statistics, latest))
            }
        }
    }
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<StatisticsQuery>,
) -> Result<Html<String>, PageError> {
    let (counted_on, statistics, latest) = asked.counts(&app, &viewer).await?;
    let years = statistics.years();
    let year = asked.annee.filter(|year| years.contains(year));
    let kept = |of: &str| year.as_deref().is_none_or(|year| year == of);
    let by_year = statistics.by(|group| Some(group.annee.clone()));
    let by_type = statistics.by(|group| kept(&group.annee).then(|| group.type_service.clone()));
    let by_body = statistics.by(|group| kept(&group.annee).then(|| group.organisme.clone()));
    let all = statistics.by(|group| kept(&group.annee).then_some(())).remove(&()).unwrap_or_default();
    let every = statistics.by(|_| Some(())).remove(&()).unwrap_or_default();
    let medians: Vec<Value> = statistics
        .half_days
        .iter()
        .filter(|(of, _)| kept(of))
        .map(|(year, half)| context! { year, days => days(*half, ",") })
        .collect();
    // Figures lead to the dossiers that they count.
    let today = app.book.today();
    let au = if counted_on == today { String::new() } else { counted_on.to_string() };
    let any = FigureQuery { au, ..FigureQuery::default() };
    let of_year = FigureQuery { annee: year.clone().unwrap_or_default(), ..any.clone() };
    let of_one = |year: &str| FigureQuery { annee: year.to_owned(), ..any.clone() };
    let of_type = |key: &str| FigureQuery { r#type: stated(key), ..of_year.clone() };
    let of_body = |name: &str| FigureQuery { organisme: stated(name), ..of_year.clone() };
    let year_rows = rows(&by_year, |year| (year.to_owned(), of_one(year)));
    let type_rows = rows(&by_type, |key| (lists::service(key).to_owned(), of_type(key)));
    let body_rows = rows(&by_body, |name| (lists::body(name), of_body(name)));
    let of_delays = |(name, counts): (&String, &Counts)| {
        context! { name => lists::body(name), delays => delays(counts, &of_body(name)) }
    };
    let tables = vec![
        context! { title => "Par année", head => "Année", id => "annee", rows => year_rows,
        all => cells(&every, &any) },
        context! { title => "Par type de service", head => "Type", id => "type", rows => type_rows,
        all => cells(&all, &of_year) },
        context! { title => "Par organisme de certification", head => "Organisme", id => "organisme", rows => body_rows,
        all => cells(&all, &of_year) },
    ];
    let values = context! {
        in_force => in_force(&statistics, counted_on == today),
        places => places(&statistics, counted_on == today),
        months => months(&statistics, (year.as_deref(), counted_on), &any),
        on => counted_on.to_string(),
        asked_day => (counted_on != app.book.today()).then(|| counted_on.to_string()),
        ahead => counted_on > app.book.today(),
        years, year, tables, medians,
        bars => bars(&by_year),
        tiers => tiers(&all, &of_year),
        delays => delays(&all, &of_year),
        delays_by_body => by_body.iter().map(of_delays).collect::<Vec<_>>(),
        day => date_full(counted_on),
        latest,
        sync => sync::state(&app).await?,
    };
    app.render("statistics.html", "statistiques", values)
}

/// Bars of equal scale, each with its name and number beside it: the table says the same.
fn bars(by_year: &BTreeMap<String, Counts>) -> Value {
    let each =
        |c: &Counts| [("candidatures", c.candidatures), ("labellisés", c.labellises), ("refusés", c.refuses)];
    let largest = by_year.values().flat_map(each).map(|(_, count)| count).max().unwrap_or(0).max(1);
    let mut bars = Vec::new();
    for (year, counts) in by_year {
        for (name, count) in each(counts) {
            let (y, rank) = (ROW * i64::try_from(bars.len()).unwrap_or(0), bars.len());
            bars.push(context! { year, name, count, y, text_y => y + 15, width => WIDTH * count / largest,
            number_x => 210 + WIDTH * count / largest, kind => rank % 3 });
        }
    }
    let height = ROW * i64::try_from(bars.len()).unwrap_or(0);
    context! { bars, height }
}

async fn csv(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<StatisticsQuery>,
) -> Result<impl IntoResponse, PageError> {
    let (day, statistics) = exact(&app, &viewer, &asked).await?;
    let file = statistics.csv();
    let told = sync::Told::to(&app, &viewer).await?;
    let name = format!("attachment; filename=\"statistiques-{day}{}.csv\"", told.suffix());
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (sync::READING, told.word().to_owned()),
        ],
        file,
    ))
}

async fn json(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<StatisticsQuery>,
) -> Result<impl IntoResponse, PageError> {
    let told = sync::Told::to(&app, &viewer).await?;
    let mut counts = exact(&app, &viewer, &asked).await?.1.json();
    counts["lecture"] = serde_json::json!({ "etat": told.word(), "texte": told.text });
    Ok(([(sync::READING, told.word())], axum::Json(counts)))
}

/// The counts of a day for a program, which waits for them.
pub(super) async fn exact_on(
    app: &AppState,
    viewer: &Viewer,
    day: Option<Date>,
) -> Result<(Date, Arc<Statistics>), PageError> {
    let au = day.map(|day| day.to_string());
    exact(app, viewer, &StatisticsQuery { annee: None, au }).await
}

/// The counts for a file, which waits for them.
async fn exact(
    app: &AppState,
    viewer: &Viewer,
    asked: &StatisticsQuery,
) -> Result<(Date, Arc<Statistics>), PageError> {
    match asked.own_day(app, viewer)? {
        Some(day) => Ok((day, Arc::new(read(app, viewer, day).await?))),
        None => {
            let (_, day, statistics) = app.counted.of(app).await?;
            Ok((day, statistics))
        }
    }
}
