//! The texts of the empty tables.

use crate::case::table::TableKind;

/// Name of the sheet of a survey, where the layout gives none.
pub const RESULTS: &str = "Résultats";
/// Name of the sheet of an audit grid, where the layout gives none.
pub const GRID: &str = "Grille";
/// Name of the explanatory sheet, which also holds the allowed values.
pub const SHEET: &str = "Mode d’emploi";
/// Title of the column of the allowed values on that sheet.
pub const CHOICES: &str = "Valeurs possibles";
/// Title of the error when a cell of a survey is no count.
pub const COUNT_TITLE: &str = "Nombre attendu";
/// Text of that error.
pub const COUNT_MESSAGE: &str = "Indiquez un nombre entier de réponses, 0 s’il n’y en a pas.";
/// Title of the error when a cell of a grid is not one of the allowed values.
pub const CHOICE_TITLE: &str = "Valeur prévue attendue";
/// Text of that error.
pub const CHOICE_MESSAGE: &str = "Choisissez l’une des valeurs de la liste.";

/// The lines of the explanatory sheet.
#[must_use]
pub fn explanation(kind: TableKind) -> Vec<&'static str> {
    let (own, section): (&[&str], &str) = match kind {
        TableKind::EnqueteUsagers => (
            &[
                "Tableau des résultats de l’enquête usagers",
                "Indiquez, pour chaque question, combien de questionnaires recevables ont donné chaque réponse.",
                "Les engagements 1, 2, 3, 4, 5 et 7 ont deux questions, les engagements 6 et 8 en ont une ; la dernière ligne est la satisfaction globale.",
                "Ne comptez que les questionnaires recevables : terminés, avec plus de la moitié des questions exprimées.",
            ],
            "Guide du label, § 3.4.1 : la note est la moyenne des notes des huit engagements et de la satisfaction globale.",
        ),
        TableKind::EnqueteAgents => (
            &[
                "Tableau des résultats de l’enquête agents",
                "Indiquez, pour chaque question, combien de questionnaires recevables ont donné chaque réponse.",
                "Ne comptez que les questionnaires recevables : terminés, avec plus de la moitié des questions exprimées.",
            ],
            "Guide du label, § 3.4.2 : la note est la moyenne des notes des onze questions.",
        ),
        TableKind::GrilleLocal => (
            &[
                "Grille d’audit d’un service public local",
                "Une ligne par point de contrôle : son engagement (ou « Critères Or »), son intitulé, sa note.",
                "La note est 0, 0,25, 0,75 ou 1 ; indiquez NA pour un point qui ne s’applique pas. Une note vide empêche le recalcul.",
                "Avec plusieurs sites, indiquez le site de chaque ligne ; avec un seul, laissez la colonne vide.",
                "Ajoutez autant de lignes qu’il en faut, et supprimez celles qui ne servent pas.",
            ],
            "Guide du label, § 3.7.1 : le score d’un engagement est la moyenne sur 100 de ses points de contrôle.",
        ),
        TableKind::GrilleCentral => (
            &[
                "Grille d’audit d’un service public central",
                "Une ligne par point de contrôle : son intitulé, et son évaluation : Oui, Non, ou NA s’il ne s’applique pas.",
                "Ajoutez autant de lignes qu’il en faut, et supprimez celles qui ne servent pas.",
            ],
            "Guide du label, § 3.7.2 : il faut 75 % des points de contrôle validés (§ 2.2.2).",
        ),
    };
    const COMMON: [&str; 3] = [
        "Ne changez pas les titres des colonnes. Des lignes peuvent précéder les titres.",
        "Déposez le fichier au format .xlsx, .ods ou .csv, sans mot de passe. N’y mettez aucun nom de personne ni texte libre : seuls les nombres sont relevés.",
        "Ce que les nombres donnent est comparé à ce que le dossier déclare ; une différence est signalée à l’organisme de certification, qui décide.",
    ];
    own.iter().chain(&[section]).chain(&COMMON).copied().collect()
}
