//! `/tirage`: the draw of §3.3 with its seed, its list and each step, which anybody does again from the address of the page.
//! Nothing is kept.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Html;
use axum::routing::get;
use minijinja::{Value, context};
use sha2::{Digest, Sha256};

use super::app_state::AppState;
use super::legal;
use super::page_error::PageError;
use label::drawing::{self, Step, least, listed};
use label::wording::draw as words;

/// Identifiers of one draw, and characters of one of them and of a seed: the list stands in the address of the page.
const MOST: usize = 1000;
const LONGEST: usize = 200;
/// Bytes of an address that is written into a page: what proxies let through, with some room.
const LONGEST_ADDRESS: usize = 6000;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/tirage", get(page))
}

/// The address of a draw with its seed, its list and how many are taken; `None` when the page would not take it, or when
/// the address is longer than servers in between pass on.
pub(super) fn address(seed: &str, ids: &[String], size: usize) -> Option<String> {
    if ids.is_empty() || ids.len() > MOST || seed.chars().count() > LONGEST {
        return None;
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("graine", seed).append_pair("liste", &ids.join("\n"));
    query.append_pair("nombre", &size.to_string());
    Some(format!("/tirage?{}", query.finish())).filter(|address| address.len() <= LONGEST_ADDRESS)
}

async fn page(
    State(app): State<AppState>,
    Query(asked): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Html<String>, PageError> {
    let text = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let (seed, list) = (text("graine").trim(), text("liste"));
    let ids: Vec<String> =
        list.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let order = listed(&ids);
    let asked_for = text("nombre").trim();
    let least = least(order.len());
    let size = match asked_for {
        "" => Ok(least),
        typed => typed.parse::<usize>().ok().filter(|size| (1..=order.len()).contains(size)).ok_or(()),
    };
    let mut faults = Vec::new();
    let answered = !list.trim().is_empty() || !seed.is_empty();
    if answered {
        let too_long = |text: &str| text.chars().count() > LONGEST;
        faults.extend(seed.is_empty().then(|| words::NO_SEED.to_owned()));
        faults.extend(order.is_empty().then(|| words::NO_LIST.to_owned()));
        faults.extend((order.len() > MOST).then(|| words::too_many(MOST)));
        faults
            .extend((too_long(seed) || ids.iter().any(|id| too_long(id))).then(|| words::too_long(LONGEST)));
        faults.extend((size.is_err() && !order.is_empty()).then(|| words::not_a_size(order.len())));
    }
    let drawn = (answered && faults.is_empty()).then(|| drawn(seed, &order, size.unwrap_or(least)));
    let values = context! {
        seed, list, faults, drawn, least,
        size => asked_for,
        kept => words::NOTHING_KEPT,
        share => legal::share(&app, &headers, "/tirage", words::TITLE, words::NOTHING_KEPT),
    };
    app.render("draw.html", "tirage", values)
}

fn drawn(seed: &str, order: &[String], size: usize) -> Value {
    let print: String = Sha256::digest(order.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect();
    let line = |(id, step): (String, Step)| {
        let (counter, number) = step.number.unzip();
        context! {
            rank => step.place + 1, left => step.left, counter, id,
            // Beyond what a template's number holds exactly.
            number => number.map(|number| number.to_string()),
            chosen => step.number.is_some().then_some(step.chosen),
            taken => step.place < size,
        }
    };
    let steps: Vec<Value> = drawing::drawn(seed, order).into_iter().map(line).collect();
    context! { count => order.len(), size, print, steps }
}
