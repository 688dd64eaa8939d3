//! What a browser holds: the secret of its session, which the store knows by its hash, and each sign-in under way, in
//! cookies that only vigie can read. Any replica with the same secret and the same store understands them.

use std::convert::Infallible;

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sealed::SealingKey;
use crate::retry;

/// `__Host-`: sent back to this host alone, over HTTPS alone.
const SESSION: &str = "__Host-vigie";
/// Followed by the beginning of the sign-in's state: two tabs sign in side by side.
const PENDING: &str = "__Host-vigie-entree-";
/// Letters of the state in that name.
const TAG: usize = 8;
/// Sign-ins under way in one browser; when there are more, the earlier ones are given up.
const SIDE_BY_SIDE: usize = 4;

/// The name under which a session holds what signing out takes.
pub(super) const HINT: &str = "hint";

#[derive(Debug, Serialize, Deserialize)]
struct Session {
    secret: String,
    /// Seconds since the epoch.
    until: i64,
}

/// What must come back unchanged from the provider.
#[derive(Debug, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The provider's id.
    pub provider: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    /// The page that was asked for.
    pub back: String,
    pub until: i64,
}

/// Cookies that go with an answer.
#[derive(Debug)]
pub struct Cookies(Vec<HeaderValue>);

impl IntoResponseParts for Cookies {
    type Error = Infallible;

    fn into_response_parts(self, mut answer: ResponseParts) -> Result<ResponseParts, Infallible> {
        for cookie in self.0 {
            answer.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(answer)
    }
}

/// The hash of the session's secret, while the cookie lasts; whether the session does, the store says.
#[must_use]
pub fn of(headers: &HeaderMap, key: &SealingKey, now: Timestamp) -> Option<String> {
    let session: Session = read(headers, key, SESSION)?;
    (session.until > now.as_second()).then(|| print(&session.secret))
}

/// The sign-in under way that this state belongs to.
#[must_use]
pub fn pending(headers: &HeaderMap, key: &SealingKey, state: &str, now: Timestamp) -> Option<PendingSignIn> {
    let pending: PendingSignIn = read(headers, key, &pending_name(state))?;
    (pending.until > now.as_second()).then_some(pending)
}

fn pending_name(state: &str) -> String {
    let tag = state.chars().filter(char::is_ascii_alphanumeric).take(TAG);
    PENDING.chars().chain(tag).collect()
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let all = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

fn read<T: DeserializeOwned>(headers: &HeaderMap, key: &SealingKey, name: &str) -> Option<T> {
    let text =
        pairs(headers).find_map(|(own, value)| if own == name { key.open(name, value) } else { None })?;
    serde_json::from_str(&text).ok()
}

/// The session with this secret, in place of the sign-in that led to it.
#[must_use]
pub fn open(key: &SealingKey, secret: String, until: Timestamp, state: &str) -> Cookies {
    let session = Session { secret, until: until.as_second() };
    Cookies([sealed(key, SESSION, &session, ""), gone(&pending_name(state))].into_iter().flatten().collect())
}

#[must_use]
pub fn begin(key: &SealingKey, pending: &PendingSignIn, headers: &HeaderMap) -> Cookies {
    let earlier: Vec<&str> = pairs(headers).map(|(name, _)| name).filter(|name| is_pending(name)).collect();
    let over = if earlier.len() < SIDE_BY_SIDE { Vec::new() } else { earlier };
    let age = format!("; Max-Age={}", retry::pages::SIGN_IN.as_secs());
    let own = sealed(key, &pending_name(&pending.state), pending, &age);
    Cookies(over.into_iter().filter_map(gone).chain(own).collect())
}

fn is_pending(name: &str) -> bool {
    name.strip_prefix(PENDING).is_some_and(|tag| tag.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The sign-in with this state is over.
#[must_use]
pub fn give_up(state: &str) -> Cookies {
    Cookies(gone(&pending_name(state)).into_iter().collect())
}

#[must_use]
pub fn close() -> Cookies {
    Cookies(gone(SESSION).into_iter().collect())
}

fn sealed(key: &SealingKey, name: &str, value: &impl Serialize, more: &str) -> Option<HeaderValue> {
    let text = serde_json::to_string(value).ok()?;
    cookie(name, &key.seal(name, &text).ok()?, more)
}

fn gone(name: &str) -> Option<HeaderValue> {
    cookie(name, "", "; Max-Age=0")
}

/// Gone with the browser; never read by a script, nor sent along by another site's form.
fn cookie(name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{more}")).ok()
}

/// The hash of a secret: enough to recognise it, nothing to guess it from.
#[must_use]
pub fn print(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
