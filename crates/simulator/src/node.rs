//! What a resolver answers: a leaf, a list, or an object whose fields are known or computed on demand.

use super::dates;
use async_graphql::Value as Leaf;
use jiff::Timestamp;

pub(super) enum Node {
    Null,
    /// An error that occurs only when the field is selected.
    Broken(Failure),
    Leaf(Leaf),
    List(Vec<Node>),
    Object(&'static str, Source),
}

/// Where the fields of an object come from.
pub(super) enum Source {
    Root,
    Demarche,
    /// Of a démarche, at a revision of its form.
    Descriptor(u32),
    Revision(u32),
    Group(u32),
    Dossier(u32),
    Fields(Vec<(&'static str, Node)>),
}

impl Node {
    pub(super) fn fields(type_name: &'static str, fields: Vec<(&'static str, Node)>) -> Node {
        Node::Object(type_name, Source::Fields(fields))
    }

    pub(super) fn when(at: Timestamp) -> Node {
        dates::printed(at).into()
    }

    pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
        Node::List(items.into_iter().collect())
    }

    /// A copy of the answer: a known field may be selected, and so read, several times.
    pub(super) fn again(&self) -> Node {
        match self {
            Node::Null => Node::Null,
            Node::Broken(failure) => Node::Broken(failure.clone()),
            Node::Leaf(leaf) => Node::Leaf(leaf.clone()),
            Node::List(items) => Node::list(items.iter().map(Node::again)),
            Node::Object(name, source) => Node::Object(name, source.again()),
        }
    }
}

impl Source {
    fn again(&self) -> Source {
        match self {
            Source::Root => Source::Root,
            Source::Demarche => Source::Demarche,
            Source::Descriptor(revision) => Source::Descriptor(*revision),
            Source::Revision(number) => Source::Revision(*number),
            Source::Group(number) => Source::Group(*number),
            Source::Dossier(number) => Source::Dossier(*number),
            Source::Fields(fields) => {
                Source::Fields(fields.iter().map(|(name, node)| (*name, node.again())).collect())
            }
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::Leaf(Leaf::from(text))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::Leaf(Leaf::from(text))
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Node {
        Node::Leaf(Leaf::from(flag))
    }
}

impl From<u32> for Node {
    fn from(number: u32) -> Node {
        Node::Leaf(Leaf::from(number))
    }
}

impl From<f64> for Node {
    fn from(number: f64) -> Node {
        Node::Leaf(Leaf::from(number))
    }
}

impl<T: Into<Node>> From<Option<T>> for Node {
    fn from(value: Option<T>) -> Node {
        value.map_or(Node::Null, Into::into)
    }
}

/// A failure as the platform words it. `code` is absent from some of them.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) code: Option<&'static str>,
    /// Set for the failures that replace the whole answer, with this HTTP status.
    pub(super) status: Option<u16>,
}

impl Failure {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Failure {
        Failure { message: message.into(), code: Some(code), status: None }
    }

    pub(super) fn not_found(what: &str) -> Failure {
        Failure::new("not_found", format!("{what} not found"))
    }

    pub(super) fn hidden(what: &str) -> Failure {
        Failure::new("unauthorized", format!("An object of type {what} was hidden due to permissions"))
    }
}
