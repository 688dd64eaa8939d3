//! How a request is known to come from somebody.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::HeaderName;
use jiff::Timestamp;

use super::nets::Net;
use super::provider::Provider;
use super::session;
use super::who::{UserRole, UserRoles, Viewer, Who};

/// How people are known.
#[derive(Debug)]
pub enum Door {
    /// Only the machine itself can come: whoever can may see everything.
    Open,
    /// Nobody is known: only what anyone may see is shown.
    Closed,
    Proxy {
        header: HeaderName,
        groups: Option<HeaderName>,
        trusted: Vec<Net>,
    },
    SignIn(Box<Provider>),
}

/// Who may see the pages.
#[derive(Debug)]
pub struct Access {
    pub door: Door,
    pub roles: UserRoles,
    /// The register in its public variant is for anyone.
    pub public_register: bool,
    /// Who may read the metrics without being known.
    pub metrics: Vec<Net>,
}

impl Access {
    #[must_use]
    pub fn open() -> Access {
        Access { door: Door::Open, roles: UserRoles::default(), public_register: false, metrics: Vec::new() }
    }

    pub(super) fn viewer(&self, headers: &HeaderMap, peer: Option<IpAddr>, now: Timestamp) -> Viewer {
        let who = match &self.door {
            Door::Open => return Viewer { role: Some(UserRole::Organisme), signed_in: false },
            Door::Closed => None,
            Door::Proxy { header, groups, trusted } => {
                // Any client can send this header: it counts only when the peer is a trusted proxy.
                let believed = peer.is_some_and(|peer| trusted.iter().any(|net| net.holds(peer)));
                if believed { proxied(headers, header, groups.as_ref()) } else { None }
            }
            Door::SignIn(provider) => session::of(headers, &provider.key, now),
        };
        let role = who.as_ref().and_then(|who| self.roles.of(who));
        Viewer { role, signed_in: who.is_some() }
    }
}

/// Whom the proxy names. With two values of the header nobody is known: one of them came from the client.
fn proxied(headers: &HeaderMap, name: &HeaderName, groups: Option<&HeaderName>) -> Option<Who> {
    let only = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?.trim();
        (values.next().is_none() && !first.is_empty()).then(|| first.to_owned())
    };
    let groups = groups.and_then(only).unwrap_or_default();
    let groups = groups.split(',').map(|group| group.trim().to_owned()).filter(|group| !group.is_empty());
    Some(Who { name: only(name)?, groups: groups.collect() })
}
