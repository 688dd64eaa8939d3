//! `/api/v1/journal`: what was read, written and sent, the latest first.

use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Answer, Call, Page, cut};
use super::parameters::parameters;
use super::places::LinePaging;
use super::words::{Number, Text, wanted};

parameters! {
    /// What a line is about.
    About { "quoi" => kind: Text, "dossier" => dossier: Number }
}

/// A line of the journal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ligne {
    id: String,
    #[schema(format = DateTime)]
    moment: String,
    quoi: String,
    dossier: Option<i64>,
    texte: String,
}

#[utoipa::path(get, path = "/api/v1/journal", params(About, LinePaging),
    responses((status = 200, body = Page<Ligne>)))]
pub(super) async fn journal(call: Call<(About, LinePaging)>) -> Answer {
    let (about, paging) = &call.asked;
    let kind = about.kind.as_ref().map(|kind| kind.0.as_str());
    let dossier = about.dossier.map(|number| number.0);
    let before = paging.after.as_ref().map(|place| place.0.as_str());
    let limit = wanted(paging.limit);
    let mut found = call.app.store.journal().page(kind, dossier, before, limit + 1).await?;
    let next = cut(&mut found, limit).map(|(id, _)| id.clone());
    let lines = found.into_iter().map(|(id, entry)| Ligne {
        id,
        moment: entry.at.to_string(),
        quoi: entry.kind,
        dossier: entry.dossier,
        texte: entry.detail,
    });
    call.page(lines.collect(), next)
}
