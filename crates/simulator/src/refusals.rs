//! The exact answers of the platform when it does not execute a query (§1.3, §1.6).

use super::faults::Fault;
use super::world::{Token, World};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value as Json, json};
use std::net::IpAddr;

pub(super) fn json(status: u16, body: &Json) -> Response {
    raw_json(status, body.to_string())
}

pub(super) fn raw_json(status: u16, body: String) -> Response {
    (code(status), [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) fn bare(status: u16) -> Response {
    code(status).into_response()
}

pub(super) fn body(code: &str, message: &str) -> Json {
    json!({"errors": [{"message": message, "extensions": {"code": code}}], "data": null})
}

pub(super) fn no_token() -> Response {
    json(403, &body("forbidden", "Without a token, only persisted queries are allowed"))
}

/// The secret as the header carries it, in the four spellings that the platform reads.
pub(super) fn presented(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let rest = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("Token "))?.trim();
    let rest = rest.strip_prefix("token=").unwrap_or(rest);
    Some(rest.trim_matches('"').to_owned())
}

pub(super) fn wants_english(headers: &HeaderMap) -> bool {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("en"))
}

/// `None`: anonymous, which only stored queries may be.
pub(super) fn token(
    world: &World,
    known: Option<Token>,
    ip: IpAddr,
    stored: bool,
) -> Result<Option<Token>, Box<Response>> {
    let Some(token) = known else {
        return if stored { Ok(None) } else { Err(Box::new(no_token())) };
    };
    if !token.networks.is_empty() && !token.networks.iter().any(|network| contains(*network, ip)) {
        return Err(Box::new(forbidden_network(ip)));
    }
    if token.expires.is_some_and(|last| world.today() > last) {
        return Err(Box::new(expired()));
    }
    Ok(Some(token))
}

fn forbidden_network(ip: IpAddr) -> Response {
    let width = if ip.is_ipv4() { 32 } else { 128 };
    let message = format!(
        "Request issued from a forbidden network. Add {ip}/{width} to your allowed adresses in your /profil"
    );
    json(403, &body("forbidden", &message))
}

fn expired() -> Response {
    json(401, &body("unauthorized", "Token expired"))
}

fn contains((network, prefix): (IpAddr, u8), ip: IpAddr) -> bool {
    let same = |left: u128, right: u128, width: u8| {
        let shift = u32::from(width.saturating_sub(prefix));
        left.checked_shr(shift).unwrap_or(0) == right.checked_shr(shift).unwrap_or(0)
    };
    match (network, ip) {
        (IpAddr::V4(network), IpAddr::V4(ip)) => {
            same(u128::from(network.to_bits()), u128::from(ip.to_bits()), 32)
        }
        (IpAddr::V6(network), IpAddr::V6(ip)) => same(network.to_bits(), ip.to_bits(), 128),
        _ => false,
    }
}

/// With a stored query, a token that is not known is answered with status 200.
pub(super) fn anonymous(id: &str, operation: Option<&str>) -> Response {
    if id == "ds-mutation-v2" {
        let field = operation.unwrap_or("dossierModifierAnnotations");
        let errors = json!([{"message": "Le jeton utilisé est configuré seulement en lecture"}]);
        return json(200, &json!({"data": {field: {"errors": errors}}}));
    }
    let (field, type_name) = match operation {
        Some("getDossier") => ("dossier", "Dossier"),
        Some("getGroupeInstructeur") => ("groupeInstructeur", "GroupeInstructeurWithDossiers"),
        _ => ("demarche", "Demarche"),
    };
    let error = json!({
        "message": format!("An object of type {type_name} was hidden due to permissions"),
        "locations": [{"line": 1, "column": 1}],
        "path": [field],
        "extensions": {"code": "unauthorized"},
    });
    json(200, &json!({"errors": [error], "data": null}))
}

/// The quota is counted by minutes of the epoch; a request without the header is not counted.
pub(super) fn over_quota(world: &mut World, headers: &HeaderMap) -> bool {
    let minute = world.now().as_second().div_euclid(60);
    let (Some(limit), Some(header)) = (world.limit_per_minute, headers.get(header::AUTHORIZATION)) else {
        return false;
    };
    let entry =
        world.window.entry(String::from_utf8_lossy(header.as_bytes()).into_owned()).or_insert((minute, 0));
    if entry.0 != minute {
        *entry = (minute, 0);
    }
    entry.1 += 1;
    entry.1 > limit
}

/// Plain text, the end of the window, and no `Retry-After`.
pub(super) fn too_many(second: i64) -> Response {
    let reset = (second.div_euclid(60) + 1) * 60;
    let mut response = calm_down();
    let headers = response.headers_mut();
    headers.insert("RateLimit-Remaining", 0.into());
    headers.insert("RateLimit-Reset", reset.into());
    response
}

/// The id is what one quotes to the support.
pub(super) fn internal_error(serial: u32) -> Response {
    let id = format!("00000000-0000-4000-8000-{serial:012}");
    let extensions = json!({"code": "internal_server_error", "exception_id": id});
    json(
        500,
        &json!({"errors": [{"message": "Internal Server Error", "extensions": extensions}], "data": null}),
    )
}

fn calm_down() -> Response {
    (StatusCode::TOO_MANY_REQUESTS, "Calme toi, cowboy !\nCalm down, cowboy!\n").into_response()
}

/// A page of the proxy in front of the platform.
pub(super) fn proxy(status: u16) -> Response {
    (code(status), Html(format!("<html><body><h1>{status}</h1></body></html>"))).into_response()
}

/// The faults that are an answer by themselves: nothing is done. `None` for the others.
pub(super) fn transport(fault: &Fault, ip: IpAddr, serial: u32) -> Option<Response> {
    Some(match fault {
        Fault::RateLimitedBare => calm_down(),
        Fault::TokenExpired => expired(),
        Fault::ForbiddenNetwork => forbidden_network(ip),
        Fault::NoToken => no_token(),
        Fault::NullData => json(
            200,
            &json!({"errors": [{"message": "Internal Server Error", "extensions": {"code": "internal_server_error"}}], "data": null}),
        ),
        Fault::Foreign => json(200, &json!({"hello": 1})),
        Fault::Html => proxy(200),
        Fault::Empty => raw_json(200, String::new()),
        Fault::Status(status) => bare(*status),
        Fault::Redirect(to) => (StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response(),
        Fault::Maintenance => json(
            503,
            &json!({"error": "Le site est actuellement en maintenance. Il sera à nouveau disponible dans un court instant."}),
        ),
        Fault::BadGateway => proxy(502),
        Fault::GatewayTimeout => proxy(504),
        Fault::InternalError => internal_error(serial),
        Fault::Moved => {
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/api/v2/graphql")]).into_response()
        }
        _ => return None,
    })
}
