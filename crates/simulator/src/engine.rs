//! From a query text to an answer: parsing, validation and introspection by async-graphql on our SDL, the platform's own
//! refusals (operation name, depth, variables), then `execute`.

use super::editions;
use super::execute::{Executor, Manner};
use super::parsed::{self, Allowed};
use super::reading::Call;
use super::types::Types;
use super::variables;
use super::weights;
use super::wording;
use super::world::{Edition, Token, World};
use async_graphql::dynamic::{
    Enum, Field, FieldFuture, InputObject, InputValue, Interface, InterfaceField, Object, Scalar, Schema,
    SchemaBuilder, Type as Registered, TypeRef,
};
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::parser::types::{
    BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    ServiceDocument, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Request, Response};
use serde_json::{Map, Value as Json, json};
use std::sync::{Arc, LazyLock};

const MAX_DEPTH: usize = 15;

static JANUARY: LazyLock<Engine> = LazyLock::new(|| Engine::new(Edition::January2026));
static SEPTEMBER: LazyLock<Engine> = LazyLock::new(|| Engine::new(Edition::September2026));

/// What the checks before execution depend on.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) edition: Edition,
    pub(super) max_complexity: Option<u64>,
}

impl Rules {
    pub(super) fn of(world: &World) -> Rules {
        Rules { edition: world.edition, max_complexity: world.max_complexity }
    }

    fn engine(self) -> &'static Engine {
        match self.edition {
            Edition::January2026 => &JANUARY,
            Edition::September2026 => &SEPTEMBER,
        }
    }
}

struct Engine {
    types: Types,
    schema: Schema,
    allowed: Allowed,
}

/// A query that was parsed, validated and found to name one operation.
pub(super) struct Prepared {
    engine: &'static Engine,
    document: Arc<ExecutableDocument>,
    operation: OperationDefinition,
    variables: async_graphql::indexmap::IndexMap<async_graphql::Name, async_graphql::Value>,
}

impl Prepared {
    pub(super) fn is_mutation(&self) -> bool {
        self.operation.ty == OperationType::Mutation
    }
}

pub(super) enum Checked {
    Ready(Box<Prepared>),
    /// The whole body is known without executing anything.
    Answer(Json),
}

/// All that happens before execution. A refusal has no `data` key at all (§1.3).
pub(super) async fn prepare(
    query: &str,
    given: &Map<String, Json>,
    operation_name: Option<&str>,
    rules: Rules,
) -> Checked {
    let engine = rules.engine();
    let refuse = |errors: Vec<Json>| Checked::Answer(json!({"errors": errors}));
    if query.trim().is_empty() {
        return refuse(vec![json!({"message": "No query string was present"})]);
    }
    let document = match parsed::document(query) {
        Ok(document) => document,
        Err(error) => return refuse(vec![wording::syntax(&error, query)]),
    };
    let operation = match choose(&document, operation_name) {
        Ok(operation) => operation,
        Err(message) => return refuse(vec![json!({"message": message})]),
    };
    let introspection = operation.selection_set.node.items.iter().any(
        |one| matches!(&one.node, Selection::Field(field) if field.node.name.node.starts_with("__") && field.node.name.node != "__typename"),
    );
    if introspection || !engine.allowed.holds(query, operation_name) {
        let mut request = Request::new(query).data(Introspection(introspection));
        request.set_parsed_query(ExecutableDocument::clone(&document));
        if let Some(name) = operation_name {
            request = request.operation_name(name);
        }
        let response = engine.schema.execute(request).await;
        if !response.errors.is_empty() {
            return refuse(response.errors.iter().map(wording::validation).collect());
        }
        if introspection {
            return Checked::Answer(json!({"data": response.data.into_json().unwrap_or_default()}));
        }
        engine.allowed.add(query, operation_name);
    }
    let depth = weights::depth(&document, &operation.selection_set.node);
    if depth > MAX_DEPTH {
        return refuse(vec![
            json!({"message": format!("Query has depth of {depth}, which exceeds max depth of {MAX_DEPTH}")}),
        ]);
    }
    let variables = match variables::check(&engine.types, &operation, given) {
        Ok(variables) => variables,
        Err(errors) => return refuse(errors),
    };
    let weight = weights::complexity(&document, &operation.selection_set.node, &variables);
    match rules.max_complexity.filter(|max| weight > *max) {
        Some(max) => refuse(vec![
            json!({"message": format!("Query has complexity of {weight}, which exceeds max complexity of {max}")}),
        ]),
        None => Checked::Ready(Box::new(Prepared { engine, document, operation, variables })),
    }
}

