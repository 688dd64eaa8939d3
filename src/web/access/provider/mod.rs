//! The OpenID Connect provider: where people sign in, and what its answer must prove.

mod discovery;
mod exchange;
mod http;
mod keys;
mod refusal;
mod signatures;
mod token;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::sealed::{SealingKey, random};
use super::session::PendingSignIn;
use super::who::Who;
use crate::clock::Clock;
use crate::retry;
use crate::web::own_path::OwnPath;
use discovery::Discovery;
use exchange::Exchange;
use http::Http;
use keys::Keys;
pub use refusal::Refusal;
use token::{Claims, Expected, TokenError, prove};

/// Where people sign in.
#[derive(Debug)]
pub struct Provider {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    /// Our own address, without a final slash.
    pub base: String,
    pub scopes: Vec<String>,
    /// The claim that lists somebody's groups.
    pub groups_claim: String,
    pub session_minutes: i64,
    pub key: SealingKey,
    http: Http,
    keys: Keys,
}

/// What the configuration says of the provider.
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

impl Provider {
    /// # Errors
    /// When the machine cannot make an HTTP client.
    pub fn new(settings: ProviderSettings) -> Result<Provider, Refusal> {
        signatures::install();
        let key = SealingKey::of(settings.client_secret.expose_secret())
            .map_err(|_| Refusal::provider("its secret makes no key"))?;
        let ProviderSettings {
            issuer,
            client_id,
            client_secret,
            base,
            scopes,
            groups_claim,
            session_minutes,
        } = settings;
        let http = Http::new()?;
        let base = base.trim_end_matches('/').to_owned();
        Ok(Provider {
            issuer,
            client_id,
            client_secret,
            base,
            scopes,
            groups_claim,
            session_minutes,
            key,
            http,
            keys: Keys::default(),
        })
    }

    /// Where the provider sends people back to.
    fn back(&self) -> String {
        format!("{}/connexion/retour", self.base)
    }

    /// Where to send somebody, and what must come back.
    ///
    /// # Errors
    /// When the provider cannot be reached or is not one.
    pub async fn begin(&self, back: OwnPath, clock: &Clock) -> Result<(String, PendingSignIn), Refusal> {
        let found = Discovery::read(&self.http, &self.issuer).await?;
        let random = || random().map_err(|_| Refusal::provider("the machine has no random numbers"));
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let others = self.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
        let scopes: Vec<&str> = std::iter::once("openid").chain(others).collect();
        let address = found.authorization(&[
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.back()),
            ("scope", &scopes.join(" ")),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])?;
        let back = back.as_str().to_owned();
        let until = clock.now().as_second() + retry::pages::SIGN_IN.as_secs();
        Ok((address, PendingSignIn { state, nonce, verifier, back, until }))
    }

    /// Whom the provider's answer proves, once its signature, issuer, audience, age and nonce are right.
    ///
    /// # Errors
    /// When any of them is not, or the provider cannot be reached.
    pub async fn end(
        &self,
        pending: PendingSignIn,
        state: &str,
        code: String,
        clock: &Clock,
    ) -> Result<Who, Refusal> {
        if state != pending.state {
            return Err(Refusal::answer("another state"));
        }
        let found = Discovery::read(&self.http, &self.issuer).await?;
        let exchange = Exchange {
            client_id: &self.client_id,
            client_secret: &self.client_secret,
            back: &self.back(),
            code: &code,
            verifier: &pending.verifier,
        };
        let token = exchange.token(&self.http, &found).await?;
        let claims = self.proved(&token, &found, &pending.nonce, clock.now()).await?;
        Ok(self.who(&claims))
    }

    /// By the keys that are kept, then by those that the provider has now: it changes them when it likes.
    async fn proved(
        &self,
        token: &str,
        found: &Discovery,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Claims, Refusal> {
        let expected = Expected {
            issuer: &found.issuer,
            client_id: &self.client_id,
            nonce,
            algorithms: &found.algorithms(),
            now: now.as_second(),
        };
        if let Some(keys) = self.keys.kept(now) {
            match prove(token, &keys, &expected) {
                Ok(claims) => return Ok(claims),
                Err(TokenError::Refused(refusal)) => return Err(refusal),
                Err(TokenError::Key) => {}
            }
        }
        let keys = self.keys.read(&self.http, &found.jwks_uri, now).await?;
        prove(token, &keys, &expected).map_err(|error| match error {
            TokenError::Refused(refusal) => refusal,
            TokenError::Key => Refusal::answer("the identity is signed with none of the provider's keys"),
        })
    }

    /// An address that nobody verified names nobody.
    fn who(&self, claims: &Claims) -> Who {
        let believed = match claims.get("email_verified") {
            None | Some(Value::Null | Value::Bool(true)) => true,
            Some(Value::String(word)) => word == "true",
            Some(_) => false,
        };
        let name = claims.get("email").and_then(Value::as_str).filter(|_| believed).unwrap_or_default();
        let groups = claims.get(&self.groups_claim).map(groups).unwrap_or_default();
        Who { name: name.to_owned(), groups }
    }
}

/// A list, or one word.
fn groups(claim: &Value) -> Vec<String> {
    match claim {
        Value::String(group) => vec![group.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
