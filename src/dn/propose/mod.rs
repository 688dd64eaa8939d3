//! Which field of a live form is probably which key: by the words of labels, among the fields whose type fits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::form::{Descriptor, FieldType, FormMap, LiveForm, Table, alike, expected_types, plain};
use label::case::keys::{Key, Kind};
use label::life::State;
use label::wording::{self, form};

/// The shipped file: its labels are those that the label's own form is expected to have.
const SHIPPED: &str = include_str!("../../../config/form.toml");
/// Per cent of common words (included) from which a field is proposed to a person.
const WORTH_A_LOOK: usize = 50;

/// What was found for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMatch {
    Sure(String),
    Maybe(String, usize),
    /// Several fields are equally similar.
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
    pub found: FieldMatch,
}

/// The proposed file.
#[derive(Clone, Debug, Default)]
pub struct FormProposal {
    pub lines: Vec<ProposedLine>,
    /// Key → our value → the form's option that resembles it.
    pub choices: BTreeMap<Key, Vec<(String, Option<String>)>>,
}

impl fmt::Display for ProposedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |label: &str| toml::Value::from(label).to_string();
        let (key, expected) = (self.key, format!("{:?}", expected_types(self.key)));
        f.write_str(&match &self.found {
            FieldMatch::Sure(label) => form::sure(key, &quoted(label)),
            FieldMatch::Maybe(label, percent) => form::to_confirm(key, &quoted(label), *percent),
            FieldMatch::Ambiguous(labels) => form::ambiguous(key, labels),
            FieldMatch::WrongType(label, kind) => form::wrong_type(key, label, format!("{kind:?}"), expected),
            FieldMatch::Missing => form::missing(key),
        })
    }
}

/// Proposes a field for each key of the shipped file.
#[must_use]
pub fn propose(live: &LiveForm) -> FormProposal {
    let shipped: FormMap = toml::from_str(SHIPPED).unwrap_or_default();
    let mut proposal = FormProposal::default();
    let tables = [(Table::Champs, &shipped.champs), (Table::Annotations, &shipped.annotations)];
    for (table, expected) in tables {
        for (name, label) in expected {
            let Some(key) = Key::from_name(name) else { continue };
            // The certification body may keep among annotations what our example asks of the candidate, or the reverse.
            let own = candidates(live, table);
            let other =
                candidates(live, if table == Table::Champs { Table::Annotations } else { Table::Champs });
            let (table, found, field) = match best(key, label, &own) {
                (FieldMatch::Missing, _) if !key.is_written() => {
                    let (found, field) = best(key, label, &other);
                    let elsewhere = if table == Table::Champs { Table::Annotations } else { Table::Champs };
                    let at = if found == FieldMatch::Missing { table } else { elsewhere };
                    (at, found, field)
                }
                (found, field) => (table, found, field),
            };
            if let Some(field) = field.filter(|field| !field.options.is_empty()) {
                let likely = options(key, field);
                if !likely.is_empty() {
                    proposal.choices.insert(key, likely);
                }
            }
            proposal.lines.push(ProposedLine { table, key, found });
        }
    }
    proposal
}

/// Fields and cells of one table.
fn candidates(live: &LiveForm, table: Table) -> Vec<&Descriptor> {
    let fields = match table {
        Table::Champs => &live.champs,
        Table::Annotations => &live.annotations,
    };
    fields.iter().chain(fields.iter().flat_map(|field| &field.children)).collect()
}

