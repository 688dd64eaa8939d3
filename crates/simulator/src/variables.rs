//! Arguments as resolvers read them, and the platform's own check of variables, with its own sentences (§1.3).

use super::dates;
use super::types::Types;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{Name, Value as Leaf};
use serde_json::{Map, Value as Json, json};

/// Coerced arguments of a field, or an input object among them.
pub(super) struct Arguments(pub(super) IndexMap<Name, Leaf>);

impl Arguments {
    pub(super) fn get(&self, name: &str) -> Option<&Leaf> {
        self.0.get(name).filter(|leaf| !matches!(leaf, Leaf::Null))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Leaf::String(text) => Some(text),
            Leaf::Enum(name) => Some(name.as_str()),
            _ => None,
        }
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        if let Leaf::Number(number) = self.get(name)? { number.as_i64() } else { None }
    }

    pub(super) fn boolean(&self, name: &str) -> Option<bool> {
        if let Leaf::Boolean(flag) = self.get(name)? { Some(*flag) } else { None }
    }

    pub(super) fn object(&self, name: &str) -> Arguments {
        match self.get(name) {
            Some(Leaf::Object(map)) => Arguments(map.clone()),
            _ => Arguments(IndexMap::new()),
        }
    }

    pub(super) fn objects(&self, name: &str) -> Vec<Arguments> {
        let Some(Leaf::List(items)) = self.get(name) else { return Vec::new() };
        items
            .iter()
            .map(|item| {
                if let Leaf::Object(map) = item { Arguments(map.clone()) } else { Arguments(IndexMap::new()) }
            })
            .collect()
    }
}

struct Problem {
    path: Vec<Json>,
    explanation: String,
}

/// The values of the variables of one operation, defaults included; or the errors, as JSON, that refuse the query.
pub(super) fn check(
    types: &Types,
    operation: &OperationDefinition,
    given: &Map<String, Json>,
) -> Result<IndexMap<Name, Leaf>, Vec<Json>> {
    let mut values = IndexMap::new();
    let mut errors = Vec::new();
    for positioned in &operation.variable_definitions {
        let definition = &positioned.node;
        let name = &definition.name.node;
        let value = match given.get(name.as_str()) {
            Some(value) => value.clone(),
            None => match definition.default_value() {
                Some(default) => {
                    values.insert(name.clone(), default.clone());
                    continue;
                }
                None if definition.var_type.node.nullable => continue,
                None => Json::Null,
            },
        };
        let mut problems = Vec::new();
        problems_of(types, &definition.var_type.node, &value, &mut Vec::new(), &mut problems);
        if problems.is_empty() {
            values.insert(name.clone(), Leaf::from_json(value).unwrap_or_default());
            continue;
        }
        let pos = positioned.pos;
        errors.push(json!({
            "message": sentence(name.as_str(), &definition.var_type.node, &problems),
            "locations": [{"line": pos.line, "column": pos.column}],
            "extensions": {
                "value": value,
                "problems": problems.iter().map(|one| json!({"path": one.path, "explanation": one.explanation})).collect::<Vec<_>>(),
            },
        }));
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

fn sentence(name: &str, ty: &Type, problems: &[Problem]) -> String {
    let step = |part: &Json| part.as_str().map_or_else(|| part.to_string(), str::to_owned);
    let told: Vec<String> = problems
        .iter()
        .map(|one| match one.path.iter().map(step).collect::<Vec<_>>().join(".") {
            path if path.is_empty() => one.explanation.clone(),
            path => format!("{path} ({})", one.explanation),
        })
        .collect();
    if problems.iter().all(|one| one.path.is_empty()) {
        format!("Variable ${name} of type {ty} was provided invalid value")
    } else {
        format!("Variable ${name} of type {ty} was provided invalid value for {}", told.join(", "))
    }
}

fn problems_of(types: &Types, ty: &Type, value: &Json, path: &mut Vec<Json>, problems: &mut Vec<Problem>) {
    if value.is_null() {
        if !ty.nullable {
            problems.push(Problem {
                path: path.clone(),
                explanation: "Expected value to not be null".to_owned(),
            });
        }
        return;
    }
    match &ty.base {
        BaseType::List(item) => match value {
            Json::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    path.push(json!(index));
                    problems_of(types, item, value, path, problems);
                    path.pop();
                }
            }
            // A single value stands for a list of one.
            value => problems_of(types, item, value, path, problems),
        },
        BaseType::Named(name) => match types.input(name) {
            Some(input) => {
                let Json::Object(map) = value else {
                    problems.push(Problem {
                        path: path.clone(),
                        explanation: format!("Expected {value} to be a key-value object."),
                    });
                    return;
                };
                object_problems(types, name, input, map, path, problems);
            }
            None if !types.accepts(name, value) => {
                let explanation = match types.enum_values(name) {
                    Some(all) => format!("Expected {value} to be one of: {}", all.join(", ")),
                    None => format!("Could not coerce value {value} to {name}"),
                };
                problems.push(Problem { path: path.clone(), explanation });
            }
            None => {}
        },
    }
}

fn object_problems(
    types: &Types,
    name: &str,
    input: &super::types::Input,
    map: &Map<String, Json>,
    path: &mut Vec<Json>,
    problems: &mut Vec<Problem>,
) {
    for key in map.keys().filter(|key| !input.fields.contains_key(key.as_str())) {
        path.push(json!(key));
        problems.push(Problem { path: path.clone(), explanation: format!("Field is not defined on {name}") });
        path.pop();
    }
    for (key, field) in &input.fields {
        let value = map.get(key);
        if value.is_none() && (field.nullable || input.defaults.contains_key(key)) {
            continue;
        }
        path.push(json!(key));
        problems_of(types, field, value.unwrap_or(&Json::Null), path, problems);
        path.pop();
    }
    if input.one_of {
        let first_null = map.iter().find(|(_, value)| value.is_null()).map(|(key, _)| key);
        let explanation = match (map.len(), first_null) {
            (1, None) => return,
            (1, Some(key)) => format!("'{name}' requires exactly one argument, but '{key}' was `null`."),
            (count, _) => format!("'{name}' requires exactly one argument, but {count} were provided."),
        };
        problems.push(Problem { path: path.clone(), explanation });
    }
}

/// What the scalars of the schema accept as a variable.
pub(super) fn scalar_accepts(name: &str, value: &Json) -> bool {
    match name {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "String" => value.is_string(),
        "ID" => value.is_string() || value.is_i64() || value.is_u64(),
        "ISO8601Date" => value.as_str().and_then(dates::read_date).is_some(),
        "ISO8601DateTime" => value.as_str().and_then(dates::read_datetime).is_some(),
        _ => true,
    }
}
