//! Typed values to JSON and back.

use serde_json::Value as Json;

use super::error::Error;

pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<Json, Error> {
    serde_json::to_value(value).map_err(|error| Error::Changed { why: error.to_string() })
}

/// Typed reading of JSON; an unexpected shape is reported by its path and never quoted. The path is only computed after
/// a failure: tracking it always would cost as much as the reading.
pub(super) fn shaped<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).or_else(|_| {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json)
            .map_err(|error| format!("unexpected answer at {}", error.path()))
    })
}
