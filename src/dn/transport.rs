//! One POST to the platform: its rate, limits on time and size, no redirect, and which failures are tried again.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use reqwest::{StatusCode, header, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use tracing::field::Empty;
use tracing::{Instrument as _, Span, info_span};

use super::answer::{Answer, Envelope, Failure, accepted, too_many, unheard};
use super::error::{Error, Trouble};
use super::kind::RequestKind;
use super::meaning::{moved, refused};
use super::pace::{Pace, Quota};
use super::{certificate, token};
use crate::clock::Clock;
use crate::network::{Culprit, Unreached};
use crate::retry::platform;
use label::wording::platform::Remedy;

/// Once decompressed. A page of a hundred full dossiers is less than four megabytes; a larger one is asked for in halves.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// How many requests were sent since the start: a quiet pass must cost one.
#[derive(Debug, Default)]
pub struct Counters {
    pub requests: AtomicU64,
    pub retries: AtomicU64,
    /// Of them, those of each kind.
    of: [AtomicU64; RequestKind::ALL.len()],
    /// Seconds by which our clock is ahead of the platform's.
    ahead: AtomicI64,
    dated: AtomicBool,
    /// The end of the certificate of the last answer, in seconds, and of the one that was told last.
    certificate: AtomicI64,
    told: AtomicI64,
}

impl Counters {
    /// By how many seconds our clock is ahead of the platform's, as its last answer was dated.
    #[must_use]
    pub fn ahead(&self) -> Option<i64> {
        self.dated.load(Ordering::Relaxed).then(|| self.ahead.load(Ordering::Relaxed))
    }

    /// How many requests of a kind were sent.
    #[must_use]
    pub fn of(&self, kind: RequestKind) -> u64 {
        RequestKind::ALL
            .iter()
            .zip(&self.of)
            .filter(|(one, _)| **one == kind)
            .map(|(_, count)| count.load(Ordering::Relaxed))
            .sum()
    }

    fn sent(&self, kind: RequestKind) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        for (_, count) in RequestKind::ALL.iter().zip(&self.of).filter(|(one, _)| **one == kind) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The end of the platform's certificate, once for each one that it shows.
    #[must_use]
    pub fn other_certificate(&self) -> Option<Timestamp> {
        let seconds = self.certificate.load(Ordering::Relaxed);
        let told = self.told.swap(seconds, Ordering::Relaxed);
        (seconds != told).then(|| Timestamp::from_second(seconds).ok()).flatten()
    }

    fn dated(&self, date: Option<Timestamp>, clock: &Clock) {
        if let Some(date) = date {
            self.ahead.store(clock.now().as_second() - date.as_second(), Ordering::Relaxed);
            self.dated.store(true, Ordering::Relaxed);
        }
    }
}

