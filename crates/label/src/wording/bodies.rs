//! Several certification bodies in one installation.

use crate::case::BodyDoubt;

/// « Organisme « Certif Nord » dans le formulaire, groupe d’instructeurs de « Certif Sud » : … ».
#[must_use]
pub fn doubt(of: &BodyDoubt) -> String {
    match of {
        BodyDoubt::Conflict { group, written } => format!(
            "Le formulaire désigne l’organisme « {written} », mais le dossier est dans le groupe d’instructeurs de « {group} », à qui vigie le rattache : corrigez le champ, ou changez le dossier de groupe"
        ),
        BodyDoubt::Unknown { written } if written.is_empty() => {
            "Aucun organisme de certification n’est désigné, et le groupe d’instructeurs n’est celui d’aucun : la DITP reçoit ce qui concerne ce dossier".to_owned()
        }
        BodyDoubt::Unknown { written } => format!(
            "L’organisme « {written} » n’est pas dans la configuration de vigie ([[organismes]]), et le groupe d’instructeurs n’est celui d’aucun : la DITP reçoit ce qui concerne ce dossier"
        ),
    }
}

/// In place of what belongs to another body.
pub const ELSEWHERE: &str =
    "Ce dossier relève d’un autre organisme : ce qui le concerne n’est pas montré ici.";

/// Name of a local of a network that another body certifies.
pub const LOCAL_ELSEWHERE: &str = "Service suivi par un autre organisme";

/// The state of a service without a label, to the body of an earlier dossier.
pub const NO_LABEL: &str = "Sans label";
