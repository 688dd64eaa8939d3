//! What a proposal is: lines, options, and every field of the form.

use crate::dn::form::{FieldType, FormMap, Table};
use label::case::keys::Key;

/// The shipped file: its labels are those that the label's own form is expected to have.
pub(super) const SHIPPED: &str = include_str!("../../../config/form.toml");

/// What the shipped file says of each key: its table and its label.
pub(super) fn shipped() -> FormMap {
    toml::from_str(SHIPPED).unwrap_or_default()
}

/// What was found for a key: the label or the id to write, or the labels that a person decides between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMatch {
    Sure(String),
    Maybe(String, u32),
    /// Nothing decides between these fields, or for this one.
    Ambiguous(Vec<String>),
    /// A field with the right label has another type.
    WrongType(String, FieldType),
    Missing,
}

/// One line of the proposed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedLine {
    pub table: Table,
    pub key: Key,
    /// The block that must be named with the key: the label also stands outside.
    pub block: Option<Key>,
    pub found: FieldMatch,
    /// The descriptor of the field.
    pub field: Option<String>,
}

/// The options of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedChoices {
    /// Only where both tables have a list of this key, and they differ.
    pub table: Option<Table>,
    pub key: Key,
    /// Our value, and the form's option that is nearest.
    pub values: Vec<(String, Option<String>)>,
    /// Options that are none of our values.
    pub left: Vec<String>,
}

/// A field of the live form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveField {
    pub table: Table,
    pub section: Option<String>,
    pub block: Option<String>,
    pub id: String,
    pub label: String,
    pub kind: FieldType,
    pub used_by: Option<Key>,
}

/// The proposed file.
#[derive(Clone, Debug, Default)]
pub struct FormProposal {
    pub lines: Vec<ProposedLine>,
    pub choices: Vec<ProposedChoices>,
    pub fields: Vec<LiveField>,
}
