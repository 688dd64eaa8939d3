//! The mailbox of the demo: every mail that left, searched in all its parts, and each on a page of its own with what a mail
//! program shows of it.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::{Value, context};
use serde::Deserialize;

use super::control::Demo;
use crate::mail::{Kept, MailParts, masked};
use crate::web::app_state::AppState;
use crate::web::page_error::PageError;
use label::folding::folded;
use label::paris_date;
use label::wording::date_short;
use label::wording::story::{self, MailPlace};

/// Mails shown, newest first; the page gives the number of the others.
const SHOWN: usize = 30;
/// Mails of a search.
const FOUND: usize = 100;
const MAX_TEXT: usize = 100;

/// A mail is shown as its reader's program shows it: it loads nothing and runs nothing.
const MAIL_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/demo/courriels", get(search))
        .route("/demo/courriels/{id}", get(one))
        .route("/demo/courriels/{id}/html", get(html))
        .route("/demo/courriels/{id}/message.eml", get(message))
        .route("/demo/courriels/{id}/pieces/{rank}", get(piece))
}

/// The latest mails, and how many there are.
pub(super) fn latest(demo: &Demo) -> (Vec<Value>, usize) {
    let kept = demo.mailer.kept();
    let mails = kept.iter().enumerate().rev().take(SHOWN).map(|(id, mail)| line(id, mail, Vec::new()));
    (mails.collect(), kept.len())
}

fn line(id: usize, mail: &Kept, places: Vec<&'static str>) -> Value {
    let to: Vec<String> = mail.mail.to.iter().map(|address| masked(address)).collect();
    context! {
        id,
        day => date_short(paris_date(mail.at)),
        to => to.join(", "),
        subject => mail.mail.letter.subject.as_str(),
        text => mail.text.as_str(),
        places,
    }
}

#[derive(Debug, Default, Deserialize)]
struct SearchQuery {
    #[serde(default)]
    texte: String,
}

async fn search(
    State(app): State<AppState>,
    Query(asked): Query<SearchQuery>,
) -> Result<Html<String>, PageError> {
    let text: String = asked.texte.chars().take(MAX_TEXT).collect();
    let words = folded(&text);
    let kept = app.demo.as_ref().map(|demo| demo.mailer.kept()).unwrap_or_default();
    let all = kept.len();
    // Hundreds of messages are taken apart: not on the thread that answers others.
    let found = tokio::task::spawn_blocking(move || {
        let found = |(id, mail): (usize, &Kept)| {
            let places = places(mail, &words);
            (words.is_empty() || !places.is_empty()).then(|| line(id, mail, places))
        };
        kept.iter().enumerate().rev().filter_map(found).collect::<Vec<_>>()
    });
    let found = found.await.map_err(|error| PageError::File(error.into()))?;
    let values = context! {
        count => found.len(),
        all,
        more => found.len() > FOUND,
        mails => found.into_iter().take(FOUND).collect::<Vec<_>>(),
        texte => text,
    };
    app.render("demo_mailbox.html", "demo", values)
}

/// Where the words stand, in this order, in a mail.
fn places(mail: &Kept, words: &str) -> Vec<&'static str> {
    if words.is_empty() {
        return Vec::new();
    }
    let parts = MailParts::of(&mail.raw);
    let has = |text: &str| folded(text).contains(words);
    let headers = parts.headers.iter().any(|(name, value)| has(name) || has(value));
    let calendar = parts.files.iter().filter(|file| file.is_calendar());
    // A calendar folds its lines anywhere, and a word with them.
    let unfolded = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n ", "");
    let found = [
        (MailPlace::Headers, headers),
        (MailPlace::Text, has(&mail.text)),
        (MailPlace::Html, has(&parts.html)),
        (MailPlace::Calendar, calendar.map(|file| unfolded(&file.bytes)).any(|text| has(&text))),
    ];
    found.into_iter().filter(|(_, is)| *is).map(|(place, _)| story::place(place)).collect()
}

/// A mail that was kept, by its rank.
fn kept(app: &AppState, id: &str) -> Result<(usize, Kept), PageError> {
    let unknown = || PageError::NotFound(story::NO_MAIL.to_owned());
    let rank: usize = id.parse().map_err(|_| unknown())?;
    let kept = app.demo.as_ref().and_then(|demo| demo.mailer.kept().into_iter().nth(rank));
    Ok((rank, kept.ok_or_else(unknown)?))
}

async fn one(State(app): State<AppState>, Path(id): Path<String>) -> Result<Html<String>, PageError> {
    let (id, mail) = kept(&app, &id)?;
    let parts = MailParts::of(&mail.raw);
    let files: Vec<Value> = parts
        .files
        .iter()
        .map(|file| {
            let calendar = file.is_calendar().then(|| String::from_utf8_lossy(&file.bytes).into_owned());
            context! { name => file.name.as_str(), media => file.media.as_str(), calendar }
        })
        .collect();
    let values = context! {
        id,
        subject => mail.mail.letter.subject,
        day => date_short(paris_date(mail.at)),
        text => mail.text,
        headers => parts.headers,
        files,
    };
    app.render("demo_mail.html", "demo", values)
}

async fn html(State(app): State<AppState>, Path(id): Path<String>) -> Result<Response, PageError> {
    let (_, mail) = kept(&app, &id)?;
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, MAIL_POLICY)];
    Ok((headers, MailParts::of(&mail.raw).html).into_response())
}

async fn message(State(app): State<AppState>, Path(id): Path<String>) -> Result<Response, PageError> {
    let (id, mail) = kept(&app, &id)?;
    Ok(attached("message/rfc822", &format!("courriel-{id}.eml"), mail.raw.to_vec()))
}

async fn piece(
    State(app): State<AppState>,
    Path((id, rank)): Path<(String, usize)>,
) -> Result<Response, PageError> {
    let (_, mail) = kept(&app, &id)?;
    let file = MailParts::of(&mail.raw).files.into_iter().nth(rank);
    let file = file.ok_or_else(|| PageError::NotFound(story::NO_MAIL.to_owned()))?;
    Ok(attached(&file.media, &file.name, file.bytes))
}

/// To keep, never to show.
pub(super) fn attached(media: &str, name: &str, bytes: Vec<u8>) -> Response {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
