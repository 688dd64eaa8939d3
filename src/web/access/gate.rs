//! Lets a request through, or answers why not.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::area::{Area, area, is_api, may};
use super::bearer::{Carried, carried};
use super::hosts::passed_on;
use super::refused;
use super::viewing::Door;
use super::who::{UserRole, Viewer};
use crate::web::app_state::AppState;
use crate::web::menu::Menu;
use crate::web::page_error::PageError;
use label::wording::{api, sign_in};

/// Lets a request through when its viewer may see what it asks for.
pub(crate) async fn gate(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let access = &app.access;
    let path = request.uri().path();
    let wanted = area(path);
    let for_programs = is_api(path);
    let carried = match for_programs && wanted != Area::Anyone {
        true => carried(access, request.headers(), &app.store, app.book.today()).await,
        false => Ok(Carried::Nothing),
    };
    let (viewer, token) = match carried {
        Ok(Carried::Token { viewer, print }) => (viewer, Some(print)),
        Ok(Carried::Unknown) => return refused::to_program(StatusCode::UNAUTHORIZED, api::UNKNOWN_TOKEN),
        Err(error) => return PageError::from(error).into_response(),
        Ok(Carried::Nothing) => {
            match access.viewer(request.headers(), peer, &app.store, app.book.clock.now()).await {
                Ok(viewer) => (viewer, None),
                // What anyone may see does not wait for the store.
                Err(_) if wanted == Area::Anyone => (Viewer::default(), None),
                Err(error) => return PageError::from(error).into_response(),
            }
        }
    };
    // Whoever comes through a proxy has the proxy's address.
    let passed_on = passed_on(request.headers());
    let own = |peer| access.metrics.iter().any(|net| net.holds(peer));
    let scraped = wanted == Area::Metrics && !passed_on && peer.is_some_and(own);
    if passed_on && matches!(access.door, Door::Open) && wanted != Area::Anyone && token.is_none() {
        return match for_programs {
            true => refused::to_program(StatusCode::FORBIDDEN, sign_in::PASSED_ON),
            false => refused::passed_on(&app),
        };
    }
    if scraped || may(&viewer, wanted, access) {
        if for_programs && wanted != Area::Anyone {
            let reader = token.unwrap_or_else(|| reader(&viewer, peer));
            if let Err(wait) = app.pace.turn(&reader, Instant::now()) {
                return too_many(wait);
            }
        }
        request.extensions_mut().insert(viewer.clone());
        // In a task of its own: when a client disconnects, a query cancelled in the middle would close its connection,
        // and a store in memory is lost with its connection.
        // A reader that leaves without waiting does not make room for one more page under way.
        let turn = match wanted {
            Area::Anyone => None,
            _ => Arc::clone(&app.at_once).acquire_owned().await.ok(),
        };
        let menu = Menu::of(&viewer, access);
        let page = async move {
            let answer = next.run(request).await;
            drop(turn);
            answer
        };
        let answer = tokio::spawn(menu.during(page)).await;
        return answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    if for_programs {
        return match (viewer.signed_in, viewer.role) {
            (false, _) => refused::to_program(StatusCode::UNAUTHORIZED, api::NO_TOKEN),
            (true, Some(_)) => refused::to_program(StatusCode::FORBIDDEN, api::OTHER_ROLE),
            (true, None) => refused::to_program(StatusCode::FORBIDDEN, &refused::why(&app, &viewer)),
        };
    }
    if path == "/" && viewer.role == Some(UserRole::Ditp) {
        return Redirect::to(&app.address("/registre")).into_response();
    }
    let page = matches!(*request.method(), Method::GET | Method::HEAD);
    if let (Door::SignIn(_), false, true) = (&access.door, viewer.signed_in, page) {
        let back = request.uri().path_and_query().map_or("/", |address| address.as_str());
        let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Redirect::to(&app.address(&format!("/connexion?retour={back}"))).into_response();
    }
    Menu::of(&viewer, access).during(async { refused::answer(&app, &viewer) }).await
}

/// Whose share of the requests somebody without a token takes.
fn reader(viewer: &Viewer, peer: Option<IpAddr>) -> String {
    let who = viewer.who.as_ref();
    let named = who.map(|who| if who.subject.is_empty() { &who.name } else { &who.subject });
    match (named, peer) {
        (Some(name), _) => format!("who/{name}"),
        // One network of somebody's own has that many addresses.
        (None, Some(IpAddr::V6(address))) => format!("from/{:?}", &address.octets()[..8]),
        (None, Some(IpAddr::V4(address))) => format!("from/{address}"),
        (None, None) => String::new(),
    }
}

fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_secs().saturating_add(1);
    let mut answer = refused::to_program(StatusCode::TOO_MANY_REQUESTS, &api::too_many(seconds));
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}
