//! `/fiches?cas=1&cas=2`: the decision sheets of several cases, one after the other, each on its own page in print.

use axum::extract::{RawQuery, State};
use axum::response::Html;
use minijinja::context;

use super::access::who::Viewer;
use super::app_state::AppState;
use super::decision_sheet::sheet;
use super::page_error::PageError;
use super::sync;
use label::wording::decision_sheet as words;

/// Each is judged for the page: no more than a page of a list has.
const MOST: usize = 50;

pub(super) async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    let query = query.unwrap_or_default();
    let asked = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "cas");
    let mut numbers: Vec<i64> = asked.filter_map(|(_, id)| id.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return Err(PageError::BadAddress(words::NONE_CHOSEN.to_owned()));
    }
    if numbers.len() > MOST {
        return Err(PageError::BadAddress(words::too_many(MOST)));
    }
    let mut sheets = Vec::new();
    for number in numbers {
        // One that is not the viewer's is as if it were not there.
        sheets.extend(sheet(&app, &viewer, number).await?);
    }
    if sheets.is_empty() {
        return Err(PageError::NotFound(words::UNKNOWN.to_owned()));
    }
    let values = context! { sheets, sync => sync::state(&app).await? };
    app.render("sheets.html", "", values)
}
