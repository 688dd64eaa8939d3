//! `/api`: the document as a page, for those who write a program.

use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use label::wording::api::vocabulary;
use minijinja::{Value as Shown, context};
use serde_json::{Map, Value};

use super::document::Document;
use crate::web::app_state::AppState;
use crate::web::page_error::PageError;

/// In examples, where the configuration does not say our own address.
const ELSEWHERE: &str = "https://vigie.organisme.example";

pub(super) async fn page(
    State(app): State<AppState>,
    Extension(document): Extension<Document>,
) -> Result<Html<String>, PageError> {
    let base = app.access.hosts.base.as_ref().map(|base| base.as_str().trim_end_matches('/').to_owned());
    let base = base.unwrap_or_else(|| app.address("").replacen("", ELSEWHERE, 1));
    let nothing = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&nothing);
    let operations: Vec<Shown> =
        paths.iter().map(|(path, item)| operation(&base, path, &item["get"])).collect();
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&nothing);
    let values = context! {
        about => vocabulary::ABOUT,
        base,
        operations,
        schemas => schemas.iter().map(|(name, schema)| described(name, schema)).collect::<Vec<_>>(),
    };
    app.render("api.html", "", values)
}

fn text(of: &Value) -> &str {
    of.as_str().unwrap_or_default()
}

fn operation(base: &str, path: &str, of: &Value) -> Shown {
    let parameter = |of: &Value| {
        context! {
            name => text(&of["name"]),
            what => text(&of["description"]),
            needed => of["required"] == true,
            kind => kind(&of["schema"]),
        }
    };
    let parameters: Vec<Shown> = of["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    let example = path.replace("{id}", "4242");
    let limited =
        of["parameters"].as_array().into_iter().flatten().any(|parameter| parameter["name"] == "limit");
    let answer = &of["responses"]["200"]["content"]["application/json"]["schema"];
    context! {
        path,
        id => text(&of["operationId"]),
        summary => text(&of["summary"]),
        what => text(&of["description"]),
        readers => vocabulary::operation(path).map(|known| known.readers),
        parameters,
        answer => kind(answer),
        example => format!("{base}{example}{}", if limited { "?limit=10" } else { "" }),
    }
}

fn described(name: &str, schema: &Value) -> Shown {
    let nothing = Map::new();
    let fields = schema["properties"].as_object().unwrap_or(&nothing);
    let field = |(name, of): (&String, &Value)| {
        context! { name, what => text(&of["description"]), kind => kind(of) }
    };
    let fields: Vec<Shown> = fields.iter().map(field).collect();
    context! { name, what => text(&schema["description"]), fields }
}

/// What a value is, in French, with the part of the page that tells more.
fn kind(schema: &Value) -> Shown {
    let parts = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
    let link = parts.filter_map(|part| part["$ref"].as_str()).next();
    let link = link.and_then(|link| link.rsplit('/').next()).map(str::to_owned);
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect(),
        other => vec![text(other)],
    };
    let maybe = types.contains(&"null") || schema["oneOf"].is_array();
    let word = match (types.iter().find(|word| **word != "null").copied(), text(&schema["format"])) {
        (Some("array"), _) => "liste",
        (Some("integer"), _) => "entier",
        (Some("boolean"), _) => "oui ou non",
        (Some("string"), "date") => "date",
        (Some("string"), "date-time") => "instant",
        (Some("string"), _) => "texte",
        _ => "",
    };
    let of = if schema["items"].is_object() { Some(kind(&schema["items"])) } else { None };
    let words = schema["enum"].as_array().into_iter().flatten();
    let words: Vec<String> = words.map(|word| text(word).to_owned()).collect();
    context! {
        word, link, maybe, of, words,
        from => schema["minimum"].as_i64(),
        to => schema["maximum"].as_i64().filter(|most| *most < 1_000_000),
        usual => schema["default"].as_i64(),
    }
}
