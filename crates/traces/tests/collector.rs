//! What a collector receives, over HTTP, in protobuf. The variables belong to a process: the spans come from a second one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tracing_subscriber::layer::SubscriberExt as _;

type Received = Arc<Mutex<Vec<(HeaderMap, ExportTraceServiceRequest)>>>;

async fn take(State(received): State<Received>, headers: HeaderMap, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    received.lock().unwrap().push((headers, request));
}

fn word(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|one| one.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The spans of a program whose variables name the collector; the other test runs it.
#[test]
#[ignore = "needs the variables that the other test sets"]
fn program() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let client = || {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder().build()
    };
    let (layer, exporting) = traces::layer("vigie", "1.2.3", runtime.handle().clone(), client).unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let pass = tracing::info_span!("pass");
        let request = tracing::info_span!(parent: &pass, "request", operation = "liste", status = tracing::field::Empty);
        request.record("status", 200);
    });
    exporting.finish();
}

#[test]
fn a_collector_receives_each_span_with_its_parent_and_its_fields() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let received = Received::default();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&received));
    runtime.spawn(async move { axum::serve(listener, app).await });
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "program"])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}"))
        .env("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=fictif")
        .env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=essai")
        .env_remove("OTEL_SERVICE_NAME")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));

    let received = received.lock().unwrap();
    let [(headers, request)] = received.as_slice() else { panic!("{} requests", received.len()) };
    assert_eq!(headers["content-type"], "application/x-protobuf");
    assert_eq!(headers["x-tenant"], "fictif");
    let [of_resource] = request.resource_spans.as_slice() else { panic!("{request:?}") };
    let resource = &of_resource.resource.as_ref().unwrap().attributes;
    assert_eq!(word(resource, "service.name").as_deref(), Some("vigie"));
    assert_eq!(word(resource, "service.version").as_deref(), Some("1.2.3"));
    assert_eq!(word(resource, "deployment.environment").as_deref(), Some("essai"));
    let spans: Vec<&Span> = of_resource.scope_spans.iter().flat_map(|scope| &scope.spans).collect();
    let named = |name: &str| *spans.iter().find(|span| span.name == name).unwrap();
    let (pass, request) = (named("pass"), named("request"));
    assert_eq!((spans.len(), pass.parent_span_id.len()), (2, 0));
    assert_eq!(request.parent_span_id, pass.span_id);
    assert_eq!(request.trace_id, pass.trace_id);
    assert_eq!(word(&request.attributes, "operation").as_deref(), Some("liste"));
    assert_eq!(word(&request.attributes, "status").as_deref(), Some("200"));
}
