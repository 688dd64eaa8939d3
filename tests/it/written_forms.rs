//! Forms as administrators write them (`tests/forms`), with the key that each field holds, and how a proposal fares on one.

use std::collections::BTreeMap;

use label::case::keys::Key;
use vigie::dn::form::{Descriptor, FieldType, LiveForm, Table};
use vigie::dn::propose::{FieldMatch, FormProposal};

/// A form, and the id of the field of each key.
pub struct Written {
    pub live: LiveForm,
    pub expected: BTreeMap<(Table, Key), String>,
    /// The option of each value of a list.
    pub options: BTreeMap<(Table, Key, String), String>,
}

/// What became of the keys of a form.
#[derive(Debug, Default)]
pub struct Score {
    pub right: usize,
    pub sure: usize,
    pub wrong: Vec<String>,
    pub left: Vec<String>,
    pub options_right: usize,
    pub options_wrong: Vec<String>,
    pub options_left: usize,
}

/// One field a line: `label | type: option=value; … | key`; cells of a block are indented.
pub fn read(text: &str) -> Written {
    let mut lines = text.lines();
    let title = lines.next().unwrap().to_owned();
    let live = LiveForm { demarche: 1, title, revision: "R".to_owned(), champs: vec![], annotations: vec![] };
    let mut form = Written { live, expected: BTreeMap::new(), options: BTreeMap::new() };
    let mut table = Table::Champs;
    for (number, line) in lines.enumerate() {
        match line.trim() {
            "" => continue,
            "[champs]" => table = Table::Champs,
            "[annotations]" => table = Table::Annotations,
            _ => form.field(table, number, line),
        }
    }
    form
}

impl Written {
    fn field(&mut self, table: Table, number: usize, line: &str) {
        let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [label, kind, key] = parts[..] else {
            // An empty key leaves no text behind the last bar.
            let bare = line.strip_suffix(" |").unwrap_or_else(|| panic!("line {number}: {line}"));
            return self.field(table, number, &format!("{bare} | -"));
        };
        let (kind, options) = kind.split_once(':').unwrap_or((kind, ""));
        let key = (key != "-").then(|| Key::from_name(key).unwrap_or_else(|| panic!("no key {key}")));
        let id = format!("Q{number}");
        let mut labels = Vec::new();
        for option in options.split("; ").map(str::trim).filter(|option| !option.is_empty()) {
            let (option, value) = option.split_once('=').unwrap_or((option, ""));
            labels.push(option.to_owned());
            if let Some(key) = key.filter(|_| !value.is_empty() && kind == "choice") {
                self.options.insert((table, key, value.to_owned()), option.to_owned());
            }
        }
        if kind != "choice" {
            // The platform tells the options of single choices alone.
            labels.clear();
        }
        let field = Descriptor {
            id: id.clone(),
            label: label.to_owned(),
            kind: field_type(kind),
            options: labels,
            children: vec![],
        };
        if let Some(key) = key {
            assert_eq!(self.expected.insert((table, key), id), None, "{key} twice");
        }
        let list = match table {
            Table::Champs => &mut self.live.champs,
            Table::Annotations => &mut self.live.annotations,
        };
        match list.last_mut().filter(|_| line.starts_with("  ")) {
            Some(block) => block.children.push(field),
            None => list.push(field),
        }
    }
}

fn field_type(kind: &str) -> FieldType {
    match kind {
        "text" => FieldType::Text,
        "textarea" => FieldType::Textarea,
        "email" => FieldType::Email,
        "int" => FieldType::IntegerNumber,
        "dec" => FieldType::DecimalNumber,
        "date" => FieldType::Date,
        "datetime" => FieldType::Datetime,
        "choice" => FieldType::DropDownList,
        "multi" => FieldType::MultipleDropDownList,
        "yesno" => FieldType::YesNo,
        "check" => FieldType::Checkbox,
        "file" => FieldType::PieceJustificative,
        "block" => FieldType::Repetition,
        "siret" => FieldType::Siret,
        "link" => FieldType::DossierLink,
        "dept" => FieldType::Departement,
        "header" => FieldType::Header,
        "note" | "other" => FieldType::Other,
        other => panic!("no type {other}"),
    }
}

/// A key is right where the line that will be written names its field; « à vous de choisir » is left.
pub fn score(form: &Written, proposal: &FormProposal) -> Score {
    let mut score = Score::default();
    for line in &proposal.lines {
        let is_sure = match &line.found {
            FieldMatch::Sure(_) => true,
            FieldMatch::Maybe(..) => false,
            _ => continue,
        };
        if form.expected.get(&(line.table, line.key)) == line.field.as_ref() {
            score.right += 1;
            score.sure += usize::from(is_sure);
        } else {
            score.wrong.push(line.to_string());
        }
    }
    let named = |place: &(Table, Key)| {
        proposal.lines.iter().any(|line| (line.table, line.key) == *place && line.field.is_some())
    };
    for (table, key) in form.expected.keys().filter(|place| !named(place)) {
        let line = proposal.lines.iter().find(|line| line.key == *key).map(ToString::to_string);
        score.left.push(format!("[{table}] {}", line.unwrap_or_else(|| key.to_string())));
    }
    for choices in &proposal.choices {
        for (value, option) in &choices.values {
            for table in [Table::Champs, Table::Annotations] {
                if choices.table.is_some_and(|only| only != table) {
                    continue;
                }
                let Some(expected) = form.options.get(&(table, choices.key, value.clone())) else { continue };
                match option {
                    Some(option) if option == expected => score.options_right += 1,
                    Some(option) => {
                        score.options_wrong.push(format!("{} {value}: {option} for {expected}", choices.key))
                    }
                    None => score.options_left += 1,
                }
            }
        }
    }
    score
}

/// The form without the field of one key.
pub fn without(form: &Written, place: (Table, Key)) -> Written {
    let id = form.expected.get(&place).cloned().unwrap_or_default();
    let mut live = form.live.clone();
    for list in [&mut live.champs, &mut live.annotations] {
        list.retain(|field| field.id != id);
        list.iter_mut().for_each(|field| field.children.retain(|child| child.id != id));
    }
    let mut expected = form.expected.clone();
    expected.remove(&place);
    // The cells of a block go with it.
    if !place.1.cells().is_empty() {
        expected.retain(|(table, key), _| *table != place.0 || !place.1.cells().contains(key));
    }
    Written { live, expected, options: BTreeMap::new() }
}
