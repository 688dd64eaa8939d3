//! Démarche numérique, the platform: the only folder that speaks its API.
//!
//! It may name the review's types, never a rule and never the store. [`Dn`] sends typed operations (`queries`, made
//! from `graphql/`) through `transport`, [`observe`] takes pages and dossiers apart, `translate` makes
//! [`Facts`](label::case::facts::Facts) of each, [`form`] resolves `form.toml`, `files` fetches attachments. Its errors
//! say what to do next.

mod answer;
mod dossier;
pub mod files;
pub mod form;
mod live;
mod meaning;
pub mod messages;
pub mod observe;
pub mod propose;
mod queries;
pub mod resolve;
mod translate;
mod transport;
mod write;

use serde_json::Value as Json;

pub use observe::{Ask, Cursors, Gone, Listed, Page, RawDossier, Streams};
pub use transport::{Counters, Endpoint};
pub use write::Written;

/// What went wrong, said as what to do next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The platform or the network is not well: the same request may pass later.
    #[error("the platform cannot answer now: {why}")]
    Later { why: String, trouble: Trouble },
    /// The platform refuses: a person must act.
    #[error("the platform refuses: {why}. Remedy: {remedy}")]
    Refused { why: String, remedy: String },
    /// What was known of the form or of the dossier no longer holds: read it again.
    #[error("the form or the dossier changed: {why}")]
    Changed { why: String },
}

/// Why the platform cannot answer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The network, the proxy, a maintenance, the quota: nothing to do but wait.
    Away,
    /// Too much was asked for at once.
    Slow,
    /// A proxy or ourselves gave up waiting: too much at once, or a moment's trouble.
    Heavy,
    /// It fell over what was asked for: perhaps one dossier of the page.
    Broken,
    /// The answer to a write was lost: it may have been done.
    Unheard,
}

/// Whose dossiers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
}

impl Scope {
    /// The name under which cursors are kept.
    #[must_use]
    pub fn key(&self) -> String {
        match (self.groupe, self.demarche) {
            (Some(groupe), _) => format!("groupe/{groupe}"),
            (None, Some(demarche)) => format!("demarche/{demarche}"),
            (None, None) => "none".to_owned(),
        }
    }
}

/// The platform, pointed at by an address.
#[derive(Clone, Debug)]
pub struct Dn {
    endpoint: Endpoint,
    scope: Scope,
    instructeur: Option<String>,
}

impl Dn {
    #[must_use]
    pub fn new(endpoint: Endpoint, scope: Scope, instructeur: Option<String>) -> Dn {
        Dn { endpoint, scope, instructeur }
    }

    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    #[must_use]
    pub fn counters(&self) -> &Counters {
        self.endpoint.counters()
    }
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<Json, Error> {
    serde_json::to_value(value).map_err(|error| Error::Changed { why: error.to_string() })
}

/// Typed reading of JSON; an unexpected shape is told by its place and never quoted. The place is only looked for once
/// it is needed: looking for it all along costs as much as the reading.
fn shaped<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).or_else(|_| {
        let mut json = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut json)
            .map_err(|error| format!("unexpected answer at {}", error.path()))
    })
}
