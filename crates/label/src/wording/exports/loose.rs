//! Files of zips that are used for nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plain;
use crate::wording::agreement::count;

/// Why a file of a zip is used for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loose {
    /// No cell that is read names it.
    Unnamed,
    /// Several files have this name, or several cells name it, and nothing says which is which.
    Twins,
    /// The dossier changed since the zip was made, or nothing says that it did not.
    Older,
    /// It cannot be unpacked.
    Faulty,
}

/// Files named in one line; the others are counted.
pub(super) const LOOSE_NAMED: usize = 5;

/// What of the zips is used for nothing: one line for each reason, with what to do. `more`: how many there are beside
/// these files.
#[must_use]
pub fn loose(files: &[(i64, String, Loose)], more: &BTreeMap<Loose, usize>) -> Vec<String> {
    let mut lines = Vec::new();
    for (why, one, many, remedy) in [
        (
            Loose::Unnamed,
            "pièce d’un zip qui n’est nommée dans aucun champ lu, laissée de côté",
            "pièces d’un zip qui ne sont nommées dans aucun champ lu, laissées de côté",
            "le champ n’est pas dans form.toml, ou le tableur est plus ancien que le zip",
        ),
        (
            Loose::Twins,
            "nom porté par plusieurs pièces d’un dossier : rien ne dit laquelle est dans quel champ, elles restent inconnues",
            "noms portés par plusieurs pièces d’un même dossier : rien ne dit laquelle est dans quel champ, elles restent inconnues",
            "ouvrez-les sur la plateforme",
        ),
        (
            Loose::Older,
            "pièce d’un zip antérieur à la dernière modification du dossier, ou dont rien ne dit qu’il la suit : elle a pu être remplacée, elle reste inconnue",
            "pièces d’un zip antérieur à la dernière modification du dossier, ou dont rien ne dit qu’il la suit : elles ont pu être remplacées, elles restent inconnues",
            "téléchargez un zip plus récent que le tableur",
        ),
        (
            Loose::Faulty,
            "pièce d’un zip qui ne se décompresse pas (abîmée, protégée ou trop grande), elle reste inconnue",
            "pièces d’un zip qui ne se décompressent pas (abîmées, protégées ou trop grandes), elles restent inconnues",
            "téléchargez le zip de nouveau, ou ouvrez-les sur la plateforme",
        ),
    ] {
        let own: Vec<String> = files
            .iter()
            .filter(|(_, _, of)| *of == why)
            .map(|(dossier, name, _)| format!("dossier {dossier} « {} »", plain::line(name)))
            .collect();
        let all = own.len() + more.get(&why).copied().unwrap_or(0);
        if all > 0 {
            let shown = own.iter().take(LOOSE_NAMED).cloned().collect::<Vec<_>>().join(", ");
            let named = match all.saturating_sub(LOOSE_NAMED.min(own.len())) {
                _ if own.is_empty() => String::new(),
                0 => format!(" : {shown}"),
                rest => format!(" : {shown} et {}", count(rest, "autre", "autres")),
            };
            lines.push(format!("{} ({remedy}){named}", count(all, one, many)));
        }
    }
    lines
}
