//! The three kinds of failure, by what the caller does next: wait, ask a person, or read again.

use super::keys::SectionKeys;
use crate::network::{Culprit, Unreached};

/// What went wrong, classified by what to do next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The platform or the network failed: the same request may pass later.
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
    /// The network, the proxy, a maintenance or the quota: wait.
    Away,
    /// The way to it: a proxy, a name, a certificate. It may be mended by a person, or pass.
    Cut(Culprit),
    /// Too much was asked for at once.
    Slow,
    /// A proxy or our own time limit ended the request: too much was asked for at once, or it was a passing failure.
    Heavy,
    /// The platform failed on what was asked for: perhaps on one dossier of the page.
    Broken,
    /// The answer to a write was lost: it may have been done.
    Unheard,
}

impl Error {
    pub(super) fn later(why: impl Into<String>) -> Error {
        Error::Later { why: why.into(), trouble: Trouble::Away }
    }

    pub(super) fn unreached(unreached: &Unreached) -> Error {
        Error::Later { why: unreached.to_string(), trouble: Trouble::Cut(unreached.culprit) }
    }

    /// The same, with the keys of the section that it is about.
    #[must_use]
    pub fn under(self, keys: &SectionKeys) -> Error {
        match self {
            Error::Refused { why, remedy } => Error::Refused { why, remedy: keys.named_in(&remedy) },
            Error::Later { why, trouble } => Error::Later { why: keys.named_in(&why), trouble },
            other => other,
        }
    }

    pub(super) fn slow(why: impl Into<String>) -> Error {
        Error::Later { why: why.into(), trouble: Trouble::Slow }
    }

    pub(super) fn broken(why: impl Into<String>) -> Error {
        Error::Later { why: why.into(), trouble: Trouble::Broken }
    }
}
