//! The scalars of the platform's schema, under the names that `graphql_client` looks for.
//!
//! Dates stay texts here, so that an unreadable date costs one field and not the page. `translate` reads them.

use serde::{Deserialize, Deserializer, Serialize};

pub type Iso8601Date = String;
pub type Iso8601DateTime = String;
pub type Url = String;

/// A 64-bit integer that travels as text; a number is accepted too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BigInt(pub String);

impl<'de> Deserialize<'de> for BigInt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<BigInt, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Number(i64),
        }
        Ok(BigInt(match Either::deserialize(deserializer)? {
            Either::Text(text) => text,
            Either::Number(number) => number.to_string(),
        }))
    }
}
