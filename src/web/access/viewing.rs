//! How a request is known to come from somebody.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::HeaderName;
use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::hosts::Hosts;
use super::nets::Net;
use super::oidc::{ProviderSettings, Refusal};
use super::provider::Provider;
use super::sealed::SealingKey;
use super::session::{HINT, Jar};
use super::who::{Seat, UserRole, UserRoles, Viewer, Who};
use crate::store::sessions::StoredSession;
use crate::store::{self, Store};

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
    SignIn(Box<SignInDoor>),
}

/// Where people sign in: one provider or several.
#[derive(Debug)]
pub struct SignInDoor {
    pub providers: Vec<Provider>,
    pub jar: Jar,
}

impl SignInDoor {
    /// `root`: the path under which browsers see the pages, empty or « /vigie ».
    ///
    /// # Errors
    /// When a provider cannot be one.
    pub fn new(settings: Vec<ProviderSettings>, root: &str) -> Result<SignInDoor, Refusal> {
        // Whichever secret changes, sessions are over.
        let secrets: Vec<&str> = settings.iter().map(|one| one.client_secret.expose_secret()).collect();
        let key =
            SealingKey::of(&secrets.join("\0")).map_err(|_| Refusal::provider("its secret makes no key"))?;
        let providers = settings.into_iter().map(Provider::new).collect::<Result<_, _>>()?;
        Ok(SignInDoor { providers, jar: Jar::new(key, root) })
    }

    /// Whether a session that is stored opens pages still: a change of secret closes those before it.
    #[must_use]
    pub fn opens(&self, stored: &StoredSession) -> bool {
        self.provider(&stored.provider).is_some() && self.jar.key().open(HINT, &stored.hint).is_some()
    }

    pub(super) fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.settings.id == id)
    }

    /// The session of a browser, while it lasts.
    pub(super) async fn session(
        &self,
        headers: &HeaderMap,
        store: &Store,
        now: Timestamp,
    ) -> store::Result<Option<StoredSession>> {
        match self.jar.session(headers, now) {
            Some(print) => store.sessions().find(&print, now).await,
            None => Ok(None),
        }
    }
}

/// Who may see the pages.
#[derive(Debug)]
pub struct Access {
    pub door: Door,
    /// Who has which role when a proxy names them; each provider has its own.
    pub roles: UserRoles,
    /// The register in its public variant is for anyone.
    pub public_register: bool,
    /// So is the simulator for candidates.
    pub public_simulator: bool,
    /// Who may read the metrics without being known.
    pub metrics: Vec<Net>,
    /// Whom to ask for a role.
    pub contact: Option<String>,
    pub hosts: Hosts,
    /// The certification bodies that share the pages, by their names; empty where there is one. DITP then sees the dossiers
    /// of all.
    pub bodies: Vec<String>,
}

impl Access {
    #[must_use]
    pub fn open() -> Access {
        Access {
            door: Door::Open,
            roles: UserRoles::default(),
            public_register: false,
            public_simulator: false,
            metrics: Vec::new(),
            contact: None,
            hosts: Hosts::default(),
            bodies: Vec::new(),
        }
    }

    /// Whether a seat given earlier is still one: where bodies share the pages, that of a body names a known one.
    #[must_use]
    pub fn has(&self, seat: &Seat) -> bool {
        match (&seat.body, seat.role) {
            (Some(body), _) => self.bodies.contains(body),
            (None, UserRole::Organisme | UserRole::Lecture) => self.bodies.is_empty(),
            (None, UserRole::Ditp) => true,
        }
    }

    /// # Errors
    /// When the store cannot be read, which knows the sessions.
    pub(super) async fn viewer(
        &self,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
        store: &Store,
        now: Timestamp,
    ) -> store::Result<Viewer> {
        match &self.door {
            Door::Open => {
                Ok(Viewer { role: Some(UserRole::Organisme), signed_in: false, ..Viewer::default() })
            }
            Door::Closed => Ok(Viewer::default()),
            Door::Proxy { header, groups, trusted } => {
                // Any client can send this header: it counts only when the peer is a trusted proxy.
                let believed = peer.is_some_and(|peer| trusted.iter().any(|net| net.holds(peer)));
                let who = if believed { proxied(headers, header, groups.as_ref()) } else { None };
                let seat = who.as_ref().and_then(|who| self.roles.of(who));
                let between = who.as_ref().and_then(|who| self.roles.between(who)).map(Box::new);
                Ok(Viewer { signed_in: who.is_some(), who, between, ..Viewer::default() }.seated(seat))
            }
            Door::SignIn(door) => {
                let session = door.session(headers, store, now).await?;
                Ok(session.and_then(|session| viewer_of(door, &session)).unwrap_or_default())
            }
        }
    }
}

/// Rights are those that the configuration gives now; a provider that left it gives none.
fn viewer_of(door: &SignInDoor, session: &StoredSession) -> Option<Viewer> {
    let provider = door.provider(&session.provider)?;
    let who: Who = serde_json::from_str(&session.person).ok()?;
    let seat = provider.settings.roles.of(&who);
    let between = provider.settings.roles.between(&who).map(Box::new);
    let provider = Some(provider.settings.name.clone());
    Some(Viewer { signed_in: true, provider, who: Some(who), between, ..Viewer::default() }.seated(seat))
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
    Some(Who { name: only(name)?, groups: groups.collect(), ..Who::default() })
}
