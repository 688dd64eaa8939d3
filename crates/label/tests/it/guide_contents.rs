//! The table of contents of the rules (`label::guide::RULES`) against `tests/catalogue/rules.md` and against the code:
//! it holds every id, each computed rule has one function that the table names, and each of them has a worked example.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use label::case::keys::Key;
use label::guide::choices::{Choices, ONE_READING, QUESTIONS};
use label::guide::{Basis, RULES, RuleKind};
use label::judge::agenda::Obligation;

/// The folder of the workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const CATALOGUE: &str = include_str!("../../../../tests/catalogue/rules.md");

/// The part of the catalogue under the title that begins with `letter`.
fn part(letter: &str) -> &'static str {
    let start = CATALOGUE.find(&format!("\n# {letter}. ")).expect("the part stands in the catalogue") + 1;
    let end = CATALOGUE[start..].find("\n# ").map_or(CATALOGUE.len(), |length| start + length);
    &CATALOGUE[start..end]
}

/// The ids `prefix`nn that open the rows of a part's table.
fn rows(letter: &str, prefix: &str) -> BTreeSet<String> {
    let rows = part(letter).lines().filter_map(|line| line.strip_prefix("| "));
    let ids: BTreeSet<String> = rows
        .filter_map(|row| row.split_once(' '))
        .map(|(id, _)| id.to_owned())
        .filter(|id| id.starts_with(prefix))
        .collect();
    assert!(!ids.is_empty(), "part {letter} has no row {prefix}nn");
    ids
}

/// The words of `text` made of letters, digits, dots and dashes that begin with `prefix` and look like an id.
fn ids(text: &str, prefix: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'));
    let ids = words.filter_map(|word| word.strip_prefix(prefix).map(|rest| (word, rest)));
    let shaped = ids.filter(|(_, rest)| {
        let mut parts = rest.split('-');
        let section = parts.next().unwrap_or("");
        let last = parts.next();
        parts.next().is_none()
            && section.starts_with(|c: char| c.is_ascii_digit() || c == 'X')
            && last.is_some_and(|last| last.len() <= 2 && !last.is_empty())
    });
    shaped.map(|(word, _)| word.trim_end_matches('.').to_owned()).collect()
}

/// Each file under `crates/label/src/guide`, by its path without extension (`surveys::marks`).
fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, prefix: &str, out: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("src/guide is there") {
            let path: PathBuf = entry.expect("a readable entry").path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name");
            if path.is_dir() {
                walk(&path, &format!("{prefix}{stem}::"), out);
            } else {
                out.insert(
                    format!("{prefix}{stem}"),
                    std::fs::read_to_string(&path).expect("a UTF-8 source"),
                );
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&Path::new(ROOT).join("crates/label/src/guide"), "", &mut out);
    out
}

/// The code of a file and its tests.
fn halves(source: &str) -> (&str, &str) {
    source.split_once("#[cfg(test)]").unwrap_or((source, ""))
}

/// Each function whose documentation begins with a rule's id, as (id, function).
fn carried(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut first: Option<&str> = None;
    for line in code.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            first = first.or(Some(doc.trim()));
        } else if !line.starts_with("#[") {
            let name = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("fn ");
            let name = name.and_then(|rest| rest.split(['(', '<']).next());
            let id = first.and_then(|doc| doc.split_once(" — ")).map(|(id, _)| id.to_owned());
            if let (Some(id), Some(name)) = (id.filter(|id| id.starts_with("R-")), name) {
                found.push((id, name.to_owned()));
            }
            first = None;
        }
    }
    found
}

