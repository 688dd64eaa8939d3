//! In a build without OpenID Connect: nobody can sign in, and a configuration that asks for it is refused at the start.

use super::oidc::{AuthorizationResponse, Identity, ProviderSettings, Refusal, SignOut};
use super::session::PendingSignIn;
use crate::clock::Clock;
use crate::web::own_path::OwnPath;

/// Never made: the settings are what the pages read.
#[derive(Debug)]
pub struct Provider {
    pub settings: ProviderSettings,
    never: Never,
}

#[derive(Clone, Copy, Debug)]
enum Never {}

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
    pub async fn end(
        &self,
        _: PendingSignIn,
        _: AuthorizationResponse,
        _: &Clock,
    ) -> Result<Identity, Refusal> {
        match self.never {}
    }

    /// # Errors
    /// Never called.
    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub async fn sign_out(&self, _: Option<&str>) -> Result<SignOut, Refusal> {
        match self.never {}
    }

    /// # Errors
    /// Never called.
    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub async fn announced(&self) -> Result<Announced, Refusal> {
        match self.never {}
    }
}

/// What a provider says of itself, for `check`.
#[derive(Debug)]
pub struct Announced {
    pub signatures: Vec<&'static str>,
    pub in_body: bool,
    pub signs_out: bool,
    pub missing_scopes: Vec<String>,
    pub keys: usize,
}
