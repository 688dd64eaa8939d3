//! Our operations against our schema, the simulator's and, where they are at hand, the platform's own, with a validator
//! that follows the specification.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::mem::discriminant;
use std::path::{Path, PathBuf};

use apollo_compiler::ast::{Definition, Document, InputValueDefinition, Type};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};

const OWN: &str = include_str!("../../graphql/schema.graphql");
const SIMULATOR: &str = include_str!("../../crates/simulator/src/schema.graphql");
const OPERATIONS: [(&str, &str); 6] = [
    ("observe.graphql", include_str!("../../graphql/observe.graphql")),
    ("list.graphql", include_str!("../../graphql/list.graphql")),
    ("files.graphql", include_str!("../../graphql/files.graphql")),
    ("annotate.graphql", include_str!("../../graphql/annotate.graphql")),
    ("correspondence.graphql", include_str!("../../graphql/correspondence.graphql")),
    ("message.graphql", include_str!("../../graphql/message.graphql")),
];

/// The platform's own schemas. They may not be copied into the repository, so a folder beside it holds them: the one that
/// `PLATFORM_SCHEMAS` names, else `../shared/dn`. When the variable is set, a file that is missing there is a failure; each
/// file read is written to the file that `PLATFORM_SCHEMAS_SEEN` names, by which `.ci/run` knows that it was checked.
fn official() -> Vec<(String, String)> {
    let named = std::env::var_os("PLATFORM_SCHEMAS").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/dn");
    let folder = named.clone().unwrap_or_else(beside);
    let mut found = Vec::new();
    for name in ["schema.graphql", "schema-2026.graphql"] {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(text) => {
                seen(name);
                found.push((name.to_owned(), text));
            }
            Err(error) if named.is_some() => panic!("{name} in {}: {error}", folder.display()),
            Err(error) => unchecked(&format!("the platform's {name}, in {}: {error}", folder.display())),
        }
    }
    found
}

fn seen(name: &str) {
    let Some(path) = std::env::var_os("PLATFORM_SCHEMAS_SEEN") else { return };
    let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{name}").unwrap();
}

/// To standard error itself: what `println!` writes in a test that passes is shown to nobody.
fn unchecked(what: &str) {
    let mut shown = std::io::stderr();
    writeln!(shown, "NOT CHECKED: the operations and schemas against {what}").unwrap();
}

fn schema(text: &str, name: &str) -> Valid<Schema> {
    Schema::parse_and_validate(text, name).unwrap_or_else(|error| panic!("{name}: {}", error.errors))
}

#[test]
fn every_operation_is_valid_everywhere() {
    let mut schemas =
        vec![("ours".to_owned(), OWN.to_owned()), ("simulator".to_owned(), SIMULATOR.to_owned())];
    schemas.extend(official());
    for (name, text) in &schemas {
        let schema = schema(text, name);
        for (file, operation) in OPERATIONS {
            if let Err(error) = ExecutableDocument::parse_and_validate(&schema, operation, file) {
                panic!("{file} against {name}: {}", error.errors);
            }
        }
    }
}

#[test]
fn an_invalid_operation_is_seen() {
    let bad = OPERATIONS[0].1.replace("dateDepot", "dateDeDepot");
    assert!(ExecutableDocument::parse_and_validate(&schema(OWN, "ours"), bad, "bad").is_err());
}

#[test]
fn our_schemas_are_true_subsets() {
    for (name, text) in official() {
        let full = Document::parse(text, &name).unwrap();
        for (ours, text) in [("graphql/schema.graphql", OWN), ("simulator/schema.graphql", SIMULATOR)] {
            let own = Document::parse(text, ours).unwrap();
            let faults = differences(&own, &full);
            assert!(faults.is_empty(), "{ours} is not a subset of {name}:\n{}", faults.join("\n"));
        }
    }
    let own = Document::parse(OWN, "ours").unwrap();
    let simulator = Document::parse(SIMULATOR, "simulator").unwrap();
    assert_eq!(differences(&own, &simulator), Vec::<String>::new(), "the simulator serves all that we use");
}

#[test]
fn a_schema_that_lies_is_seen() {
    let own = Document::parse(OWN, "ours").unwrap();
    for (from, to, says) in [
        ("dateTraitement: ISO8601DateTime\n", "dateTraitement: ISO8601DateTime!\n", "Dossier.dateTraitement"),
        (
            "dossiers(after: String, first: Int,",
            "dossiers(after: String, limit: Int,",
            "Demarche.dossiers(limit)",
        ),
        ("  sans_suite\n", "  oublie\n", "DossierState.oublie"),
        ("yesNo: Boolean", "yesNo: String", "AnnotationValueInput.yesNo"),
        ("type Row {", "type Rang {", "Rang"),
    ] {
        assert!(OWN.contains(from), "{from}");
        let lying = Document::parse(OWN.replace(from, to), "lying").unwrap();
        let faults = differences(&lying, &own);
        assert!(faults.iter().any(|fault| fault.contains(says)), "{says} in {faults:?}");
    }
}

