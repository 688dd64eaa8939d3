//! In a build without OpenID Connect: nobody can sign in, and a configuration that asks for it is refused at the start.

use secrecy::SecretString;

use super::sealed::SealingKey;
use super::session::PendingSignIn;
use super::who::Who;
use crate::clock::Clock;
use crate::web::own_path::OwnPath;

/// Never made: the fields are those that the pages read.
#[derive(Debug)]
pub struct Provider {
    pub session_minutes: i64,
    pub key: SealingKey,
    never: Never,
}

#[derive(Clone, Copy, Debug)]
enum Never {}

/// What the configuration says of the provider; nothing of it is used.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub base: String,
    pub scopes: Vec<String>,
    pub groups_claim: String,
    pub session_minutes: i64,
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Answer(String),
    #[error("{0}")]
    Provider(String),
}

impl Provider {
    /// # Errors
    /// Always.
    pub fn new(_: ProviderSettings) -> Result<Provider, Refusal> {
        Err(Refusal::Provider("web.oidc: this build of vigie is without OpenID Connect".to_owned()))
    }

    /// # Errors
    /// Never called.
    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub async fn begin(&self, _: OwnPath, _: &Clock) -> Result<(String, PendingSignIn), Refusal> {
        match self.never {}
    }

    /// # Errors
    /// Never called.
    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub async fn end(&self, _: PendingSignIn, _: &str, _: String, _: &Clock) -> Result<Who, Refusal> {
        match self.never {}
    }
}
