//! The session and the sign-in under way, in cookies that only vigie can read: nothing is kept on the machine, any
//! replica with the same secret understands them.

use std::convert::Infallible;

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sealed::SealingKey;
use super::who::Who;

/// `__Host-`: sent back to this host alone, over HTTPS alone.
const SESSION: &str = "__Host-vigie";
// Its words stay: a sign-in may be under way while the program is replaced.
const PENDING: &str = "__Host-vigie-entree";

#[derive(Debug, Serialize, Deserialize)]
struct Session {
    who: Who,
    /// Seconds since the epoch.
    until: i64,
}

/// What must come back unchanged from the provider.
#[derive(Debug, Serialize, Deserialize)]
pub struct PendingSignIn {
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

/// Whose session it is, while it lasts.
#[must_use]
pub fn of(headers: &HeaderMap, key: &SealingKey, now: Timestamp) -> Option<Who> {
    let session: Session = read(headers, key, SESSION)?;
    (session.until > now.as_second()).then_some(session.who)
}

/// The sign-in under way, once: it is taken out of the jar.
#[must_use]
pub fn pending(headers: &HeaderMap, key: &SealingKey, now: Timestamp) -> Option<PendingSignIn> {
    let pending: PendingSignIn = read(headers, key, PENDING)?;
    (pending.until > now.as_second()).then_some(pending)
}

fn read<T: DeserializeOwned>(headers: &HeaderMap, key: &SealingKey, name: &str) -> Option<T> {
    let all = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let text = pairs.find_map(|(own, value)| if own == name { key.open(name, value) } else { None })?;
    serde_json::from_str(&text).ok()
}

/// The session of somebody, and no sign-in under way any more.
#[must_use]
pub fn open(key: &SealingKey, who: Who, until: Timestamp) -> Cookies {
    let session = Session { who, until: until.as_second() };
    Cookies([sealed(key, SESSION, &session), gone(PENDING)].into_iter().flatten().collect())
}

#[must_use]
pub fn begin(key: &SealingKey, pending: &PendingSignIn) -> Cookies {
    Cookies(sealed(key, PENDING, pending).into_iter().collect())
}

#[must_use]
pub fn close() -> Cookies {
    Cookies([gone(SESSION), gone(PENDING)].into_iter().flatten().collect())
}

fn sealed(key: &SealingKey, name: &str, value: &impl Serialize) -> Option<HeaderValue> {
    let text = serde_json::to_string(value).ok()?;
    cookie(name, &key.seal(name, &text).ok()?, "")
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
