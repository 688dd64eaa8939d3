//! R-3.7.1-g — the marks of a report are not revised after it.

use std::collections::BTreeMap;

use super::incoherence::Incoherence;
use crate::case::facts::{Facts, Value};
use crate::case::keys::Key;

/// The marks that are not those first read once the report was sent.
pub(super) fn marks(facts: &Facts, reported: &BTreeMap<Key, Value>) -> Vec<Incoherence> {
    let changed = reported.iter().filter(|(key, value)| {
        !facts.unreadable.contains_key(*key) && facts.values.get(*key) != Some(*value)
    });
    let revised = changed.map(|(key, value)| Incoherence::MarkRevised {
        key: *key,
        reported: value.clone(),
        now: facts.values.get(key).cloned(),
    });
    revised.collect()
}

/// The marks that a dossier now shows.
#[must_use]
pub fn shown(facts: &Facts) -> BTreeMap<Key, Value> {
    let present = |key: Key| facts.values.get(&key).map(|value| (key, value.clone()));
    Key::MARKS.into_iter().filter_map(present).collect()
}
