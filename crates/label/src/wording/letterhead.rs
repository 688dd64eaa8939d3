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

/// Who wrote it: a program, in whose name.
#[must_use]
pub fn written_by(role: Option<Role>, body: &str) -> String {
    match role {
        Some(Role::Organisme) => {
            "Message automatique de vigie, votre service de suivi du label « Services Publics + ».".to_owned()
        }
        _ => format!("Message automatique de suivi du label « Services Publics + », envoyé pour {body}."),
    }
}

/// How to have something corrected, or to hear no more.
#[must_use]
pub fn way_out(role: Option<Role>, address: &str) -> String {
    match role {
        Some(Role::Organisme) => format!(
            "Pour changer de destinataire ou ne plus recevoir ce message : « recipients.organisme » dans la configuration de vigie, ou {address}."
        ),
        _ => format!(
            "Une erreur, un autre destinataire, ou pour ne plus recevoir ces messages : répondez à celui-ci, ou écrivez à {address}."
        ),
    }
}
