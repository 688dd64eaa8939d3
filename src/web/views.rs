//! The lists that a person named: an address with its filters, under a name of their own, on the page of the work.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::origin::refusal;
use super::access::session::print;
use super::access::who::Viewer;
use super::app_state::AppState;
use super::page_error::PageError;
use crate::store::views::{MOST, View};
use label::wording::lists;

const MAX_NAME: usize = 60;
const MAX_ADDRESS: usize = 1500;
/// The lists that can be named.
const LISTS: [&str; 4] = ["/", "/services", "/labels", "/echeances"];

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/vues/garder", post(keep))
        .route("/vues/renommer", post(rename))
        .route("/vues/oublier", post(forget))
}

#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    nom: String,
    #[serde(default)]
    nouveau: String,
    #[serde(default)]
    adresse: String,
}

async fn keep(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if let Some(refused) = refusal(&app, &headers) {
        return Ok(refused);
    }
    let view = View { name: name(&chosen.nom)?, address: address(&chosen.adresse)? };
    let kept = app.store.sessions().keep_view(&whose(&viewer), &view, app.book.clock.now()).await?;
    match kept {
        true => Ok(Redirect::to(&app.address(&view.address)).into_response()),
        false => Err(PageError::BadAddress(lists::too_many_views(MOST))),
    }
}

async fn rename(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if let Some(refused) = refusal(&app, &headers) {
        return Ok(refused);
    }
    let new = name(&chosen.nouveau)?;
    done(&app, app.store.sessions().rename_view(&whose(&viewer), &chosen.nom, &new).await?)
}

async fn forget(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if let Some(refused) = refusal(&app, &headers) {
        return Ok(refused);
    }
    done(&app, app.store.sessions().forget_view(&whose(&viewer), &chosen.nom).await?)
}

fn done(app: &AppState, changed: bool) -> Result<Response, PageError> {
    match changed {
        true => Ok(Redirect::to(&app.address("/#vues")).into_response()),
        false => Err(PageError::NotFound(lists::NO_SUCH_VIEW.to_owned())),
    }
}

fn name(typed: &str) -> Result<String, PageError> {
    let name: String = typed.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    if name.is_empty() { Err(PageError::BadAddress(lists::VIEW_WITHOUT_NAME.to_owned())) } else { Ok(name) }
}

/// One of our lists: whatever else the address holds is a filter, which each page reads as it likes.
fn address(given: &str) -> Result<String, PageError> {
    let path = given.split('?').next().unwrap_or_default();
    let plain =
        given.len() <= MAX_ADDRESS && given.bytes().all(|b| b.is_ascii_graphic() && b != b'#' && b != b'\\');
    match LISTS.contains(&path) && plain {
        true => Ok(given.to_owned()),
        false => Err(PageError::BadAddress(lists::NO_LIST.to_owned())),
    }
}

/// A hash of who it is, and of the body for which they sit: what one names for one body is not offered for another.
fn whose(viewer: &Viewer) -> String {
    let who = viewer.who.clone().unwrap_or_default();
    let parts = [viewer.provider.as_deref(), Some(&who.subject), Some(&who.name), viewer.body.as_deref()];
    print(&parts.map(Option::unwrap_or_default).join("\0"))
}

/// The lists of somebody, for the page of the work.
pub(super) async fn own(app: &AppState, viewer: &Viewer) -> Result<Vec<Value>, PageError> {
    let views = app.store.sessions().views(&whose(viewer)).await?;
    let view = |view: View| context! { name => view.name, address => view.address };
    Ok(views.into_iter().map(view).collect())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_our_lists_are_kept() {
        for good in ["/", "/services?texte=a%20b", "/?vue=retard&qui=ditp"] {
            assert_eq!(address(good).ok().as_deref(), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example/",
            "/journal",
            "/services#x",
            "/services?a b",
            "/\\evil",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
