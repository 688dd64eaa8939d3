//! Lets a request through, or answers why not.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::area::{Area, area, may};
use super::hosts::passed_on;
use super::refused;
use super::viewing::Door;
use super::who::{UserRole, Viewer};
use crate::web::app_state::AppState;
use crate::web::menu::Menu;
use crate::web::page_error::PageError;

/// Lets a request through when its viewer may see what it asks for.
pub(crate) async fn gate(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let access = &app.access;
    let path = request.uri().path();
    let wanted = area(path);
    let viewer = match access.viewer(request.headers(), peer, &app.store, app.book.clock.now()).await {
        Ok(viewer) => viewer,
        // What anyone may see does not wait for the store.
        Err(_) if wanted == Area::Anyone => Viewer::default(),
        Err(error) => return PageError::from(error).into_response(),
    };
    // Whoever comes through a proxy has the proxy's address.
    let passed_on = passed_on(request.headers());
    let own = |peer| access.metrics.iter().any(|net| net.holds(peer));
    let scraped = wanted == Area::Metrics && !passed_on && peer.is_some_and(own);
    if passed_on && matches!(access.door, Door::Open) && wanted != Area::Anyone {
        return refused::passed_on(&app);
    }
    if scraped || may(&viewer, wanted, access) {
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
    if path == "/" && viewer.role == Some(UserRole::Ditp) {
        return Redirect::to(&app.address("/registre")).into_response();
    }
    let page = matches!(*request.method(), Method::GET | Method::HEAD);
    if let (Door::SignIn(_), false, true) = (&access.door, viewer.signed_in, page) {
        let back = request.uri().path_and_query().map_or("/", |address| address.as_str());
        let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Redirect::to(&app.address(&format!("/connexion?retour={back}"))).into_response();
    }
    refused::answer(&app, &viewer)
}
