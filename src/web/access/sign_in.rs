//! `/connexion`, `/connexion/retour`: signing in, at one provider or at the one that is chosen.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{Timestamp, ToSpan};
use minijinja::{Value, context};
use serde::Deserialize;

use super::oidc::{AuthorizationResponse, Identity, NotAdmitted, Profile, Refusal};
use super::provider::Provider;
use super::refused;
use super::refused::Links;
use super::sealed::random;
use super::session::{HINT, print};
use super::viewing::{Door, SignInDoor};
use super::who::Viewer;
use crate::store::sessions::StoredSession;
use crate::web::app_state::AppState;
use crate::web::own_path::OwnPath;
use crate::web::page_error::PageError;
use label::wording::sign_in as words;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    retour: Option<String>,
    /// The provider's id.
    par: Option<String>,
}

/// The page to return to after the sign-in; the first one in place of what is not ours, or would sign in again.
fn own_path(back: Option<&str>) -> OwnPath {
    let page = |path: &OwnPath| !path.path().starts_with("/connexion");
    back.and_then(OwnPath::parse).filter(page).unwrap_or_default()
}

pub(super) fn door(app: &AppState) -> Result<&SignInDoor, PageError> {
    match &app.access.door {
        Door::SignIn(door) => Ok(door),
        _ => Err(PageError::NotFound(words::NO_SIGN_IN.to_owned())),
    }
}

pub(super) async fn begin(
    State(app): State<AppState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let door = door(&app)?;
    let back = own_path(asked.retour.as_deref());
    let provider = match (&asked.par, door.providers.as_slice()) {
        (Some(id), _) => door.provider(id),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let Some(provider) = provider else { return choice(&app, door, &back) };
    match provider.begin(back, &app.book.clock).await {
        Ok((address, pending)) => {
            let cookies = door.jar.begin(&pending, &headers);
            Ok((cookies, Redirect::to(&address)).into_response())
        }
        Err(refusal) => said(&app, &refusal, Some(provider)),
    }
}

/// With several providers: ProConnect first, as its guide asks, then as the configuration lists them.
fn choice(app: &AppState, door: &SignInDoor, back: &OwnPath) -> Result<Response, PageError> {
    let mut providers: Vec<&Provider> = door.providers.iter().collect();
    providers.sort_by_key(|provider| provider.settings.profile != Profile::ProConnect);
    let query = |id: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("par", id).append_pair("retour", back.as_str());
        query.finish()
    };
    let providers: Vec<Value> = providers
        .iter()
        .map(|provider| {
            let settings = &provider.settings;
            let pro = settings.profile == Profile::ProConnect;
            context! { name => settings.name.as_str(), pro, query => query(&settings.id) }
        })
        .collect();
    let values = context! { title => "Connexion", text => words::CHOICE, providers,
    register => app.access.public_register };
    Ok(app.render("sign_in.html", "", values)?.into_response())
}

pub(super) async fn end(
    State(app): State<AppState>,
    Query(response): Query<AuthorizationResponse>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let door = door(&app)?;
    let now = app.book.clock.now();
    let state = response.state.clone().unwrap_or_default();
    let Some(pending) = door.jar.pending(&headers, &state, now) else {
        return said(&app, &Refusal::NoCookie, None);
    };
    let Some(provider) = door.provider(&pending.provider) else {
        return said(&app, &Refusal::answer("its provider is in the configuration no more"), None);
    };
    let back = own_path(Some(&pending.back));
    match provider.end(pending, response, &app.book.clock).await {
        Ok(identity) => opened(&app, door, provider, identity, (&state, now), &back).await,
        Err(refusal) => {
            let page = said(&app, &refusal, Some(provider))?;
            Ok((door.jar.give_up(&state), page).into_response())
        }
    }
}

/// A session for whom the provider proved, with or without a role: they may sign out at the provider again.
async fn opened(
    app: &AppState,
    door: &SignInDoor,
    provider: &Provider,
    identity: Identity,
    (state, now): (&str, Timestamp),
    back: &OwnPath,
) -> Result<Response, PageError> {
    let settings = &provider.settings;
    let Identity { who, id_token } = identity;
    if settings.roles.of(&who).is_none() {
        let why =
            who.doubt.map_or("no role is given to this address, group or identifier", |doubt| doubt.word());
        let why = if settings.roles.between(&who).is_some() { "two bodies give one" } else { why };
        tracing::warn!(provider = settings.id, "somebody signed in and has no role: {why}");
    }
    let unsealed = || PageError::File(anyhow::anyhow!("the machine has no random numbers"));
    let secret = random().map_err(|_| unsealed())?;
    let until = now.saturating_add(settings.session_minutes.minutes()).unwrap_or(now);
    let session = StoredSession {
        print: print(&secret),
        provider: settings.id.clone(),
        address: who.name.to_lowercase(),
        person: serde_json::to_string(&who).map_err(|error| PageError::File(error.into()))?,
        hint: door.jar.key().seal(HINT, &id_token).map_err(|_| unsealed())?,
        opened_at: now,
        ends_at: until,
    };
    app.store.sessions().open(&session).await?;
    Ok((door.jar.open(secret, until, state), back.redirect(&app.root)).into_response())
}

/// The reason is for the log: a person needs to know what to do.
fn said(app: &AppState, refusal: &Refusal, provider: Option<&Provider>) -> Result<Response, PageError> {
    let (id, name) = provider.map_or(("", ""), |one| (&one.settings.id, &one.settings.name));
    let place = provider.map_or("web.oidc", |one| &one.settings.place);
    tracing::warn!(provider = id, "sign-in refused: {}", refusal.at(place));
    let contact = app.access.contact.as_deref();
    let (status, text) = match refusal {
        Refusal::Provider(_) | Refusal::Unreached(..) => {
            (StatusCode::BAD_GATEWAY, words::no_answer(name, contact))
        }
        Refusal::Answer(_) => (StatusCode::FORBIDDEN, words::not_done(contact)),
        Refusal::NoCookie => (StatusCode::FORBIDDEN, words::no_cookie(contact)),
        Refusal::Configuration(_) => (StatusCode::BAD_GATEWAY, words::misconfigured(name, contact)),
        Refusal::Person(NotAdmitted::Level) => (StatusCode::FORBIDDEN, words::level(name, contact)),
        Refusal::Person(NotAdmitted::Claim(_)) => (StatusCode::FORBIDDEN, words::outside(name, contact)),
        Refusal::Person(NotAdmitted::Denied(_)) => (StatusCode::FORBIDDEN, words::denied(name, contact)),
    };
    let links = Links::of(app, &Viewer::default());
    refused::page(app, status, "Connexion impossible", &text, links)
}