/// What `small` has that `large` has not, or otherwise: names, arguments, types, nullability.
fn differences(small: &Document, large: &Document) -> Vec<String> {
    let mut faults = Vec::new();
    for definition in &small.definitions {
        let Some(name) = definition.name() else { continue };
        let twin = large
            .definitions
            .iter()
            .find(|other| other.name() == Some(name) && discriminant(*other) == discriminant(definition));
        match (definition, twin) {
            (Definition::DirectiveDefinition(_) | Definition::SchemaDefinition(_), _) => {}
            (_, None) => faults.push(format!("{name}: no such type")),
            (Definition::ObjectTypeDefinition(a), Some(Definition::ObjectTypeDefinition(b))) => {
                fields(name, &a.fields, &b.fields, &mut faults);
                implements(name, &a.implements_interfaces, &b.implements_interfaces, &mut faults);
            }
            (Definition::InterfaceTypeDefinition(a), Some(Definition::InterfaceTypeDefinition(b))) => {
                fields(name, &a.fields, &b.fields, &mut faults);
            }
            (Definition::InputObjectTypeDefinition(a), Some(Definition::InputObjectTypeDefinition(b))) => {
                values(name, &a.fields, &b.fields, &mut faults);
                let one_of = |d: &apollo_compiler::ast::DirectiveList| d.iter().any(|d| d.name == "oneOf");
                if one_of(&a.directives) != one_of(&b.directives) {
                    faults.push(format!("{name}: @oneOf differs"));
                }
            }
            (Definition::EnumTypeDefinition(a), Some(Definition::EnumTypeDefinition(b))) => {
                for value in a.values.iter().filter(|v| !b.values.iter().any(|w| w.value == v.value)) {
                    faults.push(format!("{name}.{}: no such value", value.value));
                }
            }
            (Definition::ScalarTypeDefinition(_), Some(_)) => {}
            (_, Some(_)) => faults.push(format!("{name}: a kind of definition that is not compared")),
        }
    }
    faults
}

fn implements(
    name: &str,
    small: &[apollo_compiler::Name],
    large: &[apollo_compiler::Name],
    faults: &mut Vec<String>,
) {
    for interface in small.iter().filter(|interface| !large.contains(interface)) {
        faults.push(format!("{name}: does not implement {interface}"));
    }
}

type Fields = [Node<apollo_compiler::ast::FieldDefinition>];

fn fields(name: &str, small: &Fields, large: &Fields, faults: &mut Vec<String>) {
    for field in small {
        let place = format!("{name}.{}", field.name);
        match large.iter().find(|other| other.name == field.name) {
            None => faults.push(format!("{place}: no such field")),
            Some(other) => {
                same_type(&place, &field.ty, &other.ty, faults);
                arguments(&place, &field.arguments, &other.arguments, faults);
            }
        }
    }
}

fn arguments(
    place: &str,
    small: &[Node<InputValueDefinition>],
    large: &[Node<InputValueDefinition>],
    faults: &mut Vec<String>,
) {
    for argument in small {
        let place = format!("{place}({})", argument.name);
        match large.iter().find(|other| other.name == argument.name) {
            None => faults.push(format!("{place}: no such argument")),
            Some(other) => same_type(&place, &argument.ty, &other.ty, faults),
        }
    }
    // An argument that the platform requires must be in ours too.
    for missing in
        large.iter().filter(|other| other.is_required() && !small.iter().any(|a| a.name == other.name))
    {
        faults.push(format!("{place}({}): required there, absent here", missing.name));
    }
}

fn values(
    name: &str,
    small: &[Node<InputValueDefinition>],
    large: &[Node<InputValueDefinition>],
    faults: &mut Vec<String>,
) {
    arguments(name, small, large, faults);
    for fault in faults.iter_mut().filter(|fault| fault.starts_with(&format!("{name}("))) {
        *fault = fault.replacen('(', ".", 1).replacen(')', "", 1);
    }
}

fn same_type(place: &str, small: &Type, large: &Type, faults: &mut Vec<String>) {
    if small != large {
        faults.push(format!("{place}: {small} here, {large} there"));
    }
}
