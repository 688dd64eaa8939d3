//! The work list, the month and the labels as files.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use jiff::ToSpan;
use jiff::civil::Date;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::calendar::CalendarQuery;
use super::filters::{ListQuery, state_word, tier_word};
use super::labels::labels;
use super::list_file::{BATCH, Format, ListFile, text};
use super::page_error::PageError;
use super::services::{COLUMNS as SERVICES, cells as service};
use crate::register::RegisterCell;
use crate::store::deadlines::{After, DeadlineRow, DeadlineStatus};
use crate::store::work::{FIRST_DAY, Span, WorkLine};
use label::judge::agenda::Obligation;
use label::wording::{lists, names};

const WORK: [&str; 12] = [
    "service",
    "quoi",
    "par",
    "echeance",
    "en_retard",
    "etape",
    "palier",
    "section",
    "regle",
    "code",
    "organisme",
    "dossier",
];

const MONTH: [&str; 10] = [
    "service",
    "quoi",
    "par",
    "echeance",
    "jour_ouvre_suivant",
    "ou_cela_en_est",
    "section",
    "code",
    "organisme",
    "dossier",
];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/travail.csv", get(|app, who, asked| work(app, who, asked, Format::Csv)))
        .route("/travail.xlsx", get(|app, who, asked| work(app, who, asked, Format::Xlsx)))
        .route("/echeances.csv", get(|app, who, asked, of| month(app, who, (asked, of), Format::Csv)))
        .route("/echeances.xlsx", get(|app, who, asked, of| month(app, who, (asked, of), Format::Xlsx)))
        .route("/labels.csv", get(|app, who, asked| held(app, who, asked, Format::Csv)))
        .route("/labels.xlsx", get(|app, who, asked| held(app, who, asked, Format::Xlsx)))
}

/// The part of the work list that is shown alone, or all that is open.
async fn work(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
    format: Format,
) -> Result<Response, PageError> {
    let today = app.book.today();
    let narrowed = app.store.work().narrowed(&asked.filter(&viewer)?).await?;
    if asked.vue == "change" {
        let mut file = ListFile::new("changements", &SERVICES, format)?;
        let mut after = (today.saturating_sub(1.day()), i64::MIN);
        loop {
            let found =
                app.store.work().changed(today.saturating_sub(1.day()), &narrowed, after, BATCH).await?;
            let Some(last) = found.last() else { return file.answer(&app, &viewer).await };
            after = (last.changed_on.unwrap_or(today), last.case_id);
            file = file.add(found.iter().map(|summary| service(&app, summary))).await?;
        }
    }
    let week = today.saturating_add(7.days());
    let spans = match asked.vue.as_str() {
        "retard" => vec![Span::Late],
        "semaine" => vec![Span::Until(week)],
        "ensuite" => vec![Span::Beyond(week)],
        _ => vec![Span::Late, Span::Until(Date::MAX)],
    };
    let mut file = ListFile::new("travail", &WORK, format)?;
    for span in spans {
        let mut after = After::start_of(FIRST_DAY);
        loop {
            let found = app.store.work().lines(span, &narrowed, &after, BATCH).await?;
            let Some(last) = found.last() else { break };
            after = last.place();
            file = file.add(found.iter().map(|line| work_cells(&viewer, line))).await?;
        }
    }
    file.answer(&app, &viewer).await
}

fn owner(code: &str) -> RegisterCell {
    text(Obligation::from_code(code).map(|obligation| names::role(obligation.owner())))
}

fn work_cells(viewer: &Viewer, line: &WorkLine) -> Vec<RegisterCell> {
    vec![
        text(Some(&line.name)),
        text(Some(&line.title)),
        owner(&line.code),
        RegisterCell::Day(line.due),
        text(Some(if line.status == DeadlineStatus::Late { "oui" } else { "non" })),
        text(state_word(&line.state).filter(|_| viewer.sees(&line.latest))),
        text(tier_word(line.tier.as_deref())),
        text(Some(&line.section)),
        text(Some(&line.rule)),
        text(Some(&line.code)),
        text(Some(&line.organisme)),
        text(Some(&line.dossier.to_string())),
    ]
}

async fn month(
    State(app): State<AppState>,
    viewer: Viewer,
    (Query(asked), Query(filters)): (Query<CalendarQuery>, Query<ListQuery>),
    format: Format,
) -> Result<Response, PageError> {
    let today = app.book.today();
    let first = asked.first_day(today);
    let narrowed = app.store.work().narrowed(&filters.filter(&viewer)?).await?;
    let mut file = ListFile::new("echeances", &MONTH, format)?;
    let mut after = After::start_of(first);
    loop {
        let found = app.store.work().month_lines(&narrowed, &after, first.last_of_month(), BATCH).await?;
        let Some(last) = found.last() else { return file.answer(&app, &viewer).await };
        after = After::line(last);
        file = file.add(found.iter().map(|line| month_cells(line, today))).await?;
    }
}

fn month_cells(line: &DeadlineRow, today: Date) -> Vec<RegisterCell> {
    let later = (line.extended != line.due).then_some(line.extended);
    vec![
        text(Some(&line.name)),
        text(Some(&line.title)),
        owner(&line.code),
        RegisterCell::Day(line.due),
        later.map_or(RegisterCell::Nothing, RegisterCell::Day),
        text(Some(lists::status(line.status.word(), line.is_moot(today)))),
        text(Some(&line.section)),
        text(Some(&line.code)),
        text(Some(&line.organisme)),
        text(Some(&line.dossier.to_string())),
    ]
}

async fn held(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<ListQuery>,
    format: Format,
) -> Result<Response, PageError> {
    let narrowed = app.store.work().narrowed(&asked.filter(&viewer)?).await?;
    let labels = labels(&asked.vue, app.book.today());
    let mut file = ListFile::new("labels", &SERVICES, format)?;
    let mut place = (FIRST_DAY, i64::MIN);
    loop {
        let found = app.store.work().labels(labels, &narrowed, place, BATCH).await?;
        let Some((last, loss)) = found.last().and_then(|last| Some((last, last.loss?))) else {
            return file.answer(&app, &viewer).await;
        };
        place = (loss, last.case_id);
        file = file.add(found.iter().map(|summary| service(&app, summary))).await?;
    }
}
