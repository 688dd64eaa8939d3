//! Which functions of the guide the judgement calls, from the sources: by name, through one another.

use std::collections::{BTreeMap, BTreeSet};

/// The names of the guide's functions that the rest of the program calls, directly or through the guide. Tests and worked
/// examples do not count. Names are compared without their module, so two functions of one name pass for one.
pub fn from_outside() -> BTreeSet<String> {
    let mut bodies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut called = BTreeSet::new();
    for (file, text) in ["crates/label/src", "src"].into_iter().flat_map(crate::architecture::sources) {
        let code = code(&text);
        if file.starts_with("crates/label/src/guide/") {
            for (name, body) in functions(&code) {
                bodies.entry(name).or_default().extend(words(&body));
            }
        } else if !file.contains("/conformance/") {
            called.extend(words(&code));
        }
    }
    called.retain(|name| bodies.contains_key(name));
    let mut waiting: Vec<String> = called.iter().cloned().collect();
    while let Some(name) = waiting.pop() {
        for next in bodies[&name].iter().filter(|word| bodies.contains_key(*word)) {
            if called.insert(next.clone()) {
                waiting.push(next.clone());
            }
        }
    }
    called
}

/// Without tests, comments and imports.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut kept = String::new();
    for statement in text.split_inclusive(';') {
        let last = statement.trim_start();
        if !last.starts_with("use ") && !last.starts_with("pub use ") {
            kept.push_str(statement);
        }
    }
    kept
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Each function with its body, which ends where its first line's indentation closes.
fn functions(code: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, rest)) = line.split_once("fn ") else { continue };
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        let body = lines[at + 1..].iter().take_while(|line| **line != end);
        found.push((name, body.copied().collect::<Vec<_>>().join("\n")));
    }
    found
}

#[test]
fn a_call_through_another_function_is_seen_and_a_test_is_not() {
    let source = "use a::b;\nfn one(x: i32) -> i32 {\n    two(x) // three\n}\n#[cfg(test)]\nfn four() {}\n";
    let functions = functions(&code(source));
    let words: Vec<String> = words(&functions[0].1).collect();
    assert_eq!((functions.len(), functions[0].0.as_str()), (1, "one"));
    assert_eq!(words, ["two", "x"]);
}
