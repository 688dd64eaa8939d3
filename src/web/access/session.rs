//! The session and the sign-in under way, in cookies that only vigie can read: nothing is kept on the machine, any
//! replica with the same secret understands them.

use axum::http::HeaderMap;
use axum_extra::extract::PrivateCookieJar;
use axum_extra::extract::cookie::{Cookie, Key, SameSite};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha512};

use super::who::Who;

/// `__Host-`: sent back to this host alone, over HTTPS alone.
const SESSION: &str = "__Host-vigie";
const ENTRY: &str = "__Host-vigie-entree";

#[derive(Debug, Serialize, Deserialize)]
struct Session {
    who: Who,
    /// Seconds since the epoch.
    until: i64,
}

/// What must come back unchanged from the provider.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    /// The page that was asked for.
    pub back: String,
    pub until: i64,
}

/// The same secret gives the same key, whichever machine.
#[must_use]
pub fn key(secret: &str) -> Key {
    let digest = Sha512::digest(format!("vigie session\0{secret}"));
    Key::from(&digest)
}

/// Whose session it is, while it lasts.
#[must_use]
pub fn of(headers: &HeaderMap, key: &Key, now: Timestamp) -> Option<Who> {
    let session: Session = read(headers, key, SESSION)?;
    (session.until > now.as_second()).then_some(session.who)
}

/// The sign-in under way, once: it is taken out of the jar.
#[must_use]
pub fn entry(headers: &HeaderMap, key: &Key, now: Timestamp) -> Option<Entry> {
    let entry: Entry = read(headers, key, ENTRY)?;
    (entry.until > now.as_second()).then_some(entry)
}

fn read<T: DeserializeOwned>(headers: &HeaderMap, key: &Key, name: &str) -> Option<T> {
    let jar = PrivateCookieJar::from_headers(headers, key.clone());
    serde_json::from_str(jar.get(name)?.value()).ok()
}

/// A jar with the session of somebody, and no sign-in under way any more.
pub fn open(headers: &HeaderMap, key: &Key, who: Who, until: Timestamp) -> PrivateCookieJar {
    let session = Session { who, until: until.as_second() };
    let text = serde_json::to_string(&session).unwrap_or_default();
    jar(headers, key).add(cookie(SESSION, text)).remove(cookie(ENTRY, String::new()))
}

pub fn begin(headers: &HeaderMap, key: &Key, entry: &Entry) -> PrivateCookieJar {
    jar(headers, key).add(cookie(ENTRY, serde_json::to_string(entry).unwrap_or_default()))
}

pub fn close(headers: &HeaderMap, key: &Key) -> PrivateCookieJar {
    jar(headers, key).remove(cookie(SESSION, String::new())).remove(cookie(ENTRY, String::new()))
}

fn jar(headers: &HeaderMap, key: &Key) -> PrivateCookieJar {
    PrivateCookieJar::from_headers(headers, key.clone())
}

/// Gone with the browser; never read by a script, nor sent along by another site's form.
fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}

/// The hash of a secret: enough to recognise it, nothing to guess it from.
#[must_use]
pub fn print(secret: &str) -> String {
    sha2::Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
