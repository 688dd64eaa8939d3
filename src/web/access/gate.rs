//! Lets a request through, or answers why not.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use super::area::{Area, area, may};
use super::viewing::Door;
use super::who::{UserRole, Viewer};
use crate::web::app_state::AppState;

/// Lets a request through when its viewer may see what it asks for.
pub(crate) async fn gate(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let access = &app.access;
    let viewer = access.viewer(request.headers(), peer, app.book.clock.now());
    let path = request.uri().path();
    let wanted = area(path);
    let scraped =
        wanted == Area::Metrics && peer.is_some_and(|peer| access.metrics.iter().any(|net| net.holds(peer)));
    if scraped || may(viewer.role, wanted, access.public_register) {
        request.extensions_mut().insert(viewer);
        // In a task of its own: when a client disconnects, a query cancelled in the middle would close its connection,
        // and a store in memory is lost with its connection.
        let answer = tokio::spawn(next.run(request)).await;
        return answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    if path == "/" && viewer.role == Some(UserRole::Ditp) {
        return Redirect::to("/registre").into_response();
    }
    let page = matches!(*request.method(), Method::GET | Method::HEAD);
    if let (Door::SignIn(_), false, true) = (&access.door, viewer.signed_in, page) {
        let back = request.uri().path_and_query().map_or("/", |address| address.as_str());
        let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Redirect::to(&format!("/connexion?retour={back}")).into_response();
    }
    refused(&app, &viewer)
}

/// 401 for somebody unknown, 403 for somebody without the right.
fn refused(app: &AppState, viewer: &Viewer) -> Response {
    let signs_in = matches!(app.access.door, Door::SignIn(_));
    let (status, title, text) = if viewer.signed_in {
        let text = match viewer.role {
            Some(_) => "Votre rôle ne donne pas accès à cette page.",
            None => {
                "Vous êtes connecté, mais aucun rôle ne vous a été donné dans vigie. Demandez-le à l’organisme de certification."
            }
        };
        (StatusCode::FORBIDDEN, "Accès refusé", text)
    } else {
        (
            StatusCode::UNAUTHORIZED,
            "Connexion nécessaire",
            "Cette page n’est montrée qu’aux personnes connectées.",
        )
    };
    let values = context! {
        title, text,
        sign_in => signs_in && !viewer.signed_in,
        sign_out => signs_in && viewer.signed_in,
        register => viewer.role.is_some() || app.access.public_register,
    };
    match app.render("refused.html", "", values) {
        Ok(page) => (status, page).into_response(),
        Err(error) => error.into_response(),
    }
}
