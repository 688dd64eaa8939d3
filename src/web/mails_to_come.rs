//! `/courriels`: the mails to services and DITP that leave in the next fourteen days, with their text; the certification body
//! can stop one, and let it go.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use minijinja::{Value, context};
use serde::Deserialize;

use super::access::origin::refusal;
use super::access::who::Viewer;
use super::access::{Area, may};
use super::app_state::AppState;
use super::owned::owns;
use super::page_error::PageError;
use super::sync;
use crate::store::coming::ComingMail;
use crate::store::journal::NewLine;
use label::outgoing::Letter;
use label::wording::journal::EntryKind;
use label::wording::{boards, date_full, journal, names};

/// Mails to come on one page.
const LINES: i64 = 100;
/// Mails that wait, or were stopped: the latest.
const MOST: i64 = 100;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/courriels", get(page))
        .route("/courriels/arreter", post(stop))
        .route("/courriels/laisser-partir", post(let_go))
}

#[derive(Debug, Default, Deserialize)]
struct MailsQuery {
    /// « 2027-05-24~KEY »: the last line seen.
    #[serde(default)]
    apres: String,
}

async fn page(
    State(app): State<AppState>,
    viewer: Viewer,
    Query(asked): Query<MailsQuery>,
) -> Result<Html<String>, PageError> {
    let ledger = app.store.ledger();
    let body = viewer.of_body();
    let mut coming = ledger.coming(&body, asked.apres.split_once('~').unwrap_or_default(), LINES + 1).await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = coming.len() > shown;
    coming.truncate(shown);
    let more = coming.last().filter(|_| more).map(|last| {
        let place = format!("{}~{}", last.leaves, last.key);
        url::form_urlencoded::byte_serialize(place.as_bytes()).collect::<String>()
    });
    let mut days: Vec<(String, Vec<Value>)> = Vec::new();
    for mail in &coming {
        match days.last_mut() {
            Some((day, lines)) if *day == mail.leaves => lines.push(line(mail)),
            _ => days.push((mail.leaves.clone(), vec![line(mail)])),
        }
    }
    let day = |(day, lines): (String, Vec<Value>)| {
        let title = day.parse::<Date>().map(date_full).unwrap_or(day);
        context! { title, lines }
    };
    let lines = |mails: Vec<ComingMail>| mails.iter().map(line).collect::<Vec<Value>>();
    let first = asked.apres.is_empty();
    let values = context! {
        days => days.into_iter().map(day).collect::<Vec<_>>(),
        waiting => if first { lines(ledger.waiting_mails(&body, MOST).await?) } else { Vec::new() },
        stopped => if first { lines(ledger.stopped(&body, MOST).await?) } else { Vec::new() },
        first,
        more,
        may_stop => may(&viewer, Area::Decisions, &app.access),
        sync => sync::state(&app).await?,
    };
    app.render("mails_to_come.html", "courriels", values)
}

fn line(mail: &ComingMail) -> Value {
    // It can be stopped whether or not its text can be read.
    let letter: Letter = serde_json::from_str(&mail.payload)
        .unwrap_or_else(|_| Letter { subject: boards::UNREADABLE_LETTER.to_owned(), ..Letter::default() });
    let sections = letter.sections.iter().map(|section| {
        let lines = section.lines.iter().map(|line| line.text.clone());
        let points: Vec<String> = section.points.iter().cloned().chain(lines).collect();
        context! { title => section.title.as_str(), paragraphs => section.paragraphs.clone(), points }
    });
    context! {
        key => mail.key.as_str(),
        case => mail.case_id,
        dossier => mail.dossier,
        service => mail.service.as_str(),
        to => names::role_from_key(&mail.role).map(names::role),
        subject => letter.subject.as_str(),
        paragraphs => letter.paragraphs.clone(),
        points => letter.points.clone(),
        sections => sections.collect::<Vec<_>>(),
        source => letter.source.as_str(),
        why => boards::reason(&mail.rule),
    }
}

#[derive(Debug, Deserialize)]
struct Chosen {
    cle: String,
}

async fn stop(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    decide(&app, &viewer, &headers, &chosen.cle, true).await
}

async fn let_go(
    State(app): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    decide(&app, &viewer, &headers, &chosen.cle, false).await
}

/// A person's decision about a mail, recorded.
async fn decide(
    app: &AppState,
    viewer: &Viewer,
    headers: &HeaderMap,
    key: &str,
    stops: bool,
) -> Result<Response, PageError> {
    if let Some(refused) = refusal(app, headers) {
        return Ok(refused);
    }
    let (ledger, now) = (app.store.ledger(), app.book.clock.now());
    let Some(mail) = ledger.one_to_decide(key).await? else { return Err(gone(stops)) };
    if !owns(app, viewer, mail.dossier).await? {
        return Err(gone(stops));
    }
    let letter = serde_json::from_str::<Letter>(&mail.payload);
    let subject = letter.map_or_else(|_| boards::UNREADABLE_LETTER.to_owned(), |letter| letter.subject);
    let line = NewLine {
        kind: if stops { EntryKind::MailStopped } else { EntryKind::MailLetGo },
        dossier: Some(mail.dossier),
        detail: journal::mail_stopped(&subject, stops),
        role: Some(mail.role.clone()),
        rule: Some(mail.rule.clone()),
        key: Some(mail.key.clone()),
        answer: None,
    };
    let done = if stops {
        let who = viewer.who.as_ref().map(|who| who.name.as_str());
        let why = journal::stopped_by(who, app.book.today());
        ledger.stop(key, &why, &line, now).await?
    } else {
        ledger.let_go(key, &line, now).await?
    };
    if done { Ok(Redirect::to(&app.address("/courriels")).into_response()) } else { Err(gone(stops)) }
}

fn gone(stops: bool) -> PageError {
    PageError::NotFound(boards::mail_not_decided(stops).to_owned())
}
