//! `GET /exports/dossiers.xlsx` (`.ods`, `.csv`), or `.zip` for the attachments: no token, as the platform's own link has its signature in the address.
//! `?modele=` takes the titles of a model, one a line; `?ancien=1` writes as older versions did.

use super::{ExportFormat, ExportShape};
use crate::http::{Shared, lock};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::collections::HashMap;

pub(crate) async fn download(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    if name == "dossiers.zip" {
        let world = lock(&shared);
        return answer(world.export_pieces(), &world.export_pieces_name());
    }
    let extension = name.strip_prefix("dossiers.").and_then(ExportFormat::from_extension);
    let Some(format) = extension else { return StatusCode::NOT_FOUND.into_response() };
    let shape = match asked.get("modele") {
        Some(titles) => ExportShape::Model(titles.lines().map(str::to_owned).collect()),
        None if asked.contains_key("ancien") => ExportShape::PlainBefore,
        None => ExportShape::Plain,
    };
    let world = lock(&shared);
    answer(world.export(format, &shape), &world.export_name(format))
}

fn answer(bytes: Option<Vec<u8>>, name: &str) -> Response {
    let Some(bytes) = bytes else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_DISPOSITION, named)], bytes).into_response()
}
