//! The readers of mails, as the guide names them.

use serde::Serialize;

/// The reader of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The service that applies for the label, or holds it; a central service about its own dossier too.
    Candidat,
    /// The certification body of the dossier.
    Organisme,
    /// The DITP (direction interministérielle de la transformation publique).
    Ditp,
    /// The central service of an attached local.
    Central,
}

impl Role {
    /// Every role, in the order of the variants.
    pub const ALL: [Role; 4] = [Role::Candidat, Role::Organisme, Role::Ditp, Role::Central];

    /// The role of that word; `None` when no role has it.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.key() == key)
    }

    /// The word for it in the identity of a mail.
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