#[test]
fn the_table_holds_every_id_of_the_catalogue_and_no_other() {
    let listed: Vec<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
    let set: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(set.len(), listed.len(), "an id stands twice in the table");
    let wanted = ids(part("A"), "R-");
    assert_eq!(wanted.difference(&set).collect::<Vec<_>>(), Vec::<&String>::new(), "missing from the table");
    assert_eq!(set.difference(&wanted).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the catalogue");
}

#[test]
fn each_computed_rule_has_one_function_and_the_table_names_it() {
    let mut by_code: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, source) in sources() {
        for (id, name) in carried(halves(&source).0) {
            by_code.entry(id).or_default().push(format!("{file}::{name}"));
        }
    }
    let computed = RULES.iter().filter(|rule| rule.kind == RuleKind::Computed);
    let by_table: BTreeMap<String, Vec<String>> =
        computed.map(|rule| (rule.id.to_owned(), vec![rule.carried_by.to_owned()])).collect();
    assert_eq!(by_table, by_code);
}

#[test]
fn each_computed_rule_has_a_worked_example() {
    let sources = sources();
    let tests: String = sources.values().map(|source| halves(source).1).collect();
    let mentioned = ids(&tests, "R-");
    let untested: Vec<_> =
        RULES.iter().filter(|rule| rule.kind == RuleKind::Computed && !mentioned.contains(rule.id)).collect();
    assert!(untested.is_empty(), "{untested:#?}");
}

#[test]
fn each_entered_rule_names_a_key_of_the_form_and_an_informative_one_nothing() {
    for rule in RULES {
        assert!(!rule.sentence.is_empty() && rule.sentence.ends_with('.'), "{}", rule.id);
        match rule.kind {
            RuleKind::Computed => assert!(rule.carried_by.contains("::"), "{}", rule.id),
            RuleKind::Informative | RuleKind::Planned => assert_eq!(rule.carried_by, "", "{}", rule.id),
            RuleKind::Entered => {
                assert!(Key::from_name(rule.carried_by).is_some(), "{} names {}", rule.id, rule.carried_by);
            }
        }
    }
}

#[test]
fn the_open_questions_are_those_of_the_catalogue() {
    let known: BTreeSet<&str> =
        QUESTIONS.iter().map(|question| question.id).chain(ONE_READING.iter().map(|(id, _)| *id)).collect();
    for rule in RULES {
        if let Basis::Choice(question) | Basis::Both(question) = rule.basis {
            assert!(question == "A.X" || known.contains(question), "{} rests on {question}", rule.id);
        }
    }
    assert_eq!(known, rows("F", "F-").iter().map(String::as_str).collect());
}

/// The obligations of part C that have no deadline yet; one that gets a deadline leaves this list.
const PLANNED_OBLIGATIONS: [&str; 0] = [];

#[test]
fn the_obligations_are_those_of_the_catalogue() {
    let dated = Obligation::ALL.iter().map(|obligation| obligation.code());
    let known: Vec<&str> = dated.chain(PLANNED_OBLIGATIONS).collect();
    let set: BTreeSet<String> = known.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(set.len(), known.len(), "an obligation stands twice");
    assert_eq!(set, rows("C", "O-"));
}

#[test]
fn the_choices_file_lists_every_question_with_its_default() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("config/choices.toml")).unwrap();
    let choices: Choices = toml::from_str(&text).unwrap();
    assert_eq!(choices, Choices::default());
    let mut lines = text.lines().rev().peekable();
    let mut listed = BTreeMap::new();
    while let Some(line) = lines.next() {
        let Some((id, _)) = line.split_once(" = ") else { continue };
        listed.insert(id.to_owned(), lines.peek().copied().unwrap_or("").to_owned());
    }
    assert_eq!(listed.len(), QUESTIONS.len());
    for question in QUESTIONS {
        let comment = listed.get(question.id).expect(question.id);
        assert!(
            comment.starts_with(&format!("# §{}:", question.section.replace(", ", " and ")))
                || comment.starts_with(&format!("# §{}:", question.section)),
            "{comment}"
        );
        for reading in question.readings {
            assert!(comment.contains(&format!("\"{reading}\"")), "{}: {reading} is not told", question.id);
        }
    }
}
