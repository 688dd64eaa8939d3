//! `/journal`: what was read, written and sent.

use axum::extract::{Query, State};
use axum::response::Html;
use minijinja::{Value, context};
use serde::Deserialize;

use super::app_state::AppState;
use super::page_error::PageError;
use super::sync;
use crate::store::journal::JournalEntry;

const ENTRIES: i64 = 100;

#[derive(Debug, Default, Deserialize)]
pub struct JournalQuery {
    quoi: Option<String>,
    dossier: Option<String>,
    /// The id of an entry: those before it.
    avant: Option<String>,
}

pub async fn page(
    State(app): State<AppState>,
    Query(asked): Query<JournalQuery>,
) -> Result<Html<String>, PageError> {
    let store = &app.store;
    let kind = asked.quoi.as_deref().filter(|kind| !kind.is_empty());
    let typed = asked.dossier.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let number = typed.and_then(|text| text.parse::<i64>().ok());
    // A text that is not a number finds nothing, rather than everything.
    let dossier = typed.map(|_| number.unwrap_or(i64::MIN));
    let mut entries = store.journal().page(kind, dossier, asked.avant.as_deref(), ENTRIES + 1).await?;
    let shown = usize::try_from(ENTRIES).unwrap_or(usize::MAX);
    let more = entries.get(shown).is_some();
    entries.truncate(shown);
    let more = entries.last().filter(|_| more).map(|(id, _)| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("quoi", kind.unwrap_or_default());
        query.append_pair("dossier", typed.unwrap_or_default()).append_pair("avant", id);
        query.finish()
    });
    let (waiting, given_up) = store.outbox().backlog().await?;
    let backlog = match (waiting, given_up) {
        (0, 0) => "Rien n’attend.".to_owned(),
        (waiting, given_up) => format!("En attente : {waiting}. Abandonnés : {given_up}."),
    };
    let entries: Vec<Value> = entries.into_iter().map(|(_, entry)| view(entry)).collect();
    let kinds = store.journal().kinds().await?;
    let values = context! { entries, backlog, kinds, kind, typed, more, sync => sync::state(&app).await? };
    app.render("journal.html", "journal", values)
}

/// The latest entries, of one dossier or of all, as the tables show them.
pub async fn entries(app: &AppState, dossier: Option<i64>, limit: i64) -> Result<Vec<Value>, PageError> {
    let entries = app.store.journal().entries(dossier, limit).await?;
    Ok(entries.into_iter().map(view).collect())
}

/// One line of the journal.
pub fn view(entry: JournalEntry) -> Value {
    let at = super::templates::moment(entry.at);
    context! { at, dossier => entry.dossier, kind => entry.kind, detail => entry.detail }
}
