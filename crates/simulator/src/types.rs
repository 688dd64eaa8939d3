//! The SDL, read once: what the executor and the check of variables need of each type.

use super::variables::scalar_accepts;
use async_graphql::Value as Leaf;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    InputValueDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use serde_json::Value as Json;
use std::collections::HashMap;

pub(super) struct Field {
    pub(super) ty: Type,
    pub(super) defaults: HashMap<String, Leaf>,
}

pub(super) struct Input {
    pub(super) fields: IndexMap<String, Type>,
    pub(super) defaults: HashMap<String, Leaf>,
    pub(super) one_of: bool,
}

#[derive(Default)]
pub(super) struct Types {
    objects: HashMap<String, HashMap<String, Field>>,
    interfaces: HashMap<String, Vec<String>>,
    inputs: HashMap<String, Input>,
    enums: HashMap<String, Vec<String>>,
}

impl Types {
    pub(super) fn read(document: &ServiceDocument) -> Types {
        let mut types = Types::default();
        for definition in &document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let (definition, name) = (&definition.node, definition.node.name.node.to_string());
            match &definition.kind {
                TypeKind::Object(object) => {
                    let fields = object.fields.iter().map(|field| {
                        let ty = field.node.ty.node.clone();
                        (
                            field.node.name.node.to_string(),
                            Field {
                                ty,
                                defaults: defaults(field.node.arguments.iter().map(|one| &one.node)),
                            },
                        )
                    });
                    types.objects.insert(name.clone(), fields.collect());
                    types
                        .interfaces
                        .insert(name, object.implements.iter().map(|one| one.node.to_string()).collect());
                }
                TypeKind::InputObject(input) => {
                    let fields = input
                        .fields
                        .iter()
                        .map(|one| (one.node.name.node.to_string(), one.node.ty.node.clone()))
                        .collect();
                    let defaults = defaults(input.fields.iter().map(|one| &one.node));
                    let one_of = definition.directives.iter().any(|one| one.node.name.node == "oneOf");
                    types.inputs.insert(name, Input { fields, defaults, one_of });
                }
                TypeKind::Enum(all) => {
                    types
                        .enums
                        .insert(name, all.values.iter().map(|one| one.node.value.node.to_string()).collect());
                }
                _ => {}
            }
        }
        types
    }

    pub(super) fn field(&self, object: &str, field: &str) -> Option<&Field> {
        self.objects.get(object)?.get(field)
    }

    /// Whether a fragment on `condition` applies to an object of type `object`.
    pub(super) fn applies(&self, object: &str, condition: &str) -> bool {
        object == condition
            || self.interfaces.get(object).is_some_and(|all| all.iter().any(|one| one == condition))
    }

    pub(super) fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.get(name)
    }

    pub(super) fn enum_values(&self, name: &str) -> Option<&[String]> {
        self.enums.get(name).map(Vec::as_slice)
    }

    pub(super) fn accepts(&self, name: &str, value: &Json) -> bool {
        match self.enums.get(name) {
            Some(all) => value.as_str().is_some_and(|text| all.iter().any(|one| one == text)),
            None => scalar_accepts(name, value),
        }
    }
}

fn defaults<'a>(arguments: impl Iterator<Item = &'a InputValueDefinition>) -> HashMap<String, Leaf> {
    arguments
        .filter_map(|one| Some((one.name.node.to_string(), one.default_value.as_ref()?.node.clone())))
        .collect()
}
