//! Somebody, and the role that the configuration gives them.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::store::of_body::OfBody;

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

/// A role, and where several certification bodies share the installation, for which of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    /// Whose dossiers are seen, by its name in the configuration; none: those of all. None comes first: it is the widest.
    pub body: Option<String>,
    pub role: UserRole,
}

impl Seat {
    /// « organisme », « organisme/Certif Nord »: as calendars and tokens keep it.
    #[must_use]
    pub fn word(&self) -> String {
        match &self.body {
            None => self.role.key().to_owned(),
            Some(body) => format!("{}/{body}", self.role.key()),
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Seat> {
        let (role, body) = match word.split_once('/') {
            None => (word, None),
            Some((role, body)) => (role, Some(body.to_owned())),
        };
        Some(Seat { role: UserRole::from_key(role)?, body })
    }
}

impl From<UserRole> for Seat {
    fn from(role: UserRole) -> Seat {
        Seat { body: None, role }
    }
}

/// Who looks at a page; nobody in particular by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    pub role: Option<UserRole>,
    /// The only body whose dossiers are shown; none: those of all.
    pub body: Option<String>,
    /// Known, with or without a role.
    pub signed_in: bool,
    /// Where they signed in, and as whom: somebody without a role is told why.
    pub provider: Option<String>,
    pub who: Option<Who>,
    /// Without a role because they have those of these two bodies.
    pub between: Option<Box<(String, String)>>,
}

impl Viewer {
    /// Whether the register shows the numbers of dossiers.
    #[must_use]
    pub fn sees_dossiers(&self) -> bool {
        matches!(self.role, Some(UserRole::Organisme | UserRole::Ditp))
    }

    /// Whether what belongs to this body is shown.
    #[must_use]
    pub fn sees(&self, body: &str) -> bool {
        self.body.as_ref().is_none_or(|own| own == body)
    }

    /// Whose rows lists read.
    #[must_use]
    pub fn of_body(&self) -> OfBody {
        OfBody::named(self.body.clone())
    }

    /// With the role and the body of a seat.
    #[must_use]
    pub(super) fn seated(self, seat: Option<Seat>) -> Viewer {
        let (role, body) = seat.map(|seat| (seat.role, seat.body)).unzip();
        Viewer { role, body: body.flatten(), ..self }
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Viewer, Infallible> {
        Ok(parts.extensions.get::<Viewer>().cloned().unwrap_or_default())
    }
}

/// Who has which role: addresses, groups written « group:NAME », people written « sub:IDENTIFIER ».
#[derive(Clone, Debug, Default)]
pub struct UserRoles(pub Vec<(Seat, Vec<String>)>);

impl UserRoles {
    /// The widest of the roles of somebody; none by default. Somebody who belongs to two bodies has no role: neither's
    /// dossiers may be shown with the other's.
    #[must_use]
    pub fn of(&self, who: &Who) -> Option<Seat> {
        let widest = self.seats(who).min()?;
        let alone = widest.body.is_none() || self.seats(who).all(|seat| seat.body == widest.body);
        alone.then(|| widest.clone())
    }

    /// All that the configuration gives somebody.
    fn seats<'s>(&'s self, who: &'s Who) -> impl Iterator<Item = &'s Seat> {
        let named = move |entry: &String| match (entry.strip_prefix("group:"), entry.strip_prefix("sub:")) {
            (Some(group), _) => who.groups.iter().any(|own| same_group(own, group)),
            (_, Some(subject)) => !subject.is_empty() && subject == who.subject,
            _ => !who.name.is_empty() && entry.eq_ignore_ascii_case(&who.name),
        };
        self.0.iter().filter(move |(_, entries)| entries.iter().any(named)).map(|(seat, _)| seat)
    }

    /// The two bodies for whose sake somebody has no role, though each gives one.
    #[must_use]
    pub fn between(&self, who: &Who) -> Option<(String, String)> {
        if self.of(who).is_some() {
            return None;
        }
        let mut bodies: Vec<&String> = self.seats(who).filter_map(|seat| seat.body.as_ref()).collect();
        bodies.sort();
        bodies.dedup();
        match bodies[..] {
            [one, other, ..] => Some((one.clone(), other.clone())),
            _ => None,
        }
    }

    /// Whether a role is given to this group: the others need not be remembered.
    #[must_use]
    pub fn names_group(&self, group: &str) -> bool {
        let mut entries = self.0.iter().flat_map(|(_, entries)| entries);
        entries.any(|entry| entry.strip_prefix("group:").is_some_and(|own| same_group(group, own)))
    }

    /// With the seats of others.
    #[must_use]
    pub fn and(mut self, others: UserRoles) -> UserRoles {
        self.0.extend(others.0);
        self
    }

    #[must_use]
    pub fn names_nobody(&self) -> bool {
        self.0.iter().all(|(_, entries)| entries.is_empty())
    }
}

/// Some providers write a group as a path from the root.
fn same_group(one: &str, other: &str) -> bool {
    let plain = |group: &str| group.strip_prefix('/').unwrap_or(group).to_owned();
    plain(one) == plain(other)
}

/// Somebody, as the provider or the proxy names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// An address, as the configuration lists them; empty when nobody vouches for it.
    pub name: String,
    #[serde(default)]
    pub groups: Vec<String>,
    /// What the provider recognises them by.
    #[serde(default)]
    pub subject: String,
    /// Why the provider's words give less than one would expect.
    #[serde(default)]
    pub doubt: Option<Doubt>,
}

/// What is missing in what a provider says of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    NoAddress,
    /// The provider does not say that it verified the address.
    Unverified,
    /// The provider left the groups out because they are many.
    GroupsLeftOut,
}

impl Doubt {
    /// For the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Doubt::NoAddress => "the provider gave no address",
            Doubt::Unverified => "the provider does not vouch for the address",
            Doubt::GroupsLeftOut => "the provider left the groups out because they are many",
        }
    }
}
