//! What the page of a draw says.

use super::agreement::count;

pub const TITLE: &str = "Tirage au sort des services à auditer";
pub const NOTHING_KEPT: &str = "Rien n’est enregistré : la graine et la liste sont dans l’adresse de la page, qui suffit à refaire le tirage.";
pub const NO_SEED: &str = "Il manque la graine : un texte fixé et publié avant que la liste ne soit arrêtée.";
pub const NO_LIST: &str = "Il manque la liste : un identifiant par ligne.";

#[must_use]
pub fn too_many(most: usize) -> String {
    format!(
        "La liste a plus de {most} identifiants : faites ce tirage avec « vigie draw », qui donne le même résultat."
    )
}

#[must_use]
pub fn too_long(most: usize) -> String {
    format!("La graine et chaque identifiant ont {most} caractères au plus.")
}

#[must_use]
pub fn not_a_size(listed: usize) -> String {
    format!(
        "Le nombre à tirer va de 1 à {listed} ({}).",
        count(listed, "identifiant distinct", "identifiants distincts")
    )
}
