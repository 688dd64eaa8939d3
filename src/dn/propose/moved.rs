//! What moved in a form since `form.toml` was proposed: the proposal ends with a line for each field of the form, by its id,
//! which no revision changes.

use std::collections::BTreeMap;

use super::proposal::LiveField;
use label::wording::form;

/// How each of these lines begins.
const MARK: &str = "# = ";
const BAR: &str = " | ";

/// The line that remembers a field.
#[must_use]
pub fn remembered(field: &LiveField) -> String {
    let key = field.used_by.map_or("-", label::case::keys::Key::name);
    format!("{MARK}{}{BAR}{}{BAR}{}{BAR}{key}{BAR}{}", field.id, kind(field), place(field), field.label)
}

/// « Texte court ».
fn kind(field: &LiveField) -> String {
    form::platform_type(&format!("{:?}", field.kind)).to_owned()
}

/// « champs › Enquêtes › Sites couverts ».
fn place(field: &LiveField) -> String {
    let parts = [Some(field.table.to_string()), field.section.clone(), field.block.clone()];
    let parts = parts.into_iter().flatten().map(|part| part.replace(BAR, " "));
    parts.collect::<Vec<_>>().join(" › ")
}

struct Before<'t> {
    kind: &'t str,
    place: &'t str,
    key: &'t str,
    label: &'t str,
}

/// What is different since `text`, a `form.toml` that ends with such lines; nothing when it does not.
#[must_use]
pub fn moved(text: &str, now: &[LiveField]) -> Vec<String> {
    let mut before: BTreeMap<&str, Before<'_>> = BTreeMap::new();
    for line in text.lines().filter_map(|line| line.strip_prefix(MARK)) {
        let mut parts = line.splitn(5, BAR);
        if let (Some(id), Some(kind), Some(place), Some(key), Some(label)) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        {
            before.insert(id, Before { kind, place, key, label });
        }
    }
    if before.is_empty() {
        return Vec::new();
    }
    let mut said = Vec::new();
    for field in now {
        let Some(was) = before.remove(field.id.as_str()) else {
            said.push(form::field_added(&field.label, &place(field)));
            continue;
        };
        let key = (was.key != "-").then_some(was.key);
        if was.label != field.label {
            said.push(form::field_renamed(was.label, &field.label, key));
        }
        let kind = kind(field);
        // A file of an earlier version names types in English.
        if form::platform_type(was.kind) != kind {
            said.push(form::field_retyped(&field.label, was.kind, &kind, key));
        }
        if was.place != place(field) {
            said.push(form::field_moved(&field.label, was.place, &place(field)));
        }
    }
    said.extend(
        before.into_values().map(|was| form::field_gone(was.label, (was.key != "-").then_some(was.key))),
    );
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dn::form::{FieldType, Table};
    use label::case::keys::Key;

    fn field(id: &str, label: &str, kind: FieldType, used_by: Option<Key>) -> LiveField {
        let section = Some("Enquêtes".to_owned());
        LiveField {
            table: Table::Champs,
            section,
            block: None,
            id: id.to_owned(),
            label: label.to_owned(),
            kind,
            used_by,
        }
    }

    #[test]
    fn each_kind_of_change_is_said_once() {
        let before = [
            field("a", "Note | sur 100", FieldType::DecimalNumber, Some(Key::NoteUsagers)),
            field("b", "Rapport", FieldType::PieceJustificative, None),
            field("c", "Clôture", FieldType::Date, Some(Key::EnqueteUsagersCloture)),
            field("d", "Divers", FieldType::Text, None),
        ];
        let text: String = before.iter().map(|field| remembered(field) + "\n").collect();
        assert_eq!(moved(&text, &before), Vec::<String>::new());
        let earlier = text.replace("Nombre décimal", "DecimalNumber").replace("Texte court", "Text");
        assert_ne!(earlier, text);
        assert_eq!(moved(&earlier, &before), Vec::<String>::new(), "types as an earlier version wrote them");
        assert_eq!(moved("[champs]\n# a note", &before), Vec::<String>::new(), "nothing is remembered");
        let mut elsewhere = field("d", "Divers", FieldType::Text, None);
        elsewhere.section = None;
        let now = [
            field("a", "Score", FieldType::DecimalNumber, Some(Key::NoteUsagers)),
            field("c", "Clôture", FieldType::Text, None),
            elsewhere,
            field("e", "Nouveau", FieldType::Text, None),
        ];
        let said = moved(&text, &now);
        assert_eq!(said.len(), 5, "{said:#?}");
        for part in [
            "« Note | sur 100 » s’appelle maintenant « Score » (note_usagers)",
            "« Clôture » : le type est passé de « Date » à « Texte court » (enquete_usagers_cloture)",
            "« Divers » : déplacé de « champs › Enquêtes » à « champs »",
            "« Nouveau » : ajouté dans « champs › Enquêtes »",
            "« Rapport » : n’existe plus",
        ] {
            assert!(said.iter().any(|line| line == part), "{part} in {said:#?}");
        }
    }
}
