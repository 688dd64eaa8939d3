//! `[web.roles]`, and the roles of each provider: who may see what.

use serde::Deserialize;

use crate::web::access::{UserRole, UserRoles};

/// Addresses, and groups written « group:NAME ».
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleSettings {
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    pub lecture: Vec<String>,
}

/// The people of one body of several; DITP's are those of all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BodyRoles {
    pub organisme: Vec<String>,
    pub lecture: Vec<String>,
}

impl RoleSettings {
    #[must_use]
    pub fn of(&self, role: UserRole) -> &[String] {
        match role {
            UserRole::Organisme => &self.organisme,
            UserRole::Ditp => &self.ditp,
            UserRole::Lecture => &self.lecture,
        }
    }

    #[must_use]
    pub fn all(&self) -> UserRoles {
        UserRoles(UserRole::ALL.map(|role| (role.into(), self.of(role).to_vec())).into())
    }
}
