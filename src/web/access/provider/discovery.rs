//! What the provider says of itself, and how it wants to be asked for a token.

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use url::Url;

use super::http::Http;
use super::signatures::ACCEPTED;
use crate::web::access::oidc::{Profile, Refusal};

/// The part of its configuration that is used.
#[derive(Debug, Deserialize)]
pub(super) struct Discovery {
    /// As its tokens name it, to the letter.
    pub issuer: String,
    authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    #[serde(default)]
    pub claims_parameter_supported: bool,
    /// Answers to browsers name their issuer (RFC 9207).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    scopes_supported: Option<Vec<String>>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// How the secret is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Showing {
    Basic,
    Body,
}

impl Discovery {
    /// Read at each sign-in: a provider changes when it likes.
    pub(super) async fn read(http: &Http, issuer: &str) -> Result<Discovery, Refusal> {
        let asked = Url::parse(issuer).map_err(|_| Refusal::provider("web.oidc.issuer is no address"))?;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let found: Discovery = http.read("its configuration", &address).await?;
        if found.issuer.trim_end_matches('/') != issuer.trim_end_matches('/') {
            return Err(Refusal::provider("its configuration is another issuer's than web.oidc.issuer"));
        }
        let needed = [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri];
        let others = [&found.userinfo_endpoint, &found.end_session_endpoint].into_iter().flatten();
        for address in needed.into_iter().chain(others) {
            let safe = |url: Url| url.scheme() == "https" || url.scheme() == asked.scheme();
            if !Url::parse(address).is_ok_and(safe) {
                return Err(Refusal::provider("its configuration names an address that is not https://"));
            }
        }
        Ok(found)
    }

    /// Those of its signatures that we accept; RS256, which every provider has, when it names none.
    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        let named = &self.id_token_signing_alg_values_supported;
        if named.is_empty() {
            return vec![Algorithm::RS256];
        }
        let accepted = ACCEPTED.iter().filter(|(name, _)| named.iter().any(|other| other == name));
        accepted.map(|(_, algorithm)| *algorithm).collect()
    }

    /// In a header, which every provider must understand, unless it says that it does not.
    pub(super) fn showing(&self) -> Result<Showing, Refusal> {
        let Some(methods) = &self.token_endpoint_auth_methods_supported else { return Ok(Showing::Basic) };
        let named = |method: &str| methods.iter().any(|own| own == method);
        match (named("client_secret_basic"), named("client_secret_post")) {
            (true, _) => Ok(Showing::Basic),
            (false, true) => Ok(Showing::Body),
            (false, false) => {
                Err(Refusal::provider("it takes a client's secret neither in a header nor in the body"))
            }
        }
    }

    /// How its tokens may name it, to the letter.
    pub(super) fn names(&self, profile: Profile) -> Vec<&str> {
        let bare = self.issuer.strip_prefix("https://").filter(|_| profile == Profile::Google);
        std::iter::once(self.issuer.as_str()).chain(bare).collect()
    }

    /// Whether an answer that a browser brings is this provider's own: with several, one could bring another's code.
    pub(super) fn sent(&self, issuer: Option<&str>) -> Result<(), Refusal> {
        match issuer {
            Some(issuer) if issuer == self.issuer => Ok(()),
            None if !self.authorization_response_iss_parameter_supported => Ok(()),
            Some(_) => Err(Refusal::answer("the code is another provider's")),
            None => Err(Refusal::answer("the code does not say whose it is")),
        }
    }

    /// Those of these scopes that it does not name, if it names any.
    pub(super) fn without(&self, scopes: &[String]) -> Vec<String> {
        let named = |scope: &&String| self.scopes_supported.as_ref().is_none_or(|all| all.contains(scope));
        scopes.iter().filter(|scope| !named(scope)).cloned().collect()
    }

    /// Where somebody signs in, with these parameters beside those that the address has already.
    pub(super) fn authorization(&self, parameters: &[(&str, &str)]) -> Result<String, Refusal> {
        let mut address = Url::parse(&self.authorization_endpoint)
            .map_err(|_| Refusal::provider("its configuration names no address"))?;
        address.query_pairs_mut().extend_pairs(parameters);
        Ok(address.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovery(value: serde_json::Value) -> Discovery {
        let mut whole = serde_json::json!({
            "issuer": "https://p.example",
            "authorization_endpoint": "https://p.example/a?theme=1",
            "token_endpoint": "https://p.example/t",
            "jwks_uri": "https://p.example/k",
        });
        whole.as_object_mut().unwrap().append(&mut value.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn no_signature_is_accepted_that_the_client_could_make_itself() {
        let algorithms = |named: &[&str]| {
            discovery(serde_json::json!({ "id_token_signing_alg_values_supported": named })).algorithms()
        };
        assert_eq!(algorithms(&["none", "HS256", "HS384", "HS512"]), []);
        assert_eq!(algorithms(&["HS256", "ES256", "RS256"]), [Algorithm::RS256, Algorithm::ES256]);
        assert_eq!(algorithms(&[]), [Algorithm::RS256]);
    }

    #[test]
    fn the_secret_is_shown_as_the_provider_asks() {
        let showing = |methods: &[&str]| {
            discovery(serde_json::json!({ "token_endpoint_auth_methods_supported": methods })).showing().ok()
        };
        assert_eq!(showing(&["client_secret_post", "client_secret_basic"]), Some(Showing::Basic));
        assert_eq!(showing(&["private_key_jwt", "client_secret_post"]), Some(Showing::Body));
        assert_eq!(showing(&["private_key_jwt"]), None);
        assert_eq!(discovery(serde_json::json!({})).showing().ok(), Some(Showing::Basic));
    }

    #[test]
    fn an_address_keeps_its_own_parameters() {
        let address = discovery(serde_json::json!({})).authorization(&[("scope", "openid email")]).unwrap();
        assert_eq!(address, "https://p.example/a?theme=1&scope=openid+email");
    }
}
