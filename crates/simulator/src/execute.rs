//! Execution of a validated operation: fragments, directives, aliases, and the propagation of a null to the nearest nullable
//! parent, each error with its path and location. Written here because the platform still answers the other items of a page
//! and the other root fields when one fails, and the library stops at the first error.

use super::node::{Failure, Node, Source};
use super::reading::{self, Call};
use super::types::Types;
use super::variables::Arguments;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
    SelectionSet, Type,
};
use async_graphql::{Name, Pos, Positioned, Value as Leaf};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// A null in a non-null place, which makes its parent null; its error is already recorded.
struct Climb;

/// How one execution goes: the fault that it meets, and the language of its caller.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// The platform's own limit of 30 seconds is exceeded: the nodes of the pages are missing (§1.3).
    pub(super) timeout: bool,
    /// This item of the first page of dossiers cannot be produced.
    pub(super) null_item: Option<usize>,
    pub(super) english: bool,
}

pub(super) struct Executor<'a, 'w> {
    pub(super) types: &'a Types,
    pub(super) document: &'a ExecutableDocument,
    pub(super) variables: &'a IndexMap<Name, Leaf>,
    pub(super) call: Call<'w>,
    pub(super) manner: Manner,
    /// Inside the item that cannot be produced, until a field of it failed.
    pub(super) spoiling: bool,
    pub(super) path: Vec<Json>,
    pub(super) errors: Vec<Json>,
    /// A failure that replaces the whole answer.
    pub(super) fatal: Option<(u16, Json)>,
}

