//! What a kind of case produces, and how it is compared with what the case expects.
//!
//! Fractions are compared exactly, dates and words as text. `null` equals an absent field, `"80"` equals `80`, and reasons
//! are compared as sets, since their order has no meaning.

use serde_json::{Map, Value};

use super::input::{exact, shown};
use crate::guide::score::Fraction;
use crate::guide::tiers::Tier;

/// A value that the rules produced.
#[derive(Clone, Debug)]
pub enum Found {
    Nothing,
    Flag(bool),
    Count(u64),
    Exact(Fraction),
    Words(String),
    /// « aucun » when there is none.
    Tier(Option<Tier>),
    /// A question: its group, its rank from 1, and whether it is alone in its group.
    Question {
        group: String,
        rank: usize,
        alone: bool,
    },
    List(Vec<Found>),
    /// A list whose order has no meaning.
    Set(Vec<Found>),
    Fields(Vec<(String, Found)>),
    /// A value compared only when the case states it.
    Extra(Box<Found>),
}

impl Found {
    pub fn fields<const N: usize>(fields: [(&str, Found); N]) -> Found {
        Found::Fields(fields.into_iter().map(|(name, found)| (name.to_owned(), found)).collect())
    }

    pub fn codes(codes: impl IntoIterator<Item = &'static str>) -> Found {
        Found::Set(codes.into_iter().map(|code| Found::Words(code.to_owned())).collect())
    }

    pub fn day(day: jiff::civil::Date) -> Found {
        Found::Words(day.to_string())
    }

    pub fn maybe(exact: Option<Fraction>) -> Found {
        exact.map_or(Found::Nothing, Found::Exact)
    }

    pub fn extra(self) -> Found {
        Found::Extra(Box::new(self))
    }

    fn is_nothing(&self) -> bool {
        match self {
            Found::Nothing | Found::Extra(_) | Found::Tier(None) => true,
            Found::Set(items) => items.is_empty(),
            _ => false,
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Found::Nothing => Value::Null,
            Found::Flag(flag) => Value::Bool(*flag),
            Found::Count(count) => Value::from(*count),
            Found::Exact(number) => Value::String(number.to_string()),
            Found::Words(words) => Value::String(words.clone()),
            Found::Tier(tier) => Value::String(tier.map_or("aucun", Tier::key).to_owned()),
            Found::Question { group, rank, .. } if group.is_empty() => Value::from(*rank),
            Found::Question { group, rank, .. } => Value::String(format!("{group}.{rank}")),
            Found::List(items) | Found::Set(items) => {
                Value::Array(items.iter().map(Found::to_json).collect())
            }
            Found::Fields(fields) => {
                Value::Object(fields.iter().map(|(name, found)| (name.clone(), found.to_json())).collect())
            }
            Found::Extra(found) => found.to_json(),
        }
    }
}

/// One field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The field inside `expected`; empty for the whole.
    pub path: String,
    /// The JSON that the case expects, truncated to 60 characters; « (rien) » when the case does not have the field.
    pub expected: String,
    /// The JSON that the rules gave, truncated in the same way; « null » when they gave nothing.
    pub found: String,
}

/// The differences between `found` and `expected`.
pub fn differences(expected: &Value, found: &Found) -> Vec<Difference> {
    let mut differences = Vec::new();
    compare(Some(expected), found, "", &mut differences);
    differences
}

fn compare(expected: Option<&Value>, found: &Found, path: &str, out: &mut Vec<Difference>) {
    let stated = expected.filter(|value| !value.is_null());
    let same = match (stated, found) {
        (None, found) => found.is_nothing(),
        (Some(_), Found::Extra(found)) => return compare(expected, found, path, out),
        (Some(Value::Object(object)), Found::Fields(fields)) => {
            return compare_fields(object, fields, path, out);
        }
        (Some(Value::Array(items)), Found::List(list)) if items.len() == list.len() => {
            for (index, (item, found)) in items.iter().zip(list).enumerate() {
                compare(Some(item), found, &format!("{path}[{index}]"), out);
            }
            return;
        }
        (Some(Value::Array(items)), Found::Set(set)) => same_set(items, set),
        (Some(value), found) => same_scalar(value, found),
    };
    if !same {
        let expected = expected.map_or("(rien)".to_owned(), shown);
        out.push(Difference { path: path.to_owned(), expected, found: shown(&found.to_json()) });
    }
}

fn compare_fields(
    object: &Map<String, Value>,
    fields: &[(String, Found)],
    path: &str,
    out: &mut Vec<Difference>,
) {
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, found) in fields {
        compare(object.get(name), found, &inside(name), out);
    }
    for (name, expected) in object {
        if !fields.iter().any(|(known, _)| known == name) {
            compare(Some(expected), &Found::Nothing, &inside(name), out);
        }
    }
}

fn same_scalar(expected: &Value, found: &Found) -> bool {
    match found {
        Found::Flag(flag) => expected.as_bool() == Some(*flag),
        Found::Count(count) => {
            exact(Some(expected)).is_some_and(|number| number.to_string() == count.to_string())
        }
        Found::Exact(number) => exact(Some(expected)).as_ref() == Some(number),
        Found::Words(words) => expected.as_str() == Some(words),
        Found::Tier(tier) => expected.as_str() == Some(tier.map_or("aucun", Tier::key)),
        Found::Question { group, rank, alone } => same_question(expected, group, *rank, *alone),
        _ => false,
    }
}

/// « 3.2 », « 3-2 » or « 3_2 » name the second question of engagement 3; « 8 » is enough where there is but one.
fn same_question(expected: &Value, group: &str, rank: usize, alone: bool) -> bool {
    let text = expected.as_str().map_or_else(|| expected.to_string(), str::to_owned);
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let rank = rank.to_string();
    if group.is_empty() {
        parts == [rank]
    } else {
        parts == [group, rank.as_str()] || (alone && parts == [group])
    }
}

fn same_set(expected: &[Value], found: &[Found]) -> bool {
    let mut left: Vec<&Found> = found.iter().collect();
    let taken = expected.iter().all(|item| {
        let place = left.iter().position(|found| same_scalar(item, found));
        place.map(|place| left.swap_remove(place)).is_some()
    });
    taken && left.is_empty()
}
