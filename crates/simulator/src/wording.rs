//! Validation errors in the words and codes of the platform's library, for the cases a client meets (§1.3).

use async_graphql::ServerError;
use async_graphql::parser::Error as ParseError;
use serde_json::{Value as Json, json};

pub(super) fn syntax(error: &ParseError, query: &str) -> Json {
    let places: Vec<_> = error.positions().collect();
    let locations: Vec<Json> =
        places.iter().map(|pos| json!({"line": pos.line, "column": pos.column})).collect();
    let (line, column) = places.first().map_or((1, 1), |pos| (pos.line, pos.column));
    let found =
        query.lines().nth(line.saturating_sub(1)).and_then(|text| text.chars().nth(column.saturating_sub(1)));
    let actual = found.map_or_else(|| "(none)".to_owned(), |symbol| format!("{symbol:?}"));
    json!({"message": format!("Expected NAME, actual: {actual} at [{line}, {column}]"), "locations": locations})
}

pub(super) fn validation(error: &ServerError) -> Json {
    let locations: Vec<Json> =
        error.locations.iter().map(|pos| json!({"line": pos.line, "column": pos.column})).collect();
    let (code, message) = reworded(&error.message);
    match code {
        Some(code) => json!({"message": message, "locations": locations, "extensions": {"code": code}}),
        None => json!({"message": message, "locations": locations}),
    }
}

fn reworded(message: &str) -> (Option<&'static str>, String) {
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    let part = |index: usize| quoted.get(index).copied().unwrap_or_default();
    let starts = |start| message.starts_with(start);
    if starts("Unknown field") {
        (Some("undefinedField"), format!("Field '{}' doesn't exist on type '{}'", part(0), part(1)))
    } else if starts("Unknown argument") {
        (Some("argumentNotAccepted"), format!("Field '{}' doesn't accept argument '{}'", part(1), part(0)))
    } else if message.contains("is required but not provided") {
        (
            Some("missingRequiredArguments"),
            format!("Field '{}' is missing required arguments: {}", part(0), part(1)),
        )
    } else if starts("Variable") && message.contains("is not used") {
        (Some("variableNotUsed"), format!("Variable {} is declared by {} but not used", part(0), part(1)))
    } else if starts("Variable") && message.contains("is not defined") {
        (Some("variableNotDefined"), format!("Variable {} is used by {} but not declared", part(0), part(1)))
    } else if starts("Fragment") && message.contains("is never used") {
        (Some("useAndDefineFragment"), format!("Fragment {} was defined, but not used", part(0)))
    } else if starts("Field") && message.contains("must have a selection") {
        (
            Some("selectionMismatch"),
            format!(
                "Field must have selections (field '{}' returns {} but has no selections.)",
                part(0),
                part(1)
            ),
        )
    } else if starts("Field") && message.contains("must not have a selection") {
        (
            Some("selectionMismatch"),
            format!("Selections can't be made on scalars (field '{}' returns {})", part(0), part(1)),
        )
    } else if message.contains("Oneof") || message.contains("OneOf") || message.contains("oneof") {
        (
            Some("invalidOneOfInputObject"),
            "OneOf Input Object 'AnnotationValueInput' must specify exactly one key.".to_owned(),
        )
    } else if starts("Invalid value for argument") {
        (Some("argumentLiteralsIncompatible"), message.to_owned())
    } else if starts("Unknown type") {
        (Some("undefinedType"), format!("No such type {}, so it can't be a fragment condition", part(0)))
    } else {
        (Some("invalid"), message.to_owned())
    }
}
