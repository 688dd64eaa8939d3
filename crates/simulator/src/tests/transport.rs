//! Transport, tokens, refusals, faults, GraphQL itself: points 1 to 5 and 30.

use super::*;
use std::time::Duration;

const PING: &str = "{ demarche(number: 12345) { number } }";

#[tokio::test]
async fn point_1_post_only_and_json_bodies() {
    let bench = bench(small()).await;
    let get = bench.client.get(bench.simulator.endpoint()).send().await.unwrap();
    assert_eq!(get.status(), 404);
    let query = "query Q($n: Int!) { demarche(number: $n) { number } }";
    for variables in [json!({"n": 12345}), json!("{\"n\": 12345}")] {
        let (_, body) = bench
            .post(json!({"query": query, "variables": variables, "operationName": "Q", "surplus": 1}))
            .await;
        assert_eq!(body["data"]["demarche"]["number"], 12345);
    }
    let bad = bench.send(Some(TOKEN), "{not json".to_owned()).await.unwrap();
    assert_eq!(bad.status(), 400);
    let bad: Json = serde_json::from_str(&bad.text().await.unwrap()).unwrap();
    assert_eq!(
        (bad["errors"][0]["extensions"]["code"].as_str(), bad.get("data")),
        (Some("bad_request"), Some(&Json::Null))
    );
    let (status, body) = bench.post(json!({"query": query, "variables": "{"})).await;
    assert_eq!(
        (status, body["errors"][0]["extensions"]["code"].as_str()),
        (400, Some("graphql_parse_failed"))
    );
    let (status, _) = bench.post(json!({"query": query, "variables": [1]})).await;
    assert_eq!(status, 400);
    assert_eq!(
        bench.post(json!({})).await,
        (200, json!({"errors": [{"message": "No query string was present"}]}))
    );
}

async fn refused(bench: &Bench, token: Option<&str>, body: Json) -> (u16, Json) {
    let response = bench.send(token, body.to_string()).await.unwrap();
    (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn point_2_the_six_refusals() {
    let bench = bench(small()).await;
    let query = json!({"query": PING});
    let no_token = json!({"errors": [{"message": "Without a token, only persisted queries are allowed", "extensions": {"code": "forbidden"}}], "data": null});
    assert_eq!(refused(&bench, None, query.clone()).await, (403, no_token.clone()));
    assert_eq!(refused(&bench, Some("nobody"), query.clone()).await, (403, no_token));
    let (status, body) =
        refused(&bench, Some("nobody"), json!({"queryId": "ds-query-v2", "operationName": "getDemarche"}))
            .await;
    assert_eq!(
        (status, first_error(&body), body["data"].is_null()),
        (200, "An object of type Demarche was hidden due to permissions", true)
    );

    bench.simulator.with_world(|world| world.tokens[0].networks = vec![("203.0.113.0".parse().unwrap(), 24)]);
    let message =
        "Request issued from a forbidden network. Add 127.0.0.1/32 to your allowed adresses in your /profil";
    let expected =
        json!({"errors": [{"message": message, "extensions": {"code": "forbidden"}}], "data": null});
    assert_eq!(refused(&bench, Some(TOKEN), query.clone()).await, (403, expected));
    bench.simulator.with_world(|world| world.tokens[0].networks.push(("127.0.0.0".parse().unwrap(), 8)));
    assert_eq!(refused(&bench, Some(TOKEN), query.clone()).await.0, 200);

    // Valid through the whole day of its expiry, in Paris.
    bench.simulator.with_world(|world| world.tokens[0].expires = Some(jiff::civil::date(2027, 6, 1)));
    assert_eq!(refused(&bench, Some(TOKEN), query.clone()).await.0, 200);
    bench.advance(24 * 3600);
    let expired = json!({"errors": [{"message": "Token expired", "extensions": {"code": "unauthorized"}}], "data": null});
    assert_eq!(refused(&bench, Some(TOKEN), query.clone()).await, (401, expired));
    bench.simulator.with_world(|world| world.tokens[0].expires = None);

    bench.simulator.with_world(|world| world.tokens[0].demarches = Some(vec![1]));
    let (status, body) = refused(&bench, Some(TOKEN), query).await;
    let error = json!({"message": "An object of type Demarche was hidden due to permissions", "locations": [{"line": 1, "column": 3}],
        "path": ["demarche"], "extensions": {"code": "unauthorized"}});
    assert_eq!((status, body), (200, json!({"errors": [error], "data": null})));
    bench.simulator.with_world(|world| world.tokens[0].demarches = None);

    bench.simulator.with_world(|world| world.tokens[0].write = false);
    let body = bench.mutate("dossierArchiver", 99, "", "dossier { id }").await;
    assert_eq!(
        body,
        json!({"data": {"p": {"dossier": null, "errors": [{"message": "Le jeton utilisé est configuré seulement en lecture"}]}}})
    );
}

#[tokio::test]
async fn point_3_quota_per_aligned_minute_of_the_worlds_clock() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.limit_per_minute = Some(2));
    bench.advance(13); // inside a minute, not at its start
    for expected in [200, 200, 429] {
        assert_eq!(
            bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap().status(),
            expected
        );
    }
    let response = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
    let reset: i64 = response.headers()["RateLimit-Reset"].to_str().unwrap().parse().unwrap();
    let now = bench.simulator.world().now().as_second();
    assert!(reset % 60 == 0 && reset > now && reset <= now + 60);
    assert!(response.headers().get("Retry-After").is_none());
    assert!(response.text().await.unwrap().contains("cowboy"));
    bench.simulator.with_world(|world| world.set_now(Timestamp::from_second(reset).unwrap()));
    assert_eq!(bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn point_3_every_fault_is_injectable() {
    let bench = bench(small()).await;
    for (fault, status) in [
        (Fault::RateLimited, 429),
        (Fault::Maintenance, 503),
        (Fault::BadGateway, 502),
        (Fault::GatewayTimeout, 504),
        (Fault::InternalError, 500),
        (Fault::Moved, 301),
    ] {
        bench.simulator.with_world(|world| world.inject(On::Any, fault.clone(), 1));
        let response = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap();
        assert_eq!(response.status(), status);
        let text = response.text().await.unwrap();
        match fault {
            Fault::Maintenance => {
                assert!(text.starts_with("{\"error\":\"Le site est actuellement en maintenance."))
            }
            Fault::BadGateway | Fault::GatewayTimeout => assert!(text.contains("<html>")),
            Fault::InternalError => assert!(text.contains("exception_id")),
            _ => {}
        }
        assert_eq!(bench.data(PING).await["demarche"]["number"], 12345, "one request only");
    }
}

#[tokio::test]
async fn faults_wait_for_their_kind_of_request() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.inject(On::Mutation, Fault::BadGateway, 1));
    assert_eq!(bench.post(json!({"query": PING})).await.0, 200);
    let mutation =
        r#"mutation { dossierArchiver(input: {dossierId: "x", instructeurId: "y"}) { errors { message } } }"#;
    assert_eq!(bench.post(json!({"query": mutation})).await.0, 502);
}

