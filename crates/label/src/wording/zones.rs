//! The zones of public holidays, as people name them.

use crate::case::{ZoneOrigin, ZoneUsed};
use crate::guide::calendar::Zone;

/// Whose public holidays were used: « Alsace-Moselle », « métropole, département non précisé ». Those that a collectivity
/// sets for itself are said to be checked.
#[must_use]
pub fn used(used: ZoneUsed) -> String {
    let name = name(used.zone);
    match used.origin {
        ZoneOrigin::Stated | ZoneOrigin::Departement | ZoneOrigin::Body if used.zone.sets_its_own() => {
            format!("{name}, fixés par la collectivité : à vérifier")
        }
        ZoneOrigin::Stated | ZoneOrigin::Departement => name.to_owned(),
        ZoneOrigin::Body => format!("{name}, celle de l’organisme : département non précisé"),
        ZoneOrigin::Unstated => format!("{name}, département non précisé"),
        ZoneOrigin::Unrecognised => format!("{name}, département non reconnu"),
        ZoneOrigin::Reading => format!("{name}, pour tous les services (F-29)"),
    }
}

/// The zone as `vigie check`, deadlines and digests name it, without an article.
#[must_use]
pub fn name(zone: Zone) -> &'static str {
    match zone {
        Zone::Metropole => "métropole",
        Zone::AlsaceMoselle => "Alsace-Moselle",
        Zone::Guadeloupe => "Guadeloupe",
        Zone::Martinique => "Martinique",
        Zone::Guyane => "Guyane",
        Zone::LaReunion => "La Réunion",
        Zone::Mayotte => "Mayotte",
        Zone::SaintBarthelemy => "Saint-Barthélemy",
        Zone::SaintMartin => "Saint-Martin",
        Zone::SaintPierreEtMiquelon => "Saint-Pierre-et-Miquelon",
        Zone::WallisEtFutuna => "Wallis-et-Futuna",
        Zone::PolynesieFrancaise => "Polynésie française",
        Zone::NouvelleCaledonie => "Nouvelle-Calédonie",
    }
}
