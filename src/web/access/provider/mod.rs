//! The OpenID Connect provider: where people sign in, and what its answer must prove.

mod denied;
mod discovery;
mod exchange;
mod http;
mod keys;
mod person;
mod request;
mod signatures;
mod token;
mod user_info;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::Algorithm;
use sha2::{Digest, Sha256};

use super::oidc::{AuthorizationResponse, Identity, Profile, ProviderSettings, Refusal, SignOut};
use super::sealed::random;
use super::session::PendingSignIn;
use crate::clock::Clock;
use crate::retry;
use crate::web::own_path::OwnPath;
use discovery::{Discovery, Showing};
use exchange::Exchange;
use http::Http;
use keys::Keys;
use person::{Words, admitted};
use request::Secrets;
use token::{Claims, Expected, TokenError, prove, prove_user_info};
use user_info::UserInfo;

/// Where people sign in.
#[derive(Debug)]
pub struct Provider {
    pub settings: ProviderSettings,
    http: Http,
    keys: Keys,
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

/// Which kind of token a signature is looked at on.
enum Signed<'a> {
    Identity { nonce: &'a str },
    UserInfo,
}

impl Provider {
    /// # Errors
    /// When the machine cannot make an HTTP client.
    pub fn new(mut settings: ProviderSettings) -> Result<Provider, Refusal> {
        signatures::install();
        settings.base.truncate(settings.base.trim_end_matches('/').len());
        Ok(Provider { settings, http: Http::new()?, keys: Keys::default() })
    }

    /// Where the provider sends people back to.
    fn back(&self) -> String {
        format!("{}/connexion/retour", self.settings.base)
    }

    async fn discovery(&self) -> Result<Discovery, Refusal> {
        Discovery::read(&self.http, &self.settings.issuer).await
    }

    /// Where to send somebody, and what must come back.
    ///
    /// # Errors
    /// When the provider cannot be reached or is not one.
    pub async fn begin(&self, back: OwnPath, clock: &Clock) -> Result<(String, PendingSignIn), Refusal> {
        let found = self.discovery().await?;
        let random = || random().map_err(|_| Refusal::provider("the machine has no random numbers"));
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let secrets = Secrets { state: &state, nonce: &nonce, challenge: &challenge };
        let address = request::authorization(&found, &self.settings, &self.back(), &secrets)?;
        let until = clock.now().as_second() + retry::pages::SIGN_IN.as_secs();
        let (provider, back) = (self.settings.id.clone(), back.as_str().to_owned());
        Ok((address, PendingSignIn { provider, state, nonce, verifier, back, until }))
    }

    /// Whom the provider's answer proves, once its signature, issuer, audience, age and nonce are right.
    ///
    /// # Errors
    /// When any of them is not, the provider cannot be reached, or the settings do not admit the person.
    pub async fn end(
        &self,
        pending: PendingSignIn,
        response: AuthorizationResponse,
        clock: &Clock,
    ) -> Result<Identity, Refusal> {
        if response.state.as_deref() != Some(pending.state.as_str()) {
            return Err(Refusal::answer("another state"));
        }
        if let Some(error) = response.error {
            return Err(denied::of_sign_in(&error, response.error_description.as_deref()));
        }
        let code = response.code.ok_or_else(|| Refusal::answer("the provider gave no code"))?;
        let found = self.discovery().await?;
        found.sent(response.iss.as_deref())?;
        let exchange = Exchange {
            client_id: &self.settings.client_id,
            client_secret: &self.settings.client_secret,
            back: &self.back(),
            code: &code,
            verifier: self.settings.pkce.then_some(&pending.verifier),
            showing: self.showing(&found)?,
        };
        let tokens = exchange.tokens(&self.http, &found).await?;
        let id_token = tokens.id_token.ok_or_else(|| Refusal::answer("no identity"))?;
        let kind = Signed::Identity { nonce: &pending.nonce };
        let claims = self.proved(&id_token, &found, &kind, clock.now()).await?;
        let user_info = match (&found.userinfo_endpoint, &tokens.access_token) {
            // Microsoft Graph answers there, with the same claims and no others.
            _ if self.settings.profile == Profile::Entra => None,
            (Some(address), Some(access_token)) => {
                let said = user_info::read(&self.http, address, access_token).await?;
                Some(self.said_of(said, &claims, &found, clock.now()).await?)
            }
            _ => None,
        };
        let words = Words { token: &claims, user_info: user_info.as_ref() };
        Ok(Identity { who: admitted(&words, &self.settings)?, id_token })
    }

