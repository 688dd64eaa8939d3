//! Who stands in the way when a server cannot be reached: a proxy, a name, a certificate. The libraries' own words name
//! neither the proxy nor what to do.

use std::error::Error as StdError;
use std::{fmt, io};

use axum::http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::{CertificateError, InvalidMessage};

pub use label::wording::reaching::Culprit;

/// A server that was not reached: what failed, and between whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    pub culprit: Culprit,
    /// Name and port of the server.
    pub host: String,
    /// Name and port of the proxy, without its password; `None` when none is used.
    pub proxy: Option<String>,
    pub cause: String,
}

impl Unreached {
    /// From what a client of `crate::tls` answered, about a server at `url`. Nothing of `url` but its host is kept.
    #[must_use]
    pub fn of(error: &reqwest::Error, url: &str) -> Unreached {
        let uri: Uri = url.parse().unwrap_or_default();
        let proxy = Matcher::from_env().intercept(&uri);
        let scheme = proxy.as_ref().and_then(|proxy| proxy.uri().scheme_str());
        // One of SOCKS has errors of its own, and leaves the names of `socks5://` to this machine.
        let over_http = scheme.is_some_and(|scheme| scheme.starts_with("http"));
        let mut causes: Vec<&(dyn StdError + 'static)> = Vec::new();
        let mut next: Option<&(dyn StdError + 'static)> = StdError::source(error);
        while let Some(cause) = next {
            causes.push(cause);
            next = inner(cause);
        }
        let culprit = match causes.iter().find_map(|cause| culprit(*cause)) {
            Some(Culprit::Name | Culprit::Closed | Culprit::Route) if over_http => Culprit::ProxyAway,
            Some(Culprit::Clear) if scheme == Some("https") => Culprit::ProxyAway,
            Some(culprit) => culprit,
            None if error.is_timeout() && proxy.is_some() && error.is_connect() => Culprit::ProxyAway,
            None if error.is_timeout() => Culprit::Silence,
            None => Culprit::Other,
        };
        let cause = causes.last().map_or_else(|| "cut".to_owned(), |cause| cause.to_string());
        Unreached { culprit, host: place(&uri), proxy: proxy.map(|proxy| place(proxy.uri())), cause }
    }

    /// What a proxy answered in place of the server.
    #[must_use]
    pub fn at_the_proxy(culprit: Culprit, url: &str) -> Unreached {
        let uri: Uri = url.parse().unwrap_or_default();
        let proxy = Matcher::from_env().intercept(&uri).map(|proxy| place(proxy.uri()));
        Unreached { culprit, host: place(&uri), proxy, cause: "407".to_owned() }
    }
}

/// Name and port, and nothing else: an address may hold a password.
fn place(uri: &Uri) -> String {
    let host = uri.host().unwrap_or("?");
    uri.port_u16().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The error inside; an error of the system hides the one that it was made of from `source`.
pub(crate) fn inner<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    within.map(|within| within as &(dyn StdError + 'static)).or_else(|| error.source())
}

fn culprit(cause: &(dyn StdError + 'static)) -> Option<Culprit> {
    match cause.downcast_ref::<rustls::Error>() {
        Some(rustls::Error::InvalidCertificate(why)) => {
            return Some(match why {
                CertificateError::UnknownIssuer => Culprit::Authority,
                // What the verifier of the system has no word for is most often an authority that it does not know.
                CertificateError::Other(_) => Culprit::Authority,
                _ => Culprit::Certificate,
            });
        }
        Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
            return Some(Culprit::Clear);
        }
        _ => {}
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return match (error.is_parse(), error.is_incomplete_message()) {
            (true, _) => Some(Culprit::Foreign),
            (_, true) => Some(Culprit::Cut),
            _ => None,
        };
    }
    // An error that another one was made into is looked at by itself.
    if let Some(error) = cause.downcast_ref::<io::Error>().filter(|error| error.get_ref().is_none()) {
        return of_the_system(error.kind());
    }
    of_words(&cause.to_string())
}

fn of_the_system(kind: io::ErrorKind) -> Option<Culprit> {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable,
        NetworkUnreachable, UnexpectedEof,
    };
    match kind {
        ConnectionRefused => Some(Culprit::Closed),
        HostUnreachable | NetworkUnreachable => Some(Culprit::Route),
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe => Some(Culprit::Cut),
        _ => None,
    }
}

/// By what is said: these errors have no type that can be named.
fn of_words(said: &str) -> Option<Culprit> {
    if let Some(said) = said.strip_prefix("SOCKS error: ") {
        let password = ["credentials not accepted", "server does not support user/pass authentication"];
        let away =
            ["failed to create underlying connection", "io error", "failed parsing", "failed serialize"];
        return Some(match said {
            said if password.contains(&said) => Culprit::ProxyPassword,
            said if away.iter().any(|away| said.starts_with(away)) => Culprit::ProxyAway,
            _ => Culprit::ProxyRefuses,
        });
    }
    match said {
        "tunnel error: proxy authorization required" => Some(Culprit::ProxyPassword),
        "tunnel error: unsuccessful" | "tunnel error: unexpected end of file" => Some(Culprit::ProxyRefuses),
        "tls handshake eof" => Some(Culprit::Cut),
        said if said.starts_with("dns error") || said.starts_with("failed to lookup address") => {
            Some(Culprit::Name)
        }
        _ => None,
    }
}

/// The variables of this process that name a proxy in a way that no client follows.
#[must_use]
pub fn unusable_proxies() -> Vec<&'static str> {
    // The first of a pair that is set counts.
    const PAIRS: [[&str; 2]; 3] =
        [["https_proxy", "HTTPS_PROXY"], ["http_proxy", "HTTP_PROXY"], ["all_proxy", "ALL_PROXY"]];
    let set = |name: &&'static str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let first = PAIRS.into_iter().filter_map(|pair| pair.into_iter().find(set));
    first.filter(|name| std::env::var(name).is_ok_and(|value| !is_a_proxy(&value))).collect()
}

fn is_a_proxy(address: &str) -> bool {
    let matcher = Matcher::builder().all(address.to_owned()).build();
    matcher.intercept(&Uri::from_static("https://example.org")).is_some()
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unreached { culprit, host, cause, .. } = self;
        let proxy = self.proxy.as_deref().unwrap_or("?");
        match culprit {
            Culprit::ProxyPassword => write!(
                f,
                "the proxy {proxy} asks for a password to reach {host}. Remedy: write user:password@ before its host in HTTPS_PROXY"
            ),
            Culprit::ProxyRefuses => write!(
                f,
                "the proxy {proxy} refuses to go to {host}, or does not reach it itself. Remedy: its log says which; have that host allowed there, or name it in NO_PROXY"
            ),
            Culprit::ProxyAway => write!(
                f,
                "the proxy {proxy} cannot be reached ({cause}). Remedy: check HTTPS_PROXY, or name {host} in NO_PROXY"
            ),
            Culprit::Name => write!(
                f,
                "the name {host} has no address ({cause}). Remedy: check it and the name server of this machine; behind a proxy, set HTTPS_PROXY"
            ),
            Culprit::Authority => write!(
                f,
                "the certificate of {host} is signed by an authority that this machine does not know ({cause}). Remedy: name its certificate in network.ca_file"
            ),
            Culprit::Certificate => write!(
                f,
                "the certificate of {host} is not good ({cause}). Remedy: check that name, and the clock of this machine"
            ),
            Culprit::Clear => write!(
                f,
                "what listens at {host} answers in clear, not in TLS ({cause}). Remedy: name the port where it speaks TLS"
            ),
            Culprit::Foreign => write!(
                f,
                "what listens at {host} does not speak HTTP ({cause}). Remedy: check its port, and https:// where it speaks TLS"
            ),
            Culprit::Route => write!(
                f,
                "no way of the network leads to {host} ({cause}). Remedy: check the address and the network of this machine; behind a proxy, set HTTPS_PROXY"
            ),
            Culprit::Cut => write!(
                f,
                "{host} closed the connection before it answered ({cause}). Remedy: check its port, and what filters between"
            ),
            Culprit::Closed => write!(
                f,
                "nothing listens at {host} ({cause}). Remedy: check the address and its port; behind a proxy, set HTTPS_PROXY"
            ),
            Culprit::Silence => write!(
                f,
                "no answer in time from {host}. Remedy: check the firewall; behind a proxy, set HTTPS_PROXY"
            ),
            Culprit::Other => write!(f, "cannot reach {host} ({cause})"),
        }
    }
}
