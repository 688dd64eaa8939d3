//! Which field of the live form is which key: by id, by exact label, inside its block.

use std::collections::{BTreeMap, BTreeSet};

use super::form::{
    Descriptor, FieldType, FormMap, LiveForm, Problem, ResolvedForm, Table, Target, alike, expected_types,
};
use label::case::keys::{Key, Kind};
use label::life::State;
use label::wording;

/// Resolves `map` against `live`. Never fails: what cannot be used is listed.
#[must_use]
pub fn resolve(map: &FormMap, live: &LiveForm) -> ResolvedForm {
    let mut resolver = Resolver {
        map,
        form: ResolvedForm {
            demarche: live.demarche,
            revision: live.revision.clone(),
            ..ResolvedForm::default()
        },
        offered: BTreeSet::new(),
    };
    resolver.table(Table::Champs, &map.champs, &live.champs);
    resolver.table(Table::Annotations, &map.annotations, &live.annotations);
    resolver.written_once();
    resolver.spelling();
    for problem in &resolver.form.problems {
        if let Some(key) = problem.stops().filter(|key| !resolver.form.view.usable.contains(key)) {
            resolver.form.view.broken.insert(key);
        }
    }
    let view = &mut resolver.form.view;
    view.private = view.usable.difference(&resolver.offered).copied().collect();
    resolver.form
}

