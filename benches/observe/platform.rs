//! A platform that takes almost no processor time: one dossier of the simulator, enlarged, and served under many
//! numbers.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Json as Body, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use simulator::{Scenario, Simulator, TOKEN};

use super::BYTES;

pub const QUERY: &str = include_str!("../../graphql/observe.graphql");
/// The first dossier's number; all have as many digits.
const FIRST: usize = 1_000_000;
/// The first dossier's last change; each of the others came five minutes after the one before.
const BEGAN: i64 = 1_700_000_000;
const APART: i64 = 300;

/// What a reading asks for from `after` on.
pub fn variables(after: &Json) -> Json {
    json!({
        "number": 12345, "first": 100, "since": "2020-01-01T00:00:00Z", "after": after, "pendingAfter": null,
        "deletedAfter": null, "recentsAfter": null, "demarche": 0, "withNodes": true, "withRecents": false,
        "withGone": false, "withForm": false,
    })
}

struct Platform {
    dossiers: usize,
    latency: Duration,
    form: String,
    /// One dossier as text, split at its number, its identifier and its SIRET.
    parts: Vec<String>,
    /// How often the last dossier moved.
    moved: Mutex<usize>,
}

/// Prints the address, then serves until the process is killed.
pub fn serve(dossiers: usize, latency: Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (form, parts) = model().await;
        let platform = Platform { dossiers, latency, form, parts, moved: Mutex::new(0) };
        let router = Router::new()
            .route("/api/v2/graphql", post(page))
            .route("/touch", post(touch))
            .with_state(Arc::new(platform));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("http://{}/api/v2/graphql", listener.local_addr().unwrap());
        axum::serve(listener, router).await.unwrap();
    });
}

/// A form and a dossier, as the simulator answers our own query.
async fn model() -> (String, Vec<String>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut scenario = Scenario::named("lot", 1, 3).unwrap();
    let mut world = scenario.world();
    let end = scenario.end();
    scenario.advance_to(&mut world, end);
    let any = "127.0.0.1:0".parse().unwrap();
    let simulator = Simulator::start(any, any, world).await.unwrap();
    let mut asked = variables(&Json::Null);
    asked["withForm"] = true.into();
    asked["demarche"] = 12345.into();
    let body = json!({ "query": QUERY, "operationName": "ObserveDemarche", "variables": asked });
    let request = reqwest::Client::new().post(simulator.endpoint()).bearer_auth(TOKEN).json(&body);
    let answer: Json = request.send().await.unwrap().json().await.unwrap();
    let form = answer["data"]["formulaire"].to_string();
    // Of a decided one the attestation would be asked for by number, once a reading lasts longer than a minute.
    let nodes = answer["data"]["perimetre"]["dossiers"]["nodes"].as_array().unwrap();
    let mut dossier = nodes.iter().find(|dossier| dossier["dateTraitement"].is_null()).unwrap().clone();
    widen(&mut dossier);
    for place in ["/number", "/id", "/demandeur/siret"] {
        *dossier.pointer_mut(place).unwrap() = "@@".into();
    }
    let text = dossier.to_string().replace("\"number\":\"@@\"", "\"number\":@@");
    (form, text.split("@@").map(str::to_owned).collect())
}

/// Adds fields that no rule reads, as every form has some, until the dossier has its intended size.
fn widen(dossier: &mut Json) {
    let field = |rank: usize| {
        json!({
            "__typename": "TextChamp", "id": format!("Q2hhbXAtOT{rank:03}"),
            "champDescriptorId": format!("Q2hhbXAtOT{rank:03}"),
            "stringValue": "Une réponse de la longueur que l’on donne d’ordinaire, en deux lignes,\nparfois trois.",
        })
    };
    let mut rank = 0;
    while dossier.to_string().len() + field(rank).to_string().len() < BYTES {
        let field = field(rank);
        dossier["champs"].as_array_mut().unwrap().push(field);
        rank += 1;
    }
}

impl Platform {
    /// The positions in the list; a dossier that moves to the end gets a new, higher one.
    fn places(&self) -> std::ops::Range<usize> {
        let moved = *self.moved.lock().unwrap();
        0..self.dossiers + moved
    }

