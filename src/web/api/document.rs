//! The OpenAPI document: what the code says of each address, with the sentences of the vocabulary and what all addresses
//! share.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::{Extension, Json};
use label::wording::api::vocabulary;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::OpenApi;

use super::problem::Problem;
use crate::web::app_state::AppState;

/// Refusals that every address may answer.
const REFUSALS: [&str; 6] = ["400", "401", "403", "406", "429", "503"];

/// The document, without the address under which it is served.
pub(super) type Document = Arc<Value>;

pub(super) fn whole(bare: &OpenApi) -> Document {
    let mut document = json!(bare);
    document["info"] = json!({
        "title": "vigie",
        "version": env!("CARGO_PKG_VERSION"),
        "description": vocabulary::ABOUT,
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            operation(path, &mut item["get"]);
        }
    }
    document["components"]["schemas"]["Problem"] = json!(Problem::schema());
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        for (name, schema) in schemas {
            describe(name, schema);
            // Written out in place, a line would be another type for each list in a client that is generated.
            if let Some(line) = name.strip_prefix("Page_") {
                let line = format!("#/components/schemas/{line}");
                schema["properties"]["items"]["items"] = json!({ "$ref": line });
            }
        }
    }
    document["components"]["securitySchemes"] =
        json!({ "jeton": { "type": "http", "scheme": "bearer", "description": vocabulary::TOKEN } });
    Arc::new(document)
}

/// What doc comments say is for those who read the code: each sentence is that of the vocabulary.
fn said(of: &mut Value, text: Option<&str>) {
    let Some(fields) = of.as_object_mut() else { return };
    match text {
        Some(text) => drop(fields.insert("description".to_owned(), json!(text))),
        None => drop(fields.remove("description")),
    }
}

fn describe(name: &str, schema: &mut Value) {
    said(schema, vocabulary::schema(name));
    let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (field, schema) in fields {
        said(schema, vocabulary::field(name, field));
    }
}

fn operation(path: &str, of: &mut Value) {
    let known = vocabulary::operation(path);
    of["summary"] = json!(known.map(|known| known.summary));
    said(of, known.map(|known| known.description));
    of["security"] = json!([{ "jeton": [] }]);
    if let Some(fields) = of.as_object_mut() {
        fields.remove("tags");
    }
    // `of["parameters"]` would write a null where there is none.
    let parameters = of.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let text = parameter["name"].as_str().and_then(vocabulary::parameter);
        said(parameter, text);
    }
    let parameters = of.get("parameters").and_then(Value::as_array);
    let listed = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "after"));
    let Some(responses) = of["responses"].as_object_mut() else { return };
    for (status, answer) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        said(answer, Some(vocabulary::response(status)));
        let names: &[&str] = if listed { &["ETag", "Link"] } else { &["ETag"] };
        answer["headers"] = headers(names);
    }
    let mut unchanged = json!({ "headers": headers(&["ETag"]) });
    said(&mut unchanged, Some(vocabulary::response("304")));
    let refused: Vec<String> = responses.keys().filter(|status| status.starts_with('4')).cloned().collect();
    for status in refused.iter().map(String::as_str).chain(REFUSALS) {
        responses.insert(status.to_owned(), refusal(status));
    }
    responses.insert("304".to_owned(), unchanged);
}

fn refusal(status: &str) -> Value {
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    let mut answer = json!({ "content": { "application/problem+json": schema } });
    said(&mut answer, Some(vocabulary::response(status)));
    if status == "429" {
        answer["headers"] = headers(&["Retry-After"]);
    }
    answer
}

fn headers(names: &[&str]) -> Value {
    let header = |name: &&str| {
        let kind = if *name == "Retry-After" { "integer" } else { "string" };
        let described = json!({ "description": vocabulary::header(name), "schema": { "type": kind } });
        ((*name).to_owned(), described)
    };
    Value::Object(names.iter().map(header).collect::<Map<_, _>>())
}

/// `/api/v1/openapi.json`: with our own path in front, so that a client made from it asks where it was read.
pub(super) async fn served(
    State(app): State<AppState>,
    Extension(document): Extension<Document>,
) -> (HeaderMap, Json<Value>) {
    let mut document = Value::clone(&document);
    let server = app.address("");
    document["servers"] = json!([{ "url": if server.is_empty() { "/" } else { &server } }]);
    let caching: (HeaderName, _) =
        (CACHE_CONTROL, axum::http::HeaderValue::from_static("public, max-age=300"));
    (HeaderMap::from_iter([caching]), Json(document))
}
