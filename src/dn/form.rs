//! `form.toml` and the live form, in types: which field is which key, and what cannot be used.
//!
//! [`resolve`](super::resolve::resolve)d once at start-up and whenever the form changes. A missing or wrongly typed field is a [`Problem`]: the
//! rules that need it stop, nothing else.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use label::case::facts::FormView;
use label::case::keys::{Key, Kind};
use label::folding::folded;
use label::wording;

/// The three tables of `form.toml`, unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FormMap {
    pub champs: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    pub choix: OptionLists,
}

/// Our value → the form's option.
pub type OptionList = BTreeMap<String, String>;

/// `[choix.KEY]` for both tables; `[choix.champs.KEY]` and `[choix.annotations.KEY]` for one, which they replace there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OptionLists {
    champs: BTreeMap<String, OptionList>,
    annotations: BTreeMap<String, OptionList>,
    #[serde(flatten)]
    both: BTreeMap<String, OptionList>,
}

impl OptionLists {
    /// The list of a key in one of the tables.
    #[must_use]
    pub fn of(&self, table: Table, key: Key) -> Option<&OptionList> {
        let own = match table {
            Table::Champs => &self.champs,
            Table::Annotations => &self.annotations,
        };
        own.get(key.name()).or_else(|| self.both.get(key.name()))
    }

    /// The name under `choix`, and the list.
    pub fn all(&self) -> impl Iterator<Item = (String, &str, &OptionList)> {
        let own = |table: Table, lists| Self::under(format!("{table}."), lists);
        own(Table::Champs, &self.champs)
            .chain(own(Table::Annotations, &self.annotations))
            .chain(Self::under(String::new(), &self.both))
    }

    fn under(
        prefix: String,
        lists: &BTreeMap<String, OptionList>,
    ) -> impl Iterator<Item = (String, &str, &OptionList)> {
        lists.iter().map(move |(key, list)| (format!("{prefix}{key}"), key.as_str(), list))
    }
}

impl FormMap {
    /// # Errors
    /// Two keys with the same field, of which vigie writes at least one: each pass would write it anew, or lose what a person
    /// filled in.
    pub fn written_once(&self) -> Result<(), String> {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, wanted) in &self.annotations {
            let Some(other) = seen.insert(wanted.trim(), name) else { continue };
            if [name.as_str(), other].iter().any(|name| Key::from_name(name).is_some_and(Key::is_written)) {
                let wanted = wanted.trim();
                return Err(format!(
                    "[annotations] {other} and {name} name the same field « {wanted} », which vigie writes: one field for one key"
                ));
            }
        }
        Ok(())
    }
}

/// The types of field that vigie can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    Text,
    Textarea,
    Email,
    IntegerNumber,
    DecimalNumber,
    Date,
    Datetime,
    DropDownList,
    MultipleDropDownList,
    YesNo,
    Checkbox,
    PieceJustificative,
    Repetition,
    Siret,
    DossierLink,
    Departement,
    /// The title of a section: nothing is filled in.
    Header,
    /// Anything else the platform has or will have.
    Other,
}

/// One field of the live form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    pub id: String,
    pub label: String,
    pub kind: FieldType,
    pub options: Vec<String>,
    pub children: Vec<Descriptor>,
}

/// The live form of a démarche.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveForm {
    pub demarche: i64,
    pub title: String,
    pub revision: String,
    pub champs: Vec<Descriptor>,
    pub annotations: Vec<Descriptor>,
}

/// Which list of the form a key is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    Champs,
    Annotations,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Table::Champs => "champs",
            Table::Annotations => "annotations",
        })
    }
}

/// Why a line of `form.toml` cannot be used, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error(
        "[{table}] {key}: the form has no field « {wanted} »; take its exact label or its id from `vigie form`"
    )]
    Missing { table: Table, key: Key, wanted: String },
    #[error(
        "[{table}] {key}: {count} fields are called « {wanted} »; give the id of the right one (`vigie form` lists them)"
    )]
    Ambiguous { table: Table, key: Key, wanted: String, count: usize },
    #[error(
        "[{table}] {key}: « {wanted} » is a field of type {}, {key} needs {}",
        names_of(std::slice::from_ref(.found)), names_of(.expected)
    )]
    WrongType { table: Table, key: Key, wanted: String, found: FieldType, expected: &'static [FieldType] },
    #[error("[choix.{table}.{key}] {ours}: the form has no option « {wanted} »; its options are: {options}")]
    NoSuchOption { table: Table, key: Key, ours: String, wanted: String, options: String },
    #[error("[{table}] {name}: not a key of form.toml; see `docs/formulaire.md` for the list")]
    UnknownKey { table: Table, name: String },
    #[error("[choix.{key}] {ours}: not a value of {key}; values are: {values}")]
    UnknownValue { key: String, ours: String, values: String },
    #[error(
        "[annotations] {key}: vigie writes this key, it must be an annotation and cannot stand in [champs]"
    )]
    WrittenInChamps { key: Key },
    #[error(
        "[annotations] {key}: only the certification body says this, it must be an annotation and cannot stand in [champs]"
    )]
    BodyInChamps { key: Key },
    #[error(
        "[annotations] {key} and {other} name the same field « {wanted} », which vigie writes: one field for one key; \
         neither is used until one of the two lines names another field"
    )]
    WrittenTwice { key: Key, other: Key, wanted: String },
    #[error("[{table}] {key}: only stands inside the block `{block}`, which form.toml does not name")]
    BlockMissing { table: Table, key: Key, block: Key },
}

