//! A code for an identity.

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::denied;
use super::discovery::{Discovery, Showing};
use super::http::Http;
use crate::web::access::oidc::Refusal;

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
    error_description: Option<String>,
}

impl Exchange<'_> {
    pub(super) async fn tokens(&self, http: &Http, found: &Discovery) -> Result<Tokens, Refusal> {
        let answer = http.send("its answer to a code", self.request(http, found)).await?;
        match answer.status {
            StatusCode::OK => answer.json(),
            status if status.is_client_error() => {
                let Ok(said) = answer.json::<Refused>() else {
                    let status = status.as_u16();
                    return Err(Refusal::Answer(format!("the code was not accepted (status {status})")));
                };
                let shown = [self.client_secret.expose_secret(), self.code];
                let description = said.error_description.as_deref();
                let description = description.filter(|said| !shown.iter().any(|word| said.contains(word)));
                Err(denied::of_code(&said.error, description, status.as_u16()))
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
