//! The lines that `vigie form` proposes for `form.toml`: TOML, with a French comment on how sure each is.

use std::fmt::Display;

use crate::case::keys::Key;

/// A field with the expected label and type; `label` as TOML writes it, quotes included.
#[must_use]
pub fn sure(key: Key, label: &str) -> String {
    format!("{key} = {label} # sûr")
}

/// A field with a similar label, `percent` of the words in common; `label` as TOML writes it, quotes included.
#[must_use]
pub fn to_confirm(key: Key, label: &str, percent: usize) -> String {
    format!("{key} = {label} # à confirmer ({percent} %)")
}

/// Several fields fit equally well.
#[must_use]
pub fn ambiguous(key: Key, fields: &[String]) -> String {
    format!("# {key} : ambigu, entre {}", fields.join(" / "))
}

/// A field with the expected label is of another type.
#[must_use]
pub fn wrong_type(key: Key, label: &str, found: impl Display, expected: impl Display) -> String {
    format!("# {key} : « {label} » est de type {found}, il faudrait {expected}")
}

/// No field fits.
#[must_use]
pub fn missing(key: Key) -> String {
    format!("# {key} : aucun champ")
}
