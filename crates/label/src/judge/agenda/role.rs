//! The readers of mails, as the guide names them.

use serde::Serialize;

/// The reader of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Candidat,
    Organisme,
    Ditp,
    /// The central service of an attached local.
    Central,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Candidat, Role::Organisme, Role::Ditp, Role::Central];

    #[must_use]
    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Candidat => "candidat",
            Role::Organisme => "organisme",
            Role::Ditp => "ditp",
            Role::Central => "central",
        }
    }
}
