//! `form.toml` against the live form: which field is which key, and what cannot be used.
//!
//! Resolved once at start-up and whenever the form changes. A missing or wrongly typed field is a [`Problem`]: the
//! rules that need it stop, nothing else.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::review::facts::FormView;
use crate::review::keys::{Key, Kind};
use crate::review::life::State;
use crate::review::wording;

/// The three tables of `form.toml`, as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FormMap {
    pub champs: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    pub choix: BTreeMap<String, BTreeMap<String, String>>,
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
    YesNo,
    Checkbox,
    PieceJustificative,
    Repetition,
    Siret,
    DossierLink,
    Departement,
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
    #[error("[{table}] {key}: the form has no field « {wanted} »; take its exact label or its id from `vigie form`")]
    Missing { table: Table, key: Key, wanted: String },
    #[error("[{table}] {key}: {count} fields are called « {wanted} »; give the id of the right one (`vigie form` lists them)")]
    Ambiguous { table: Table, key: Key, wanted: String, count: usize },
    #[error("[{table}] {key}: « {wanted} » is a {found:?} field, {key} needs one of {expected:?}")]
    WrongType { table: Table, key: Key, wanted: String, found: FieldType, expected: &'static [FieldType] },
    #[error("[choix.{key}] {ours}: the form has no option « {wanted} »; its options are: {options}")]
    NoSuchOption { key: Key, ours: String, wanted: String, options: String },
    #[error("[{table}] {name}: not a key of form.toml; see `docs/formulaire.md` for the list")]
    UnknownKey { table: Table, name: String },
    #[error("[choix.{key}] {ours}: not a value of {key}; values are: {values}")]
    UnknownValue { key: String, ours: String, values: String },
    #[error("[annotations] {key}: vigie writes this key, it must be an annotation and cannot stand in [champs]")]
    WrittenInChamps { key: Key },
    #[error("[{table}] {key}: only stands inside the block `{block}`, which form.toml does not name")]
    BlockMissing { table: Table, key: Key, block: Key },
}

impl Problem {
    /// The key whose rules stop; options and spelling stop nothing by themselves.
    #[must_use]
    pub fn stops(&self) -> Option<Key> {
        match self {
            Problem::Missing { key, .. } | Problem::Ambiguous { key, .. } | Problem::WrongType { key, .. } => Some(*key),
            Problem::BlockMissing { key, .. } => Some(*key),
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
    pub champs: BTreeMap<String, (Key, FieldType)>,
    pub annotations: BTreeMap<String, (Key, FieldType)>,
    /// Descriptor id of a cell → its block and key.
    pub cells: BTreeMap<String, (Key, Key, FieldType)>,
    /// The form's option → our value, by key.
    pub options: BTreeMap<Key, BTreeMap<String, String>>,
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
        Kind::Email => &[Email, Text],
        Kind::Siret => &[Siret, Text],
        Kind::Departement => &[Departement, Text],
        Kind::Choice(_) => &[DropDownList],
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

/// Resolves `map` against `live`. Never fails: what cannot be used is listed.
#[must_use]
pub fn resolve(map: &FormMap, live: &LiveForm) -> ResolvedForm {
    let mut resolver = Resolver {
        map,
        form: ResolvedForm { demarche: live.demarche, revision: live.revision.clone(), ..ResolvedForm::default() },
    };
    resolver.table(Table::Champs, &map.champs, &live.champs);
    resolver.table(Table::Annotations, &map.annotations, &live.annotations);
    resolver.spelling();
    for problem in &resolver.form.problems {
        if let Some(key) = problem.stops().filter(|key| !resolver.form.view.usable.contains(key)) {
            resolver.form.view.broken.insert(key);
        }
    }
    resolver.form
}

struct Resolver<'a> {
    map: &'a FormMap,
    form: ResolvedForm,
}

/// What a line of `form.toml` looks for, and where.
struct Wanted<'a> {
    table: Table,
    key: Key,
    name: &'a str,
    /// « evenements.decision »: only inside that block.
    block: Option<Key>,
}

impl Resolver<'_> {
    fn table(&mut self, table: Table, lines: &BTreeMap<String, String>, fields: &[Descriptor]) {
        for (name, wanted) in lines {
            let (block, key) = match name.split_once('.') {
                Some((block, key)) => (Key::from_name(block), Key::from_name(key)),
                None => (None, Key::from_name(name)),
            };
            let Some(key) = key.filter(|key| block.is_none_or(|block| block.cells().contains(key))) else {
                self.form.problems.push(Problem::UnknownKey { table, name: name.clone() });
                continue;
            };
            if key.is_written() && table == Table::Champs {
                self.form.problems.push(Problem::WrittenInChamps { key });
                continue;
            }
            self.line(&Wanted { table, key, name: wanted.trim(), block }, fields, lines);
        }
    }

