//! Which columns are wanted: those of the dossier itself, and the fields of `form.toml` by their label.

use std::collections::{BTreeMap, BTreeSet};

use crate::dn::form::{Descriptor, FieldType, FormMap, LiveForm, ResolvedForm, Table, expected_types};
use crate::dn::resolve::resolve;
use label::case::keys::Key;
use label::folding::folded;

/// The columns of the dossier itself, and the beginning of the name of what is kept of each.
pub(super) const OF_DOSSIER: [(&str, &str); 9] = [
    (ACCOUNT, "Email"),
    (SIRET, "Établissement SIRET"),
    (LEGAL_NAME, "Entreprise raison sociale"),
    (STATE, "État du dossier"),
    (UPDATED, "Dernière mise à jour le"),
    (CHANGED, "Dernière mise à jour du dossier le"),
    (DEPOSITED, "Déposé le"),
    (EXAMINED, "Passé en instruction le"),
    (DECIDED, "Traité le"),
];
pub(super) const ACCOUNT: &str = "dossier/email";
pub(super) const SIRET: &str = "dossier/siret";
pub(super) const LEGAL_NAME: &str = "dossier/raison_sociale";
pub(super) const STATE: &str = "dossier/etat";
pub(super) const UPDATED: &str = "dossier/mis_a_jour";
pub(super) const CHANGED: &str = "dossier/modifie";
pub(super) const DEPOSITED: &str = "dossier/depose";
pub(super) const EXAMINED: &str = "dossier/instruit";
pub(super) const DECIDED: &str = "dossier/traite";

const BLOCKS: [Key; 3] = [Key::Sites, Key::Evenements, Key::Preuves];

/// A field of the form outside blocks, or a cell of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub id: String,
    pub table: Table,
    pub label: String,
    pub kind: FieldType,
    /// What is read of it.
    pub keys: Vec<Key>,
}

/// A repeated block, with its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub id: String,
    pub key: Key,
    pub table: Table,
    pub label: String,
    pub cells: Vec<Field>,
}

/// The columns that `form.toml` asks for.
#[derive(Clone, Debug)]
pub struct Columns {
    map: FormMap,
    pub(super) fields: Vec<Field>,
    pub(super) blocks: Vec<Block>,
}

/// What stood in the exports read so far: the ids of fields and cells.
pub type Known = BTreeSet<String>;

impl Columns {
    #[must_use]
    pub fn of(map: &FormMap) -> Columns {
        // What vigie writes is neither read from an export nor written to it.
        let mut map = map.clone();
        map.annotations.retain(|name, _| !Key::from_name(name).is_some_and(Key::is_written));
        let mut columns = Columns { map: map.clone(), fields: Vec::new(), blocks: Vec::new() };
        for (table, lines) in [(Table::Champs, &map.champs), (Table::Annotations, &map.annotations)] {
            columns.fields_of(table, lines);
            for block in BLOCKS {
                columns.block_of(table, block, lines);
            }
        }
        columns
    }

    fn fields_of(&mut self, table: Table, lines: &BTreeMap<String, String>) {
        let mut by_label: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
        for (name, label) in lines.iter().filter(|(name, _)| !name.contains('.')) {
            let key = Key::from_name(name).filter(|key| key.only_in().is_none());
            if let Some(key) = key.filter(|key| !matches!(key, Key::Evenements | Key::Preuves)) {
                by_label.entry(label.trim()).or_default().push(key);
            }
        }
        for (label, keys) in in_order(by_label) {
            // A block may be a text in a form without blocks.
            let kind = if keys == [Key::Sites] { FieldType::Textarea } else { fitting(&keys) };
            let (id, label) = (format!("{table}/{label}"), label.to_owned());
            self.fields.push(Field { id, table, label, kind, keys });
        }
    }

