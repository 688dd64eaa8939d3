//! Under which names the pages are asked for, and whether a proxy asks.
//!
//! A site that points its own name to this machine would have a browser here read our pages to it: names that are not ours
//! get no page.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use url::Url;

/// The names that the configuration gives.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    /// Our own address, as browsers see it.
    pub base: Option<Url>,
    pub others: Vec<String>,
    /// The pages listen on another address than the machine's own.
    pub reachable: bool,
}

impl Hosts {
    /// The path under which browsers see the first page, without a final slash.
    #[must_use]
    pub fn root(&self) -> &str {
        self.base.as_ref().map_or("", |base| base.path().trim_end_matches('/'))
    }

    pub(super) fn known(&self, host: &str) -> bool {
        let name = without_port(host);
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        match address {
            // No site can point an address somewhere else.
            Ok(address) => self.reachable || address.to_canonical().is_loopback() || self.named(name),
            Err(_) => name.eq_ignore_ascii_case("localhost") || self.named(name),
        }
    }

    fn named(&self, name: &str) -> bool {
        let base = self.base.as_ref().and_then(Url::host_str);
        base.into_iter()
            .chain(self.others.iter().map(String::as_str))
            .any(|own| own.eq_ignore_ascii_case(name))
    }

    pub(super) fn any(&self) -> bool {
        self.base.is_some() || !self.others.is_empty()
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) && !name.ends_with(':') => {
            name
        }
        _ => host,
    }
}

/// Headers that proxies add to what they pass on. No browser sends one of them.
const ADDED: [&str; 9] = [
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "fastly-client-ip",
    "x-original-host",
    "x-original-url",
    "x-envoy-external-address",
];
/// How the names of others begin: « X-Forwarded-Port », « CF-Connecting-IP ».
const BEGINNINGS: [&str; 3] = ["forwarded", "x-forwarded", "cf-"];

pub(super) fn passed_on(headers: &HeaderMap) -> bool {
    headers
        .keys()
        .map(HeaderName::as_str)
        .any(|name| ADDED.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_proxy_passes_on_is_told_by_its_headers() {
        let with = |name: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("accept-language", "fr".parse().unwrap());
            headers.insert("x-requested-with", "x".parse().unwrap());
            headers.insert(name, "10.0.0.1".parse().unwrap());
            passed_on(&headers)
        };
        for name in [
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-port",
            "x-forwarded",
            "cf-connecting-ip",
            "true-client-ip",
            "x-client-ip",
            "x-envoy-external-address",
            "via",
        ] {
            assert!(with(name), "{name}");
        }
        assert!(!with("x-request-id") && !with("user-agent"));
    }

    #[test]
    fn names_that_nobody_gave_are_unknown() {
        let mut hosts = Hosts {
            base: Url::parse("https://vigie.example:8443/suivi/").ok(),
            others: vec!["vigie.interne".to_owned()],
            reachable: false,
        };
        assert_eq!(hosts.root(), "/suivi");
        let known = [
            "vigie.example",
            "VIGIE.example:8443",
            "vigie.interne:80",
            "localhost:8080",
            "127.0.0.1:1",
            "[::1]:1",
            "[::1]",
        ];
        for own in known {
            assert!(hosts.known(own), "{own}");
        }
        let unknown = [
            "",
            "vigie.example.org",
            "x.vigie.example",
            "10.0.0.1",
            "[fd00::1]:80",
            "127.0.0.1.nip.io",
            "localhost.x.example",
        ];
        for other in unknown {
            assert!(!hosts.known(other), "{other}");
        }
        hosts.reachable = true;
        assert!(hosts.known("10.0.0.1:8080") && hosts.known("[fd00::1]") && !hosts.known("x.example"));
    }
}
