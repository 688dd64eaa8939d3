//! Words of the lists: what they are narrowed to, and the names that people give them.

use crate::guide::Rule;

/// How a deadline stands, by the word that is stored.
#[must_use]
pub fn status(word: &str) -> &'static str {
    match word {
        "late" => "en retard",
        "passed" => "passée",
        "done" => "faite",
        _ => "à venir",
    }
}

/// Answers about the lists that a person names.
pub const VIEW_WITHOUT_NAME: &str = "Donnez un nom à cette vue.";
pub const NO_LIST: &str =
    "Cette adresse n’est pas celle d’une liste : gardez une vue depuis la page de la liste.";
pub const NO_SUCH_VIEW: &str = "Cette vue n’existe plus, ou une autre porte déjà ce nom.";

#[must_use]
pub fn too_many_views(most: i64) -> String {
    format!("Vous gardez déjà {most} vues : oubliez-en une, depuis la page Travail.")
}

/// A rule, for a list to choose from: « § 3.4 (R-3.4-a) ».
#[must_use]
pub fn rule(rule: &str) -> String {
    match Rule::find(rule) {
        Some(found) => format!("§ {} ({})", found.section, found.id),
        None if rule == "DN" => "plateforme".to_owned(),
        None => rule.to_owned(),
    }
}
