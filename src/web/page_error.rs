//! Why a page cannot be made, and the page that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::store;

/// A page that cannot be made.
pub enum PageError {
    NotFound(String),
    /// Something in the address cannot be understood.
    BadAddress(String),
    Store(store::Error),
    Template(minijinja::Error),
    File(anyhow::Error),
}

impl From<store::Error> for PageError {
    fn from(error: store::Error) -> PageError {
        PageError::Store(error)
    }
}

impl From<minijinja::Error> for PageError {
    fn from(error: minijinja::Error) -> PageError {
        PageError::Template(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            PageError::NotFound(text) => (StatusCode::NOT_FOUND, text),
            PageError::BadAddress(text) => (StatusCode::BAD_REQUEST, text),
            PageError::Store(error) => {
                tracing::error!("page: {error}");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Les données ne peuvent pas être lues pour l’instant.".to_owned(),
                )
            }
            PageError::File(error) => {
                tracing::error!("page: {error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, "Ce fichier ne peut pas être fait.".to_owned())
            }
            PageError::Template(error) => {
                tracing::error!("page: {error:#}");
                (StatusCode::INTERNAL_SERVER_ERROR, "Cette page ne peut pas être affichée.".to_owned())
            }
        };
        // The page is made by `error_page`, which knows the templates.
        let mut answer = status.into_response();
        answer.extensions_mut().insert(Said(text));
        answer
    }
}

/// What the page of an error says.
#[derive(Clone)]
pub(super) struct Said(pub String);