/// An address of the platform and the token for it. Clones share the rate limit and the counters.
#[derive(Clone)]
pub struct Endpoint {
    url: String,
    token: Arc<RwLock<SecretString>>,
    /// Read again when the platform refuses the token: a person may have put a new one there.
    token_file: Option<PathBuf>,
    client: reqwest::Client,
    counters: Arc<Counters>,
    pace: Option<Arc<Pace>>,
    /// First wait before trying again; tests make it short.
    patience: Duration,
    timeout: Duration,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

/// An HTTP client with time limits and without redirections: many clients repeat a redirected POST as a GET.
pub(super) fn client(timeout: Duration) -> Result<reqwest::Client, Error> {
    let builder = crate::tls::client_builder()
        .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(platform::CONNECT)
        .timeout(timeout)
        .redirect(redirect::Policy::none())
        .tls_info(true);
    builder.build().map_err(|error| Error::Refused {
        why: format!("the HTTP client cannot start ({})", bare(error)),
        remedy: Remedy::Authorities.into(),
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
            client: client(platform::REQUEST)?,
            counters: Arc::default(),
            pace: None,
            patience: platform::FIRST_WAIT,
            timeout: platform::REQUEST,
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

    /// Keeps to so many requests in any minute (API §1.6: 400 for one token), errors and tries again included.
    #[must_use]
    pub fn with_pace(mut self, per_minute: NonZeroU32) -> Endpoint {
        self.pace = Some(Arc::new(Pace::new(per_minute)));
        self
    }

    /// What this token may ask, to be shared with other processes; `None` where nothing is counted.
    #[must_use]
    pub fn quota(&self) -> Option<Quota> {
        let pace = Arc::clone(self.pace.as_ref()?);
        let secret = format!("{} {}", self.url, self.token().expose_secret());
        let print = Sha256::digest(secret.as_bytes());
        let name = print.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Some(Quota { pace, name })
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Sends, and tries again what may pass later: a 429 after the time that it gives, the rest after a growing,
    /// jittered wait.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        body: &Json,
        clock: &Clock,
    ) -> Result<Answer<T>, Error> {
        self.insist(body, clock, |_| true).await.map_err(|failure| failure.error)
    }

    /// As [`Endpoint::send`] for what writes: tried again only while nothing can have been done. An answer that was
    /// lost is [`Trouble::Unheard`], and the caller reads what was written.
    pub(super) async fn write<T: DeserializeOwned>(
        &self,
        body: &Json,
        clock: &Clock,
    ) -> Result<Answer<T>, Error> {
        let outcome = self.insist(body, clock, |failure| !failure.unheard).await;
        outcome.map_err(|failure| match failure.error {
            Error::Later { why, .. } if failure.unheard => Error::Later { why, trouble: Trouble::Unheard },
            error => error,
        })
    }

    async fn insist<T: DeserializeOwned>(
        &self,
        body: &Json,
        clock: &Clock,
        again: impl Fn(&Failure) -> bool,
    ) -> Result<Answer<T>, Failure> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(self.patience)
            .with_max_delay(platform::LONGEST_WAIT)
            .with_max_times(platform::TRIES - 1)
            .with_jitter();
        let mut heavy = 0;
        (|| self.once(body, clock))
            .retry(waits)
            .when(|failure: &Failure| again(failure) && failure.may_pass(&mut heavy))
            .adjust(|failure, wait| wait.map(|wait| failure.after.unwrap_or(wait)))
            .notify(|failure, wait| {
                let error = &failure.error;
                tracing::warn!(wait_ms = wait.as_millis(), "request failed, trying again: {error}");
                self.counters.retries.fetch_add(1, Ordering::Relaxed);
            })
            .await
    }

    async fn once<T: DeserializeOwned>(&self, body: &Json, clock: &Clock) -> Result<Answer<T>, Failure> {
        let token = self.token();
        match self.post(body, clock, &token).await {
            // The token was replaced while the program ran: the new one is tried once.
            Err(failure) if failure.about_token && self.read_token_again(&token) => {
                tracing::info!("the token was refused; the one now in dn.token_file is taken");
                self.post(body, clock, &self.token()).await
            }
            outcome => outcome,
        }
    }

    async fn post<T: DeserializeOwned>(
        &self,
        body: &Json,
        clock: &Clock,
        token: &SecretString,
    ) -> Result<Answer<T>, Failure> {
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
        let kind = RequestKind::of(body);
        self.counters.sent(kind);
        let span = info_span!(
            "platform request",
            otel.kind = "client",
            operation = kind.word(),
            http.response.status_code = Empty,
            otel.status_code = Empty
        );
        let outcome = self.exchange(body, clock, token).instrument(span.clone()).await;
        if outcome.is_err() {
            span.record("otel.status_code", "ERROR");
        }
        outcome
    }

    async fn exchange<T: DeserializeOwned>(
        &self,
        body: &Json,
        clock: &Clock,
        token: &SecretString,
    ) -> Result<Answer<T>, Failure> {
        let began = Instant::now();
        let request = self.client.post(&self.url).timeout(self.timeout).bearer_auth(token.expose_secret());
        let sent = request.header(header::ACCEPT, "application/json").json(body).send().await;
        let sent = sent.map_err(|error| self.unreachable(error))?;
        if let Some(end) = certificate::end(&sent) {
            self.counters.certificate.store(end.as_second(), Ordering::Relaxed);
        }
        let status = sent.status();
        Span::current().record("http.response.status_code", status.as_u16());
        let header = |name: &str| sent.headers().get(name).and_then(|value| value.to_str().ok());
        let reset = header("ratelimit-reset").and_then(|text| text.trim().parse::<i64>().ok());
        let location = header("location").map(host_of);
        let date = header("date").and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
        let date = date.map(|date| date.timestamp());
        self.counters.dated(date, clock);
        if status == StatusCode::TOO_MANY_REQUESTS {
            let failure = too_many(reset, [date, Some(clock.now())]);
            if let (Some(pace), Some(rest)) = (&self.pace, failure.after) {
                pace.close_for(rest);
            }
            return Err(failure);
        }
        let bytes = read_body(sent).await?;
        match status {
            StatusCode::OK => Ok(Answer { took: began.elapsed(), ..accepted(&bytes)? }),
            status if status.is_redirection() => Err(moved(location).into()),
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                Err(Error::unreached(&Unreached::at_the_proxy(Culprit::ProxyPassword, &self.url)).into())
            }
            status => {
                let (errors, said) = match serde_json::from_slice::<Envelope<IgnoredAny>>(&bytes) {
                    Ok(envelope) => (envelope.errors.unwrap_or_default(), envelope.error),
                    Err(_) => (Vec::new(), None),
                };
                // Only the platform's own maintenance page is sure to come before anything is done.
                let unheard = !status.is_client_error() && said.is_none();
                let error = refused(status, errors.into_iter().next(), said);
                let about_token = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
                let failure = Failure { about_token, unheard, ..Failure::from(error) };
                // A front proxy that gave up waiting: if it lasts, the request is too heavy for it.
                let heavy = matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
                Err(if heavy { failure.heavy() } else { failure })
            }
        }
    }

    fn unreachable(&self, error: reqwest::Error) -> Failure {
        let (heavy, unheard) = (error.is_timeout() && !error.is_connect(), !error.is_connect());
        let error = Error::unreached(&Unreached::of(&error, &self.url));
        let failure = Failure { unheard, ..Failure::from(error) };
        if heavy { failure.heavy() } else { failure }
    }

    fn token(&self) -> SecretString {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// True when the file now holds another token than the refused one.
    fn read_token_again(&self, refused: &SecretString) -> bool {
        let Some(path) = &self.token_file else { return false };
        let Ok(text) = std::fs::read_to_string(path) else { return false };
        let Ok(text) = token::read(&text) else { return false };
        if text == refused.expose_secret() {
            return false;
        }
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = SecretString::from(text);
        true
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

async fn read_body(mut answer: reqwest::Response) -> Result<Vec<u8>, Failure> {
    let announced = answer.content_length().and_then(|length| usize::try_from(length).ok());
    let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(MAX_ANSWER / 4));
    loop {
        let chunk = match answer.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(bytes),
            Err(error) => {
                let heavy = error.is_timeout();
                let failure = unheard(Error::later(format!("answer cut ({})", bare(error))));
                return Err(if heavy { failure.heavy() } else { failure });
            }
        };
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(unheard(Error::slow("answer larger than 16 MiB")));
        }
        bytes.extend_from_slice(&chunk);
    }
}
