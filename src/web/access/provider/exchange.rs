//! A code for an identity.

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::discovery::{Discovery, Showing};
use super::http::Http;
use crate::web::access::oidc::Refusal;

/// What a provider may say of a code that it refuses (RFC 6749, 5.2); nothing else of its answer is repeated.
const ERRORS: [&str; 6] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

pub(super) struct Exchange<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a SecretString,
    pub back: &'a str,
    pub code: &'a str,
    /// What proves that whoever began also ends (PKCE), where it was asked.
    pub verifier: Option<&'a String>,
    pub showing: Showing,
}

/// What the provider gives for a code; whether it proves anything is not known yet.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub id_token: Option<String>,
    pub access_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Exchange<'_> {
    pub(super) async fn tokens(&self, http: &Http, found: &Discovery) -> Result<Tokens, Refusal> {
        let answer = http.send("its answer to a code", self.request(http, found)).await?;
        match answer.status {
            StatusCode::OK => answer.json(),
            status if status.is_client_error() => {
                let said = answer.json::<Refused>().ok();
                let said = said.and_then(|said| ERRORS.into_iter().find(|error| *error == said.error));
                let said = said.map_or_else(|| format!("status {}", status.as_u16()), str::to_owned);
                Err(Refusal::Answer(format!("the code was not accepted ({said})")))
            }
            status => Err(Refusal::Provider(format!("a code was answered by status {}", status.as_u16()))),
        }
    }

    /// In the header both words are encoded as in a form (RFC 6749, 2.3.1).
    fn request(&self, http: &Http, found: &Discovery) -> reqwest::RequestBuilder {
        let secret = self.client_secret.expose_secret();
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code)
            .append_pair("redirect_uri", self.back)
            .extend_pairs(self.verifier.map(|verifier| ("code_verifier", verifier)));
        let request = http.post(&found.token_endpoint);
        let request = match self.showing {
            Showing::Basic => {
                let encoded = |word: &str| byte_serialize(word.as_bytes()).collect::<String>();
                request.basic_auth(encoded(self.client_id), Some(encoded(secret)))
            }
            Showing::Body => {
                form.append_pair("client_id", self.client_id).append_pair("client_secret", secret);
                request
            }
        };
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.finish())
    }
}
