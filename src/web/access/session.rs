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

/// The cookies of one installation. Several may stand under paths of one host: their names differ, and none is sent to
/// another.
#[derive(Debug)]
pub struct Jar {
    key: SealingKey,
    session: String,
    /// Followed by the beginning of the sign-in's state: two tabs sign in side by side.
    pending: String,
    path: String,
}

/// Letters of a state, or of a path's hash, in a name.
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

impl Jar {
    /// `root`: the path under which browsers see the pages, empty or « /vigie ».
    #[must_use]
    pub fn new(key: SealingKey, root: &str) -> Jar {
        let session = match root {
            // Sent back to this host alone, over HTTPS alone; a browser takes this prefix with no other path than « / ».
            "" => "__Host-vigie".to_owned(),
            // One path may lie under another: each has its own names.
            root => format!("__Secure-vigie-{}", print(root).get(..TAG).unwrap_or_default()),
        };
        let (pending, path) = (format!("{session}-entree-"), format!("/{}", root.trim_start_matches('/')));
        Jar { key, session, pending, path }
    }

    pub(super) fn key(&self) -> &SealingKey {
        &self.key
    }

    /// The hash of the session's secret, while the cookie lasts; whether the session does, the store says.
    #[must_use]
    pub fn session(&self, headers: &HeaderMap, now: Timestamp) -> Option<String> {
        let session: Session = self.read(headers, &self.session)?;
        (session.until > now.as_second()).then(|| print(&session.secret))
    }

    /// The sign-in under way that this state belongs to.
    #[must_use]
    pub fn pending(&self, headers: &HeaderMap, state: &str, now: Timestamp) -> Option<PendingSignIn> {
        let pending: PendingSignIn = self.read(headers, &self.pending_name(state))?;
        (pending.until > now.as_second()).then_some(pending)
    }

    fn pending_name(&self, state: &str) -> String {
        let tag = state.chars().filter(char::is_ascii_alphanumeric).take(TAG);
        self.pending.chars().chain(tag).collect()
    }

    fn read<T: DeserializeOwned>(&self, headers: &HeaderMap, name: &str) -> Option<T> {
        let text = pairs(headers)
            .find_map(|(own, value)| if own == name { self.key.open(name, value) } else { None })?;
        serde_json::from_str(&text).ok()
    }

    /// The session with this secret, in place of the sign-in that led to it.
    #[must_use]
    pub fn open(&self, secret: String, until: Timestamp, state: &str) -> Cookies {
        let session = Session { secret, until: until.as_second() };
        let set = [self.sealed(&self.session, &session, ""), self.gone(&self.pending_name(state))];
        Cookies(set.into_iter().flatten().collect())
    }

    #[must_use]
    pub fn begin(&self, pending: &PendingSignIn, headers: &HeaderMap) -> Cookies {
        let earlier: Vec<&str> =
            pairs(headers).map(|(name, _)| name).filter(|name| self.is_pending(name)).collect();
        let over = if earlier.len() < SIDE_BY_SIDE { Vec::new() } else { earlier };
        let age = format!("; Max-Age={}", retry::pages::SIGN_IN.as_secs());
        let own = self.sealed(&self.pending_name(&pending.state), pending, &age);
        Cookies(over.into_iter().filter_map(|name| self.gone(name)).chain(own).collect())
    }

    fn is_pending(&self, name: &str) -> bool {
        name.strip_prefix(&self.pending).is_some_and(|tag| tag.chars().all(|c| c.is_ascii_alphanumeric()))
    }

    /// The sign-in with this state is over.
    #[must_use]
    pub fn give_up(&self, state: &str) -> Cookies {
        Cookies(self.gone(&self.pending_name(state)).into_iter().collect())
    }

    #[must_use]
    pub fn close(&self) -> Cookies {
        Cookies(self.gone(&self.session).into_iter().collect())
    }

    fn sealed(&self, name: &str, value: &impl Serialize, more: &str) -> Option<HeaderValue> {
        let text = serde_json::to_string(value).ok()?;
        self.cookie(name, &self.key.seal(name, &text).ok()?, more)
    }

    fn gone(&self, name: &str) -> Option<HeaderValue> {
        self.cookie(name, "", "; Max-Age=0")
    }

    /// Gone with the browser; never read by a script, nor sent along by another site's form.
    fn cookie(&self, name: &str, value: &str, more: &str) -> Option<HeaderValue> {
        let path = &self.path;
        HeaderValue::try_from(format!("{name}={value}; Path={path}; Secure; HttpOnly; SameSite=Lax{more}"))
            .ok()
    }
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let all = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// The hash of a secret: enough to recognise it, nothing to guess it from.
#[must_use]
pub fn print(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
