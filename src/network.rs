//! Who stands in the way when a server cannot be reached: a proxy, a name, a certificate. The libraries' own words name
//! neither the proxy nor what to do.

use std::error::Error as StdError;
use std::{fmt, io};

use axum::http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::CertificateError;

/// What failed on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// 407: the proxy wants a name and a password.
    ProxyPassword,
    /// The proxy does not let through to that server.
    ProxyRefuses,
    /// The proxy itself cannot be reached.
    ProxyAway,
    /// The name has no address.
    Name,
    /// No known authority signed the certificate.
    Authority,
    /// The certificate is good for another name, or on another day.
    Certificate,
    /// Nothing listens there.
    Closed,
    /// No answer in time.
    Silence,
    /// Anything else, in the library's own words.
    Other,
}

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
        let proxy = Matcher::from_env().intercept(&uri).map(|proxy| place(proxy.uri()));
        let mut causes: Vec<&(dyn StdError + 'static)> = Vec::new();
        let mut next: Option<&(dyn StdError + 'static)> = StdError::source(error);
        while let Some(cause) = next {
            causes.push(cause);
            next = inner(cause);
        }
        let culprit = match causes.iter().find_map(|cause| culprit(*cause)) {
            Some(Culprit::Name | Culprit::Closed) if proxy.is_some() => Culprit::ProxyAway,
            Some(culprit) => culprit,
            None if error.is_timeout() && proxy.is_some() && error.is_connect() => Culprit::ProxyAway,
            None if error.is_timeout() => Culprit::Silence,
            None => Culprit::Other,
        };
        let cause = causes.last().map_or_else(|| "cut".to_owned(), |cause| cause.to_string());
        Unreached { culprit, host: place(&uri), proxy, cause }
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
    if let Some(rustls::Error::InvalidCertificate(why)) = cause.downcast_ref::<rustls::Error>() {
        return Some(match why {
            CertificateError::UnknownIssuer => Culprit::Authority,
            // What the verifier of the system has no word for is most often an authority that it does not know.
            CertificateError::Other(_) => Culprit::Authority,
            _ => Culprit::Certificate,
        });
    }
    if let Some(error) = cause.downcast_ref::<io::Error>()
        && error.kind() == io::ErrorKind::ConnectionRefused
    {
        return Some(Culprit::Closed);
    }
    // These have no type that can be named.
    match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(Culprit::ProxyPassword),
        "tunnel error: unsuccessful" | "tunnel error: unexpected end of file" => Some(Culprit::ProxyRefuses),
        said if said.starts_with("dns error") || said.starts_with("failed to lookup address") => {
            Some(Culprit::Name)
        }
        _ => None,
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unreached { culprit, host, cause, .. } = self;
        let proxy = self.proxy.as_deref().unwrap_or("?");
        match culprit {
            Culprit::ProxyPassword => write!(
                f,
                "the proxy {proxy} asks for a password to reach {host}. Remedy: HTTPS_PROXY=http://user:password@{proxy}"
            ),
            Culprit::ProxyRefuses => write!(
                f,
                "the proxy {proxy} does not let through to {host}. Remedy: have that host allowed there, or name it in NO_PROXY"
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