    /// The dossier at a position; none at a position that the last dossier has left.
    fn rank(&self, place: usize, end: usize) -> Option<usize> {
        match place {
            place if place + 1 < self.dossiers => Some(place),
            place => (place + 1 == end).then_some(self.dossiers - 1),
        }
    }

    fn changed_at(place: usize) -> Timestamp {
        Timestamp::from_second(BEGAN + APART * i64::try_from(place).unwrap()).unwrap()
    }

    fn node(&self, rank: usize, end: usize, into: &mut String) {
        let moved = end - self.dossiers;
        // Another SIRET changes the content, and so the hash.
        let siret = 10_000_000_000_000 + rank + if rank + 1 == self.dossiers { moved * 1_000_000 } else { 0 };
        let with = [(FIRST + rank).to_string(), format!("RG9zc2llci{rank:07}"), siret.to_string()];
        let mut parts = self.parts.iter();
        into.push_str(parts.next().unwrap());
        for part in parts {
            // The platform may answer the three in any order: they are told apart by the text before them.
            let which = if into.ends_with("\"number\":") {
                0
            } else if into.ends_with("\"siret\":\"") {
                2
            } else {
                1
            };
            into.push_str(&with[which]);
            into.push_str(part);
        }
    }
}

async fn touch(State(platform): State<Arc<Platform>>) {
    *platform.moved.lock().unwrap() += 1;
}

async fn page(State(platform): State<Arc<Platform>>, Body(asked): Body<Json>) -> impl IntoResponse {
    tokio::time::sleep(platform.latency).await;
    let asked = &asked["variables"];
    let end = platform.places().end;
    let since: Timestamp = asked["since"].as_str().unwrap().parse().unwrap();
    let low = (since.as_second() - BEGAN).max(0).unsigned_abs().div_ceil(APART.unsigned_abs());
    let from = |cursor: &Json| match cursor.as_str() {
        Some(cursor) => cursor.trim_start_matches("place-").parse::<usize>().unwrap() + 1,
        None => usize::try_from(low).unwrap(),
    };
    let first = usize::try_from(asked["first"].as_u64().unwrap()).unwrap();
    let mut text = String::with_capacity(first * (BYTES + 200));
    text.push_str("{\"data\":{\"perimetre\":{\"dossiers\":");
    list(&platform, from(&asked["after"]), first, asked["withNodes"] == true, end, &mut text);
    if asked["withRecents"] == true {
        text.push_str(",\"recents\":");
        list(&platform, from(&asked["recentsAfter"]), 100, false, end, &mut text);
    }
    if asked["withGone"] == true {
        let none = "{\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":null},\"nodes\":[]}";
        write!(text, ",\"pendingDeletedDossiers\":{none},\"deletedDossiers\":{none}").unwrap();
    }
    text.push('}');
    if asked["withForm"] == true {
        write!(text, ",\"formulaire\":{}", platform.form).unwrap();
    }
    text.push_str("}}");
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], text)
}

fn list(platform: &Platform, from: usize, first: usize, nodes: bool, end: usize, text: &mut String) {
    let mut there = (from..end).filter_map(|place| Some((place, platform.rank(place, end)?)));
    let page: Vec<(usize, usize)> = there.by_ref().take(first).collect();
    let more = there.next().is_some();
    let cursor = page.last().map_or("null".to_owned(), |(place, _)| format!("\"place-{place:08}\""));
    write!(text, "{{\"pageInfo\":{{\"hasNextPage\":{more},\"endCursor\":{cursor}}},\"edges\":[").unwrap();
    for (at, (place, rank)) in page.iter().enumerate() {
        let (comma, number, changed) =
            (if at == 0 { "" } else { "," }, FIRST + rank, Platform::changed_at(*place));
        let node = format!("{{\"number\":{number},\"dateDerniereModification\":\"{changed}\"}}");
        write!(text, "{comma}{{\"cursor\":\"place-{place:08}\",\"node\":{node}}}").unwrap();
    }
    text.push(']');
    if nodes {
        text.push_str(",\"nodes\":[");
        for (at, (_, rank)) in page.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            platform.node(*rank, end, text);
        }
        text.push(']');
    }
    text.push('}');
}