struct Resolver<'a> {
    map: &'a FormMap,
    form: ResolvedForm,
    /// Keys that a field of the candidate's form holds.
    offered: BTreeSet<Key>,
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
            if key.is_for_the_body() && table == Table::Champs {
                self.form.problems.push(Problem::BodyInChamps { key });
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
        for block in [Key::Sites, Key::Evenements, Key::Preuves] {
            let concerned =
                block.cells().contains(&wanted.key) && wanted.block.is_none_or(|only| only == block);
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

    /// True when something was found, good or bad: then « missing » is not reported.
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
        list.entry(field.id.clone()).or_default().push((key, kind));
        self.options(wanted.table, key, field);
        if key.is_written() {
            self.form.targets.insert(key, Target { id: field.id.clone(), kind });
            self.form.view.writable.insert(key);
        }
        self.usable(wanted);
        true
    }

    fn usable(&mut self, wanted: &Wanted) {
        self.form.view.usable.insert(wanted.key);
        if wanted.table == Table::Champs {
            self.offered.insert(wanted.key);
        }
    }

    fn cell(&mut self, wanted: &Wanted, block: Key, parent: &Descriptor) -> bool {
        let Some(field) = self.single(wanted, &parent.children) else { return false };
        if self.fits(wanted, field) {
            self.form.cells.insert(field.id.clone(), (block, wanted.key, field.kind));
            self.options(wanted.table, wanted.key, field);
            self.usable(wanted);
        }
        true
    }

    fn single<'f>(&mut self, wanted: &Wanted, fields: &'f [Descriptor]) -> Option<&'f Descriptor> {
        let mut matching: Vec<_> = matching(fields, wanted.name).collect();
        // A heading often bears the name of the field under it.
        if matching.len() > 1 && matching.iter().any(|field| expected_types(wanted.key).contains(&field.kind))
        {
            matching.retain(|field| expected_types(wanted.key).contains(&field.kind));
        }
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
    fn options(&mut self, table: Table, key: Key, field: &Descriptor) {
        let ours: Vec<(&str, &str)> = match key.kind() {
            Kind::Choice(values) => values.iter().map(|value| (*value, *value)).collect(),
            Kind::Choices(values) => {
                values.iter().map(|value| (*value, wording::perimeter::word(value))).collect()
            }
            Kind::State => State::ALL.iter().map(|(state, name)| (*name, wording::state(*state))).collect(),
            _ => return,
        };
        let given = self.map.choix.of(table, key);
        let list_known = field.kind == FieldType::DropDownList && !field.options.is_empty();
        for (value, spoken) in ours {
            let option = match given.and_then(|given| given.get(value)) {
                Some(option) => {
                    let option = option.trim().to_owned();
                    if list_known && !field.options.iter().any(|live| live.trim() == option) {
                        let options = field.options.join(", ");
                        let ours = value.to_owned();
                        self.form.problems.push(Problem::NoSuchOption {
                            table,
                            key,
                            ours,
                            wanted: option,
                            options,
                        });
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
            if option.is_none() && key.kind() == Kind::State {
                let (ours, options) = (value.to_owned(), field.options.join(", "));
                self.form.problems.push(Problem::NoSuchOption {
                    table,
                    key,
                    ours,
                    wanted: spoken.to_owned(),
                    options,
                });
            }
            if let Some(option) = option {
                self.form.options.entry((table, key)).or_default().insert(option, value.to_owned());
            }
        }
    }

    /// A field that vigie writes belongs to one key: two values would replace each other at every pass, or what a person
    /// filled in would be lost.
    fn written_once(&mut self) {
        let shared: Vec<(String, Vec<Key>)> = self
            .form
            .annotations
            .iter()
            .map(|(id, keys)| (id.clone(), keys.iter().map(|(key, _)| *key).collect::<Vec<Key>>()))
            .filter(|(_, keys)| keys.len() > 1 && keys.iter().any(|key| key.is_written()))
            .collect();
        for (id, keys) in shared {
            self.form.annotations.remove(&id);
            for key in &keys {
                self.form.targets.remove(key);
                self.form.view.writable.remove(key);
                self.form.view.usable.remove(key);
                let wanted = self.map.annotations.get(key.name()).cloned().unwrap_or_else(|| id.clone());
                let other = keys.iter().copied().find(|other| other != key).unwrap_or(*key);
                self.form.problems.push(Problem::WrittenTwice { key: *key, other, wanted });
            }
        }
    }

    fn spelling(&mut self) {
        for (name, key, given) in self.map.choix.all() {
            let values: Vec<&str> = match Key::from_name(key).map(Key::kind) {
                Some(Kind::Choice(values) | Kind::Choices(values)) => values.to_vec(),
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

/// By id first; then by exact label, outer blanks aside. The title of a section, which often is that of a field, is none.
fn matching<'f>(fields: &'f [Descriptor], name: &str) -> impl Iterator<Item = &'f Descriptor> {
    let by_id = fields.iter().any(|field| field.id == name);
    let name = name.to_owned();
    let fields = fields.iter().filter(|field| field.kind != FieldType::Header);
    fields.filter(move |field| if by_id { field.id == name } else { field.label.trim() == name })
}

fn one<'f>(fields: &'f [Descriptor], name: &str) -> Option<&'f Descriptor> {
    let mut found = matching(fields, name);
    found.next().filter(|_| found.next().is_none())
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
    fn what_the_body_alone_says_is_not_read_from_the_candidate_s_form() {
        let field = || vec![field("c", "Constat", FieldType::Date, &[])];
        let form = resolve(&map("[champs]\nconstate_le = \"Constat\""), &live(field(), vec![]));
        assert_eq!(form.problems, [Problem::BodyInChamps { key: Key::ConstateLe }]);
        assert!(form.view.usable.is_empty() && form.champs.is_empty());
        let form = resolve(&map("[annotations]\nconstate_le = \"Constat\""), &live(vec![], field()));
        assert_eq!((form.problems, form.view.usable), (vec![], [Key::ConstateLe].into()));
    }

    #[test]
    fn a_field_is_found_by_label_or_by_id() {
        let live = live(
            vec![field("a", " Nom ", FieldType::Text, &[]), field("b", "Début", FieldType::Date, &[])],
            vec![],
        );
        let form = resolve(&map("[champs]\nnom_structure = \"Nom\"\naudit_debut = \"b\""), &live);
        assert_eq!(form.problems, []);
        assert_eq!(form.champs["a"], [(Key::NomStructure, FieldType::Text)]);
        assert_eq!(form.champs["b"], [(Key::AuditDebut, FieldType::Date)]);
    }

    #[test]
    fn a_key_that_only_an_annotation_holds_is_private() {
        let live = live(
            vec![field("a", "Note", FieldType::DecimalNumber, &[])],
            vec![
                field("b", "Note vérifiée", FieldType::DecimalNumber, &[]),
                field("c", "Début", FieldType::Date, &[]),
                field("d", "Plan", FieldType::PieceJustificative, &[]),
            ],
        );
        let text = "[champs]\nnote_agents = \"Note\"\nplan_formation = \"Absent\"\n\
             [annotations]\nnote_agents = \"Note vérifiée\"\naudit_debut = \"Début\"\nplan_formation = \"Plan\"";
        let form = resolve(&map(text), &live);
        assert_eq!(form.view.private, [Key::AuditDebut, Key::PlanFormation].into());
    }

    #[test]
    fn each_fault_stops_its_own_key_and_names_the_remedy() {
        let live = live(
            vec![
                field("a", "Début", FieldType::Text, &[]),
                field("b", "X", FieldType::Text, &[]),
                field("c", "X", FieldType::Text, &[]),
            ],
            vec![field("d", "Décision", FieldType::DropDownList, &["Labellisé", "Rejeté"])],
        );
        let form = resolve(
            &map(
                "[champs]\naudit_debut = \"Début\"\nnom_structure = \"X\"\norganisme = \"Y\"\nfoo = \"X\"\nauto_etat = \"X\"\n\
                  [annotations]\ndecision = \"Décision\"\n[choix.decision]\nretrait = \"Retiré\"\nbizarre = \"Rejeté\"",
            ),
            &live,
        );
        let said: Vec<String> = form.problems.iter().map(ToString::to_string).collect();
        for part in [
            "audit_debut: « Début » is a field of type « Texte court », audit_debut needs « Date »",
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
        block.children = vec![
            field("h1", "Décision", FieldType::DropDownList, &["Levée"]),
            field("h2", "Le", FieldType::Date, &[]),
        ];
        let live = live(vec![], vec![block, field("x", "Le", FieldType::Date, &[])]);
        let form = resolve(
            &map(
                "[annotations]\nevenements = \"Historique\"\ndecision = \"Décision\"\n\"evenements.decision_le\" = \"Le\"",
            ),
            &live,
        );
        assert_eq!(form.problems, []);
        assert_eq!(form.cells["h1"].1, Key::Decision);
        assert_eq!(form.cells["h2"].1, Key::DecisionLe);
        assert!(!form.annotations.contains_key("x"), "the prefix kept the other « Le » out");
        assert_eq!(form.options[&(Table::Annotations, Key::Decision)]["Levée"], "levee");
    }
}
