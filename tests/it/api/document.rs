//! The document of the API: complete, and the page made of it.

use serde_json::Value;
use vigie::web::access::Access;

use super::{ADDRESSES, Api, app};
use crate::bench::Bench;

/// Every `$ref` below a value.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn everything_is_described() {
    let bench = Bench::after("petit", 0).await;
    let api = Api::over(&bench, Access::open()).await;
    let document = api.ask("/api/v1/openapi.json", &[]).await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let told = |of: &Value, what: &str| {
        let text = of["description"].as_str().unwrap_or_default();
        assert!(text.ends_with('.') && text.len() > 4, "{what} has no sentence: {of}");
    };
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 10);
    for (path, item) in paths {
        let of = &item["get"];
        assert!(item.as_object().unwrap().keys().eq(["get"]), "{path} is read only");
        told(of, path);
        assert!(of["summary"].is_string() && of["operationId"].is_string(), "{path}");
        for parameter in of["parameters"].as_array().into_iter().flatten() {
            told(parameter, &format!("{} of {path}", parameter["name"]));
        }
        for (status, answer) in of["responses"].as_object().unwrap() {
            told(answer, &format!("{status} of {path}"));
        }
        for status in ["200", "304", "400", "401", "403", "406", "429", "503"] {
            assert!(of["responses"][status].is_object(), "{status} of {path}");
        }
        // What is described is open to somebody, as the table of roles says.
        let plain = path.replace("{id}", "1001");
        assert!(ADDRESSES.iter().any(|(address, _)| *address == plain), "{path} is in no table of roles");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        told(schema, name);
        for (field, of) in schema["properties"].as_object().unwrap() {
            told(of, &format!("{name}.{field}"));
        }
    }
    let page = &document["components"]["schemas"]["Page_Cas"]["properties"]["items"]["items"];
    assert_eq!(page["$ref"], "#/components/schemas/Cas");
    let mut all = Vec::new();
    references(&document, &mut all);
    assert!(all.len() > 30, "{}", all.len());
    for reference in all {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn the_page_shows_every_address_and_field() {
    let bench = Bench::after("petit", 0).await;
    let api = Api::of(app(&bench).under("/vigie").unwrap()).await;
    let document = api.ask("/vigie/api/v1/openapi.json", &[]).await.json();
    assert_eq!(document["servers"][0]["url"], "/vigie");
    let page = api.ask("/vigie/api", &[]).await.text;
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(page.contains(&format!("<code>GET {}</code>", path.replace('/', "&#x2f;"))), "{path}");
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            assert!(
                page.contains(&format!("<code>{}</code>", parameter["name"].as_str().unwrap())),
                "{path}"
            );
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(page.contains(&format!("id=\"{name}\"")), "{name}");
        for field in schema["properties"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("<code>{field}</code>")), "{name}.{field}");
        }
    }
    assert!(!page.contains("http://") && page.matches("<script").count() == 1, "its own script alone");
}
