//! One POST to the platform: a pace, limits on time and size, no redirect, and what may be tried again.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use governor::{DefaultDirectRateLimiter, Jitter, Quota};
use reqwest::{StatusCode, header, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::meaning::{RootError, moved, refused};
use super::{Error, Trouble};
use crate::clock::Clock;

/// The platform cuts a query after 30 s; a front proxy may be slower to say so.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(45);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A page of a hundred full dossiers is a few megabytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// Tries of one request before the pass gives up; every request here may be repeated without harm.
const TRIES: usize = 4;
/// What may leave at once before the pace is kept: the platform counts by whole minutes, so pace + burst stay below 400.
const BURST: u32 = 60;

/// How many requests were sent since the start: a quiet pass must cost one.
#[derive(Debug, Default)]
pub struct Counters {
    pub requests: AtomicU64,
    pub retries: AtomicU64,
}

/// An address of the platform, with the token that opens it. Clones share the pace and the counters.
#[derive(Clone)]
pub struct Endpoint {
    url: String,
    token: Arc<RwLock<SecretString>>,
    /// Read again when the platform refuses the token: a person may have put a new one there.
    token_file: Option<PathBuf>,
    client: reqwest::Client,
    counters: Arc<Counters>,
    pace: Option<Arc<DefaultDirectRateLimiter>>,
    /// First wait before trying again; tests make it short.
    patience: Duration,
    timeout: Duration,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

/// An answer with status 200: data, and the errors that came with it.
#[derive(Debug)]
pub(super) struct Answer {
    pub data: Box<RawValue>,
    pub errors: Vec<RootError>,
}

/// The body of any answer of the API; the maintenance page says `error`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    errors: Option<Vec<RootError>>,
    error: Option<String>,
}

/// The HTTP client of the house: time limits, no redirect (a redirected POST becomes a GET in many hands).
pub(super) fn client(timeout: Duration) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .redirect(redirect::Policy::none());
    builder.build().map_err(|error| Error::Refused {
        why: format!("the HTTP client cannot start ({})", bare(error)),
        remedy: "install the system's certificate authorities (package ca-certificates)".to_owned(),
    })
}

impl Endpoint {
    /// # Errors
    /// [`Error::Refused`] when the TLS roots of the machine cannot be read.
    pub fn new(url: &str, token: SecretString) -> Result<Endpoint, Error> {
        Ok(Endpoint {
            url: url.to_owned(),
            token: Arc::new(RwLock::new(token)),
            token_file: None,
            client: client(REQUEST_TIMEOUT)?,
            counters: Arc::default(),
            pace: None,
            patience: Duration::from_millis(500),
            timeout: REQUEST_TIMEOUT,
        })
    }

    /// Where a new token may be found once this one is refused.
    #[must_use]
    pub fn with_token_file(mut self, path: Option<PathBuf>) -> Endpoint {
        self.token_file = path;
        self
    }

