//! The proposal as lines of `form.toml`: how a field is named so that it is found again, and the options of lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::options::{matched, values};
use super::proposal::{FieldMatch, FormProposal, LiveField, ProposedChoices, ProposedLine};
use super::words::Vocabulary;
use crate::dn::form::{Descriptor, FieldType, FormMap, LiveForm, Table, expected_types};
use label::case::keys::Key;
use label::wording::form;

impl fmt::Display for ProposedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line(self))
    }
}

fn line(line: &ProposedLine) -> String {
    let quoted = |label: &str| toml::Value::from(label).to_string();
    let key = line.key;
    let name = match line.block {
        Some(block) => format!("\"{block}.{key}\""),
        None => key.to_string(),
    };
    match &line.found {
        FieldMatch::Sure(label) => form::sure(&name, &quoted(label)),
        FieldMatch::Maybe(label, percent) => form::to_confirm(&name, &quoted(label), *percent),
        FieldMatch::Ambiguous(labels) => form::ambiguous(&name, labels),
        FieldMatch::WrongType(label, kind) => {
            let expected: Vec<String> = expected_types(key).iter().map(|kind| format!("{kind:?}")).collect();
            form::wrong_type(&name, &one_line(label), &format!("{kind:?}"), &expected)
        }
        FieldMatch::Missing => form::missing(&name),
    }
}

/// A label without control characters: it stands in a comment.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A field that a person has to choose: its label and its id.
pub(super) fn shown(field: &Descriptor) -> String {
    format!("« {} » ({})", one_line(field.label.trim()), field.id)
}

fn of_table(live: &LiveForm, table: Table) -> &[Descriptor] {
    match table {
        Table::Champs => &live.champs,
        Table::Annotations => &live.annotations,
    }
}

/// The label where it names this field alone, else the id; and whether the same label stands outside the block.
pub(super) fn name_of(
    live: &LiveForm,
    table: Table,
    field: &Descriptor,
    block: Option<Key>,
) -> (String, bool) {
    let fields = of_table(live, table);
    let label = field.label.trim();
    let same = |other: &&Descriptor| other.label.trim() == label && other.kind != FieldType::Header;
    let parent = fields.iter().find(|parent| parent.children.iter().any(|child| child.id == field.id));
    let beside = parent.map_or(fields, |parent| parent.children.as_slice());
    let alone = beside.iter().filter(same).count() == 1;
    let in_a_block =
        parent.is_none() && fields.iter().flat_map(|other| &other.children).any(|other| same(&other));
    let plain = !label.is_empty() && !label.chars().any(char::is_control);
    if !(alone && plain) || in_a_block {
        return (field.id.clone(), false);
    }
    let outside = block.is_some() && fields.iter().any(|other| same(&other));
    (label.to_owned(), outside)
}

/// The option lists of the fields that are proposed; one for both tables where they are the same.
pub(super) fn choices(
    vocabulary: &Vocabulary,
    shipped: &FormMap,
    live: &LiveForm,
    proposal: &mut FormProposal,
) {
    let mut lists: BTreeMap<Key, Vec<ProposedChoices>> = BTreeMap::new();
    for line in &proposal.lines {
        let all = of_table(live, line.table);
        let fields = all.iter().chain(all.iter().flat_map(|field| &field.children));
        let field = fields.into_iter().find(|field| Some(&field.id) == line.field.as_ref());
        let Some(field) = field.filter(|field| !field.options.is_empty()) else { continue };
        let known = shipped.choix.of(line.table, line.key).cloned().unwrap_or_default();
        let found = matched(vocabulary, line.key, &field.options, &known);
        let ours = values(line.key).into_iter();
        let ours = ours.map(|(value, _)| (value.to_owned(), found.get(value).cloned()));
        let values: Vec<_> = ours.collect();
        let left = field.options.iter().filter(|option| !found.values().any(|known| known == *option));
        let left = left.cloned().collect();
        if !values.is_empty() {
            let (table, key) = (Some(line.table), line.key);
            lists.entry(key).or_default().push(ProposedChoices { table, key, values, left });
        }
    }
    for mut lists in lists.into_values() {
        if lists.iter().map(|list| &list.values).collect::<BTreeSet<_>>().len() == 1 {
            lists.truncate(1);
            lists.iter_mut().for_each(|list| list.table = None);
        }
        proposal.choices.extend(lists);
    }
}

/// Every field of the form, with the title above it and the key that uses it.
pub(super) fn fields(live: &LiveForm, lines: &[ProposedLine]) -> Vec<LiveField> {
    let used = |id: &str| lines.iter().find(|line| line.field.as_deref() == Some(id)).map(|line| line.key);
    let mut all = Vec::new();
    for table in [Table::Champs, Table::Annotations] {
        let mut section = None;
        for field in of_table(live, table) {
            if field.kind == FieldType::Header {
                section = Some(one_line(field.label.trim()));
                continue;
            }
            let entry = |field: &Descriptor, block: Option<String>| LiveField {
                table,
                section: section.clone(),
                block,
                id: field.id.clone(),
                label: one_line(field.label.trim()),
                kind: field.kind,
                used_by: used(&field.id),
            };
            all.push(entry(field, None));
            let block = one_line(field.label.trim());
            all.extend(field.children.iter().map(|child| entry(child, Some(block.clone()))));
        }
    }
    all
}
