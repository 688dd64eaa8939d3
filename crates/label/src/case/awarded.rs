//! What a dossier said of its service when its label was awarded: its SIRET, its kind, the central that it is attached to.
//! The register and the network keep it when the dossier says something else later, until the certification body takes the
//! new value over.

use std::collections::BTreeMap;

use crate::case::assembly::decisions_of_table;
pub use crate::case::contents::SaidSince;
use crate::case::event::{Decision, Event, decision_is_untold, present_event};
use crate::case::facts::{Facts, Value};
use crate::case::keys::Key;

/// Whose label it is, and under which rules: what is kept as it was at the award.
pub const KEPT: [Key; 3] = [Key::Siret, Key::TypeService, Key::CentralDossier];

/// What the decisions of a dossier, as it shows them, say of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Award {
    /// One of them is about a label: it was awarded.
    Stands,
    /// None is, although the dossier tells what was decided: an award that was read earlier was a mistake.
    None,
    /// The dossier does not tell: what was read earlier stands.
    Untold,
}

impl Award {
    /// What the table of decisions of a dossier says, else its single field and its state on the platform. `emptied`: a person
    /// emptied the decision.
    #[must_use]
    pub fn of(facts: &Facts, emptied: bool) -> Award {
        let table = decisions_of_table(facts);
        let written = table.is_some();
        let shown = table.unwrap_or_else(|| present_event(facts).into_iter().collect());
        let about_a_label =
            |event: &Event| !matches!(event.decision, Decision::Rejete | Decision::PlanActions);
        if shown.iter().any(about_a_label) {
            return Award::Stands;
        }
        let refused = shown.iter().any(|event| event.decision == Decision::Rejete);
        let annulled = written && shown.is_empty();
        match refused || annulled || (emptied && !decision_is_untold(facts)) {
            true => Award::None,
            false => Award::Untold,
        }
    }
}

/// What a dossier says of the service; a field that it leaves empty is absent.
#[must_use]
pub fn shown(facts: &Facts) -> BTreeMap<Key, Value> {
    let value = |key: Key| match key {
        Key::Siret => facts.siret.clone().map(Value::Text),
        _ => facts.values.get(&key).cloned(),
    };
    KEPT.into_iter().filter_map(|key| value(key).map(|value| (key, value))).collect()
}

/// Puts what was kept at the award in the place of what the dossier says now, and returns what that was. A value that cannot
/// be read is not among them: another finding tells it.
pub fn keep(facts: &mut Facts, kept: &BTreeMap<Key, Value>) -> SaidSince {
    let now = shown(facts);
    let mut since = SaidSince::new();
    for (key, value) in kept.iter().filter(|(key, value)| now.get(*key) != Some(*value)) {
        let unreadable = match key {
            Key::Siret => facts.siret.is_none() && facts.siret_doubt.is_some(),
            _ => facts.unreadable.contains_key(key),
        };
        match (key, value) {
            (Key::Siret, Value::Text(siret)) => facts.siret = Some(siret.clone()),
            _ => drop(facts.values.insert(*key, value.clone())),
        }
        if !unreadable {
            since.insert(*key, now.get(key).cloned());
        }
    }
    since
}