impl<'a> Executor<'a, '_> {
    pub(super) fn run(&mut self, operation: &'a OperationDefinition) -> Option<Leaf> {
        let root = if operation.ty == OperationType::Mutation { "Mutation" } else { "Query" };
        self.object(root, &Source::Root, &[&operation.selection_set.node]).ok()
    }

    fn object(&mut self, type_name: &str, source: &Source, sets: &[&'a SelectionSet]) -> Result<Leaf, Climb> {
        let mut fields: IndexMap<Name, Vec<&'a Positioned<Field>>> = IndexMap::new();
        for set in sets {
            self.collect(type_name, set, &mut fields);
        }
        let mut map = IndexMap::new();
        for (key, same) in fields {
            self.path.push(json!(key.as_str()));
            let value = self.field(type_name, source, &same);
            self.path.pop();
            map.insert(key, value?);
        }
        Ok(Leaf::Object(map))
    }

    fn collect(
        &self,
        type_name: &str,
        set: &'a SelectionSet,
        fields: &mut IndexMap<Name, Vec<&'a Positioned<Field>>>,
    ) {
        for selection in &set.items {
            if self.is_skipped(selection.node.directives()) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => {
                    fields.entry(field.node.response_key().node.clone()).or_default().push(field)
                }
                Selection::InlineFragment(fragment) => {
                    let condition =
                        fragment.node.type_condition.as_ref().map(|one| one.node.on.node.as_str());
                    if condition.is_none_or(|condition| self.types.applies(type_name, condition)) {
                        self.collect(type_name, &fragment.node.selection_set.node, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    if self.types.applies(type_name, &fragment.node.type_condition.node.on.node) {
                        self.collect(type_name, &fragment.node.selection_set.node, fields);
                    }
                }
            }
        }
    }

    fn is_skipped(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let asked = directive.node.get_argument("if").cloned().and_then(|value| {
                value.node.into_const_with(|name| self.variables.get(&name).cloned().ok_or(())).ok()
            });
            match directive.node.name.node.as_str() {
                "skip" => asked == Some(Leaf::Boolean(true)),
                "include" => asked == Some(Leaf::Boolean(false)),
                _ => false,
            }
        })
    }

    fn arguments(&self, field: &Field, defaults: &HashMap<String, Leaf>) -> Arguments {
        let mut arguments = IndexMap::new();
        for (name, value) in &field.arguments {
            let strict =
                value.node.clone().into_const_with(|name| self.variables.get(&name).cloned().ok_or(()));
            let leaf = match strict {
                Ok(leaf) => leaf,
                // The argument is a variable that was not given: it is absent, and its default applies.
                Err(()) if value.node.to_string().starts_with('$') => continue,
                Err(()) => match value.node.clone().into_const_with(|name| {
                    Ok::<_, ()>(self.variables.get(&name).cloned().unwrap_or_default())
                }) {
                    Ok(leaf) => leaf,
                    Err(()) => continue,
                },
            };
            arguments.insert(name.node.clone(), leaf);
        }
        for (name, default) in defaults {
            arguments.entry(Name::new(name)).or_insert_with(|| default.clone());
        }
        Arguments(arguments)
    }

    fn field(
        &mut self,
        type_name: &str,
        source: &Source,
        same: &[&'a Positioned<Field>],
    ) -> Result<Leaf, Climb> {
        let Some(first) = same.first() else { return Err(Climb) };
        let name = first.node.name.node.as_str();
        if name == "__typename" {
            return Ok(Leaf::from(type_name));
        }
        let types = self.types;
        let Some(definition) = types.field(type_name, name) else { return Err(Climb) };
        let arguments = self.arguments(&first.node, &definition.defaults);
        let sets: Vec<&'a SelectionSet> = same.iter().map(|field| &field.node.selection_set.node).collect();
        let answer = if self.manner.timeout && name == "nodes" {
            Err(self.timed_out(type_name, name))
        } else if self.spoiling && type_name == "Dossier" && !definition.ty.nullable {
            self.spoiling = false;
            let message = format!("Cannot return null for non-nullable field {type_name}.{name}");
            Err(Failure::new("invalid_null", message))
        } else {
            reading::resolve(&mut self.call, type_name, source, name, &arguments)
        };
        match answer {
            Ok(node) => self.complete(&definition.ty, node, &sets, &format!("{type_name}.{name}"), first.pos),
            Err(failure) => {
                self.record(failure, first.pos);
                if definition.ty.nullable { Ok(Leaf::Null) } else { Err(Climb) }
            }
        }
    }

    fn timed_out(&self, type_name: &str, name: &str) -> Failure {
        let message = format!("Timeout on {type_name}.{name}");
        let again = self.errors.iter().any(|error| error["extensions"]["code"] == "timeout");
        Failure { message, code: (!again).then_some("timeout"), status: None }
    }

    fn complete(
        &mut self,
        ty: &Type,
        node: Node,
        sets: &[&'a SelectionSet],
        field: &str,
        pos: Pos,
    ) -> Result<Leaf, Climb> {
        let done = match (&ty.base, node) {
            (_, Node::Broken(failure)) => {
                self.record(failure, pos);
                Err(Climb)
            }
            (_, Node::Null) if ty.nullable => return Ok(Leaf::Null),
            (_, Node::Null) => {
                self.record(
                    Failure::new(
                        "invalid_null",
                        format!("Cannot return null for non-nullable field {field}"),
                    ),
                    pos,
                );
                Err(Climb)
            }
            (BaseType::List(item), Node::List(nodes)) => self.list(item, nodes, sets, field, pos),
            (_, Node::Object(type_name, source)) => self.object(type_name, &source, sets),
            (_, Node::Leaf(leaf)) => Ok(leaf),
            (BaseType::Named(_), Node::List(_)) => {
                self.record(
                    Failure::new(
                        "internal_server_error",
                        format!("the simulator answers a list for {field}"),
                    ),
                    pos,
                );
                Err(Climb)
            }
        };
        match done {
            Err(Climb) if ty.nullable => Ok(Leaf::Null),
            done => done,
        }
    }

    fn list(
        &mut self,
        item: &Type,
        nodes: Vec<Node>,
        sets: &[&'a SelectionSet],
        field: &str,
        pos: Pos,
    ) -> Result<Leaf, Climb> {
        let mut all = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.into_iter().enumerate() {
            self.path.push(json!(index));
            if field == "DossierConnection.nodes" && self.manner.null_item == Some(index) {
                self.manner.null_item = None;
                self.spoiling = true;
            }
            let value = self.complete(item, node, sets, field, pos);
            self.spoiling = false;
            self.path.pop();
            all.push(value?);
        }
        Ok(Leaf::List(all))
    }

    fn record(&mut self, failure: Failure, pos: Pos) {
        let mut error = json!({
            "message": failure.message,
            "locations": [{"line": pos.line, "column": pos.column}],
            "path": self.path,
        });
        if let Some(code) = failure.code {
            error["extensions"] = json!({"code": code});
        }
        if let Some(status) = failure.status {
            let alone = json!({"message": error["message"], "extensions": error["extensions"]});
            self.fatal.get_or_insert((status, alone));
        }
        self.errors.push(error);
    }
}
