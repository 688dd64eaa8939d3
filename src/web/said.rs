//! `/cas/{id}?au=`: what was said of a service on a day, from the record.

use axum::response::Html;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::app_state::AppState;
use super::page_error::PageError;
use crate::record::{self, again, said};
use label::wording::date_full;
use label::wording::record as words;
use label::wording::statement::Statement;

/// The page of the case of dossier `number` as it was said on `day`; with what this version says of the same facts when
/// `again`.
pub(super) async fn page(
    app: &AppState,
    number: i64,
    (day, again): (Date, bool),
) -> Result<Html<String>, PageError> {
    let record = app.store.record();
    let found = said::on(&record, number, day).await.map_err(unreadable)?;
    let Some(said) = found else {
        let first = said::first(&record, number).await.map_err(unreadable)?;
        return Err(PageError::NotFound(words::nothing(number, day, first)));
    };
    let on = said::day_of(&said.entry).map_err(unreadable)?;
    let source = words::Source {
        seq: said.entry.seq,
        hash: &said.entry.hash,
        on,
        until: said.until,
        version: &said.body.version,
        edition: &said.body.edition,
    };
    let differences = match again {
        true => {
            let frame = app.book.frame().await?;
            let (_, all) = again::judge(&record, &said, on, &frame).await.map_err(unreadable)?;
            Some(words::again(&all))
        }
        false => None,
    };
    let values = context! {
        id => number,
        name => said.statement.name.as_str(),
        au => day.to_string(),
        day => date_full(day),
        source => words::source(&source),
        differences,
        parts => parts(&said.statement, on),
    };
    app.render("said.html", "", values)
}

/// The parts of a statement: a title, and its lines.
fn parts(statement: &Statement, on: Date) -> Vec<Value> {
    let mut parts: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    for (depth, line) in statement.lines(on) {
        match (depth, line.is_empty(), parts.last_mut()) {
            (_, true, _) => parts.push((String::new(), Vec::new())),
            (0, _, Some((title, lines))) if title.is_empty() && lines.is_empty() => *title = line,
            (_, _, Some((_, lines))) => lines.push(line),
            (_, _, None) => {}
        }
    }
    parts.into_iter().map(|(title, lines)| context! { title, lines }).collect()
}

fn unreadable(error: record::Error) -> PageError {
    match error {
        record::Error::Store(error) => error.into(),
        record::Error::Erased { on, .. } => PageError::NotFound(words::erased(on)),
        other => {
            tracing::error!("page: {other}");
            PageError::NotFound(words::UNREADABLE.to_owned())
        }
    }
}
