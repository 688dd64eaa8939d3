//! Somebody, and the role that the configuration gives them.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// What somebody does with vigie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserRole {
    /// The certification body: everything.
    Organisme,
    /// DITP: the register, the statistics, the labels.
    Ditp,
    /// Reads the pages; no file with internal numbers, no journal.
    Lecture,
}

impl UserRole {
    pub const ALL: [UserRole; 3] = [UserRole::Organisme, UserRole::Ditp, UserRole::Lecture];

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            UserRole::Organisme => "organisme",
            UserRole::Ditp => "ditp",
            UserRole::Lecture => "lecture",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<UserRole> {
        UserRole::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Who looks at a page; nobody in particular by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    pub role: Option<UserRole>,
    /// Known, with or without a role.
    pub signed_in: bool,
}

impl Viewer {
    /// Whether the register shows the numbers of dossiers.
    #[must_use]
    pub fn sees_dossiers(&self) -> bool {
        matches!(self.role, Some(UserRole::Organisme | UserRole::Ditp))
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
pub struct UserRoles(pub Vec<(UserRole, Vec<String>)>);

impl UserRoles {
    /// The widest of the roles of somebody; none by default.
    #[must_use]
    pub fn of(&self, who: &Who) -> Option<UserRole> {
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
