//! Requests to the provider: no redirection, ten seconds, small answers.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;

use crate::network::{Culprit, Unreached};
use crate::retry;
use crate::web::access::oidc::Refusal;

/// An answer larger than this is no answer of a provider.
const MAX_ANSWER: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Http(reqwest::Client);

/// An answer read to its end.
pub(super) struct ProviderResponse {
    /// Its name in errors.
    what: &'static str,
    pub status: StatusCode,
    /// The type of its body, without parameters, in small letters.
    pub media: String,
    body: Vec<u8>,
}

impl Http {
    pub(super) fn new() -> Result<Http, Refusal> {
        let client = crate::tls::client_builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(retry::pages::PROVIDER)
            .build()
            .map_err(|error| Refusal::Provider(error.to_string()))?;
        Ok(Http(client))
    }

    pub(super) fn post(&self, address: &str) -> reqwest::RequestBuilder {
        self.0.post(address)
    }

    pub(super) fn get(&self, address: &str) -> reqwest::RequestBuilder {
        self.0.get(address)
    }

    /// A document of the provider.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        what: &'static str,
        address: &str,
    ) -> Result<T, Refusal> {
        let response = self.send(what, self.0.get(address)).await?;
        match response.status {
            StatusCode::OK => response.json(),
            status => Err(Refusal::Provider(format!("{what} cannot be read (status {})", status.as_u16()))),
        }
    }

    /// The whole answer, if it is small. Errors do not repeat the address, whose query may hold what is nobody's business.
    pub(super) async fn send(
        &self,
        what: &'static str,
        request: reqwest::RequestBuilder,
    ) -> Result<ProviderResponse, Refusal> {
        let request = request.header(ACCEPT, HeaderValue::from_static("application/json, application/jwt"));
        let not_one = |_| Refusal::Provider(format!("{what} cannot be read (its address is none)"));
        let request = request.build().map_err(not_one)?;
        let address = request.url().to_string();
        let cut = |error: reqwest::Error| Refusal::Unreached(what, Unreached::of(&error, &address));
        let mut response = self.0.execute(request).await.map_err(cut)?;
        let status = response.status();
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(Refusal::Unreached(what, Unreached::at_the_proxy(Culprit::ProxyPassword, &address)));
        }
        let media = response.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
        let media = media.and_then(|media| media.split(';').next()).unwrap_or_default();
        let media = media.trim().to_ascii_lowercase();
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(cut)? {
            if body.len() + part.len() > MAX_ANSWER {
                return Err(Refusal::Provider(format!("{what} cannot be read (the answer is too large)")));
            }
            body.extend_from_slice(&part);
        }
        Ok(ProviderResponse { what, status, media, body })
    }
}

impl ProviderResponse {
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        // What the parser says may quote the answer.
        serde_json::from_slice(&self.body)
            .map_err(|_| Refusal::Provider(format!("{} is not what it should be", self.what)))
    }
}
