//! Who may see which page. What is not listed in [`area`] is for the certification body alone: a page that is added and
//! forgotten here is closed, not open.
//!
//! Somebody is known by a session that a sign-in opened ([`session`], [`provider`], [`sign_in`]), or by a header of a
//! proxy that is trusted. Pages that only the machine itself can reach ask nobody.

pub mod nets;
pub mod provider;
pub mod session;
pub mod sign_in;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::HeaderName;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use minijinja::context;

use super::Window;
use nets::Net;
use provider::Provider;

/// What somebody does with vigie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The certification body: everything.
    Organisme,
    /// DITP: the register, the statistics, the labels.
    Ditp,
    /// Reads the pages; no file with internal numbers, no journal.
    Lecture,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Organisme, Role::Ditp, Role::Lecture];

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Organisme => "organisme",
            Role::Ditp => "ditp",
            Role::Lecture => "lecture",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Who looks at a page; nobody in particular by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    pub role: Option<Role>,
    /// Known, with or without a role.
    pub signed_in: bool,
}

impl Viewer {
    /// Whether the register shows the numbers of dossiers.
    #[must_use]
    pub fn sees_dossiers(&self) -> bool {
        matches!(self.role, Some(Role::Organisme | Role::Ditp))
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Viewer, Infallible> {
        Ok(parts.extensions.get::<Viewer>().cloned().unwrap_or_default())
    }
}

/// Who has which role: addresses, and groups written « group:NAME ».
#[derive(Clone, Debug, Default)]
pub struct Roles(pub Vec<(Role, Vec<String>)>);

impl Roles {
    /// The widest of the roles of somebody; none by default.
    #[must_use]
    pub fn of(&self, who: &Who) -> Option<Role> {
        let named = |entry: &String| match entry.strip_prefix("group:") {
            Some(group) => who.groups.iter().any(|own| own == group),
            None => !who.name.is_empty() && entry.eq_ignore_ascii_case(&who.name),
        };
        let roles = self.0.iter().filter(|(_, entries)| entries.iter().any(named));
        roles.map(|(role, _)| *role).min()
    }
}

/// Somebody, as the provider or the proxy names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Who {
    /// An address, as the configuration lists them.
    pub name: String,
    pub groups: Vec<String>,
}

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
    pub roles: Roles,
    /// The register in its public variant is for anyone.
    pub public_register: bool,
    /// Who may read the metrics without being known.
    pub metrics: Vec<Net>,
}

impl Access {
    #[must_use]
    pub fn open() -> Access {
        Access { door: Door::Open, roles: Roles::default(), public_register: false, metrics: Vec::new() }
    }

    fn viewer(&self, headers: &HeaderMap, peer: Option<IpAddr>, now: Timestamp) -> Viewer {
        let who = match &self.door {
            Door::Open => return Viewer { role: Some(Role::Organisme), signed_in: false },
            Door::Closed => None,
            Door::Proxy { header, groups, trusted } => {
                // Anybody can write a header: only what a trusted neighbour wrote is believed.
                let believed = peer.is_some_and(|peer| trusted.iter().any(|net| net.holds(peer)));
                if believed { proxied(headers, header, groups.as_ref()) } else { None }
            }
            Door::SignIn(provider) => session::of(headers, &provider.key, now),
        };
        let role = who.as_ref().and_then(|who| self.roles.of(who));
        Viewer { role, signed_in: who.is_some() }
    }
}

/// Whom the proxy names. Two names in one request are nobody: one of them is not the proxy's.
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

/// A part of the pages, by who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Style, probes, sign-in, calendars behind a secret.
    Anyone,
    /// The register, in the variant that the viewer may see.
    Register,
    Statistics,
    Labels,
    /// Cases, deadlines, the work list.
    Cases,
    Metrics,
    /// Everything else.
    Internal,
}

