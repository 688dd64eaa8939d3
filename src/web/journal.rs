//! `/journal`: what was read, written and sent.

use axum::extract::State;
use axum::response::Html;
use minijinja::{Value, context};

use super::{PageError, Window};

const ENTRIES: i64 = 300;

pub async fn page(State(window): State<Window>) -> Result<Html<String>, PageError> {
    let entries = entries(&window, None, ENTRIES).await?;
    let (waiting, given_up) = window.book.store.backlog().await?;
    let aside = window.book.store.set_aside().await?;
    let aside: Vec<Value> = aside.into_iter().map(|(number, why)| context! { number, why }).collect();
    let backlog = match (waiting, given_up) {
        (0, 0) => "Rien n’attend.".to_owned(),
        (waiting, given_up) => format!("En attente : {waiting}. Abandonnés : {given_up}."),
    };
    window.render("journal.html", "journal", context! { entries, aside, backlog })
}

/// The latest entries, of one dossier or of all, as the tables show them.
pub async fn entries(window: &Window, dossier: Option<i64>, limit: i64) -> Result<Vec<Value>, PageError> {
    let entries = window.book.store.journal(dossier, limit).await?;
    Ok(entries.into_iter().map(view).collect())
}

/// One line of the journal.
pub fn view(entry: crate::store::journal::Entry) -> Value {
    let at = super::moment(entry.at);
    context! { at, dossier => entry.dossier, kind => entry.kind, detail => entry.detail }
}
