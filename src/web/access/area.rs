//! The parts of the pages, and which role opens which.

use super::who::UserRole;

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
        "/" | "/echeances" | "/echeances.ics" | "/services" | "/services.csv" | "/services.xlsx" => {
            Area::Cases
        }
        path if path.starts_with("/calendrier/") || path.starts_with("/rappel/") => Area::Anyone,
        path if path.starts_with("/themes/") => Area::Anyone,
        path if path.starts_with("/cas/") || path.starts_with("/dossiers/") => Area::Cases,
        path if path.starts_with("/centraux/") => Area::Cases,
        "/courriels" => Area::Cases,
        _ => Area::Internal,
    }
}

/// Whether a role opens a part.
#[must_use]
pub fn may(role: Option<UserRole>, area: Area, public_register: bool) -> bool {
    match (area, role) {
        (Area::Anyone, _) | (_, Some(UserRole::Organisme)) => true,
        (Area::Register, None) => public_register,
        (_, None) => false,
        (Area::Register | Area::Statistics | Area::Labels, Some(_))
        | (Area::Cases, Some(UserRole::Lecture)) => true,
        (Area::Cases | Area::Internal | Area::Metrics, Some(_)) => false,
    }
}
