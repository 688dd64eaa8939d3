//! The page for the committee.

use crate::Tier;

use super::names;

/// The 404 answer of a sheet whose number is no known dossier, or not one of the viewer's.
pub const UNKNOWN: &str = "Ce numéro n’est pas celui d’un dossier connu de vigie.";

/// What the committee may decide on an application, to tick.
pub const CHOICES: [&str; 6] = [
    "Label accordé, palier Bronze",
    "Label accordé, palier Argent",
    "Label accordé, palier Or",
    "Label confirmé",
    "Plan d’actions demandé",
    "Label refusé",
];

/// « candidature initiale, dossier n° 4242 déposé le 3 mai 2027, service local indépendant ».
#[must_use]
pub fn asks(request: &str, dossier: i64, deposited: &str, service: &str) -> String {
    names::capital(&format!("{request}, dossier n° {dossier} déposé le {deposited}, {service}"))
}

/// What a central's network gives.
#[must_use]
pub fn of_the_network(tier: Tier) -> String {
    format!("Palier calculé par le réseau : {}", names::tier(tier))
}

/// The refusal of `/fiches` when its address names no service.
pub const NONE_CHOSEN: &str =
    "Aucun service n’est choisi : cochez des services dans une liste, puis ouvrez leurs fiches.";

/// The refusal of `/fiches` when its address names more than `most` services.
#[must_use]
pub fn too_many(most: usize) -> String {
    format!("Plus de {most} services sont choisis : ouvrez leurs fiches en plusieurs fois.")
}