#[tokio::test]
async fn connections_are_cut_without_a_byte_or_never_answered() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::Cut, 1));
    let error = bench.send(Some(TOKEN), json!({"query": PING}).to_string()).await.unwrap_err();
    assert!(error.status().is_none() && !error.is_timeout());
    assert_eq!(bench.simulator.world().counters().queries, 0);
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::Hang, 1));
    let hung = tokio::time::timeout(
        Duration::from_millis(300),
        bench.send(Some(TOKEN), json!({"query": PING}).to_string()),
    )
    .await;
    assert!(hung.is_err());
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::Slow(Duration::from_millis(20)), 1));
    bench.data(PING).await;
}

#[tokio::test]
async fn dropping_the_simulator_stops_it() {
    let Bench { simulator, client } = bench(small()).await;
    let endpoint = simulator.endpoint();
    drop(simulator);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(client.post(endpoint).send().await.is_err());
}

#[tokio::test]
async fn point_4_validation_errors_have_no_data() {
    let bench = bench(small()).await;
    let dossier = |fields: &str| format!("{{ demarche(number: 12345) {{ {fields} }} }}");
    for (query, code) in [
        (dossier("foo"), "undefinedField"),
        (dossier("dossiers(foo: 1) { nodes { id } }"), "argumentNotAccepted"),
        ("{ demarche { id } }".to_owned(), "missingRequiredArguments"),
        ("{ demarche(number: 12345) }".to_owned(), "selectionMismatch"),
        ("query Q($x: Int) { demarche(number: 12345) { id } }".to_owned(), "variableNotUsed"),
        ("{ demarche(number: $x) { id } }".to_owned(), "variableNotDefined"),
        (
            "{ demarche(number: 12345) { id } } fragment F on Demarche { id }".to_owned(),
            "useAndDefineFragment",
        ),
        (dossier("dossiers(first: \"a\") { nodes { id } }"), "argumentLiteralsIncompatible"),
    ] {
        let (status, body) = bench.post(json!({"query": query})).await;
        assert_eq!((status, body.get("data")), (200, None), "{query}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{body}");
        assert!(body["errors"][0]["locations"][0]["line"].is_number());
    }
    let syntax = bench.answer("{ demarche(").await;
    assert!(syntax.get("data").is_none() && syntax["errors"][0].get("extensions").is_none());
    assert_eq!(
        first_error(&bench.answer("query A { __typename } query B { __typename }").await),
        "An operation name is required"
    );
    let (_, named) =
        bench.post(json!({"query": "query A { __typename }", "operationName": "getStuff"})).await;
    assert_eq!(first_error(&named), "No operation named \"getStuff\"");
}

