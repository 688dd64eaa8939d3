//! The three kinds of failure, by what the caller does next: wait, ask a person, or read again.

use std::fmt;

use super::keys::SectionKeys;
use crate::network::{Culprit, Unreached};
use label::wording::platform::Remedy;

/// What went wrong, classified by what to do next.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The platform or the network failed: the same request may pass later.
    #[error("the platform cannot answer now: {why}")]
    Later { why: String, trouble: Trouble },
    /// The platform refuses: a person must act.
    #[error("the platform refuses: {why}. Remedy: {remedy}")]
    Refused { why: String, remedy: RefusalRemedy },
    /// What was known of the form or of the dossier no longer holds: read it again.
    #[error("the form or the dossier changed: {why}")]
    Changed { why: String },
}

/// What mends a refusal, with the keys of the section that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalRemedy {
    pub what: Remedy,
    keys: SectionKeys,
}

impl From<Remedy> for RefusalRemedy {
    fn from(what: Remedy) -> RefusalRemedy {
        RefusalRemedy { what, keys: SectionKeys::default() }
    }
}

impl fmt::Display for RefusalRemedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.what {
            Remedy::Moved(to) => {
                let key = self.keys.of("endpoint");
                return write!(f, "set {key} to https://{to}/api/v2/graphql");
            }
            Remedy::Access => "give the token access to the démarche named in dn.demarche or dn.groupe",
            Remedy::Numbers => "check the numbers in dn.demarche and dn.groupe",
            Remedy::TokenOrNetworks => "check the token and its allowed networks",
            Remedy::NewToken => {
                "make a new token on the platform, put it in dn.token_file, update dn.token_expires"
            }
            Remedy::ThisNetwork => "add this machine's public address to the token's allowed networks",
            Remedy::TokenFile => "check dn.token_file (or VIGIE_DN__TOKEN) and that the token still exists",
            Remedy::Endpoint => "check dn.endpoint; it ends with /api/v2/graphql",
            Remedy::Version => {
                "the request is not understood: check dn.demarche, dn.groupe and vigie's version"
            }
            Remedy::Form => "give the token access to that démarche, or check dn.demarche",
            Remedy::WriteAnnotations => "make a token with write access, or set act.annotations = false",
            Remedy::WriteMessages => "make a token with write access, or set act.messages = false",
            Remedy::Authorities => "install the system's certificate authorities (package ca-certificates)",
        };
        f.write_str(&self.keys.named_in(text))
    }
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
            Error::Refused { why, remedy } => {
                Error::Refused { why, remedy: RefusalRemedy { keys: *keys, ..remedy } }
            }
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
