//! Armed faults of the API: when they come, and what the caller gets.

use super::*;

const PING: &str = "{ demarche(number: 12345) { number } }";

async fn status(bench: &Bench) -> u16 {
    bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap().status().as_u16()
}

async fn statuses(bench: &Bench, times: usize) -> Vec<u16> {
    let mut all = Vec::new();
    for _ in 0..times {
        all.push(status(bench).await);
    }
    all
}

#[tokio::test]
async fn the_nth_each_nth_and_every_request() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.arm_nth(On::Query, Fault::BadGateway, 3));
    assert_eq!(statuses(&bench, 5).await, [200, 200, 502, 200, 200], "once");
    bench.simulator.with_world(|world| world.arm_each(On::Any, Fault::GatewayTimeout, 2));
    assert_eq!(statuses(&bench, 5).await, [200, 504, 200, 504, 200]);
    bench.simulator.with_world(|world| {
        world.clear_faults();
        world.arm_every(On::Any, Fault::Maintenance);
    });
    assert_eq!(statuses(&bench, 3).await, [503, 503, 503]);
    bench.simulator.with_world(World::clear_faults);
    assert_eq!(status(&bench).await, 200);
    let counters = bench.simulator.world().counters();
    assert_eq!((counters.requests, counters.faults, counters.queries), (14, 6, 8));
}

#[tokio::test]
async fn a_turn_missed_for_another_fault_comes_next() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| {
        world.inject(On::Any, Fault::BadGateway, 1);
        world.arm_nth(On::Any, Fault::Maintenance, 1);
        world.arm_nth(On::File, Fault::Status(418), 1);
        world.arm_nth(On::Mutation, Fault::Status(418), 1);
    });
    assert_eq!(statuses(&bench, 3).await, [502, 503, 200], "other kinds of requests wait apart");
}

#[tokio::test]
async fn refusals_without_a_reason_in_the_world() {
    let bench = bench(small()).await;
    for (fault, expected, says) in [
        (Fault::TokenExpired, 401, "Token expired"),
        (Fault::ForbiddenNetwork, 403, "Request issued from a forbidden network. Add 127.0.0.1/32"),
        (Fault::NoToken, 403, "Without a token, only persisted queries are allowed"),
        (Fault::Foreign, 200, r#"{"hello":1}"#),
        (Fault::Html, 200, "<html>"),
        (Fault::NullData, 200, r#""data":null"#),
        (Fault::Status(418), 418, ""),
    ] {
        bench.simulator.with_world(|world| world.inject(On::Any, fault.clone(), 1));
        let response = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
        assert_eq!(response.status(), expected, "{fault:?}");
        let text = response.text().await.unwrap();
        assert!(text.contains(says), "{fault:?}: {text}");
    }
    assert_eq!(bench.simulator.world().counters().queries, 0, "nothing was executed");
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::Empty, 1));
    let empty = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
    assert_eq!((empty.status().as_u16(), empty.content_length()), (200, Some(0)));
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::RateLimitedBare, 1));
    let bare = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
    assert!(bare.status() == 429 && bare.headers().get("RateLimit-Reset").is_none());
    let away = Fault::Redirect("http://other.example/api".to_owned());
    bench.simulator.with_world(|world| world.inject(On::Any, away, 1));
    let away = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
    assert!(away.status() == 302 && away.headers()["Location"] == "http://other.example/api");
}

#[tokio::test]
async fn a_body_stops_half_way_on_the_wire_or_in_the_text() {
    let bench = bench(small()).await;
    let send = async || bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
    let whole = send().await.text().await.unwrap();
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::CutInBody, 1));
    let mut response = send().await;
    assert_eq!((response.status().as_u16(), response.content_length()), (200, Some(whole.len() as u64)));
    let half = response.chunk().await.unwrap().unwrap();
    assert_eq!(half.as_ref(), &whole.as_bytes()[..whole.len() / 2], "the first half did come");
    assert!(response.chunk().await.is_err(), "then the connection broke");
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::Truncated, 1));
    let text = send().await.text().await.unwrap();
    assert!(whole.starts_with(&text) && serde_json::from_str::<Json>(&text).is_err());
    assert_eq!(bench.simulator.world().counters().queries, 3, "all three were executed");
}

#[tokio::test]
async fn an_error_of_the_whole_beside_the_right_data() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::RootError, 1));
    let body = bench.answer(PING).await;
    assert_eq!(body["data"]["demarche"]["number"], 12345);
    assert!(!first_error(&body).is_empty() && body["errors"][0].get("path").is_none());
}

#[tokio::test]
async fn point_13_one_null_item_with_the_names_that_were_asked() {
    let bench = bench(small()).await;
    let query = "{ perimetre: demarche(number: 12345) { page: dossiers { tous: nodes { id n: number } } } }";
    bench.simulator.with_world(|world| world.inject(On::Query, Fault::InvalidNull(1), 1));
    let body = bench.answer(query).await;
    let nodes = body["data"]["perimetre"]["page"]["tous"].as_array().unwrap();
    assert_eq!((&nodes[0]["n"], &nodes[1], &nodes[2]["n"]), (&json!(4242), &Json::Null, &json!(4244)));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["path"], json!(["perimetre", "page", "tous", 1, "id"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "invalid_null");
    assert!(bench.answer(query).await.get("errors").is_none(), "one request only");
}

#[tokio::test]
async fn point_21_a_proxy_gives_up_on_what_is_done() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.inject(On::Mutation, Fault::GatewayTimeoutAfter, 1));
    let body = bench.mutate("dossierAccepter", 4243, "", "dossier { id }").await;
    assert!(body.as_str().unwrap().contains("504"));
    assert_eq!(bench.simulator.world().dossier(4243).unwrap().state, State::Accepte);
}
