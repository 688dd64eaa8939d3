//! The fields that a form lacks: what an administrator adds to the démarche, in order.

use std::collections::BTreeSet;

use super::options::values;
use super::proposal::{SHIPPED, shipped};
use crate::dn::form::{FieldType, Table, expected_types};
use label::case::keys::{Key, Kind};

/// A field to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldToAdd {
    pub table: Table,
    pub key: Key,
    pub block: Option<Key>,
    pub label: String,
    pub kind: FieldType,
    pub options: Vec<String>,
}

/// The fields of the shipped form but those of `present`, in the order of the shipped file.
#[must_use]
pub fn fields_to_add(present: &BTreeSet<Key>) -> Vec<FieldToAdd> {
    let map = shipped();
    let mut all = Vec::new();
    let mut table = Table::Champs;
    for line in SHIPPED.lines() {
        match line.split_whitespace().next() {
            Some("[annotations]") => table = Table::Annotations,
            Some(section) if section.starts_with("[choix") => break,
            _ => {}
        }
        let key = line.split_once(" = ").and_then(|(name, _)| Key::from_name(name));
        let Some(key) = key.filter(|key| !present.contains(key)) else { continue };
        let lines = if table == Table::Champs { &map.champs } else { &map.annotations };
        let Some(label) = lines.get(key.name()).cloned() else { continue };
        let block =
            [Key::Sites, Key::Evenements, Key::Preuves].into_iter().find(|of| of.cells().contains(&key));
        let known = map.choix.of(table, key);
        let option = |(value, spoken): (&str, &str)| {
            known
                .and_then(|known| known.get(value))
                .cloned()
                .unwrap_or_else(|| capital(&spoken.replace('-', " ")))
        };
        let kind = usual(key);
        let lists = matches!(kind, FieldType::DropDownList | FieldType::MultipleDropDownList);
        let options = if lists { values(key).into_iter().map(option).collect() } else { Vec::new() };
        all.push(FieldToAdd { table, key, block, label, kind, options });
    }
    all
}

/// The type that suits a key best among those that it may have.
fn usual(key: Key) -> FieldType {
    match key.kind() {
        Kind::Words if key == Key::Organisme => FieldType::DropDownList,
        Kind::Words if key == Key::SitesVisites => FieldType::Textarea,
        Kind::Lines => FieldType::Textarea,
        _ => expected_types(key).first().copied().unwrap_or(FieldType::Text),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