    fn line(&mut self, wanted: &Wanted, fields: &[Descriptor], lines: &BTreeMap<String, String>) {
        let mut found = false;
        if wanted.block.is_none() && wanted.key.only_in().is_none() {
            found |= self.top_level(wanted, fields);
        }
        for block in [Key::Sites, Key::Evenements] {
            let concerned = block.cells().contains(&wanted.key) && wanted.block.is_none_or(|only| only == block);
            let named = lines.get(block.name()).and_then(|name| one(fields, name.trim()));
            if let Some(parent) = named.filter(|_| concerned) {
                found |= self.cell(wanted, block, parent);
            } else if wanted.key.only_in() == Some(block) && !lines.contains_key(block.name()) {
                let (table, key) = (wanted.table, wanted.key);
                self.form.problems.push(Problem::BlockMissing { table, key, block });
                return;
            }
        }
        if !found && !self.form.problems.iter().any(|p| p.stops() == Some(wanted.key)) {
            let (table, key) = (wanted.table, wanted.key);
            self.form.problems.push(Problem::Missing { table, key, wanted: wanted.name.to_owned() });
        }
    }

    /// True when something was found, good or bad: then « missing » need not be said.
    fn top_level(&mut self, wanted: &Wanted, fields: &[Descriptor]) -> bool {
        let Some(field) = self.single(wanted, fields) else { return false };
        let (key, kind) = (wanted.key, field.kind);
        if !self.fits(wanted, field) {
            return true;
        }
        let list = match wanted.table {
            Table::Champs => &mut self.form.champs,
            Table::Annotations => &mut self.form.annotations,
        };
        list.insert(field.id.clone(), (key, kind));
        self.options(key, field);
        if key.is_written() {
            self.form.targets.insert(key, Target { id: field.id.clone(), kind });
            self.form.view.writable.insert(key);
        }
        self.form.view.usable.insert(key);
        true
    }

    fn cell(&mut self, wanted: &Wanted, block: Key, parent: &Descriptor) -> bool {
        let Some(field) = self.single(wanted, &parent.children) else { return false };
        if self.fits(wanted, field) {
            self.form.cells.insert(field.id.clone(), (block, wanted.key, field.kind));
            self.options(wanted.key, field);
            self.form.view.usable.insert(wanted.key);
        }
        true
    }

    fn single<'f>(&mut self, wanted: &Wanted, fields: &'f [Descriptor]) -> Option<&'f Descriptor> {
        let matching: Vec<_> = matching(fields, wanted.name).collect();
        if matching.len() > 1 {
            let (table, key) = (wanted.table, wanted.key);
            let wanted = wanted.name.to_owned();
            self.form.problems.push(Problem::Ambiguous { table, key, wanted, count: matching.len() });
            return None;
        }
        matching.into_iter().next()
    }

    fn fits(&mut self, wanted: &Wanted, field: &Descriptor) -> bool {
        let expected = expected_types(wanted.key);
        let fits = expected.contains(&field.kind);
        if !fits {
            let (table, key, found) = (wanted.table, wanted.key, field.kind);
            let wanted = wanted.name.to_owned();
            self.form.problems.push(Problem::WrongType { table, key, wanted, found, expected });
        }
        fits
    }

    /// The form's options mapped to our values: as `[choix.key]` says, else by likeness (« Palier supérieur »).
    fn options(&mut self, key: Key, field: &Descriptor) {
        let ours: Vec<(&str, &str)> = match key.kind() {
            Kind::Choice(values) => values.iter().map(|value| (*value, *value)).collect(),
            Kind::State => State::ALL.iter().map(|(state, name)| (*name, wording::state(*state))).collect(),
            _ => return,
        };
        let given = self.map.choix.get(key.name());
        let list_known = field.kind == FieldType::DropDownList && !field.options.is_empty();
        for (value, spoken) in ours {
            let option = match given.and_then(|given| given.get(value)) {
                Some(option) => {
                    let option = option.trim().to_owned();
                    if list_known && !field.options.iter().any(|live| live.trim() == option) {
                        let options = field.options.join(", ");
                        let ours = value.to_owned();
                        self.form.problems.push(Problem::NoSuchOption { key, ours, wanted: option, options });
                        continue;
                    }
                    Some(option)
                }
                None if list_known => field
                    .options
                    .iter()
                    .find(|live| [value, spoken].iter().any(|word| alike(live, word)))
                    .cloned(),
                None => Some(spoken.to_owned()),
            };
            if let Some(option) = option {
                self.form.options.entry(key).or_default().insert(option, value.to_owned());
            }
        }
    }

    fn spelling(&mut self) {
        for (name, given) in &self.map.choix {
            let values: Vec<&str> = match Key::from_name(name).map(Key::kind) {
                Some(Kind::Choice(values)) => values.to_vec(),
                Some(Kind::State) => State::ALL.iter().map(|(_, name)| *name).collect(),
                _ => Vec::new(),
            };
            for ours in given.keys().filter(|ours| !values.contains(&ours.as_str())) {
                let (key, ours, values) = (name.clone(), ours.clone(), values.join(", "));
                self.form.problems.push(Problem::UnknownValue { key, ours, values });
            }
        }
    }
}