/// Types as the platform calls them, which is what an administrator chooses from.
fn names_of(types: &[FieldType]) -> String {
    let name = |kind: &FieldType| format!("« {} »", wording::form::platform_type(&format!("{kind:?}")));
    types.iter().map(name).collect::<Vec<_>>().join(" or ")
}

impl Problem {
    /// The same for whoever looks after this program.
    #[must_use]
    pub fn said(&self) -> String {
        let named = |table: &Table| table.to_string();
        match self {
            Problem::Missing { table, key, wanted } => {
                wording::form::no_field(&named(table), key.name(), wanted)
            }
            Problem::Ambiguous { table, key, wanted, count } => {
                wording::form::several_fields(&named(table), key.name(), wanted, *count)
            }
            Problem::WrongType { table, key, wanted, found, expected } => {
                let expected: Vec<String> = expected.iter().map(|kind| format!("{kind:?}")).collect();
                wording::form::not_of_type(
                    &named(table),
                    key.name(),
                    wanted,
                    &format!("{found:?}"),
                    &expected,
                )
            }
            Problem::NoSuchOption { table, key, ours, wanted, options } => {
                wording::form::no_such_option(&named(table), key.name(), ours, wanted, options)
            }
            Problem::UnknownKey { table, name } => wording::form::no_key(&named(table), name),
            Problem::UnknownValue { key, ours, values } => wording::form::no_value(key, ours, values),
            Problem::WrittenInChamps { key } => wording::form::written_in_champs(key.name()),
            Problem::BodyInChamps { key } => wording::form::body_in_champs(key.name()),
            Problem::WrittenTwice { key, other, wanted } => {
                wording::form::written_twice(key.name(), other.name(), wanted)
            }
            Problem::BlockMissing { table, key, block } => {
                wording::form::no_block(&named(table), key.name(), block.name())
            }
        }
    }

    /// The key whose rules stop; options and spelling stop nothing by themselves.
    #[must_use]
    pub fn stops(&self) -> Option<Key> {
        match self {
            Problem::Missing { key, .. }
            | Problem::Ambiguous { key, .. }
            | Problem::WrongType { key, .. } => Some(*key),
            Problem::BlockMissing { key, .. } | Problem::WrittenTwice { key, .. } => Some(*key),
            _ => None,
        }
    }
}

/// Where a key is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub id: String,
    pub kind: FieldType,
}

/// `form.toml` resolved against the live form.
#[derive(Clone, Debug, Default)]
pub struct ResolvedForm {
    pub demarche: i64,
    pub revision: String,
    /// Descriptor id → key, for fields outside repeated blocks.
    /// One field may serve two keys: a one-day visit has one date.
    pub champs: BTreeMap<String, Vec<(Key, FieldType)>>,
    pub annotations: BTreeMap<String, Vec<(Key, FieldType)>>,
    /// Descriptor id of a cell → its block and key.
    pub cells: BTreeMap<String, (Key, Key, FieldType)>,
    /// The form's option → our value, by table and key.
    pub options: BTreeMap<(Table, Key), BTreeMap<String, String>>,
    pub targets: BTreeMap<Key, Target>,
    pub problems: Vec<Problem>,
    pub view: FormView,
}

/// The types that a key's field may have (`interface.md` §3).
#[must_use]
pub fn expected_types(key: Key) -> &'static [FieldType] {
    use FieldType::*;
    match key.kind() {
        Kind::Words => &[Text, Textarea, Email, DropDownList],
        Kind::Email => &[Email, Text, DropDownList, Textarea],
        Kind::Siret => &[Siret, Text, Textarea],
        Kind::Departement => &[Departement, Text, Textarea],
        Kind::Choice(_) => &[DropDownList],
        Kind::Choices(_) => &[MultipleDropDownList, DropDownList, Text, Textarea],
        Kind::Link => &[DossierLink, IntegerNumber],
        Kind::Rows if key == Key::Sites => &[Repetition, Textarea, Text],
        Kind::Rows => &[Repetition],
        Kind::Files => &[PieceJustificative],
        Kind::FilesOrWords => &[Textarea, Text, PieceJustificative],
        Kind::Date => &[Date],
        Kind::Count => &[IntegerNumber],
        Kind::Mark => &[DecimalNumber],
        Kind::Flag => &[YesNo, Checkbox],
        Kind::State => &[DropDownList, Text, Textarea],
        Kind::Lines | Kind::Line => &[Text, Textarea],
        Kind::Moment => &[Datetime],
    }
}

impl ResolvedForm {
    /// The option of an annotation, or the text, for one of our values.
    #[must_use]
    pub fn option_for(&self, key: Key, ours: &str) -> Option<&str> {
        let options = self.options.get(&(Table::Annotations, key))?;
        options.iter().find(|(_, value)| *value == ours).map(|(option, _)| option.as_str())
    }
}

/// « Palier supérieur » and `palier_superieur` are the same word.
#[must_use]
pub fn alike(left: &str, right: &str) -> bool {
    plain(left) == plain(right)
}

/// Letters and digits in lower case without accents; the rest as one separator.
#[must_use]
pub fn plain(text: &str) -> String {
    folded(text).replace(' ', "_")
}
