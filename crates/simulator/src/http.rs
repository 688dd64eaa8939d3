//! The API over HTTP: order of the checks (§1.3), injected faults, then the work.

use super::damage::{self, Answer};
use super::engine::{self, Checked, Prepared, Rules};
use super::execute::Manner;
use super::exports::download;
use super::faults::{Fault, Kind};
use super::jobs::Job;
use super::parsed;
use super::refusals as refuse;
use super::stored;
use super::wire::Peer;
use super::world::{Token, World};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Map, Value as Json, json};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) type Shared = Arc<Mutex<World>>;

pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, World> {
    // A test that fails while it holds the world must not make the others fail.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn api(shared: Shared) -> Router {
    let not_found = || async { StatusCode::NOT_FOUND };
    Router::new()
        .route("/api/v2/graphql", post(graphql).fallback(not_found))
        .route("/exports/{name}", get(download::download))
        .with_state(shared)
}

/// What the body asks, before anything is checked about it.
struct Asked {
    query: Option<String>,
    query_id: Option<String>,
    operation: Option<String>,
    variables: Map<String, Json>,
}

impl Asked {
    fn is_mutation(&self) -> bool {
        match &self.query_id {
            Some(id) => id == stored::MUTATIONS,
            None => self.query.as_deref().is_some_and(parsed::is_mutation),
        }
    }
}

/// Counts a mutation until its answer left, or its client did.
struct Unanswered(Shared);

impl Unanswered {
    fn of(shared: &Shared) -> Unanswered {
        lock(shared).counters.unanswered += 1;
        Unanswered(shared.clone())
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        lock(&self.0).counters.unanswered -= 1;
    }
}

/// Every answer is dated by the clock of this world (point 30).
async fn graphql(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut answer = answer(&shared, peer, headers, body).await;
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = printer.timestamp_to_rfc9110_string(&lock(&shared).now()).ok();
    if let Some(date) = date.and_then(|date| HeaderValue::from_str(&date).ok()) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

async fn answer(shared: &Shared, peer: Peer, headers: HeaderMap, body: Bytes) -> Response {
    let asked = read(&body);
    let fault = match admit(shared, &headers, asked.as_ref().ok(), peer.ip) {
        Ok(fault) => fault,
        Err(response) => return *response,
    };
    match fault {
        Some(Fault::Cut) => return damage::cut(&peer),
        Some(Fault::Hang) => std::future::pending().await,
        _ => {}
    }
    let writes = asked.as_ref().is_ok_and(Asked::is_mutation);
    let _until_it_left = writes.then(|| Unanswered::of(shared));
    let done = match work(shared, &headers, asked, peer.ip, fault.as_ref()).await {
        Ok(Some(done)) => done,
        Ok(None) => return damage::cut(&peer),
        Err(response) => return *response,
    };
    damage::deliver(fault, &peer, done).await
}

/// Token, parsing, execution. `None`: the work is postponed, and the connection must be cut.
async fn work(
    shared: &Shared,
    headers: &HeaderMap,
    asked: Result<Asked, Box<Response>>,
    ip: IpAddr,
    fault: Option<&Fault>,
) -> Result<Option<Answer>, Box<Response>> {
    let presented = refuse::presented(headers);
    let stored = asked.as_ref().ok().is_some_and(|asked| asked.query_id.is_some());
    let (token, rules) = {
        let world = lock(shared);
        let known = world.tokens.iter().find(|token| Some(token.value.as_str()) == presented.as_deref());
        (refuse::token(&world, known.cloned(), ip, stored)?, Rules::of(&world))
    };
    let asked = asked?;
    let text = match &asked.query_id {
        Some(id) => stored::text(id, rules.edition)?,
        None => asked.query.as_deref().unwrap_or_default(),
    };
    let Some(token) = token else {
        // The schema itself is public. Without a token the rest is refused, with status 200.
        let id = asked.query_id.unwrap_or_default();
        if id != stored::INTROSPECTION {
            return Err(Box::new(refuse::anonymous(&id, asked.operation.as_deref())));
        }
        return match engine::prepare(text, &asked.variables, asked.operation.as_deref(), rules).await {
            Checked::Answer(body) => Ok(Some(Answer::json(200, &body))),
            Checked::Ready(_) => Err(Box::new(refuse::no_token())),
        };
    };
    let prepared = match engine::prepare(text, &asked.variables, asked.operation.as_deref(), rules).await {
        Checked::Ready(prepared) => prepared,
        Checked::Answer(body) => return Ok(Some(Answer::json(200, &body))),
    };
    if let Some(Fault::LateCommit(delay)) = fault {
        let mut world = lock(shared);
        let at = world.now() + *delay;
        world.later(at, Job::Late(Box::new((*prepared, token))));
        return Ok(None);
    }
    let manner = Manner {
        timeout: fault == Some(&Fault::Timeout),
        null_item: if let Some(Fault::InvalidNull(place)) = fault { Some(*place) } else { None },
        english: refuse::wants_english(headers),
    };
    let (status, mut body) = perform(&mut lock(shared), &prepared, token, manner);
    if fault == Some(&Fault::RootError) {
        body["errors"] = json!([{"message": "Service temporarily degraded"}]);
    }
    Ok(Some(Answer::json(status, &body)))
}

fn perform(world: &mut World, prepared: &Prepared, token: Token, manner: Manner) -> (u16, Json) {
    if prepared.is_mutation() {
        world.counters.mutations += 1;
    } else {
        world.counters.queries += 1;
    }
    engine::execute(prepared, world, token, manner)
}

/// The work of a request whose connection was lost long before.
pub(super) fn execute_late(world: &mut World, prepared: &Prepared, token: Token) {
    let _unheard = perform(world, prepared, token, Manner::default());
}

/// Counts the request, runs the jobs that are due, checks the quota, then returns the fault that applies; `Err` when
/// the answer is already known.
fn admit(
    shared: &Shared,
    headers: &HeaderMap,
    asked: Option<&Asked>,
    ip: IpAddr,
) -> Result<Option<Fault>, Box<Response>> {
    let mut world = lock(shared);
    world.counters.requests += 1;
    world.settle();
    let second = world.now().as_second();
    if refuse::over_quota(&mut world, headers) {
        return Err(Box::new(refuse::too_many(second)));
    }
    let fault =
        world.faults.take(if asked.is_some_and(Asked::is_mutation) { Kind::Mutation } else { Kind::Query });
    world.counters.faults += u64::from(fault.is_some());
    let serial = if fault == Some(Fault::InternalError) { world.serial() } else { 0 };
    match &fault {
        Some(Fault::RateLimited) => Err(Box::new(refuse::too_many(second))),
        Some(other) => {
            refuse::transport(other, ip, serial).map_or(Ok(fault), |response| Err(Box::new(response)))
        }
        None => Ok(None),
    }
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
