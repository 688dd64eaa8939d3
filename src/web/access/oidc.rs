//! What every build knows of OpenID Connect: what the configuration says of a provider, what a provider answered, and
//! why somebody was not let in.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

use super::who::{UserRoles, Who};
use crate::network::Unreached;

/// A provider whose own ways are known (`docs/exploitation.md`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// By the standard alone.
    #[default]
    Standard,
    ProConnect,
    Keycloak,
    Entra,
    Google,
    Authelia,
}

/// What the configuration says of a provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its section in the configuration: « web.oidc », or « web.oidc[1] » where there are several.
    pub place: String,
    /// What sessions and addresses name it by.
    pub id: String,
    /// What people read.
    pub name: String,
    pub profile: Profile,
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    /// Our own address, as browsers see it.
    pub base: String,
    pub scopes: Vec<String>,
    /// The claim that lists somebody's groups.
    pub groups_claim: String,
    pub session_minutes: i64,
    /// Levels of authentication of which one is required; any will do when there is none.
    pub acr: Vec<String>,
    /// Claims that must have one of these values.
    pub require: BTreeMap<String, Vec<String>>,
    /// Whether an address counts only when the provider says that it verified it; `None`: unless it says that it did not.
    pub verified_email: Option<bool>,
    /// The one signature that was agreed upon.
    pub signature: Option<String>,
    /// UserInfo was agreed to be signed.
    pub signed_user_info: bool,
    pub pkce: bool,
    /// Who has which role when they come by this provider.
    pub roles: UserRoles,
}

/// What a browser comes back with (RFC 6749, 4.1.2; RFC 9207).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AuthorizationResponse {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    /// The provider's own words about the error; for the log.
    pub error_description: Option<String>,
    pub iss: Option<String>,
}

/// Somebody whom a provider proved.
#[derive(Debug)]
pub struct Identity {
    pub who: Who,
    /// What signing out at the provider is asked with.
    pub id_token: String,
}

/// Where a browser is sent to sign out.
#[derive(Debug, PartialEq, Eq)]
pub enum SignOut {
    At(String),
    /// The provider has no such address: its own session stays open.
    Here,
}

/// Why a sign-in failed; for the log, without anything of the person's nor of what was exchanged.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    /// What of it was asked for, and who stands in the way.
    #[error("the provider cannot be used: {0} cannot be read: {1}")]
    Unreached(&'static str, Unreached),
    #[error("the answer proves nothing: {0}")]
    Answer(String),
    /// The browser brought back a sign-in that it did not begin, or whose cookie it does not send.
    #[error("no sign-in was under way: the cookie that it began with is not there")]
    NoCookie,
    /// The provider refuses what the configuration asks of it: an administrator must act.
    #[error("the provider refuses the configuration: {0}")]
    Configuration(String),
    #[error("the person is not admitted: {0}")]
    Person(#[from] NotAdmitted),
}

/// Why somebody whom the provider knows does not come in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    #[error("the level of authentication (acr) is none of those of the configuration")]
    Level,
    #[error("the claim {0} has none of the values of the configuration")]
    Claim(String),
    /// The provider or the person said no.
    #[error("the provider answered {0}")]
    Denied(String),
}

/// Every signature that proves something: made with a key that we do not hold. Neither `none` nor HS256 and its like, for
/// which our own secret, or what a forger takes for one, would be the key.
pub const SIGNATURES: [&str; 9] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

impl Refusal {
    /// The same, with the keys of the section at `place` in its remedies.
    #[must_use]
    pub fn at(&self, place: &str) -> String {
        self.to_string().replace("web.oidc.", &format!("{place}."))
    }

    pub(super) fn provider(why: &str) -> Refusal {
        Refusal::Provider(why.to_owned())
    }

    pub(super) fn answer(why: &str) -> Refusal {
        Refusal::Answer(why.to_owned())
    }
}
