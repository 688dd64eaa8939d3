//! What was changed after it should have stayed: the marks of a report (R-3.7.1-g), and whose label was awarded.

use std::collections::BTreeMap;

use super::incoherence::Incoherence;
use crate::case::Frame;
use crate::case::awarded::{self, SaidSince};
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

/// What a dossier says of its service in the place of what was kept at the award; a field that its form has no longer, or that
/// no export tells, says nothing.
pub(super) fn since_award(facts: &Facts, since: &SaidSince, frame: &Frame) -> Vec<Incoherence> {
    let tells = |key: Key, now: &Option<Value>| now.is_some() || key == Key::Siret || frame.tells(facts, key);
    let mut kept = awarded::shown(facts);
    let changed = since.iter().filter(|(key, now)| tells(**key, now));
    let changed = changed.filter_map(|(key, now)| {
        let awarded = kept.remove(key)?;
        Some(Incoherence::ChangedSinceAward { key: *key, awarded, now: now.clone() })
    });
    changed.collect()
}

/// The marks that a dossier now shows.
#[must_use]
pub fn shown(facts: &Facts) -> BTreeMap<Key, Value> {
    let present = |key: Key| facts.values.get(&key).map(|value| (key, value.clone()));
    Key::MARKS.into_iter().filter_map(present).collect()
}
