//! The two editions of the schema: what both have, and what September 2026 adds to it (§7.3).

use super::world::Edition;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, ServiceDocument, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

const COMMON: &str = include_str!("schema.graphql");
const ADDED: &str = include_str!("additions-2026.graphql");

/// The types of an edition. The texts are constants: the tests parse both.
pub(super) fn document(edition: Edition) -> ServiceDocument {
    let mut document = parse_schema(COMMON).expect("the common schema is a constant, parsed by its tests");
    if edition == Edition::September2026 {
        let added = parse_schema(ADDED).expect("the additions are a constant, parsed by their tests");
        for definition in added.definitions {
            match definition {
                TypeSystemDefinition::Type(more) if more.node.extend => extend(&mut document, &more.node),
                other => document.definitions.push(other),
            }
        }
    }
    document
}

fn types(document: &mut ServiceDocument) -> impl Iterator<Item = &mut TypeDefinition> {
    document.definitions.iter_mut().filter_map(|definition| {
        if let TypeSystemDefinition::Type(definition) = definition {
            Some(&mut definition.node)
        } else {
            None
        }
    })
}

/// What an interface gains, each type that implements it gains too.
fn extend(document: &mut ServiceDocument, more: &TypeDefinition) {
    let name: &Name = &more.name.node;
    for definition in types(document) {
        let same = definition.name.node == *name;
        match (&mut definition.kind, &more.kind) {
            (TypeKind::Object(one), TypeKind::Object(more)) if same => grow(&mut one.fields, &more.fields),
            (TypeKind::Interface(one), TypeKind::Interface(more)) if same => {
                grow(&mut one.fields, &more.fields);
            }
            (TypeKind::Object(one), TypeKind::Interface(more))
                if one.implements.iter().any(|interface| interface.node == *name) =>
            {
                grow(&mut one.fields, &more.fields);
            }
            (TypeKind::InputObject(one), TypeKind::InputObject(more)) if same => {
                one.fields.extend(more.fields.iter().cloned());
            }
            (TypeKind::Enum(one), TypeKind::Enum(more)) if same => {
                one.values.extend(more.values.iter().cloned());
            }
            _ => {}
        }
    }
}

fn grow(fields: &mut Vec<Positioned<FieldDefinition>>, more: &[Positioned<FieldDefinition>]) {
    fields.extend(more.iter().cloned());
}
