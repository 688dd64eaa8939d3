//! Webhooks: one signed POST to one receiver, as Standard Webhooks says. This module uses no store, no rule and no
//! clock.
//!
//! Neither the receiver's address nor its secret is ever shown: a receiver is named by its position in the
//! configuration.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{StatusCode, redirect};
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::network::{Culprit, Unreached};
use crate::retry::webhooks;
use label::outgoing::{NoticeKey, NoticeKind};

/// Standard Webhooks: between 24 and 64 bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// What became of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    Accepted,
    /// 410: the receiver asks never to be called again.
    Gone,
    /// No answer, or no connection: the next notice would wait for the same time limit.
    Mute(Culprit, String),
    Failed(String),
}

/// One receiver.
#[derive(Clone)]
pub struct Hook {
    /// Names the address without showing it.
    pub id: String,
    /// Position in the configuration, from 1.
    pub rank: usize,
    url: Url,
    secret: Vec<u8>,
    /// The only certification body about whose dossiers it is told; none: about those of all.
    body: Option<String>,
    /// Empty: those of labels.
    events: Vec<NoticeKind>,
    client: reqwest::Client,
    timeout: Duration,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("id", &self.id).field("events", &self.events).finish_non_exhaustive()
    }
}

impl Hook {
    /// # Errors
    /// The key that is wrong, why, and what would be right; neither address nor secret is quoted.
    pub fn new(
        rank: usize,
        url: &str,
        secret: &str,
        events: &[String],
    ) -> Result<Hook, (&'static str, String)> {
        let url = address(url).map_err(|why| ("url", why.to_owned()))?;
        let secret = key(secret).map_err(|why| ("secret", why.to_owned()))?;
        let events = events.iter().map(|event| kind(event)).collect::<Result<Vec<NoticeKind>, String>>();
        let events = events.map_err(|why| ("events", why))?;
        let client = crate::tls::client_builder()
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never());
        let client = client.build().map_err(|_| ("url", "the HTTP client cannot start".to_owned()))?;
        let id = hex(url.as_str().as_bytes(), 6);
        Ok(Hook { id, rank, url, secret, body: None, events, client, timeout: webhooks::TRY })
    }

    /// The same, told about the dossiers of one certification body alone.
    #[must_use]
    pub fn about(self, body: Option<&str>) -> Hook {
        Hook { body: body.map(str::to_owned), ..self }
    }

    /// Whether it is told about a dossier of this body; `None`: about no dossier.
    #[must_use]
    pub fn hears_of(&self, body: Option<&str>) -> bool {
        self.body.is_none() || self.body.as_deref() == body
    }

    /// How long one try may last.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Hook {
        self.timeout = timeout;
        self
    }

    /// The only certification body about whose dossiers it is told.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Whether it is told of an event. One that names none is told what happens to labels, and the report of each month.
    #[must_use]
    pub fn wants(&self, event: NoticeKind) -> bool {
        match self.events.is_empty() {
            true => event.is_of_the_register(),
            false => self.events.contains(&event),
        }
    }

    /// Names address and secret together: a receiver that asked not to be called is called again when either changes.
    #[must_use]
    pub fn agreement(&self) -> String {
        hex(&[self.url.as_str().as_bytes(), b" ", &self.secret].concat(), 16)
    }

    /// Sends `body` once. `id` is the same for the same notice, whenever it is sent.
    #[tracing::instrument(name = "webhook", skip_all, fields(otel.kind = "client", receiver = self.rank))]
    pub async fn send(&self, id: &str, now: Timestamp, body: &str) -> SendOutcome {
        let Some(headers) = self.headers(id, now, body) else {
            return SendOutcome::Failed("the notice cannot be signed".to_owned());
        };
        let request = self.client.post(self.url.clone()).timeout(self.timeout).headers(headers);
        match request.body(body.to_owned()).send().await {
            Ok(answer) => match answer.status() {
                status if status.is_success() => SendOutcome::Accepted,
                StatusCode::GONE => SendOutcome::Gone,
                status if status.is_redirection() => {
                    SendOutcome::Failed(format!("{}: a redirection is not followed", status.as_u16()))
                }
                status => SendOutcome::Failed(format!("answer {}", status.as_u16())),
            },
            // The library's own words would quote the address; of a receiver, not even the host is told.
            Err(error) => {
                let unreached = Unreached::of(&error, self.url.as_str());
                let host = unreached.host.clone();
                SendOutcome::Mute(unreached.culprit, unreached.to_string().replace(&host, "the receiver"))
            }
        }
    }

    fn headers(&self, id: &str, now: Timestamp, body: &str) -> Option<HeaderMap> {
        let at = now.as_second();
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(format!("{id}.{at}.{body}").as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in
            [("webhook-id", id), ("webhook-timestamp", &at.to_string()), ("webhook-signature", &signature)]
        {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).ok()?);
        }
        Some(headers)
    }
}

