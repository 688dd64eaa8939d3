//! What every letter says beside its own text: the dossier, where to do things, who writes, how to have it changed or stopped.

use crate::judge::agenda::Role;
use crate::outgoing::{About, Place};

/// The dossier, before its address.
#[must_use]
pub fn dossier(about: &About) -> String {
    format!("dossier n° {}", about.dossier)
}

/// Where to do what is asked for; the address follows it where one is known.
#[must_use]
pub fn place(place: Place, addressed: bool) -> &'static str {
    match (place, addressed) {
        (Place::Dossier, _) => "Où : dans ce dossier, sur demarche.numerique.gouv.fr.",
        (Place::Body, _) => {
            "Votre interlocuteur : votre organisme de certification, dont voici les coordonnées."
        }
        (Place::Application | Place::Renewal, true) => {
            "Où : par un nouveau dossier, à commencer à cette adresse"
        }
        (Place::Application | Place::Renewal, false) => {
            "Où : par un nouveau dossier, sur demarche.numerique.gouv.fr ; le dossier actuel, clos, ne peut plus servir."
        }
        (Place::FollowUp, true) => {
            "Où : par un nouveau dossier de demande de suivi, à commencer à cette adresse"
        }
        (Place::FollowUp, false) => {
            "Où : par un nouveau dossier de demande de suivi, sur demarche.numerique.gouv.fr."
        }
    }
}

/// « Tél. 02 47 00 00 00 ».
#[must_use]
pub fn telephone(number: &str) -> String {
    format!("Tél. {number}")
}

/// The signature of one who has no name in the configuration, and whose address says none.
#[must_use]
pub fn nameless(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Candidat | Role::Central) => "Votre organisme de certification",
        _ => "vigie",
    }
}

/// Who wrote it: a program, in whose name; none when nothing says it.
#[must_use]
pub fn written_by(role: Option<Role>, body: Option<&str>) -> String {
    const WRITTEN: &str = "Message automatique de suivi du label « Services Publics + », envoyé";
    match (role, body) {
        (Some(Role::Organisme), _) => {
            "Message automatique de vigie, votre service de suivi du label « Services Publics + ».".to_owned()
        }
        (_, Some(body)) => format!("{WRITTEN} pour {body}."),
        (Some(Role::Candidat | Role::Central), None) => {
            format!("{WRITTEN} pour votre organisme de certification.")
        }
        (_, None) => format!("{WRITTEN} par vigie."),
    }
}

/// Where the configuration names who reads what is for a certification body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOfReaders {
    /// There is one body.
    Organisme,
    /// Several share the installation.
    Organismes,
    /// Several share it, and none that is known has the dossier.
    Ditp,
}

impl ListOfReaders {
    fn key(self) -> &'static str {
        match self {
            ListOfReaders::Organisme => "« recipients.organisme »",
            ListOfReaders::Organismes => "« addresses » de votre organisme (« [[organismes]] »)",
            ListOfReaders::Ditp => "« recipients.ditp »",
        }
    }
}

/// How to have something corrected, or to hear no more.
#[must_use]
pub fn way_out(role: Option<Role>, list: ListOfReaders, address: &str) -> String {
    match role {
        Some(Role::Organisme) => format!(
            "Pour changer de destinataire ou ne plus recevoir ce message : {} dans la configuration de vigie, ou {address}.",
            list.key()
        ),
        _ => format!(
            "Une erreur, un autre destinataire, ou pour ne plus recevoir ces messages : répondez à celui-ci, ou écrivez à {address}."
        ),
    }
}
