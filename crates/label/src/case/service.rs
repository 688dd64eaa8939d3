//! Which kind of service a dossier is about, and what it asks for.

use serde::{Deserialize, Serialize};

use crate::case::facts::Facts;
use crate::case::keys::Key;

/// Which of the guide's three kinds of service a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// *Local indépendant* (LI).
    LocalIndependant,
    /// *Local rattaché* (LR).
    LocalRattache,
    /// *Central* (SC).
    Central,
    /// The form does not say. Rules that depend on the kind are skipped.
    Unknown,
}

impl Service {
    /// The kind of service that a dossier states (`type_service`).
    #[must_use]
    pub fn of(facts: &Facts) -> Service {
        facts.choice(Key::TypeService).map_or(Service::Unknown, Service::from_key)
    }

    /// The kind of that word of the form; `Unknown` for any other.
    #[must_use]
    pub fn from_key(key: &str) -> Service {
        match key {
            "local_independant" => Service::LocalIndependant,
            "local_rattache" => Service::LocalRattache,
            "central" => Service::Central,
            _ => Service::Unknown,
        }
    }
}

/// What a dossier asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demande {
    /// A first application; another one after a refusal too.
    Initial,
    /// A follow-up of the label (§ 3.9).
    Suivi,
    /// An extension of the perimeter (§ 5.2).
    Extension,
    /// A renewal (§ 3.10).
    Renouvellement,
}

impl Demande {
    /// What the dossier asks for; a first application when the field is empty.
    #[must_use]
    pub fn of(facts: &Facts) -> Demande {
        match facts.choice(Key::TypeDemande) {
            Some("suivi") => Demande::Suivi,
            Some("extension") => Demande::Extension,
            Some("renouvellement") => Demande::Renouvellement,
            _ => Demande::Initial,
        }
    }
}
