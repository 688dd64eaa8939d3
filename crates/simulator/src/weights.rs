//! The cost of a query, from its text: depth, complexity, and the types that it names.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Value as Leaf};
use std::collections::HashSet;

type Variables = IndexMap<Name, Leaf>;

/// Fields count, fragments do not.
pub(super) fn depth(document: &ExecutableDocument, set: &SelectionSet) -> usize {
    let one = |selection: &Selection| match selection {
        Selection::Field(field) => 1 + depth(document, &field.node.selection_set.node),
        Selection::InlineFragment(fragment) => depth(document, &fragment.node.selection_set.node),
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .map_or(0, |fragment| depth(document, &fragment.node.selection_set.node)),
    };
    set.items.iter().map(|selection| one(&selection.node)).max().unwrap_or(0)
}

/// Every type named by a fragment of the text, used or not by this operation.
pub(super) fn fragments(document: &ExecutableDocument) -> HashSet<String> {
    let mut names = HashSet::new();
    for fragment in document.fragments.values() {
        names.insert(fragment.node.type_condition.node.on.node.to_string());
        inline(&fragment.node.selection_set.node, &mut names);
    }
    for (_, operation) in document.operations.iter() {
        inline(&operation.node.selection_set.node, &mut names);
    }
    names
}

fn inline(set: &SelectionSet, names: &mut HashSet<String>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => inline(&field.node.selection_set.node, names),
            Selection::InlineFragment(fragment) => {
                names.extend(fragment.node.type_condition.as_ref().map(|one| one.node.on.node.to_string()));
                inline(&fragment.node.selection_set.node, names);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// One for each field, a page as many times as it has items; near the platform's own count, not equal to it.
pub(super) fn complexity(document: &ExecutableDocument, set: &SelectionSet, variables: &Variables) -> u64 {
    let one = |selection: &Selection| match selection {
        Selection::Field(field) => {
            let below = complexity(document, &field.node.selection_set.node, variables);
            1 + below.saturating_mul(page(&field.node, variables))
        }
        Selection::InlineFragment(fragment) => {
            complexity(document, &fragment.node.selection_set.node, variables)
        }
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .map_or(0, |fragment| complexity(document, &fragment.node.selection_set.node, variables)),
    };
    set.items.iter().map(|selection| one(&selection.node)).fold(0, u64::saturating_add)
}

/// How many items a field may bring: those asked for, a hundred at most and by default.
fn page(field: &Field, variables: &Variables) -> u64 {
    if !matches!(field.name.node.as_str(), "dossiers" | "pendingDeletedDossiers" | "deletedDossiers") {
        return 1;
    }
    let asked = ["first", "last"].into_iter().find_map(|name| {
        let value = field.get_argument(name)?.node.clone();
        let leaf = value.into_const_with(|name| variables.get(&name).cloned().ok_or(())).ok()?;
        if let Leaf::Number(number) = leaf { number.as_u64() } else { None }
    });
    asked.unwrap_or(100).min(100)
}
