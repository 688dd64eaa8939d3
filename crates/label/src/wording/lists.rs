//! Words of the lists: what they are narrowed to, and the names that people give them.

use crate::case::Decision;
use crate::guide::Rule;

use super::names;

/// Page 400 of an address that cannot be read.
pub const NOT_UNDERSTOOD: &str = "L’adresse de cette page n’est pas comprise : une valeur y est donnée deux fois, ou sous une forme qui n’en est pas une. Revenez à la page d’accueil, et reprenez le chemin par les menus.";

/// How a deadline stands, by the word that is stored; `moot`: nothing can be done for it any more, before its day.
#[must_use]
pub fn status(word: &str, moot: bool) -> &'static str {
    match word {
        "passed" if moot => names::MOOT,
        "late" => "en retard",
        "passed" => "passée",
        "done" => "faite",
        "done_late" => "faite en retard",
        _ => "à venir",
    }
}

/// Answers about the lists that a person names.
pub const VIEW_WITHOUT_NAME: &str = "Donnez un nom à cette vue.";
/// When the address to keep is not that of a list.
pub const NO_LIST: &str =
    "Cette adresse n’est pas celle d’une liste : gardez une vue depuis la page de la liste.";
/// When the view to rename or forget is gone, or its new name is taken.
pub const NO_SUCH_VIEW: &str = "Cette vue n’existe plus, ou une autre porte déjà ce nom.";

/// When a person already keeps `most` views.
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

/// An address that names no figure of the statistics.
pub const NO_FIGURE: &str = "Ce chiffre n’existe pas : ouvrez une liste depuis la page Statistiques.";

/// The title of the list behind a figure, by its word in the address.
#[must_use]
pub fn counted(word: &str) -> &'static str {
    match word {
        "candidatures" => "Candidatures",
        "audits" => "Audits menés",
        "labellises" => "Labels accordés",
        "refuses" => "Refus",
        "plans_a_temps" => "Plans d’audit transmis à temps",
        "plans_en_retard" => "Plans d’audit en retard",
        "rapports_a_temps" => "Rapports d’audit transmis à temps",
        "rapports_en_retard" => "Rapports d’audit en retard",
        "etape" => "Étape franchie",
        "delai_tenu" => "Délai tenu",
        "delai_depasse" => "Délai dépassé",
        "limite" => "Refus, ce qui manquait au Bronze",
        "enquete" => "Notes d’enquête",
        _ => "Dossiers",
    }
}

/// The decision on a dossier, by the word that is stored.
#[must_use]
pub fn outcome(key: &str) -> String {
    let known = Decision::from_key(key);
    known.map_or_else(|| key.to_owned(), |decision| names::decision(decision).to_owned())
}

/// A type of service, by the form's word.
#[must_use]
pub fn service(key: &str) -> &'static str {
    match key {
        "local_independant" => "Service local indépendant",
        "local_rattache" => "Service local rattaché",
        "central" => "Service central",
        _ => "Type non précisé",
    }
}

/// A certification body in the statistics, or that none is stated when `name` is empty.
#[must_use]
pub fn body(name: &str) -> String {
    if name.is_empty() { "Organisme non précisé".to_owned() } else { name.to_owned() }
}

/// A département, or that none is stated.
#[must_use]
pub fn departement(code: &str) -> String {
    if code.is_empty() { "Département non précisé".to_owned() } else { format!("Département {code}") }
}
