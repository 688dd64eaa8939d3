//! A person finds an overdue deadline settled, or takes that back: from the case's page or the work list.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use jiff::civil::Date;
use serde::Deserialize;

use super::access::origin::refusal;
use super::access::who::Viewer;
use super::app_state::AppState;
use super::owned::owns;
use super::page_error::PageError;
use crate::store::journal::NewLine;
use crate::store::settled::SettledBy;
use label::case::{Case, Settled};
use label::judge::agenda::{Due, Status};
use label::wording::journal::EntryKind;
use label::wording::{boards, findings, journal};

pub fn routes() -> Router<AppState> {
    Router::new().route("/echeances/constater", post(settle)).route("/echeances/reprendre", post(unsettle))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    dossier: i64,
    /// « O-16-1 ».
    code: String,
    /// The day of the deadline.
    jour: String,
    /// The day on which it was found settled.
    #[serde(default)]
    le: String,
    /// « travail »: asked from the work list, which is shown again.
    #[serde(default)]
    de: String,
}

async fn settle(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    let found = match found(&app, &viewer, &headers, &chosen).await? {
        Ok(found) => found,
        Err(refused) => return Ok(refused),
    };
    let today = app.book.today();
    let on: Date = chosen.le.trim().parse().map_err(|_| bad(boards::not_a_day(&chosen.le)))?;
    if on > today {
        return Err(bad(boards::SETTLED_AHEAD.to_owned()));
    }
    if found.due.status != Status::Late {
        return Err(gone());
    }
    let who = viewer.who.as_ref().map(|who| who.name.clone()).unwrap_or_default();
    let settled = Settled { on, ..found.settled() };
    let what = findings::due_title(&found.due);
    let detail = journal::settled(&what, settled.due, on, Some(&who));
    let line = found.line(EntryKind::Settled, detail);
    let kept =
        app.store.ledger().keep_settled(&SettledBy { settled, who }, &line, app.book.clock.now()).await?;
    done(&app, &chosen, found.case, kept)
}

async fn unsettle(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    let found = match found(&app, &viewer, &headers, &chosen).await? {
        Ok(found) => found,
        Err(refused) => return Ok(refused),
    };
    let who = viewer.who.as_ref().map(|who| who.name.as_str());
    let settled = found.settled();
    let detail = journal::unsettled(&findings::due_title(&found.due), settled.due, who);
    let line = found.line(EntryKind::Unsettled, detail);
    let removed = app.store.ledger().take_settled_back(&settled, &line, app.book.clock.now()).await?;
    done(&app, &chosen, found.case, removed)
}

/// The deadline that is meant, as it is judged now.
struct Found {
    case: i64,
    due: Due,
}

impl Found {
    fn settled(&self) -> Settled {
        let due = self.due.deadline.nominal;
        Settled { dossier: self.due.dossier, code: self.due.code(), due, on: due }
    }

    fn line(&self, kind: EntryKind, detail: String) -> NewLine {
        let (_, rule, _) = self.due.obligation.reference();
        let key = format!("{}/{}/{}", self.due.dossier, self.due.code(), self.due.deadline.nominal);
        let dossier = Some(self.due.dossier);
        NewLine { rule: Some(rule.to_owned()), key: Some(key), ..NewLine::new(kind, dossier, detail) }
    }
}

async fn found(
    app: &AppState,
    viewer: &Viewer,
    headers: &HeaderMap,
    chosen: &Chosen,
) -> Result<Result<Found, Response>, PageError> {
    if let Some(refused) = refusal(app, headers) {
        return Ok(Err(refused));
    }
    if !owns(app, viewer, chosen.dossier).await? {
        return Err(gone());
    }
    let (case, review) = app.book.review_of(chosen.dossier).await?.ok_or_else(gone)?;
    let meant = |due: &Due| {
        due.dossier == chosen.dossier
            && due.code() == chosen.code
            && due.deadline.nominal.to_string() == chosen.jour
    };
    let due = review.agenda.into_iter().find(meant).ok_or_else(gone)?;
    Ok(Ok(Found { case: case.id, due }))
}

fn done(app: &AppState, chosen: &Chosen, case: i64, kept: bool) -> Result<Response, PageError> {
    if !kept {
        return Err(gone());
    }
    if let Some(soon) = &app.soon {
        soon.notify_one();
    }
    let back = match chosen.de.as_str() {
        "travail" => "/?vue=retard".to_owned(),
        _ => format!("/cas/{case}#echeances"),
    };
    Ok(Redirect::to(&app.address(&back)).into_response())
}

fn gone() -> PageError {
    PageError::NotFound(boards::NOT_TO_SETTLE.to_owned())
}

fn bad(why: String) -> PageError {
    PageError::BadAddress(why)
}

/// Who found what settled of a case, by dossier, code and day.
pub(super) async fn settlers(app: &AppState, case: &Case) -> Result<BTreeMap<Settled, String>, PageError> {
    if case.settled.is_empty() {
        return Ok(BTreeMap::new());
    }
    let numbers: Vec<i64> = case.dossiers.iter().map(|facts| facts.number).collect();
    let rows = app.store.dossiers().settled(&numbers).await?.into_values().flatten();
    Ok(rows.map(|one| (one.settled, one.who)).collect())
}