/// The identity of a notice in the header: the same at each try.
#[must_use]
pub fn message_id(notice: &NoticeKey) -> String {
    format!("msg_{}", hex(notice.to_string().as_bytes(), 16))
}

/// The identity of a test: each is another one.
#[must_use]
pub fn test_id(now: Timestamp) -> String {
    format!("msg_{}", hex(format!("essai/{now}").as_bytes(), 16))
}

fn kind(event: &str) -> Result<NoticeKind, String> {
    let known = || NoticeKind::ALL.map(NoticeKind::as_str).join(", ");
    event.parse().map_err(|_| format!("{event:?} is not an event; they are {}", known()))
}

fn address(text: &str) -> Result<Url, &'static str> {
    let example = "not an address; example: https://ditp.example/vigie";
    let url = Url::parse(text.trim()).map_err(|_| example)?;
    let own = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(example),
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if own => Ok(url),
        "http" => Err("only https:// is accepted, except towards this very machine"),
        _ => Err(example),
    }
}

fn key(text: &str) -> Result<Vec<u8>, &'static str> {
    let example = "a secret is whsec_ and 24 to 64 bytes in base64; make one: printf 'whsec_%s' \"$(openssl rand -base64 32)\"";
    let bytes = text.trim().strip_prefix("whsec_").and_then(|rest| STANDARD.decode(rest).ok());
    bytes.filter(|bytes| SECRET_BYTES.contains(&bytes.len())).ok_or(example)
}

fn hex(bytes: &[u8], count: usize) -> String {
    Sha256::digest(bytes).iter().take(count).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    fn hook(url: &str) -> Result<Hook, (&'static str, String)> {
        Hook::new(1, url, SECRET, &[])
    }

    #[test]
    fn the_signature_is_the_one_that_others_verify() {
        let hook = hook("https://ditp.example/vigie").unwrap();
        let body = "{\"type\":\"label.attribue\",\"nom\":\"Créteil\"}";
        let key = "12/label.attribue/2027-05-04".parse().unwrap();
        let headers = hook.headers(&message_id(&key), Clock::System.now(), body).unwrap();
        let other = standardwebhooks::Webhook::new(SECRET).unwrap();
        other.verify(body.as_bytes(), &headers).unwrap();
        assert!(other.verify(b"{}", &headers).is_err());
        // Receivers recognise a notice that is sent again by this text.
        assert_eq!(message_id(&key), "msg_117f1176cd771a833abf88977c844c53");
    }

    #[test]
    fn only_https_or_this_very_machine() {
        for good in [
            "https://ditp.example/a?jeton=x",
            "http://127.0.0.1:8081/a",
            "http://[::1]/",
            "http://localhost/a",
        ] {
            assert!(hook(good).is_ok(), "{good}");
        }
        for bad in
            ["http://ditp.example/", "ftp://ditp.example/", "ditp.example", "http://127.0.0.1.example/", ""]
        {
            assert_eq!(hook(bad).unwrap_err().0, "url", "{bad}");
        }
    }

    #[test]
    fn a_weak_or_foreign_secret_is_refused_and_not_quoted() {
        for bad in ["", "whsec_", "secret", "whsec_c2VjcmV0", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            let (key, why) = Hook::new(1, "https://a.example", bad, &[]).unwrap_err();
            assert!(key == "secret" && (bad.len() < 7 || !why.contains(bad)), "{why}");
        }
        let unknown = Hook::new(1, "https://a.example", SECRET, &["label.vendu".to_owned()]).unwrap_err();
        assert!(unknown.0 == "events" && unknown.1.contains("label.attribue"));
        let shown = format!("{:?}", hook("https://a.example/jeton-secret").unwrap());
        assert!(!shown.contains("jeton-secret") && !shown.contains("MfKQ"), "{shown}");
    }
}