/// By id first; then by exact label, outer blanks aside.
fn matching<'f>(fields: &'f [Descriptor], name: &str) -> impl Iterator<Item = &'f Descriptor> {
    let by_id = fields.iter().any(|field| field.id == name);
    let name = name.to_owned();
    fields.iter().filter(move |field| if by_id { field.id == name } else { field.label.trim() == name })
}

fn one<'f>(fields: &'f [Descriptor], name: &str) -> Option<&'f Descriptor> {
    let mut found = matching(fields, name);
    found.next().filter(|_| found.next().is_none())
}

/// « Palier supérieur » and `palier_superieur` are the same word.
#[must_use]
pub fn alike(left: &str, right: &str) -> bool {
    plain(left) == plain(right)
}

/// Letters and digits in lower case without accents; the rest as one separator.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for letter in text.trim().chars().flat_map(char::to_lowercase) {
        let letter = match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            other => other,
        };
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

impl ResolvedForm {
    /// The form's option, or the text, for one of our values.
    #[must_use]
    pub fn option_for(&self, key: Key, ours: &str) -> Option<&str> {
        let options = self.options.get(&key)?;
        options.iter().find(|(_, value)| *value == ours).map(|(option, _)| option.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: &str, label: &str, kind: FieldType, options: &[&str]) -> Descriptor {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Descriptor { id: id.to_owned(), label: label.to_owned(), kind, options, children: Vec::new() }
    }

    fn live(champs: Vec<Descriptor>, annotations: Vec<Descriptor>) -> LiveForm {
        LiveForm { demarche: 1, title: "T".to_owned(), revision: "R".to_owned(), champs, annotations }
    }

    fn map(toml: &str) -> FormMap {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn a_field_is_found_by_label_or_by_id() {
        let live = live(
            vec![field("a", " Nom ", FieldType::Text, &[]), field("b", "Début", FieldType::Date, &[])],
            vec![],
        );
        let form = resolve(&map("[champs]\nnom_structure = \"Nom\"\naudit_debut = \"b\""), &live);
        assert_eq!(form.problems, []);
        assert_eq!(form.champs["a"], (Key::NomStructure, FieldType::Text));
        assert_eq!(form.champs["b"], (Key::AuditDebut, FieldType::Date));
    }

    #[test]
    fn each_fault_stops_its_own_key_and_names_the_remedy() {
        let live = live(
            vec![field("a", "Début", FieldType::Text, &[]), field("b", "X", FieldType::Text, &[]), field("c", "X", FieldType::Text, &[])],
            vec![field("d", "Décision", FieldType::DropDownList, &["Labellisé", "Rejeté"])],
        );
        let form = resolve(
            &map("[champs]\naudit_debut = \"Début\"\nnom_structure = \"X\"\norganisme = \"Y\"\nfoo = \"X\"\nauto_etat = \"X\"\n\
                  [annotations]\ndecision = \"Décision\"\n[choix.decision]\nretrait = \"Retiré\"\nbizarre = \"Rejeté\""),
            &live,
        );
        let said: Vec<String> = form.problems.iter().map(ToString::to_string).collect();
        for part in [
            "audit_debut: « Début » is a Text field",
            "nom_structure: 2 fields are called « X »",
            "organisme: the form has no field « Y »",
            "foo: not a key",
            "auto_etat: vigie writes this key",
            "retrait: the form has no option « Retiré »; its options are: Labellisé, Rejeté",
            "bizarre: not a value of decision",
        ] {
            assert!(said.iter().any(|line| line.contains(part)), "{part} in {said:#?}");
        }
        assert_eq!(form.view.broken, [Key::NomStructure, Key::Organisme, Key::AuditDebut].into());
        assert_eq!(form.option_for(Key::Decision, "labellise"), Some("Labellisé"));
    }

    #[test]
    fn the_cells_of_a_block_are_found_inside_it() {
        let mut block = field("h", "Historique", FieldType::Repetition, &[]);
        block.children = vec![field("h1", "Décision", FieldType::DropDownList, &["Levée"]), field("h2", "Le", FieldType::Date, &[])];
        let live = live(vec![], vec![block, field("x", "Le", FieldType::Date, &[])]);
        let form = resolve(&map("[annotations]\nevenements = \"Historique\"\ndecision = \"Décision\"\n\"evenements.decision_le\" = \"Le\""), &live);
        assert_eq!(form.problems, []);
        assert_eq!(form.cells["h1"].1, Key::Decision);
        assert_eq!(form.cells["h2"].1, Key::DecisionLe);
        assert!(!form.annotations.contains_key("x"), "the prefix kept the other « Le » out");
        assert_eq!(form.options[&Key::Decision]["Levée"], "levee");
    }
}
