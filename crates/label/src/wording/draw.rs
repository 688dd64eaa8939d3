//! What the page of a draw says.

use super::agreement::count;

/// Title of the page `/tirage` where its link is shared.
pub const TITLE: &str = "Tirage au sort des services à auditer";
/// Under the form of `/tirage`: the address holds everything, nothing is stored.
pub const NOTHING_KEPT: &str = "Rien n’est enregistré : la graine et la liste sont dans l’adresse de la page, qui suffit à refaire le tirage.";
/// Fault shown on `/tirage` when the seed is empty.
pub const NO_SEED: &str = "Il manque la graine : un texte fixé et publié avant que la liste ne soit arrêtée.";
/// Fault shown on `/tirage` when the list is empty.
pub const NO_LIST: &str = "Il manque la liste : un identifiant par ligne.";

/// Fault shown on `/tirage` when the list has more than `most` identifiers.
#[must_use]
pub fn too_many(most: usize) -> String {
    format!(
        "La liste a plus de {most} identifiants : faites ce tirage avec « vigie draw », qui donne le même résultat."
    )
}

/// Fault shown on `/tirage` when a text has more than `most` characters.
#[must_use]
pub fn too_long(most: usize) -> String {
    format!("La graine et chaque identifiant ont {most} caractères au plus.")
}

/// Fault shown on `/tirage` when the size of the sample is none; `listed` counts distinct identifiers.
#[must_use]
pub fn not_a_size(listed: usize) -> String {
    format!(
        "Le nombre à tirer va de 1 à {listed} ({}).",
        count(listed, "identifiant distinct", "identifiants distincts")
    )
}