/// Executes at once, under the caller's lock. The status differs from 200 for the few failures that replace the answer.
pub(super) fn execute(prepared: &Prepared, world: &mut World, token: Token, manner: Manner) -> (u16, Json) {
    let call =
        Call { world, token, fragments: weights::fragments(&prepared.document), english: manner.english };
    let mut executor = Executor {
        types: &prepared.engine.types,
        document: &prepared.document,
        variables: &prepared.variables,
        call,
        manner,
        spoiling: false,
        path: Vec::new(),
        errors: Vec::new(),
        fatal: None,
    };
    let data = executor.run(&prepared.operation);
    if let Some((status, error)) = executor.fatal {
        return (status, json!({"errors": [error], "data": null}));
    }
    let data = data.and_then(|data| data.into_json().ok()).unwrap_or_default();
    if executor.errors.is_empty() {
        (200, json!({"data": data}))
    } else {
        (200, json!({"errors": executor.errors, "data": data}))
    }
}

fn choose(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationDefinition, String> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation.node.clone()),
        (DocumentOperations::Single(_), Some(name)) => Err(format!("No operation named {name:?}")),
        (DocumentOperations::Multiple(all), Some(name)) => all
            .get(name)
            .map(|operation| operation.node.clone())
            .ok_or_else(|| format!("No operation named {name:?}")),
        (DocumentOperations::Multiple(all), None) => {
            let mut operations = all.values();
            match (operations.next(), operations.next()) {
                (Some(only), None) => Ok(only.node.clone()),
                _ => Err("An operation name is required".to_owned()),
            }
        }
    }
}

/// Whether the library's own execution is wanted, which is for introspection only.
struct Introspection(bool);

struct ValidationOnly;

impl ExtensionFactory for ValidationOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(ValidationOnly)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for ValidationOnly {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if ctx.data_opt::<Introspection>().is_some_and(|wanted| wanted.0) {
            next.run(ctx, operation_name).await
        } else {
            Response::default()
        }
    }
}

impl Engine {
    fn new(edition: Edition) -> Engine {
        let document = editions::document(edition);
        let schema =
            registered(&document).finish().expect("every type the SDL names is in it, as its tests check");
        Engine { types: Types::read(&document), schema, allowed: Allowed::default() }
    }
}

fn registered(document: &ServiceDocument) -> SchemaBuilder {
    let builder = Schema::build("Query", Some("Mutation"), None)
        .extension(ValidationOnly)
        .limit_recursive_depth(64)
        .disable_suggestions();
    document
        .definitions
        .iter()
        .filter_map(|definition| {
            if let TypeSystemDefinition::Type(definition) = definition {
                registrable(&definition.node)
            } else {
                None
            }
        })
        .fold(builder, SchemaBuilder::register)
}

fn registrable(definition: &TypeDefinition) -> Option<Registered> {
    let name = definition.name.node.as_str();
    Some(match &definition.kind {
        TypeKind::Scalar => Scalar::new(name).into(),
        TypeKind::Object(object) => {
            let mut made = Object::new(name);
            for interface in &object.implements {
                made = made.implement(interface.node.as_str());
            }
            for field in &object.fields {
                let mut one =
                    Field::new(field.node.name.node.as_str(), reference(&field.node.ty.node), |_| {
                        FieldFuture::from_value(None)
                    });
                for argument in &field.node.arguments {
                    one = one.argument(argument_of(&argument.node));
                }
                made = made.field(one);
            }
            made.into()
        }
        TypeKind::Interface(interface) => {
            let fields = interface.fields.iter().map(|field| {
                InterfaceField::new(field.node.name.node.as_str(), reference(&field.node.ty.node))
            });
            fields.fold(Interface::new(name), Interface::field).into()
        }
        TypeKind::Enum(all) => {
            Enum::new(name).items(all.values.iter().map(|one| one.node.value.node.as_str())).into()
        }
        TypeKind::InputObject(input) => {
            let made = input
                .fields
                .iter()
                .map(|field| argument_of(&field.node))
                .fold(InputObject::new(name), InputObject::field);
            if definition.directives.iter().any(|one| one.node.name.node == "oneOf") {
                made.oneof()
            } else {
                made
            }
            .into()
        }
        TypeKind::Union(_) => return None,
    })
}

fn argument_of(definition: &async_graphql::parser::types::InputValueDefinition) -> InputValue {
    let value = InputValue::new(definition.name.node.as_str(), reference(&definition.ty.node));
    match &definition.default_value {
        Some(default) => value.default_value(default.node.clone()),
        None => value,
    }
}

fn reference(ty: &Type) -> TypeRef {
    let base = match &ty.base {
        BaseType::Named(name) => TypeRef::named(name.as_str()),
        BaseType::List(item) => TypeRef::List(Box::new(reference(item))),
    };
    if ty.nullable { base } else { TypeRef::NonNull(Box::new(base)) }
}
