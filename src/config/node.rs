//! A setting before its type is known: a value of the file, or the text of a variable. The type that is asked for
//! decides how a text is read, so that no list of keys and types is kept by hand.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use toml::Value;

use super::error::ValueError;

/// The settings as a tree.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// From a variable: a number, a boolean, a date, a list separated by commas, or a text, as the key wants.
    Text(String),
    /// From the file; neither a table nor an array.
    Scalar(Value),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
}

impl From<Value> for Node {
    fn from(value: Value) -> Node {
        match value {
            Value::Table(table) => {
                Node::Table(table.into_iter().map(|(key, value)| (key, Node::from(value))).collect())
            }
            Value::Array(values) => Node::List(values.into_iter().map(Node::from).collect()),
            scalar => Node::Scalar(scalar),
        }
    }
}

impl Node {
    /// Puts the text of a variable at a path; a number in the path is the index in a list, from 0.
    ///
    /// # Errors
    /// The reason, when the path leads through a value, skips an index, or was set already by a variable.
    pub(super) fn set(&mut self, path: &[&str], text: String) -> Result<(), String> {
        let Some((first, rest)) = path.split_first() else {
            if matches!(self, Node::Text(_)) {
                return Err("set by two variables".to_owned());
            }
            *self = Node::Text(text);
            return Ok(());
        };
        self.child(first)?.set(rest, text)
    }

    /// The node of a key or an index, made when it is absent.
    fn child(&mut self, key: &str) -> Result<&mut Node, String> {
        let index = key.parse::<usize>().ok();
        if let (Node::Table(entries), Some(_)) = (&*self, index)
            && entries.is_empty()
        {
            *self = Node::List(Vec::new());
        }
        match (self, index) {
            (Node::Table(entries), None) => {
                let at = entries.iter().position(|(name, _)| name == key).unwrap_or(entries.len());
                if at == entries.len() {
                    entries.push((key.to_owned(), Node::Table(Vec::new())));
                }
                entries.get_mut(at).map(|(_, node)| node).ok_or_else(|| "no such key".to_owned())
            }
            (Node::List(nodes), Some(index)) => {
                let length = nodes.len();
                if index == length {
                    nodes.push(Node::Table(Vec::new()));
                }
                nodes.get_mut(index).ok_or_else(|| {
                    format!(
                        "index {index} in a list of {length}: the next index is {length} (they begin at 0)"
                    )
                })
            }
            (Node::List(_), None) => Err(format!("a list: expected an index, such as 0, in place of {key}")),
            (Node::Table(_), Some(index)) => Err(format!("a section, not a list: it has no index {index}")),
            (Node::Text(_) | Node::Scalar(_), _) => Err("both a value and a section".to_owned()),
        }
    }
}

/// Reads a number or a boolean, when the key has that type: the text parsed, or an error that does not quote it.
macro_rules! parsed {
    ($($method:ident $visit:ident $type:ty, $wanted:literal;)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            match self {
                Node::Text(text) => match text.trim().parse::<$type>() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => Err(ValueError::custom(concat!("invalid type, expected ", $wanted))),
                },
                other => other.deserialize_any(visitor),
            }
        }
    )* };
}

impl<'de> Deserializer<'de> for Node {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Node::Text(text) | Node::Scalar(Value::String(text)) => visitor.visit_string(text),
            Node::Scalar(Value::Integer(number)) => visitor.visit_i64(number),
            Node::Scalar(Value::Float(number)) => visitor.visit_f64(number),
            Node::Scalar(Value::Boolean(yes)) => visitor.visit_bool(yes),
            // A key that expects a date reads it from text, so that the file and the environment write it alike.
            Node::Scalar(other) => visitor.visit_string(other.to_string()),
            Node::List(nodes) => visitor.visit_seq(SeqDeserializer::new(nodes.into_iter())),
            Node::Table(entries) => visitor.visit_map(MapDeserializer::new(entries.into_iter())),
        }
    }

    parsed! {
        deserialize_bool visit_bool bool, "true or false";
        deserialize_i8 visit_i64 i64, "a whole number";
        deserialize_i16 visit_i64 i64, "a whole number";
        deserialize_i32 visit_i64 i64, "a whole number";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_u8 visit_u64 u64, "a whole number, 0 or more";
        deserialize_u16 visit_u64 u64, "a whole number, 0 or more";
        deserialize_u32 visit_u64 u64, "a whole number, 0 or more";
        deserialize_u64 visit_u64 u64, "a whole number, 0 or more";
        deserialize_f32 visit_f64 f64, "a number";
        deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Node::Text(text) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                visitor.visit_seq(SeqDeserializer::new(parts.map(|part| Node::Text(part.to_owned()))))
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self {
            Node::Text(text) | Node::Scalar(Value::String(text)) => {
                visitor.visit_enum(IntoDeserializer::<ValueError>::into_deserializer(text.trim()))
            }
            _ => Err(ValueError::unknown_variant("", variants)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self {
            Node::Text(_) => {
                Err(ValueError::custom(format!("a section, to be set key by key: {}", keys.join(", "))))
            }
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, ValueError> for Node {
    type Deserializer = Node;

    fn into_deserializer(self) -> Node {
        self
    }
}
