//! What the provider says of itself, and how it wants to be asked for a token.

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use url::Url;

use super::http::Http;
use super::refusal::Refusal;
use super::signatures::ACCEPTED;

/// The part of its configuration that is used.
#[derive(Debug, Deserialize)]
pub(super) struct Discovery {
    /// As its tokens name it, to the letter.
    pub issuer: String,
    authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
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
        for address in [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri] {
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
    pub(super) fn showing(&self) -> Showing {
        match &self.token_endpoint_auth_methods_supported {
            Some(methods) if methods.iter().any(|method| method == "client_secret_basic") => Showing::Basic,
            Some(methods) if methods.iter().any(|method| method == "client_secret_post") => Showing::Body,
            _ => Showing::Basic,
        }
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
            discovery(serde_json::json!({ "token_endpoint_auth_methods_supported": methods })).showing()
        };
        assert_eq!(showing(&["client_secret_post", "client_secret_basic"]), Showing::Basic);
        assert_eq!(showing(&["private_key_jwt", "client_secret_post"]), Showing::Body);
        assert_eq!(discovery(serde_json::json!({})).showing(), Showing::Basic);
    }

    #[test]
    fn an_address_keeps_its_own_parameters() {
        let address = discovery(serde_json::json!({})).authorization(&[("scope", "openid email")]).unwrap();
        assert_eq!(address, "https://p.example/a?theme=1&scope=openid+email");
    }
}