    fn block_of(&mut self, table: Table, block: Key, lines: &BTreeMap<String, String>) {
        let Some(label) = lines.get(block.name()).map(|label| label.trim()) else { return };
        let mut by_label: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
        for (name, label) in lines {
            let (only, name) =
                name.split_once('.').map_or((None, name.as_str()), |(only, name)| (Some(only), name));
            let inside = Key::from_name(name).filter(|key| block.cells().contains(key));
            if let Some(key) = inside.filter(|_| only.is_none_or(|only| only == block.name())) {
                by_label.entry(label.trim()).or_default().push(key);
            }
        }
        let id = format!("{table}/{label}/");
        let cell = |(label, keys): (&str, Vec<Key>)| Field {
            id: format!("{id}{label}"),
            table,
            label: label.to_owned(),
            kind: fitting(&keys),
            keys,
        };
        let cells = in_order(by_label).into_iter().map(cell).collect();
        self.blocks.push(Block { id, key: block, table, label: label.to_owned(), cells });
    }

    /// The titles to read: all others of a file are left unread.
    #[must_use]
    pub fn titles(&self) -> Vec<String> {
        let own = OF_DOSSIER.iter().map(|(_, title)| (*title).to_owned());
        let fields =
            self.fields.iter().flat_map(|field| [field.label.clone(), format!("{} (Code)", field.label)]);
        let cells = self.blocks.iter().flat_map(|block| &block.cells).map(|cell| cell.label.clone());
        own.chain(["Champ".to_owned(), "Ligne".to_owned()]).chain(fields).chain(cells).collect()
    }

    /// `form.toml` resolved against the columns that stood in the exports.
    #[must_use]
    pub fn form(&self, known: &Known, demarche: i64) -> ResolvedForm {
        let of = |table: Table| {
            let descriptor = |field: &Field, children| Descriptor {
                id: field.id.clone(),
                label: field.label.clone(),
                kind: field.kind,
                options: Vec::new(),
                children,
            };
            let blocks =
                self.blocks.iter().filter(move |block| block.table == table && known.contains(&block.id));
            let blocks: Vec<Descriptor> = blocks
                .map(|block| {
                    let cells = block.cells.iter().filter(|cell| known.contains(&cell.id));
                    Descriptor {
                        id: block.id.clone(),
                        label: block.label.clone(),
                        kind: FieldType::Repetition,
                        options: Vec::new(),
                        children: cells.map(|cell| descriptor(cell, Vec::new())).collect(),
                    }
                })
                .collect();
            let is_block = |label: &str| blocks.iter().any(|block| block.label == label);
            let fields = self
                .fields
                .iter()
                .filter(|field| field.table == table && known.contains(&field.id) && !is_block(&field.label));
            let fields: Vec<Descriptor> = fields.map(|field| descriptor(field, Vec::new())).collect();
            [fields, blocks].concat()
        };
        let live = LiveForm {
            demarche,
            title: String::new(),
            revision: "export".to_owned(),
            champs: of(Table::Champs),
            annotations: of(Table::Annotations),
        };
        let mut form = resolve(&self.map, &live);
        // A column that no export had is unknown, and no fault of the form.
        form.view.broken.clear();
        form
    }

    /// The keys of `form.toml` that no export had so far.
    #[must_use]
    pub fn absent(&self, form: &ResolvedForm) -> Vec<Key> {
        let named = self.map.champs.keys().chain(self.map.annotations.keys());
        let keys: BTreeSet<Key> =
            named.filter_map(|name| Key::from_name(name.rsplit('.').next().unwrap_or(name))).collect();
        keys.into_iter().filter(|key| !form.view.usable.contains(key)).collect()
    }
}

/// In the order of the keys.
fn in_order(by_label: BTreeMap<&str, Vec<Key>>) -> Vec<(&str, Vec<Key>)> {
    let mut all: Vec<_> = by_label.into_iter().collect();
    all.sort_by_key(|(_, keys)| keys.iter().min().copied());
    all
}

/// A type that every key of a field may have.
fn fitting(keys: &[Key]) -> FieldType {
    let first = keys.first().map_or(&[][..], |key| expected_types(*key));
    let fits = |kind: &&FieldType| keys.iter().all(|key| expected_types(*key).contains(kind));
    first.iter().find(fits).or(first.first()).copied().unwrap_or(FieldType::Text)
}

/// Titles are compared without capitals, accents, punctuation and blanks.
pub(super) fn same_title(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}