    /// What UserInfo says, once it is known to be the provider's word on the person of the token.
    async fn said_of(
        &self,
        said: UserInfo,
        claims: &Claims,
        found: &Discovery,
        now: Timestamp,
    ) -> Result<Claims, Refusal> {
        let said = match said {
            UserInfo::Signed(token) => self.proved(&token, found, &Signed::UserInfo, now).await?,
            UserInfo::Plain(_) if self.settings.signed_user_info => {
                return Err(Refusal::answer(
                    "UserInfo is not signed, and web.oidc.signed_userinfo asks for it",
                ));
            }
            UserInfo::Plain(said) => said,
        };
        user_info::same_person(&said, claims)?;
        Ok(said)
    }

    /// Where to sign out at the provider, which then sends people back to our page about sessions.
    ///
    /// # Errors
    /// When the provider cannot be reached or is not one.
    pub async fn sign_out(&self, id_token: Option<&str>) -> Result<SignOut, Refusal> {
        let found = self.discovery().await?;
        let Some(address) = &found.end_session_endpoint else { return Ok(SignOut::Here) };
        let state = random().map_err(|_| Refusal::provider("the machine has no random numbers"))?;
        let back = format!("{}/session", self.settings.base);
        request::sign_out(address, &self.settings.client_id, &back, id_token, &state).map(SignOut::At)
    }

    /// What the provider says of itself now.
    ///
    /// # Errors
    /// When it cannot be reached, or is not one.
    pub async fn announced(&self) -> Result<Announced, Refusal> {
        let found = self.discovery().await?;
        let keys = self.keys.read(&self.http, &found.jwks_uri, Timestamp::UNIX_EPOCH).await?;
        let accepted = self.algorithms(&found)?;
        let names = signatures::ACCEPTED.iter().filter(|(_, algorithm)| accepted.contains(algorithm));
        Ok(Announced {
            signatures: names.map(|(name, _)| *name).collect(),
            in_body: self.showing(&found)? == Showing::Body,
            signs_out: found.end_session_endpoint.is_some(),
            missing_scopes: found.without(&self.settings.scopes),
            keys: keys.len(),
        })
    }

    fn showing(&self, found: &Discovery) -> Result<Showing, Refusal> {
        match self.settings.profile {
            Profile::ProConnect | Profile::Entra => Ok(Showing::Body),
            _ => found.showing(),
        }
    }

    /// Those that are accepted; the one that was agreed upon, if one was.
    fn algorithms(&self, found: &Discovery) -> Result<Vec<Algorithm>, Refusal> {
        let Some(agreed) = &self.settings.signature else { return Ok(found.algorithms()) };
        let known = signatures::ACCEPTED.iter().find(|(name, _)| name == agreed);
        let (_, algorithm) = known.ok_or_else(|| {
            Refusal::provider("web.oidc.signature is none that proves something; example: RS256")
        })?;
        Ok(vec![*algorithm])
    }

    /// By the keys that are kept, then by those that the provider has now: it changes them when it likes.
    async fn proved(
        &self,
        token: &str,
        found: &Discovery,
        kind: &Signed<'_>,
        now: Timestamp,
    ) -> Result<Claims, Refusal> {
        let algorithms = match kind {
            Signed::Identity { .. } => self.algorithms(found)?,
            // Its algorithm is registered apart, and is not named with those of identity tokens.
            Signed::UserInfo if self.settings.signature.is_none() => signatures::all(),
            Signed::UserInfo => self.algorithms(found)?,
        };
        let expected = Expected {
            issuers: &found.names(self.settings.profile),
            client_id: &self.settings.client_id,
            algorithms: &algorithms,
            now: now.as_second(),
        };
        let prove = |keys: &[_]| match kind {
            Signed::Identity { nonce } => prove(token, keys, &expected, nonce),
            Signed::UserInfo => prove_user_info(token, keys, &expected),
        };
        if let Some(keys) = self.keys.kept(now) {
            match prove(&keys) {
                Ok(claims) => return Ok(claims),
                Err(TokenError::Refused(refusal)) => return Err(refusal),
                Err(TokenError::Key) => {}
            }
        }
        let keys = self.keys.read(&self.http, &found.jwks_uri, now).await?;
        prove(&keys).map_err(|error| match error {
            TokenError::Refused(refusal) => refusal,
            TokenError::Key => Refusal::answer("the identity is signed with none of the provider's keys"),
        })
    }
}
