//! What a provider is asked: the parameters of a sign-in and of a sign-out.

use serde_json::{Value, json};
use url::Url;

use super::discovery::Discovery;
use crate::web::access::oidc::{Profile, ProviderSettings, Refusal};

/// What must come back, or be shown later.
pub(super) struct Secrets<'a> {
    pub state: &'a str,
    pub nonce: &'a str,
    pub challenge: &'a str,
}

/// Where to sign in. Nothing is asked that a provider with few words could refuse.
pub(super) fn authorization(
    found: &Discovery,
    settings: &ProviderSettings,
    back: &str,
    secrets: &Secrets,
) -> Result<String, Refusal> {
    let others = settings.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
    let scopes: Vec<&str> = std::iter::once("openid").chain(others).collect();
    let scope = scopes.join(" ");
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", &settings.client_id),
        ("redirect_uri", back),
        ("scope", &scope),
        ("state", secrets.state),
        ("nonce", secrets.nonce),
    ];
    if settings.pkce {
        parameters.extend([("code_challenge", secrets.challenge), ("code_challenge_method", "S256")]);
    }
    let level = level(found, settings);
    parameters.extend(level.as_ref().map(|(name, value)| (*name, value.as_str())));
    found.authorization(&parameters)
}

/// How a level of authentication is asked for; `acr_values` only means « if possible ».
fn level(found: &Discovery, settings: &ProviderSettings) -> Option<(&'static str, String)> {
    let pro = settings.profile == Profile::ProConnect;
    let asked = match settings.acr.as_slice() {
        [] if !pro => return None,
        [] => Value::Null,
        levels => json!({ "essential": true, "values": levels }),
    };
    if pro {
        let claims = json!({ "id_token": { "acr": asked, "amr": Value::Null } });
        Some(("claims", claims.to_string()))
    } else if found.claims_parameter_supported {
        Some(("claims", json!({ "id_token": { "acr": asked } }).to_string()))
    } else {
        Some(("acr_values", settings.acr.join(" ")))
    }
}

/// Longer ones, of somebody with many groups, make addresses that servers on the way refuse; our name stands in for them.
const MAX_HINT: usize = 4000;

/// Where to sign out (OpenID Connect RP-Initiated Logout), and to come back from.
pub(super) fn sign_out(
    address: &str,
    client_id: &str,
    back: &str,
    hint: Option<&str>,
    state: &str,
) -> Result<String, Refusal> {
    let mut address =
        Url::parse(address).map_err(|_| Refusal::provider("its configuration names no address"))?;
    let mut query = address.query_pairs_mut();
    query.extend_pairs(hint.filter(|hint| hint.len() <= MAX_HINT).map(|hint| ("id_token_hint", hint)));
    query
        .append_pair("client_id", client_id)
        .append_pair("post_logout_redirect_uri", back)
        .append_pair("state", state);
    drop(query);
    Ok(address.into())
}
