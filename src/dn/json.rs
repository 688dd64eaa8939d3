//! Typed values to JSON and back.

use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::error::Error;

pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<Json, Error> {
    serde_json::to_value(value).map_err(|error| Error::Changed { why: error.to_string() })
}

/// Reads a key that may hold null and must be there: what the query asked for and the answer lacks is not an empty field.
pub(super) fn asked<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(json)
}

/// Reads a key that only some requests ask for: `None` when it is not there, `Some(None)` when it holds null.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    json: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(json).map(Some)
}

/// Typed reading of JSON; an unexpected shape is reported by its path and never quoted. The path is only computed after
/// a failure: tracking it always would cost as much as the reading.
pub(super) fn shaped<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).or_else(|_| {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json).map_err(|error| misshapen(&error))
    })
}

/// The name of a key that is missing is one of ours: it is said, nothing of the answer is.
fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let said = error.inner().to_string();
    let missing = said.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    let place = Some(error.path().to_string()).filter(|path| path != ".");
    match (missing, place) {
        (Some((key, _)), Some(place)) => format!("the answer lacks {place}.{key}"),
        (Some((key, _)), None) => format!("the answer lacks {key}"),
        (None, place) => format!("unexpected answer at {}", place.as_deref().unwrap_or("its beginning")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Outer {
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        #[serde(deserialize_with = "asked")]
        always: Option<i64>,
        #[serde(default, deserialize_with = "given")]
        sometimes: Option<Option<i64>>,
    }

    #[test]
    fn null_is_nothing_and_a_missing_key_an_error_that_names_it() {
        let read = |text: &str| shaped::<Outer>(text);
        let one = |always, sometimes| Ok(Outer { inner: vec![Inner { always, sometimes }] });
        assert_eq!(read(r#"{"inner":[{"always":null,"sometimes":null}]}"#), one(None, Some(None)));
        assert_eq!(read(r#"{"inner":[{"always":3,"sometimes":4}]}"#), one(Some(3), Some(Some(4))));
        assert_eq!(read(r#"{"inner":[{"always":3}]}"#), one(Some(3), None));
        assert_eq!(read(r#"{"inner":[{"other":3}]}"#), Err("the answer lacks inner[0].always".to_owned()));
        assert_eq!(read("{}"), Err("the answer lacks inner".to_owned()));
        let quoted = read(r#"{"inner":[{"always":"Mme Durand"}]}"#);
        assert_eq!(quoted, Err("unexpected answer at inner[0].always".to_owned()));
    }
}
