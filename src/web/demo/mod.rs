//! What the demo adds to the pages: its own page with the story, its mailbox, the documents of the simulated platform,
//! and on every page the simulated clock.

pub mod control;
mod mailbox;
mod opened;

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use minijinja::{Value, context};
use serde::Deserialize;

use super::app_state::AppState;
use super::own_path::OwnPath;
use super::page_error::PageError;
use crate::store::cases::Summary;
use label::life::State as LabelState;
use label::wording::{self, boards, date_full, date_short, story};

/// More than the story has.
const SERVICES: i64 = 60;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/demo", get(page))
        .route("/demo/etat", get(state))
        .route("/demo/horloge", post(turn))
        .merge(mailbox::routes())
        .merge(opened::routes())
}

/// `/demo`: what happens on the simulated platform, what vigie does of it, and the mails that left.
async fn page(State(app): State<AppState>) -> Result<Html<String>, PageError> {
    let Some(demo) = &app.demo else { return Err(PageError::NotFound(String::new())) };
    let (beats, chapters, focus, steps, told) = {
        let story = demo.story();
        (story.beats(), story.chapters(), story.focus(), story.steps(), story.is_told())
    };
    let (mails, mail_count) = mailbox::latest(demo);
    let mut services = app.store.cases().work_list(None, SERVICES).await?;
    // The one that the latest step is about comes first, the others by their next deadline.
    services.sort_by_key(|summary| focus != Some(summary.case_id));
    let today = app.book.today();
    let services: Vec<Value> = services.iter().map(|summary| service(summary, focus, today)).collect();
    let over = told || demo.is_over();
    let values = context! {
        begun => demo.has_begun(),
        seen => over.then(|| story::seen(services.len(), steps, mail_count)),
        beats, chapters, mails, mail_count, services,
    };
    app.render("demo.html", "demo", values)
}

fn service(summary: &Summary, focus: Option<i64>, today: jiff::civil::Date) -> Value {
    let state = LabelState::ALL.iter().find(|(_, key)| *key == summary.state);
    let tier = summary.tier.as_deref().and_then(label::Tier::from_key);
    context! {
        id => summary.case_id,
        name => summary.name.as_str(),
        state => state.map(|(state, _)| wording::state(*state)),
        tier => tier.map(wording::tier),
        tier_key => summary.tier.as_deref(),
        late => summary.late,
        faults => summary.faults,
        next_day => summary.next_due.map(date_short),
        next_in => summary.next_due.map(|day| boards::distance(today, day)),
        next_what => summary.next_what.as_deref(),
        focus => focus == Some(summary.case_id),
    }
}

/// What the page's script asks for each second.
async fn state(State(app): State<AppState>) -> Result<Json<serde_json::Value>, PageError> {
    let (day, pace, pressed, version) = match &app.demo {
        Some(demo) => (
            date_full(app.book.clock.today()),
            demo.pace(),
            demo.pressed(),
            demo.version.load(Ordering::Relaxed),
        ),
        None => (String::new(), String::new(), String::new(), 0),
    };
    Ok(Json(serde_json::json!({ "day": day, "pace": pace, "pressed": pressed, "version": version })))
}

#[derive(Deserialize)]
struct Turn {
    action: String,
}

/// The only request that changes anything, in the demo alone: it sets the simulated clock. Redirects to the page that
/// asked, when it is one of ours.
async fn turn(State(app): State<AppState>, headers: HeaderMap, Form(turn): Form<Turn>) -> Response {
    if let Some(demo) = &app.demo {
        demo.act(&turn.action);
    }
    // No page of this demo is one of the next.
    let from = headers.get(REFERER).filter(|_| turn.action != "recommencer");
    let from = from.and_then(|from| from.to_str().ok());
    match from.and_then(OwnPath::of_address) {
        Some(path) => path.redirect(&app.root).into_response(),
        None => Redirect::to("/demo").into_response(),
    }
}
