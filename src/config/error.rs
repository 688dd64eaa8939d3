//! What is wrong with the configuration, and where.

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