/// The part that an address belongs to.
#[must_use]
pub fn area(path: &str) -> Area {
    match path {
        "/vigie.css" | "/vigie.js" | "/healthz" | "/readyz" | "/connexion" | "/connexion/retour"
        | "/deconnexion" | "/session" => Area::Anyone,
        "/registre" | "/registre.csv" | "/registre.json" | "/registre.xlsx" => Area::Register,
        "/statistiques" | "/statistiques.csv" | "/statistiques.json" => Area::Statistics,
        "/labels" => Area::Labels,
        "/metrics" => Area::Metrics,
        "/" | "/echeances" | "/echeances.ics" => Area::Cases,
        path if path.starts_with("/calendrier/") || path.starts_with("/themes/") => Area::Anyone,
        path if path.starts_with("/cas/") || path.starts_with("/dossiers/") => Area::Cases,
        path if path.starts_with("/centraux/") => Area::Cases,
        _ => Area::Internal,
    }
}

/// Whether a role opens a part.
#[must_use]
pub fn may(role: Option<Role>, area: Area, public_register: bool) -> bool {
    match (area, role) {
        (Area::Anyone, _) | (_, Some(Role::Organisme)) => true,
        (Area::Register, None) => public_register,
        (_, None) => false,
        (Area::Register | Area::Statistics | Area::Labels, Some(_)) | (Area::Cases, Some(Role::Lecture)) => {
            true
        }
        (Area::Cases | Area::Internal | Area::Metrics, Some(_)) => false,
    }
}

/// Lets a request through when its viewer may see what it asks for.
pub(super) async fn gate(State(window): State<Window>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let access = &window.access;
    let viewer = access.viewer(request.headers(), peer, window.book.clock.now());
    let path = request.uri().path();
    let wanted = area(path);
    let scraped =
        wanted == Area::Metrics && peer.is_some_and(|peer| access.metrics.iter().any(|net| net.holds(peer)));
    if scraped || may(viewer.role, wanted, access.public_register) {
        request.extensions_mut().insert(viewer);
        // In a task of its own: a query that is cut when its asker hangs up costs the connection, and a store in memory
        // is its connection.
        let answer = tokio::spawn(next.run(request)).await;
        return answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    if path == "/" && viewer.role == Some(Role::Ditp) {
        return Redirect::to("/registre").into_response();
    }
    let page = matches!(*request.method(), Method::GET | Method::HEAD);
    if let (Door::SignIn(_), false, true) = (&access.door, viewer.signed_in, page) {
        let back = request.uri().path_and_query().map_or("/", |address| address.as_str());
        let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
        return Redirect::to(&format!("/connexion?retour={back}")).into_response();
    }
    refused(&window, &viewer)
}

/// 401 for somebody unknown, 403 for somebody without the right.
fn refused(window: &Window, viewer: &Viewer) -> Response {
    let signs_in = matches!(window.access.door, Door::SignIn(_));
    let (status, title, text) = if viewer.signed_in {
        let text = match viewer.role {
            Some(_) => "Votre rôle ne donne pas accès à cette page.",
            None => {
                "Vous êtes connecté, mais aucun rôle ne vous a été donné dans vigie. Demandez-le à l’organisme de certification."
            }
        };
        (StatusCode::FORBIDDEN, "Accès refusé", text)
    } else {
        (
            StatusCode::UNAUTHORIZED,
            "Connexion nécessaire",
            "Cette page n’est montrée qu’aux personnes connectées.",
        )
    };
    let values = context! {
        title, text,
        sign_in => signs_in && !viewer.signed_in,
        sign_out => signs_in && viewer.signed_in,
        register => viewer.role.is_some() || window.access.public_register,
    };
    match window.render("refused.html", "", values) {
        Ok(page) => (status, page).into_response(),
        Err(error) => error.into_response(),
    }
}

/// True when a POST comes from one of our own pages: a form of another site carries another origin.
#[must_use]
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            let own = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
            own.is_some_and(|own| own.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}
