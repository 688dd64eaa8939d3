//! One POST to the platform: limits on time and size, no redirect, and what each kind of failure means (API §1.3).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{StatusCode, header, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value as Json;

use super::Error;
use crate::clock::Clock;

/// The platform cuts a query after 30 s; a front proxy may be slower to say so.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A page of a hundred full dossiers is a few megabytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// Tries of one request before the pass gives up; every request here may be repeated without harm.
const TRIES: u32 = 4;

/// How many requests were sent since the start: a quiet pass must cost one.
#[derive(Debug, Default)]
pub struct Counters {
    pub requests: AtomicU64,
    pub retries: AtomicU64,
}

/// An address of the platform, with the token that opens it.
#[derive(Clone)]
pub struct Endpoint {
    url: String,
    token: SecretString,
    client: reqwest::Client,
    counters: Arc<Counters>,
    /// First wait before trying again; tests make it short.
    patience: Duration,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

/// An answer with status 200: data, and the errors that came with it.
pub(super) struct Answer {
    pub data: Json,
    pub errors: Vec<RootError>,
}

/// One entry of the root `errors`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RootError {
    pub message: String,
    /// Some servers write null where others write nothing.
    pub path: Option<Vec<Json>>,
    pub extensions: Option<Extensions>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extensions {
    pub code: Option<String>,
    pub exception_id: Option<String>,
}

/// The body of any answer of the API; the maintenance page says `error`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    data: Option<Json>,
    errors: Option<Vec<RootError>>,
    error: Option<String>,
}

impl Endpoint {
    /// # Errors
    /// [`Error::Refused`] when the TLS roots of the machine cannot be read.
    pub fn new(url: &str, token: SecretString) -> Result<Endpoint, Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            // A redirected POST becomes a GET in many hands: the address must be mended instead.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| Error::Refused {
                why: format!("the HTTP client cannot start ({})", bare(error)),
                remedy: "install the system's certificate authorities (package ca-certificates)".to_owned(),
            })?;
        let counters = Arc::default();
        Ok(Endpoint { url: url.to_owned(), token, client, counters, patience: Duration::from_millis(500) })
    }

    /// The first wait before a failed request is tried again; it doubles each time.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Endpoint {
        self.patience = patience;
        self
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Sends, and tries again what may pass later: 429 as told, the rest with a growing, jittered wait.
    pub(super) async fn send(&self, body: &Json, clock: &Clock) -> Result<Answer, Error> {
        let mut wait = self.patience;
        for attempt in 1..=TRIES {
            let failure = match self.once(body, clock).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let Failure { error, after, heavy } = failure;
            // A query that was too slow will be too slow again: the caller asks for less.
            if attempt == TRIES || !matches!(error, Error::Later { too_slow: false, .. }) {
                return Err(match error {
                    Error::Later { why, too_slow } => Error::Later { why, too_slow: too_slow || heavy },
                    other => other,
                });
            }
            let pause = after.unwrap_or_else(|| jittered(wait, attempt));
            tracing::warn!(attempt, wait_ms = pause.as_millis(), "request failed, trying again: {error}");
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(pause).await;
            wait *= 2;
        }
        Err(Error::later("no try left"))
    }

    async fn once(&self, body: &Json, clock: &Clock) -> Result<Answer, Failure> {
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let sent = self
            .client
            .post(&self.url)
            .bearer_auth(self.token.expose_secret())
            .header(header::ACCEPT, "application/json")
            .json(body)
            .send()
            .await
            .map_err(|error| Failure {
                heavy: error.is_timeout() && !error.is_connect(),
                after: None,
                error: Error::later(format!("cannot reach {} ({})", self.host(), bare(error))),
            })?;
        let status = sent.status();
        let reset =
            sent.headers().get("ratelimit-reset").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
        let location = sent.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).map(host_of);
        let bytes = read_body(sent).await?;
        let envelope: Option<Envelope> = serde_json::from_slice(&bytes).ok();
        match status {
            StatusCode::OK => accepted(envelope),
            StatusCode::TOO_MANY_REQUESTS => Err(too_many(reset, clock)),
            status if status.is_redirection() => Err(moved(location).into()),
            status => {
                let heavy = matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
                Err(Failure { error: refused(status, envelope.unwrap_or_default()), after: None, heavy })
            }
        }
    }

    fn host(&self) -> String {
        host_of(&self.url)
    }
}

/// A failed try, and how long the platform asked to wait.
struct Failure {
    error: Error,
    after: Option<Duration>,
    /// A proxy that gave up waiting: if it lasts, the request is too heavy for it.
    heavy: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, after: None, heavy: false }
    }
}

/// Half fixed, half by chance, so that replicas that failed together do not return together.
fn jittered(wait: Duration, attempt: u32) -> Duration {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = std::hash::RandomState::new().build_hasher();
    hasher.write_u32(attempt);
    let half = wait / 2;
    half + half.mul_f64((hasher.finish() % 1000) as f64 / 1000.0)
}

/// A transport error without its address, which may hold anything.
fn bare(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = cause.to_string();
        source = cause.source();
    }
    text
}

