//! The pages that say why somebody does not come in, and whom to ask.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::context;

use super::viewing::Door;
use super::who::{Doubt, Viewer};
use crate::web::app_state::AppState;
use crate::web::page_error::{PageError, Said};
use label::wording::sign_in as words;
use label::wording::sign_in::NoRole;

/// Signing out goes on at the provider, and from there wherever it sends people: browsers compare each step of a form
/// with this list. What the page shows is ours alone.
const SIGNS_OUT: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self' https: http://127.0.0.1:* http://localhost:*";

/// Where somebody may go from there.
#[derive(Clone, Copy)]
pub(super) struct Links {
    pub sign_in: bool,
    pub sign_out: bool,
    pub register: bool,
}

impl Links {
    pub(super) fn of(app: &AppState, viewer: &Viewer) -> Links {
        let signs_in = matches!(app.access.door, Door::SignIn(_));
        Links {
            sign_in: signs_in && !viewer.signed_in,
            sign_out: signs_in && viewer.signed_in,
            register: viewer.role.is_some() || app.access.public_register,
        }
    }
}

/// A page of one sentence, with the ways in and out.
pub(super) fn page(
    app: &AppState,
    status: StatusCode,
    title: &str,
    text: &str,
    links: Links,
) -> Result<Response, PageError> {
    let Links { sign_in, sign_out, register } = links;
    let values = context! { title, text, sign_in, sign_out, register };
    let mut answer = (status, app.render("refused.html", "", values)?).into_response();
    if sign_out {
        let policy = HeaderName::from_static("content-security-policy");
        answer.headers_mut().insert(policy, HeaderValue::from_static(SIGNS_OUT));
    }
    Ok(answer)
}

/// Why somebody who is signed in has no role.
pub(super) fn why(app: &AppState, viewer: &Viewer) -> String {
    let who = viewer.who.as_ref();
    let between = viewer.between.as_deref().map(|(one, other)| NoRole::TwoBodies(one, other));
    let why = between.unwrap_or_else(|| match who.and_then(|who| who.doubt) {
        Some(Doubt::NoAddress) => NoRole::NoAddress,
        Some(Doubt::Unverified) => NoRole::Unverified,
        Some(Doubt::GroupsLeftOut) => NoRole::GroupsLeftOut,
        None => who.map_or(NoRole::Person, |who| NoRole::Address(&who.name)),
    });
    words::no_role(why, viewer.provider.as_deref(), app.access.contact.as_deref())
}

/// Pages that ask nobody were shown to whoever reaches the proxy.
pub(super) fn passed_on(app: &AppState) -> Response {
    tracing::warn!(
        "a proxy passed a request on to pages that ask nobody: configure [web.oidc] or [web.proxy]"
    );
    let links = Links { sign_in: false, sign_out: false, register: false };
    let page = page(app, StatusCode::FORBIDDEN, "Accès refusé", words::PASSED_ON, links);
    page.unwrap_or_else(IntoResponse::into_response)
}

/// For a program: the layer around all makes the problem that it reads.
pub(super) fn to_program(status: StatusCode, text: &str) -> Response {
    let mut answer = status.into_response();
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer.extensions_mut().insert(Said(text.to_owned()));
    answer
}

/// 401 for somebody unknown, 403 for somebody without the right.
pub(super) fn answer(app: &AppState, viewer: &Viewer) -> Response {
    let links = Links::of(app, viewer);
    let page = match (viewer.signed_in, viewer.role) {
        (true, Some(_)) => page(app, StatusCode::FORBIDDEN, "Accès refusé", words::OTHER_ROLE, links),
        (true, None) => page(app, StatusCode::FORBIDDEN, "Accès refusé", &why(app, viewer), links),
        (false, _) => {
            page(app, StatusCode::UNAUTHORIZED, "Connexion nécessaire", words::NOT_SIGNED_IN, links)
        }
    };
    page.unwrap_or_else(IntoResponse::into_response)
}
