//! The OpenID Connect provider: where people sign in, and what its answer must prove.

use std::collections::BTreeMap;
use std::pin::Pin;

use axum_extra::extract::cookie::Key;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::session::{Entry, key};
use super::who::Who;
use crate::clock::Clock;
use crate::retry;

/// An answer larger than this is no answer of a provider.
const MAX_ANSWER: usize = 1 << 20;

/// Every claim beside the standard ones: which of them names the groups is configured.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Claims(BTreeMap<String, serde_json::Value>);

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type OurClient = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

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
    pub key: Key,
    http: Http,
}

/// Why a sign-in failed; for the log, without anything of the person's.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    #[error("the answer proves nothing: {0}")]
    Answer(String),
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
        let key = key(settings.client_secret.expose_secret());
        let ProviderSettings {
            issuer,
            client_id,
            client_secret,
            base,
            scopes,
            groups_claim,
            session_minutes,
        } = settings;
        let http = Http::new().map_err(|error| Refusal::Provider(error.to_string()))?;
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
        })
    }

    /// Read at each sign-in: a provider changes its keys when it likes.
    async fn client(&self) -> Result<OurClient, Refusal> {
        let wrong = |what: &str| Refusal::Provider(what.to_owned());
        let issuer =
            IssuerUrl::new(self.issuer.clone()).map_err(|_| wrong("web.oidc.issuer is no address"))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.http)
            .await
            .map_err(|error| Refusal::Provider(format!("its configuration cannot be read ({error})")))?;
        let back = format!("{}/connexion/retour", self.base);
        let back = RedirectUrl::new(back).map_err(|_| wrong("web.oidc.base is no address"))?;
        let secret = ClientSecret::new(self.client_secret.expose_secret().to_owned());
        let client = ClientId::new(self.client_id.clone());
        Ok(OurClient::from_provider_metadata(metadata, client, Some(secret)).set_redirect_uri(back))
    }

    /// Where to send somebody, and what must come back.
    ///
    /// # Errors
    /// When the provider cannot be reached or is not one.
    pub async fn begin(&self, back: String, clock: &Clock) -> Result<(String, Entry), Refusal> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut asked = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        for scope in &self.scopes {
            asked = asked.add_scope(Scope::new(scope.clone()));
        }
        let (address, state, nonce) = asked.set_pkce_challenge(challenge).url();
        let entry = Entry {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            back,
            until: clock.now().as_second() + retry::pages::SIGN_IN.as_secs(),
        };
        Ok((address.to_string(), entry))
    }

    /// Whom the provider's answer proves, once its signature, issuer, audience, age and nonce are right.
    ///
    /// # Errors
    /// When any of them is not, or the provider cannot be reached.
    pub async fn end(&self, entry: Entry, state: &str, code: String, clock: &Clock) -> Result<Who, Refusal> {
        let refused = |what: &str| Refusal::Answer(what.to_owned());
        if state != entry.state {
            return Err(refused("another state"));
        }
        let client = self.client().await?;
        let asked = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Refusal::Provider(error.to_string()))?;
        let answer = asked
            .set_pkce_verifier(PkceCodeVerifier::new(entry.verifier))
            .request_async(&self.http)
            .await
            .map_err(|_| refused("the code was not accepted"))?;
        let token = answer.id_token().ok_or_else(|| refused("no identity"))?;
        let clock = clock.clone();
        let now = move || chrono::DateTime::from_timestamp(clock.now().as_second(), 0).unwrap_or_default();
        let verifier = client.id_token_verifier().set_time_fn(now);
        let claims = token
            .claims(&verifier, &Nonce::new(entry.nonce))
            .map_err(|error| Refusal::Answer(error.to_string()))?;
        let believed = claims.email_verified() != Some(false);
        let name = claims.email().filter(|_| believed).map(|email| email.as_str().to_owned());
        let groups = claims.additional_claims().0.get(&self.groups_claim).map(groups).unwrap_or_default();
        Ok(Who { name: name.unwrap_or_default(), groups })
    }
}

/// A list, or one word.
fn groups(claim: &serde_json::Value) -> Vec<String> {
    match claim {
        serde_json::Value::String(group) => vec![group.clone()],
        serde_json::Value::Array(list) => {
            list.iter().filter_map(|group| group.as_str()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The HTTP client behind the trait that `openidconnect` asks for: no redirection, ten seconds, small answers.
#[derive(Debug)]
struct Http(reqwest::Client);

impl Http {
    fn new() -> reqwest::Result<Http> {
        let client = crate::tls::client_builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(retry::pages::PROVIDER)
            .build()?;
        Ok(Http(client))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let mut answer = self.0.execute(request).await?;
        let mut kept = axum::http::Response::builder().status(answer.status());
        if let Some(headers) = kept.headers_mut() {
            *headers = answer.headers().clone();
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await? {
            if body.len() + part.len() > MAX_ANSWER {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        kept.body(body).map_err(|_| HttpError::TooLarge)
    }
}

#[derive(Debug, thiserror::Error)]
enum HttpError {
    #[error("no connection, cut, or no answer in time")]
    Reqwest(#[from] reqwest::Error),
    #[error("the answer is too large")]
    TooLarge,
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
