//! Why a judgement says something else than the one before: who or what changed.

use serde::{Deserialize, Serialize};

use crate::case::facts::Facts;
use crate::case::keys::Key;

use super::agreement::count;
use super::fields;

/// The most keys named in a sentence.
const NAMED: usize = 4;

/// One thing that changed since the judgement before. Stored: one is added, none is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Cause {
    /// The case was never judged.
    First,
    /// The facts of one dossier differ; `keys` are the names of the keys, as `form.toml` has them.
    Facts {
        /// The number of that dossier.
        dossier: i64,
        /// Who changed it.
        by: Author,
        /// Empty when no key accounts for the difference.
        keys: Vec<String>,
    },
    /// A dossier joined the case, or left it.
    Dossiers,
    /// An attachment was inspected or read, an earlier decision was seen, or the network changed.
    Circumstances,
    /// A person found an overdue deadline settled, or takes that back.
    Settled,
    /// The readings of `choices.toml`, a form, or the days off.
    Frame,
    /// Another version of the program.
    Version,
    /// Nothing but the day.
    Day,
}

/// Who changed the facts of a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The candidate submitted changes.
    Candidat,
    /// A person on the platform: an annotation, a decision.
    Instructeur,
}

/// What changed between two versions of the facts of one dossier; without the versions, only that it did.
#[must_use]
pub fn facts_changed(dossier: i64, before: Option<&Facts>, after: &Facts) -> Cause {
    let by = |before: &Facts| match before.submitted == after.submitted {
        true => Author::Instructeur,
        false => Author::Candidat,
    };
    let Some(before) = before else {
        return Cause::Facts { dossier, by: Author::Instructeur, keys: Vec::new() };
    };
    let known = before.values.keys().chain(after.values.keys()).chain(before.unreadable.keys());
    let mut keys: Vec<Key> = known.chain(after.unreadable.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| {
        !key.is_written()
            && (before.values.get(key) != after.values.get(key)
                || before.unreadable.get(key) != after.unreadable.get(key))
    });
    Cause::Facts { dossier, by: by(before), keys: keys.iter().map(|key| key.name().to_owned()).collect() }
}

/// « parce que l’organisme a changé le dossier 4242 (Premier jour de l’audit) ».
#[must_use]
pub fn sentence(causes: &[Cause]) -> String {
    let parts: Vec<String> = causes.iter().filter_map(one).collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("parce {}", parts.iter().map(|part| that(part)).collect::<Vec<_>>().join(" et ")),
    }
}

/// « que le jour a changé », « qu’une pièce… ».
fn that(clause: &str) -> String {
    if clause.starts_with('u') { format!("qu’{clause}") } else { format!("que {clause}") }
}

fn one(cause: &Cause) -> Option<String> {
    Some(match cause {
        Cause::First => return None,
        Cause::Facts { dossier, by, keys } => {
            let who = match by {
                Author::Candidat => "le candidat",
                Author::Instructeur => "une personne, sur la plateforme,",
            };
            format!("{who} a changé le dossier {dossier}{}", named(keys))
        }
        Cause::Dossiers => "les dossiers de ce service ne sont plus les mêmes".to_owned(),
        Cause::Circumstances => {
            "une pièce a été examinée, une décision relue ou le réseau a changé".to_owned()
        }
        Cause::Settled => "une personne a constaté une échéance, ou repris un constat".to_owned(),
        Cause::Frame => "une lecture du guide, un formulaire ou un jour férié a changé".to_owned(),
        Cause::Version => "vigie a changé de version".to_owned(),
        Cause::Day => "le jour a changé".to_owned(),
    })
}

fn named(keys: &[String]) -> String {
    let known = |name: &String| Key::ALL.iter().find(|key| key.name() == name);
    let name = |name: &String| known(name).map_or_else(|| name.clone(), |key| fields::key(*key).to_owned());
    let mut texts: Vec<String> = keys.iter().take(NAMED).map(name).collect();
    match keys.len().saturating_sub(NAMED) {
        0 => {}
        1 => texts.push("1 autre".to_owned()),
        rest => texts.push(count(rest, "autre", "autres")),
    }
    if texts.is_empty() { String::new() } else { format!(" ({})", texts.join(", ")) }
}
