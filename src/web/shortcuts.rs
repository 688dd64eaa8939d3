//! `/raccourcis`: the keys that `vigie.js` knows, as a page for those without a script too.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use minijinja::{Value, context};

use super::app_state::AppState;
use super::page_error::PageError;
use label::wording::shortcuts;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/raccourcis", get(page))
}

async fn page(State(app): State<AppState>) -> Result<Html<String>, PageError> {
    let key = |(keys, what, address): &(&'static [&'static str], &'static str, &'static str)| {
        context! { keys => keys.to_vec(), what => *what, address => (!address.is_empty()).then_some(*address) }
    };
    let keys: Vec<Value> = shortcuts::KEYS.iter().map(key).collect();
    app.render("shortcuts.html", "", context! { keys })
}