#[tokio::test]
async fn point_4_depth_counts_fields_not_fragments() {
    let bench = bench(small()).await;
    let nested = |times: usize| {
        let (mut open, mut close) = (String::new(), String::new());
        for _ in 0..times {
            open.push_str("... on Dossier { champs { ... on DossierLinkChamp { dossier { ");
            close.push_str("} } } }");
        }
        format!("{{ dossier(number: 4242) {{ {open} number {close} }} }}")
    };
    assert!(bench.answer(&nested(6)).await.get("errors").is_none());
    assert_eq!(
        first_error(&bench.answer(&nested(7)).await),
        "Query has depth of 16, which exceeds max depth of 15"
    );
}

#[tokio::test]
async fn point_4_directives_aliases_fragments_and_introspection() {
    let bench = bench(small()).await;
    let query = "query Q($yes: Boolean!, $no: Boolean!) { a: demarche(number: 12345) { ...F t: title @include(if: $no) } \
        b: demarcheDescriptor(demarche: {number: 12345}) @skip(if: $yes) { number } } fragment F on Demarche { __typename n: number }";
    let (_, body) = bench.post(json!({"query": query, "variables": {"yes": true, "no": false}})).await;
    assert_eq!(body, json!({"data": {"a": {"__typename": "Demarche", "n": 12345}}}));
    let schema = bench.data("{ __schema { queryType { name } types { name } } __type(name: \"AnnotationValueInput\") { inputFields { name } } }").await;
    assert_eq!(schema["__schema"]["queryType"]["name"], "Query");
    assert_eq!(schema["__type"]["inputFields"].as_array().unwrap().len(), 21, "September");
    bench.simulator.with_world(|world| world.edition = Edition::January2026);
    let schema = bench.data("{ __type(name: \"AnnotationValueInput\") { inputFields { name } } }").await;
    assert_eq!(schema["__type"]["inputFields"].as_array().unwrap().len(), 12, "January");
    let both = bench.answer("{ demarcheDescriptor(demarche: {number: 1, id: \"x\"}) { id } }").await;
    assert!(both.get("data").is_none());
}

#[tokio::test]
async fn point_5_root_failures_null_the_answer_unless_the_root_is_nullable() {
    let bench = bench(small()).await;
    let body = bench.answer("{ ok: demarche(number: 12345) { id } non: demarche(number: 7) { id } }").await;
    assert!(body["data"].is_null() && body.get("data").is_some());
    assert_eq!(body["errors"][0]["path"], json!(["non"]));
    assert_eq!(
        (first_error(&body), body["errors"][0]["extensions"]["code"].as_str()),
        ("Demarche not found", Some("not_found"))
    );
    let body = bench.answer("{ demarcheDescriptor(demarche: {number: 7}) { id } }").await;
    assert_eq!(
        (first_error(&body), &body["data"]),
        ("DemarcheDescriptor not found", &json!({"demarcheDescriptor": null}))
    );
    assert_eq!(first_error(&bench.answer("{ dossier(number: 1) { id } }").await), "Dossier not found");
    assert_eq!(
        first_error(&bench.answer("{ groupeInstructeur(number: 1) { id } }").await),
        "GroupeInstructeurWithDossiers not found"
    );
}

#[tokio::test]
async fn bad_variables_are_told_with_their_place() {
    let bench = bench(small()).await;
    let query = "query Q($since: ISO8601DateTime, $n: Int!) { demarche(number: $n) { dossiers(updatedSince: $since) { nodes { id } } } }";
    let (_, body) =
        bench.post(json!({"query": query, "variables": {"n": 12345, "since": "31/12/2026"}})).await;
    assert_eq!(first_error(&body), "Variable $since of type ISO8601DateTime was provided invalid value");
    assert_eq!(
        body["errors"][0]["extensions"]["problems"][0]["explanation"],
        "Could not coerce value \"31/12/2026\" to ISO8601DateTime"
    );
    assert!(body.get("data").is_none());
    let (_, body) = bench.post(json!({"query": query, "variables": {}})).await;
    assert_eq!(
        body["errors"][0]["extensions"]["problems"][0]["explanation"],
        "Expected value to not be null"
    );
}

#[tokio::test]
async fn a_timeout_has_its_code_on_the_first_error_only() {
    let bench = bench(small()).await;
    bench.simulator.with_world(|world| world.inject(On::Any, Fault::Timeout, 1));
    let body = bench
        .answer(
            "{ demarche(number: 12345) { id dossiers { nodes { id } } deletedDossiers { nodes { id } } } }",
        )
        .await;
    assert_eq!(first_error(&body), "Timeout on DossierConnection.nodes");
    assert_eq!(body["errors"][0]["extensions"]["code"], "timeout");
    assert!(body["errors"][1].get("extensions").is_none());
    assert!(
        body["data"]["demarche"]["id"].is_string() && body["data"]["demarche"]["dossiers"]["nodes"].is_null()
    );
}

#[tokio::test]
async fn point_30_two_runs_give_the_same_answers() {
    let query = "{ demarche(number: 12345) { dossiers(updatedSince: \"2020-01-01T00:00:00Z\") { edges { cursor } nodes { id messages { id } \
        annotations { id ... on RepetitionChamp { rows { id } } } } } } }";
    let (one, two) = (bench(small()).await, bench(small()).await);
    assert_eq!(one.data(query).await, two.data(query).await);
}