    /// The first wait before a failed request is tried again; it doubles each time.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Endpoint {
        self.patience = patience;
        self
    }

    /// How long one request may last.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Endpoint {
        self.timeout = timeout;
        self
    }

    /// Keeps below so many requests in any minute, burst included (API §1.6: 400 for one token).
    #[must_use]
    pub fn with_pace(mut self, per_minute: NonZeroU32) -> Endpoint {
        let burst = NonZeroU32::new(BURST.min(per_minute.get() / 2)).unwrap_or(NonZeroU32::MIN);
        let steady = NonZeroU32::new(per_minute.get() - burst.get()).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(steady).allow_burst(burst);
        self.pace = Some(Arc::new(DefaultDirectRateLimiter::direct(quota)));
        self
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Sends, and tries again what may pass later: 429 as told, the rest with a growing, jittered wait.
    pub(super) async fn send(&self, body: &Json, clock: &Clock) -> Result<Answer, Error> {
        self.send_with(body, clock, TRIES).await
    }

    /// As [`Endpoint::send`], so many times at most.
    pub(super) async fn send_with(&self, body: &Json, clock: &Clock, tries: usize) -> Result<Answer, Error> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.patience)
            .with_max_delay(Duration::from_secs(20))
            .with_max_times(tries.saturating_sub(1))
            .with_jitter();
        let mut heavy = 0;
        let outcome = (|| self.once(body, clock))
            .retry(waits)
            .when(|failure: &Failure| failure.may_pass(&mut heavy))
            .adjust(|failure, wait| wait.map(|wait| failure.after.unwrap_or(wait)))
            .notify(|failure, wait| {
                let error = &failure.error;
                tracing::warn!(wait_ms = wait.as_millis(), "request failed, trying again: {error}");
                self.counters.retries.fetch_add(1, Ordering::Relaxed);
            })
            .await;
        outcome.map_err(|failure| failure.error)
    }

    async fn once(&self, body: &Json, clock: &Clock) -> Result<Answer, Failure> {
        let token = self.token();
        match self.post(body, clock, &token).await {
            // The token was replaced while we ran: once is enough to know.
            Err(failure) if failure.about_token && self.read_token_again(&token) => {
                tracing::info!("the token was refused; the one now in dn.token_file is taken");
                self.post(body, clock, &self.token()).await
            }
            outcome => outcome,
        }
    }

    async fn post(&self, body: &Json, clock: &Clock, token: &SecretString) -> Result<Answer, Failure> {
        if let Some(pace) = &self.pace {
            pace.until_ready_with_jitter(Jitter::up_to(Duration::from_millis(20))).await;
        }
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let request = self.client.post(&self.url).timeout(self.timeout).bearer_auth(token.expose_secret());
        let sent = request.header(header::ACCEPT, "application/json").json(body).send().await;
        let sent = sent.map_err(|error| self.unreachable(error))?;
        let status = sent.status();
        let header = |name: &str| sent.headers().get(name).and_then(|value| value.to_str().ok());
        let reset = header("ratelimit-reset").and_then(|text| text.trim().parse::<i64>().ok());
        let location = header("location").map(host_of);
        let bytes = read_body(sent).await?;
        let envelope: Option<Envelope<'_>> = serde_json::from_slice(&bytes).ok();
        match status {
            StatusCode::OK => accepted(envelope),
            StatusCode::TOO_MANY_REQUESTS => Err(too_many(reset, clock)),
            status if status.is_redirection() => Err(moved(location).into()),
            status => {
                let envelope = envelope.unwrap_or_default();
                let first = envelope.errors.unwrap_or_default().into_iter().next();
                let error = refused(status, first, envelope.error);
                let about_token = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
                let failure = Failure { about_token, ..Failure::from(error) };
                // A front proxy that gave up waiting: if it lasts, the request is too heavy for it.
                let heavy = matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
                Err(if heavy { failure.heavy() } else { failure })
            }
        }
    }

    fn unreachable(&self, error: reqwest::Error) -> Failure {
        let heavy = error.is_timeout() && !error.is_connect();
        let failure =
            Failure::from(Error::later(format!("cannot reach {} ({})", host_of(&self.url), bare(error))));
        if heavy { failure.heavy() } else { failure }
    }

    fn token(&self) -> SecretString {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// True when the file now holds another token than the refused one.
    fn read_token_again(&self, refused: &SecretString) -> bool {
        let Some(path) = &self.token_file else { return false };
        let Ok(text) = std::fs::read_to_string(path) else { return false };
        let text = text.trim();
        if text.is_empty() || text == refused.expose_secret() {
            return false;
        }
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = SecretString::from(text.to_owned());
        true
    }
}

/// A failed try, and how long the platform asked to wait.
struct Failure {
    error: Error,
    after: Option<Duration>,
    about_token: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, after: None, about_token: false }
    }
}

impl Failure {
    /// A query that was too slow will be too slow again: the caller asks for less. A proxy may have been unwell once.
    fn may_pass(&self, heavy: &mut u32) -> bool {
        match &self.error {
            Error::Later { trouble: Trouble::Away | Trouble::Broken, .. } => true,
            Error::Later { trouble: Trouble::Heavy, .. } => {
                *heavy += 1;
                *heavy < 2
            }
            _ => false,
        }
    }

    fn heavy(mut self) -> Failure {
        if let Error::Later { trouble, .. } = &mut self.error {
            *trouble = Trouble::Heavy;
        }
        self
    }
}

/// A transport error without its address, which may hold anything.
pub(super) fn bare(error: reqwest::Error) -> String {
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
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default().to_owned()
}

async fn read_body(mut answer: reqwest::Response) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    loop {
        let chunk =
            answer.chunk().await.map_err(|error| Error::later(format!("answer cut ({})", bare(error))))?;
        let Some(chunk) = chunk else { return Ok(bytes) };
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(Error::slow("answer larger than 64 MiB"));
        }
        bytes.extend_from_slice(&chunk);
    }
}

fn accepted(envelope: Option<Envelope<'_>>) -> Result<Answer, Failure> {
    let Some(envelope) = envelope else {
        return Err(Error::later("the answer is not the API's JSON (cut, or from a proxy)").into());
    };
    let errors = envelope.errors.unwrap_or_default();
    match envelope.data {
        Some(data) if data.get() != "null" => Ok(Answer { data: data.to_owned(), errors }),
        _ => match errors.first() {
            Some(error) => Err(error.meaning().into()),
            None => Err(Error::later("an answer without data").into()),
        },
    }
}

/// 429: plain text, the end of the minute in `RateLimit-Reset`, no `Retry-After` (API §1.6).
fn too_many(reset: Option<i64>, clock: &Clock) -> Failure {
    let left = reset.map_or(60, |reset| reset - clock.now().as_second()).clamp(1, 61);
    let after = Some(Duration::from_secs(left.unsigned_abs()));
    Failure { after, ..Failure::from(Error::later("more than 400 requests in a minute")) }
}
