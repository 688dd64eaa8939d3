//! `/api/v1`: what the pages show, for programs. Who may read what is decided where it is for the pages ([`super::access`]),
//! and each answer is filled by the functions that fill them.
//!
//! An address is a function with its description (`#[utoipa::path]`): [`described`] routes it and enters it in the document
//! at once, so that none is served without being described. [`call`] reads the request and makes the answer; [`parameters`],
//! [`words`] and [`places`] are what may stand in an address; [`shapes`] what several answers hold; [`problem`] what a program
//! reads when it is refused. Sentences are in `label::wording::api`.

mod browse;
mod call;
mod cases;
mod deadlines;
mod document;
mod findings;
mod health;
mod journal;
mod mails;
pub(super) mod pace;
mod parameters;
mod places;
pub(super) mod problem;
mod register;
mod services;
mod shapes;
mod statistics;
mod words;

use axum::Router;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app_state::AppState;

/// Every address that answers data, with its description.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(services::services))
        .routes(routes!(cases::cases))
        .routes(routes!(cases::case))
        .routes(routes!(findings::findings))
        .routes(routes!(deadlines::deadlines))
        .routes(routes!(mails::mails))
        .routes(routes!(journal::journal))
        .routes(routes!(register::register))
        .routes(routes!(statistics::statistics))
        .routes(routes!(health::health))
}

pub(super) fn routes() -> Router<AppState> {
    let (router, bare) = described().split_for_parts();
    let document = document::whole(&bare);
    router
        .route("/api", get(browse::page))
        .route("/api/v1/openapi.json", get(document::served))
        .layer(axum::Extension(document))
}