fn host_of(url: &str) -> String {
    url.split_once("://")
        .map_or(url, |(_, rest)| rest)
        .split(['/', '?'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

async fn read_body(mut answer: reqwest::Response) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    loop {
        let chunk =
            answer.chunk().await.map_err(|error| Error::later(format!("answer cut ({})", bare(error))))?;
        let Some(chunk) = chunk else { return Ok(bytes) };
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(Error::Later { why: "answer larger than 64 MiB".to_owned(), too_slow: true });
        }
        bytes.extend_from_slice(&chunk);
    }
}

fn accepted(envelope: Option<Envelope>) -> Result<Answer, Failure> {
    let Some(envelope) = envelope else {
        return Err(Error::later("the answer is not the API's JSON (cut, or from a proxy)").into());
    };
    let errors = envelope.errors.unwrap_or_default();
    match envelope.data {
        Some(data) if !data.is_null() => Ok(Answer { data, errors }),
        _ => match errors.first() {
            Some(error) => Err(error.meaning().into()),
            None => Err(Error::later("an answer without data").into()),
        },
    }
}

/// 429: plain text, the end of the minute in `RateLimit-Reset`, no `Retry-After` (API §1.6).
fn too_many(reset: Option<i64>, clock: &Clock) -> Failure {
    let left = reset.map_or(60, |reset| reset - clock.now().as_second()).clamp(1, 61);
    let after = Duration::from_secs(left.unsigned_abs());
    Failure { error: Error::later("more than 400 requests in a minute"), after: Some(after), heavy: false }
}

fn moved(location: Option<String>) -> Error {
    let to = location.unwrap_or_else(|| "another address".to_owned());
    Error::Refused {
        why: format!("the platform moved to {to}"),
        remedy: format!("set dn.endpoint to https://{to}/api/v2/graphql"),
    }
}

fn refused(status: StatusCode, envelope: Envelope) -> Error {
    let first = envelope.errors.unwrap_or_default().into_iter().next();
    let message = first.as_ref().map(|error| error.message.clone()).or(envelope.error).unwrap_or_default();
    let message = short(&message);
    match status {
        StatusCode::UNAUTHORIZED => Error::Refused {
            why: format!("401 {message}"),
            remedy: "make a new token on the platform, put it in dn.token_file, update dn.token_expires"
                .to_owned(),
        },
        StatusCode::FORBIDDEN if message.contains("network") => Error::Refused {
            why: format!("403 {message}"),
            remedy: "add this machine's public address to the token's allowed networks".to_owned(),
        },
        StatusCode::FORBIDDEN => Error::Refused {
            why: "403 the token is missing, mistyped or revoked".to_owned(),
            remedy: "check dn.token_file (or VIGIE_DN__TOKEN) and that the token still exists".to_owned(),
        },
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::Refused {
            why: format!("{status}: nothing answers there"),
            remedy: "check dn.endpoint; it ends with /api/v2/graphql".to_owned(),
        },
        status if status.is_server_error() => {
            let quote = first.and_then(|error| error.extensions?.exception_id);
            let quote = quote.map(|id| format!(" (exception {id})")).unwrap_or_default();
            Error::later(format!("{status} {message}{quote}"))
        }
        status => Error::Refused {
            why: format!("{status} {message}"),
            remedy: "the request is not understood: check dn.demarche, dn.groupe and vigie's version"
                .to_owned(),
        },
    }
}

pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

impl RootError {
    /// The place of the dossier in the page, when the path names a single one.
    pub(super) fn node_index(&self) -> Option<usize> {
        match self.path.as_deref().unwrap_or_default() {
            [root, list, nodes, Json::Number(index), ..]
                if root == "perimetre" && list == "dossiers" && nodes == "nodes" =>
            {
                usize::try_from(index.as_u64()?).ok()
            }
            _ => None,
        }
    }

    /// An error whose null is of no consequence: the same dossier under `edges`, or one row of the deleted ones.
    pub(super) fn is_harmless(&self) -> bool {
        match self.path.as_deref().unwrap_or_default() {
            [root, list, edges, Json::Number(_), ..] if root == "perimetre" && list == "dossiers" => {
                edges == "edges"
            }
            [root, list, nodes, Json::Number(_), ..] if root == "perimetre" && nodes == "nodes" => {
                list == "pendingDeletedDossiers" || list == "deletedDossiers"
            }
            _ => false,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.extensions.as_ref()?.code.as_deref()
    }

    /// What to do about an error of the whole answer.
    pub(super) fn meaning(&self) -> Error {
        let message = short(&self.message);
        let refused = |remedy: &str| Error::Refused { why: message.clone(), remedy: remedy.to_owned() };
        match self.code() {
            Some("timeout") => Error::Later { why: message, too_slow: true },
            None if message.starts_with("Timeout") => Error::Later { why: message, too_slow: true },
            Some("unauthorized" | "deprecated_token") => {
                refused("give the token access to the démarche named in dn.demarche or dn.groupe")
            }
            Some("not_found") => refused("check the numbers in dn.demarche and dn.groupe"),
            Some("forbidden") => refused("check the token and its allowed networks"),
            Some("internal_server_error" | "invalid_null") => Error::later(message),
            _ if message.starts_with("Query has complexity") => Error::Later { why: message, too_slow: true },
            _ => Error::Changed { why: message },
        }
    }
}
