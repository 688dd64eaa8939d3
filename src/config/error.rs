//! What is wrong with the configuration, and where.

use std::fmt;

use serde::de;
use serde::de::{Expected, Unexpected};

/// One line for the operator: where, why, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("configuration: {place}: {why}")]
pub struct ConfigError {
    pub place: String,
    pub why: String,
}

impl ConfigError {
    #[must_use]
    pub fn new(place: impl Into<String>, why: impl Into<String>) -> ConfigError {
        ConfigError { place: place.into(), why: why.into() }
    }
}

/// A value that its key refuses. It never holds the value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ValueError {
    /// A key that no section has, and those that this section has.
    #[error("unknown field, known here: {}", known.join(", "))]
    UnknownKey { key: String, known: &'static [&'static str] },
    #[error("{0}")]
    Refused(String),
}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> ValueError {
        ValueError::Refused(message.to_string())
    }

    fn invalid_type(_found: Unexpected<'_>, expected: &dyn Expected) -> ValueError {
        ValueError::Refused(format!("invalid type, expected {expected}"))
    }

    fn invalid_value(_found: Unexpected<'_>, expected: &dyn Expected) -> ValueError {
        ValueError::Refused(format!("out of bounds, expected {expected}"))
    }

    fn unknown_variant(_found: &str, expected: &'static [&'static str]) -> ValueError {
        ValueError::Refused(format!("expected one of {}", expected.join(", ")))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> ValueError {
        ValueError::UnknownKey { key: key.to_owned(), known }
    }
}
