//! The parts of the pages, and which role opens which.

use super::viewing::Access;
use super::who::{UserRole, Viewer};

/// A part of the pages, by who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Style, probes, sign-in, calendars behind a secret, the description of the API.
    Anyone,
    /// The register, in the variant that the viewer may see.
    Register,
    Statistics,
    /// The simulator for candidates and the draw, which show nothing that is stored.
    Situation,
    Labels,
    /// Cases, deadlines, the work list.
    Cases,
    /// What a person decides about the mails to come and about overdue deadlines.
    Decisions,
    Metrics,
    /// Everything else.
    Internal,
}

/// Whether an address is one of the API, where refusals are for programs.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

/// The part that an address belongs to.
#[must_use]
pub fn area(path: &str) -> Area {
    match path {
        "/vigie.css" | "/vigie.js" | "/healthz" | "/readyz" | "/connexion" | "/connexion/retour"
        | "/deconnexion" | "/session" | "/robots.txt" | "/mentions-legales" | "/accessibilite"
        | "/confidentialite" => Area::Anyone,
        "/api" | "/api/v1/openapi.json" => Area::Anyone,
        "/registre.atom"
        | "/registre/changements.csv"
        | "/registre/changements.schema.json"
        | "/registre/datapackage.json"
        | "/registre/dcat.jsonld"
        | "/registre/schema.json" => Area::Register,
        "/registre" | "/registre.csv" | "/registre.json" | "/registre.xlsx" => Area::Register,
        "/api/v1/register" => Area::Register,
        "/statistiques"
        | "/statistiques.csv"
        | "/statistiques.json"
        | "/statistiques/details"
        | "/statistiques/details.csv"
        | "/statistiques/details.xlsx" => Area::Statistics,
        "/api/v1/statistics" => Area::Statistics,
        "/simulateur" | "/simulateur.ics" | "/tirage" => Area::Situation,
        "/labels" | "/labels.csv" | "/labels.xlsx" => Area::Labels,
        "/metrics" => Area::Metrics,
        "/"
        | "/travail.csv"
        | "/travail.xlsx"
        | "/echeances"
        | "/echeances.ics"
        | "/echeances.csv"
        | "/echeances.xlsx"
        | "/annee"
        | "/annee.csv"
        | "/annee.xlsx"
        | "/raccourcis"
        | "/recherche"
        | "/services"
        | "/services.csv"
        | "/services.xlsx"
        | "/fiches"
        | "/statistiques/dossiers"
        | "/statistiques/dossiers.csv"
        | "/statistiques/dossiers.xlsx"
        | "/vues/garder"
        | "/vues/renommer"
        | "/vues/oublier" => Area::Cases,
        path if path.starts_with("/calendrier/") || path.starts_with("/rappel/") => Area::Anyone,
        path if path.starts_with("/themes/") => Area::Anyone,
        path if path.starts_with("/cas/") || path.starts_with("/dossiers/") => Area::Cases,
        path if path.starts_with("/centraux/") => Area::Cases,
        "/courriels" => Area::Cases,
        "/api/v1/services" | "/api/v1/cases" | "/api/v1/findings" | "/api/v1/deadlines" | "/api/v1/mails" => {
            Area::Cases
        }
        path if path.starts_with("/api/v1/cases/") => Area::Cases,
        "/courriels/arreter"
        | "/courriels/laisser-partir"
        | "/constats/retenir"
        | "/echeances/constater"
        | "/echeances/reprendre" => Area::Decisions,
        _ => Area::Internal,
    }
}

/// Whether somebody may open a part. Where several bodies share the pages, the people of one see no part that shows the
/// dossiers of all, and DITP sees everything.
#[must_use]
pub fn may(viewer: &Viewer, area: Area, access: &Access) -> bool {
    match (area, viewer.role) {
        (Area::Anyone, _) => true,
        (Area::Internal | Area::Metrics, Some(UserRole::Organisme)) => viewer.body.is_none(),
        (_, Some(UserRole::Organisme)) => true,
        (Area::Register, None) => access.public_register,
        (Area::Situation, None) => access.public_simulator,
        (_, None) => false,
        (_, Some(UserRole::Ditp)) if !access.bodies.is_empty() => true,
        (Area::Register | Area::Situation | Area::Statistics | Area::Labels, Some(_))
        | (Area::Cases, Some(UserRole::Lecture)) => true,
        (Area::Cases | Area::Decisions | Area::Internal | Area::Metrics, Some(_)) => false,
    }
}
