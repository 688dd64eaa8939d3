//! The HTTP side: order of the checks (§1.3), injected faults, the GraphQL endpoint and the host of files.

use super::engine::{self, Checked, Prepared};
use super::faults::Fault;
use super::jobs::Job;
use super::refusals as refuse;
use super::wire::Peer;
use super::world::{Token, World};
use super::{attachments, files};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) type Shared = Arc<Mutex<World>>;

pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, World> {
    // A test that fails while it holds the world must not make the others fail.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn api(shared: Shared) -> Router {
    let not_found = || async { StatusCode::NOT_FOUND };
    Router::new().route("/api/v2/graphql", post(graphql).fallback(not_found)).with_state(shared)
}

pub(super) fn file_host(shared: Shared) -> Router {
    Router::new().route("/fichiers/{key}/{name}", get(file)).with_state(shared)
}

/// What the body asks, before anything is checked about it.
struct Asked {
    query: Option<String>,
    query_id: Option<String>,
    operation: Option<String>,
    variables: Map<String, Json>,
}

async fn graphql(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = read(&body);
    let fault = match admit(&shared, &headers, asked.as_ref().ok()) {
        Ok(fault) => fault,
        Err(response) => return *response,
    };
    match fault {
        Some(Fault::Cut) => return cut(&peer),
        Some(Fault::Hang) => std::future::pending().await,
        _ => {}
    }
    let presented = refuse::presented(&headers);
    let known =
        lock(&shared).tokens.iter().find(|token| Some(token.value.as_str()) == presented.as_deref()).cloned();
    let token = match refuse::token(
        &lock(&shared),
        known,
        peer.ip,
        asked.as_ref().ok().is_some_and(|asked| asked.query_id.is_some()),
    ) {
        Ok(token) => token,
        Err(response) => return *response,
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    if let Some(id) = asked.query_id {
        return match token {
            Some(_) => refuse::json(400, &refuse::body("bad_request", &format!("No query with id {id:?}"))),
            None => refuse::anonymous(&id, asked.operation.as_deref()),
        };
    }
    let Some(token) = token else { return refuse::no_token() };
    let prepared =
        match engine::prepare(&asked.query.unwrap_or_default(), &asked.variables, asked.operation.as_deref())
            .await
        {
            Checked::Ready(prepared) => prepared,
            Checked::Answer(body) => return finish(fault, &peer, 200, &body).await,
        };
    if let Some(Fault::LateCommit(delay)) = fault {
        let mut world = lock(&shared);
        let at = world.now() + delay;
        world.later(at, Job::Late(Box::new((*prepared, token))));
        return cut(&peer);
    }
    let (status, body) = perform(&mut lock(&shared), &prepared, token, fault == Some(Fault::Timeout));
    finish(fault, &peer, status, &body).await
}

fn perform(world: &mut World, prepared: &Prepared, token: Token, timeout: bool) -> (u16, Json) {
    if prepared.is_mutation() {
        world.counters.mutations += 1;
    } else {
        world.counters.queries += 1;
    }
    engine::execute(prepared, world, token, timeout)
}

/// The work of a request whose connection was lost long before.
pub(super) fn execute_late(world: &mut World, prepared: &Prepared, token: Token) {
    let _unheard = perform(world, prepared, token, false);
}

/// Counting, the clock's own work, the quota, then the fault of the moment; some faults are the answer itself.
fn admit(
    shared: &Shared,
    headers: &HeaderMap,
    asked: Option<&Asked>,
) -> Result<Option<Fault>, Box<Response>> {
    let mut world = lock(shared);
    world.counters.requests += 1;
    world.settle();
    let second = world.now().as_second();
    if refuse::over_quota(&mut world, headers) {
        return Err(Box::new(refuse::too_many(second)));
    }
    let mutation = asked.and_then(|asked| asked.query.as_deref()).is_some_and(engine::is_mutation);
    let fault = world.faults.take(mutation);
    let serial = if fault == Some(Fault::InternalError) { world.serial() } else { 0 };
    match &fault {
        Some(Fault::RateLimited) => Err(Box::new(refuse::too_many(second))),
        Some(other) => refuse::transport(other, serial).map_or(Ok(fault), |response| Err(Box::new(response))),
        None => Ok(None),
    }
}

async fn finish(fault: Option<Fault>, peer: &Peer, status: u16, body: &Json) -> Response {
    match fault {
        Some(Fault::LostResponse) => cut(peer),
        Some(Fault::Slow(delay)) => {
            tokio::time::sleep(delay).await;
            refuse::json(status, body)
        }
        Some(Fault::Rewrite { from, to }) => refuse::raw_json(status, body.to_string().replace(&from, &to)),
        _ => refuse::json(status, body),
    }
}

fn cut(peer: &Peer) -> Response {
    peer.cut();
    StatusCode::NO_CONTENT.into_response()
}

fn read(body: &Bytes) -> Result<Asked, Box<Response>> {
    let bad = |code: &str, message: String| Box::new(refuse::json(400, &refuse::body(code, &message)));
    let json: Json = serde_json::from_slice(body).map_err(|error| bad("bad_request", error.to_string()))?;
    let text = |key: &str| {
        json.get(key).and_then(Json::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let variables = match json.get("variables") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(map)) => map.clone(),
        Some(Json::String(text)) if text.is_empty() => Map::new(),
        Some(Json::String(text)) => {
            serde_json::from_str(text).map_err(|error| bad("graphql_parse_failed", error.to_string()))?
        }
        Some(other) => return Err(bad("bad_request", format!("Unexpected parameter: {other}"))),
    };
    Ok(Asked { query: text("query"), query_id: text("queryId"), operation: text("operationName"), variables })
}

async fn file(
    State(shared): State<Shared>,
    Path((key, _name)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut world = lock(&shared);
    world.counters.downloads += 1;
    let sig = query.get("temp_url_sig").map_or("", String::as_str);
    let expires = query.get("temp_url_expires").and_then(|text| text.parse().ok()).unwrap_or(0);
    if let Some(status) = files::refusal(&key, sig, expires, world.now()) {
        return StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN).into_response();
    }
    match attachments::download(&world, &key) {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], Body::from(file.bytes)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