fn best<'f>(key: Key, label: &str, fields: &[&'f Descriptor]) -> (FieldMatch, Option<&'f Descriptor>) {
    let fits = |field: &&&Descriptor| expected_types(key).contains(&field.kind);
    let exact = |field: &&&Descriptor| alike(&field.label, label) || alike(&field.label, key.name());
    let same: Vec<_> = fields.iter().filter(fits).filter(exact).copied().collect();
    match same.as_slice() {
        [only] => return (FieldMatch::Sure(only.label.clone()), Some(only)),
        [] => {}
        several => {
            return (FieldMatch::Ambiguous(several.iter().map(|field| field.id.clone()).collect()), None);
        }
    }
    if let Some(wrong) = fields.iter().find(|field| exact(field)) {
        return (FieldMatch::WrongType(wrong.label.clone(), wrong.kind), None);
    }
    let mut scored: Vec<_> =
        fields.iter().filter(fits).map(|field| (likeness(&field.label, label), *field)).collect();
    scored.sort_by_key(|(percent, _)| std::cmp::Reverse(*percent));
    match scored.as_slice() {
        [(first, _), (second, _), ..] if *first >= WORTH_A_LOOK && first == second => {
            let labels = scored.iter().take_while(|(percent, _)| percent == first);
            (FieldMatch::Ambiguous(labels.map(|(_, field)| field.label.clone()).collect()), None)
        }
        [(percent, field), ..] if *percent >= WORTH_A_LOOK => {
            (FieldMatch::Maybe(field.label.clone(), *percent), Some(field))
        }
        _ => (FieldMatch::Missing, None),
    }
}

/// Common words over all words, in per cent; little words do not count.
fn likeness(left: &str, right: &str) -> usize {
    const LITTLE: &[&str] =
        &["de", "du", "des", "la", "le", "les", "l", "d", "a", "et", "par", "pour", "en", "un", "une"];
    let words = |text: &str| -> BTreeSet<String> {
        plain(text)
            .split('_')
            .filter(|word| !word.is_empty() && !LITTLE.contains(word))
            .map(str::to_owned)
            .collect()
    };
    let (left, right) = (words(left), words(right));
    let all = left.union(&right).count();
    (left.intersection(&right).count() * 100).checked_div(all).unwrap_or(0)
}

fn options(key: Key, field: &Descriptor) -> Vec<(String, Option<String>)> {
    let ours: Vec<(&str, &str)> = match key.kind() {
        Kind::Choice(values) => values.iter().map(|value| (*value, *value)).collect(),
        Kind::Choices(values) => {
            values.iter().map(|value| (*value, wording::perimeter::word(value))).collect()
        }
        Kind::State => State::ALL.iter().map(|(state, name)| (*name, wording::state(*state))).collect(),
        _ => return Vec::new(),
    };
    let shipped: FormMap = toml::from_str(SHIPPED).unwrap_or_default();
    let lists = Table::Champs;
    let example = |value: &str| shipped.choix.of(lists, key).and_then(|values| values.get(value)).cloned();
    let nearest = |value: &str, spoken: &str| {
        let example = example(value).unwrap_or_default();
        let score =
            |option: &String| [value, spoken, &example].iter().map(|word| likeness(option, word)).max();
        let best = field.options.iter().max_by_key(|option| score(option))?;
        (score(best) >= Some(WORTH_A_LOOK)).then(|| best.clone())
    };
    ours.into_iter().map(|(value, spoken)| (value.to_owned(), nearest(value, spoken))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(label: &str, kind: FieldType) -> Descriptor {
        Descriptor {
            id: format!("id-{label}"),
            label: label.to_owned(),
            kind,
            options: Vec::new(),
            children: Vec::new(),
        }
    }

    #[test]
    fn each_key_says_how_it_fared() {
        let live = LiveForm {
            demarche: 1,
            title: String::new(),
            revision: String::new(),
            champs: vec![
                field("Organigramme", FieldType::PieceJustificative),
                field("Plan de formation de l’année", FieldType::PieceJustificative),
                field("Clôture de l'enquête agents", FieldType::Text),
            ],
            annotations: vec![field("Premier jour de visite", FieldType::Date)],
        };
        let proposal = propose(&live);
        let line = |key: Key| proposal.lines.iter().find(|line| line.key == key).unwrap().to_string();
        assert_eq!(line(Key::Organigramme), "organigramme = \"Organigramme\" # sûr");
        assert!(line(Key::PlanFormation).contains("à confirmer (66 %)"), "{}", line(Key::PlanFormation));
        assert!(line(Key::EnqueteAgentsCloture).contains("est de type Text"));
        assert_eq!(line(Key::AuditDebut), "audit_debut = \"Premier jour de visite\" # sûr");
        assert_eq!(line(Key::Indicateurs), "# indicateurs : aucun champ");
    }
}
