//! UserInfo (OpenID Connect Core, 5.3): the claims that some providers give nowhere else, as plain JSON or signed.

use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::http::{Http, ProviderResponse};
use super::token::Claims;
use crate::web::access::oidc::Refusal;

/// An answer as it came; a signed one is not verified yet.
pub(super) enum UserInfo {
    Plain(Claims),
    Signed(String),
}

const WHAT: &str = "its UserInfo";

pub(super) async fn read(
    http: &Http,
    address: &str,
    access_token: &SecretString,
) -> Result<UserInfo, Refusal> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", access_token.expose_secret()))
        .map_err(|_| Refusal::provider("its access token cannot be sent back"))?;
    bearer.set_sensitive(true);
    let answer = http.send(WHAT, http.get(address).header(AUTHORIZATION, bearer)).await?;
    match answer.status {
        StatusCode::OK => understood(&answer),
        status => Err(Refusal::Provider(format!("{WHAT} cannot be read (status {})", status.as_u16()))),
    }
}

fn understood(answer: &ProviderResponse) -> Result<UserInfo, Refusal> {
    match answer.media.as_str() {
        "application/jwt" => {
            let text = answer.text().ok_or_else(|| Refusal::provider("its UserInfo is not a text"))?;
            Ok(UserInfo::Signed(text.trim().to_owned()))
        }
        _ => answer.json().map(UserInfo::Plain),
    }
}

/// What is said of somebody else than the person of the token proves nothing (5.3.2).
pub(super) fn same_person(user_info: &Claims, token: &Claims) -> Result<(), Refusal> {
    let subject = |claims: &Claims| claims.get("sub").and_then(Value::as_str).map(str::to_owned);
    match (subject(user_info), subject(token)) {
        (Some(one), Some(other)) if one == other => Ok(()),
        _ => Err(Refusal::answer("UserInfo is about somebody else")),
    }
}
