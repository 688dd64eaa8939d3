//! The host of files, another one than the API: signed downloads, write-once uploads, and faults of its own (§3.6, §4.6).

use super::damage::{self, Answer};
use super::faults::{Fault, Kind};
use super::http::{Shared, lock};
use super::wire::Peer;
use super::{attachments, files, refusals};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use std::collections::HashMap;

const LARGEST_UPLOAD: usize = 256 * 1024 * 1024;

pub(super) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/fichiers/{key}/{name}", get(download))
        .route("/depots/{key}/{name}", put(upload))
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
        .with_state(shared)
}

/// Counts the request, runs the jobs that are due, and returns the fault that applies; `Err` when that fault is the
/// answer.
async fn admit(shared: &Shared, peer: &Peer, upload: bool) -> Result<Option<Fault>, Response> {
    let (fault, serial) = {
        let mut world = lock(shared);
        world.settle();
        if upload {
            world.counters.uploads += 1;
        } else {
            world.counters.downloads += 1;
        }
        let fault = world.faults.take(Kind::File);
        world.counters.faults += u64::from(fault.is_some());
        let serial = if fault == Some(Fault::InternalError) { world.serial() } else { 0 };
        (fault, serial)
    };
    match fault {
        Some(Fault::Cut) => Err(damage::cut(peer)),
        Some(Fault::Hang) => std::future::pending().await,
        Some(fault) => refusals::transport(&fault, peer.ip, serial).map_or(Ok(Some(fault)), Err),
        None => Ok(None),
    }
}

/// The signature and the end of an address.
fn signed(query: &HashMap<String, String>) -> (&str, i64) {
    let sig = query.get("temp_url_sig").map_or("", String::as_str);
    (sig, query.get("temp_url_expires").and_then(|text| text.parse().ok()).unwrap_or(0))
}

async fn download(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path((key, _name)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let fault = match admit(&shared, &peer, false).await {
        Ok(fault) => fault,
        Err(response) => return response,
    };
    let found = {
        let world = lock(&shared);
        let (sig, expires) = signed(&query);
        match files::refusal(&key, sig, expires, world.now()) {
            Some(status) => Err(status),
            None => attachments::download(&world, &key).ok_or(404),
        }
    };
    match found {
        Ok(file) => {
            let answer = Answer { status: 200, content_type: file.content_type, bytes: file.bytes };
            damage::deliver(fault, &peer, answer).await
        }
        Err(status) => refusals::bare(status),
    }
}

/// Takes the bytes once; a second time is refused, whatever it carries.
async fn upload(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path((key, _name)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = match admit(&shared, &peer, true).await {
        Ok(fault) => fault,
        Err(response) => return response,
    };
    let (status, text) = {
        let mut world = lock(&shared);
        let (sig, expires) = signed(&query);
        match files::refusal(&key, sig, expires, world.now()) {
            Some(status) => (status, ""),
            None if world.receive(&key, &headers, body) => (201, ""),
            None => (403, "Access denied"),
        }
    };
    if status == 201 {
        let answer = Answer { status, content_type: "text/plain".to_owned(), bytes: Vec::new() };
        damage::deliver(fault, &peer, answer).await
    } else {
        (StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN), text).into_response()
    }
}
