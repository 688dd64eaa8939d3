//! [`Dn`]: the platform at one address, and whose dossiers are read there. Its methods are in the file of what they ask
//! for: `observe`, `files`, `write`, `messages`.

use super::pace::Quota;
use super::transport::{Counters, Endpoint};

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

/// The platform at one address.
#[derive(Clone, Debug)]
pub struct Dn {
    pub(super) endpoint: Endpoint,
    pub(super) scope: Scope,
    pub(super) instructeur: Option<String>,
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

    /// Whether there is a member in whose name to write.
    #[must_use]
    pub fn writes_as_somebody(&self) -> bool {
        self.instructeur.is_some()
    }

    /// What this token may ask, to be shared with other processes.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        self.endpoint.quota()
    }

    #[must_use]
    pub fn counters(&self) -> &Counters {
        self.endpoint.counters()
    }
}
