//! Which file imports which, read from the sources; no circle among them. A file is a node; a name that a module only
//! re-exports leads to the file that defines it. Tests inside the sources do not count, the simulator is not read.

use std::collections::{BTreeMap, BTreeSet};

/// Crate, then modules: `["vigie", "store", "pages"]`.
type Module = Vec<String>;

/// A path as a file writes it, in the module where it is written.
struct Mention {
    within: Module,
    path: Vec<String>,
    /// By `pub use`: the name leads on, the file itself does not need it.
    exported_as: Option<String>,
}

#[derive(Default)]
struct Sources {
    mentions: BTreeMap<Module, Vec<Mention>>,
}

impl Sources {
    /// Files by name, as `src/store/pages.rs`, with their text.
    fn read(krate: &str, root: &str, files: &BTreeMap<String, String>) -> Sources {
        let mut sources = Sources::default();
        for (name, text) in files {
            let path = name.strip_prefix(root).unwrap().trim_start_matches('/').trim_end_matches(".rs");
            let mut module = vec![krate.to_owned()];
            module.extend(path.split('/').filter(|part| !matches!(*part, "mod" | "lib")).map(str::to_owned));
            let found = mentions(&module, &tokens(text));
            sources.mentions.insert(module, found);
        }
        sources
    }

    fn add(mut self, other: Sources) -> Sources {
        self.mentions.extend(other.mentions);
        self
    }

    fn graph(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let edges = |(file, mentions): (&Module, &Vec<Mention>)| {
            let own = mentions.iter().filter(|mention| mention.exported_as.is_none());
            let named =
                own.filter_map(|mention| self.leads_to(&self.whole(&mention.within, &mention.path)?, 0));
            (file.clone(), named.filter(|other| other != file).collect())
        };
        self.mentions.iter().map(edges).collect()
    }

    /// The path from its crate on; `None` for a path of another crate.
    fn whole(&self, within: &Module, path: &[String]) -> Option<Module> {
        let first = path.first()?.as_str();
        let supers = path.iter().take_while(|part| *part == "super").count();
        let (base, rest) = match first {
            "crate" => (within[..1].to_vec(), &path[1..]),
            "self" => (within.clone(), &path[1..]),
            "super" => (within[..within.len().checked_sub(supers)?].to_vec(), &path[supers..]),
            "label" => (Vec::new(), path),
            _ => {
                let child = [&within[..], &path[..1]].concat();
                self.mentions.contains_key(&child).then_some((within.clone(), path))?
            }
        };
        Some([base, rest.to_vec()].concat())
    }

    /// The file that defines a path, through what modules on the way re-export.
    fn leads_to(&self, path: &Module, steps: usize) -> Option<Module> {
        let length = (1..=path.len()).rev().find(|length| self.mentions.contains_key(&path[..*length]))?;
        let (file, rest) = path.split_at(length);
        let exported = rest.first().filter(|_| steps < 8).and_then(|name| {
            let of_name = |mention: &&Mention| mention.exported_as.as_ref() == Some(name);
            let mention = self.mentions[file].iter().find(of_name)?;
            let target = self.whole(&mention.within, &mention.path)?;
            self.leads_to(&[target, rest[1..].to_vec()].concat(), steps + 1)
        });
        exported.or_else(|| Some(file.to_vec()))
    }
}

/// Words and signs, without comments, texts and the tests at the end of a file.
fn tokens(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                while let Some(c) = rest.next().filter(|c| *c != '"') {
                    if c == '\\' {
                        rest.next();
                    }
                }
            }
            // A letter between quotes, or a lifetime: neither holds a path.
            '\'' => {
                let escaped = rest.next_if_eq(&'\\').is_some();
                let letter = rest.next();
                if escaped || (rest.peek() == Some(&'\'') && letter.is_some()) {
                    while rest.next().is_some_and(|c| c != '\'') {}
                }
            }
            ':' if rest.next_if_eq(&':').is_some() => tokens.push("::".to_owned()),
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                tokens.push(word);
            }
            c if c.is_whitespace() => {}
            c => tokens.push(c.to_string()),
        }
    }
    tokens
}

fn mentions(module: &Module, tokens: &[String]) -> Vec<Mention> {
    let mut found = Vec::new();
    // The inline modules around, each with the depth at which it ends.
    let (mut inline, mut depth, mut at): (Vec<(String, usize)>, usize, usize) = (Vec::new(), 0, 0);
    let word = |at: usize| tokens.get(at).map_or("", String::as_str);
    while at < tokens.len() {
        let within = || module.iter().chain(inline.iter().map(|(name, _)| name)).cloned().collect::<Module>();
        let begins = at == 0 || word(at - 1) != "::";
        match word(at) {
            "mod" if word(at + 2) == "{" => inline.push((word(at + 1).to_owned(), depth)),
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                inline.pop_if(|(_, end)| *end == depth);
            }
            "use" => {
                let exports = at > 0 && matches!(word(at - 1), "pub" | ")");
                let mut paths = Vec::new();
                at = tree(tokens, at + 1, &[], &mut paths);
                found.extend(paths.into_iter().map(|(path, name)| Mention {
                    within: within(),
                    path,
                    exported_as: Some(name).filter(|_| exports),
                }));
            }
            "crate" | "super" | "self" | "label" if begins && word(at + 1) == "::" => {
                let mut path = vec![word(at).to_owned()];
                while word(at + 1) == "::" && word(at + 2).starts_with(|c: char| c.is_alphanumeric()) {
                    path.push(word(at + 2).to_owned());
                    at += 2;
                }
                found.push(Mention { within: within(), path, exported_as: None });
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The paths of a `use`, each with the name it takes; where the tree ends.
fn tree(
    tokens: &[String],
    mut at: usize,
    before: &[String],
    paths: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens[at].as_str() {
            "{" => {
                at += 1;
                while tokens[at] != "}" {
                    at = tree(tokens, at, &path, paths);
                    at += usize::from(tokens[at] == ",");
                }
                return at + 1;
            }
            "*" => {
                paths.push((path, "*".to_owned()));
                return at + 1;
            }
            name => path.push(name.to_owned()),
        }
        at += 1;
        if tokens[at] != "::" {
            let renamed = tokens[at] == "as";
            let name =
                if renamed { tokens[at + 1].clone() } else { path.last().cloned().unwrap_or_default() };
            paths.push((path, name));
            return at + 2 * usize::from(renamed);
        }
        at += 1;
    }
}

/// The groups of files that reach one another.
fn circles(graph: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<String>> {
    let reached = |from: &Module| {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(node) = waiting.pop() {
            for next in graph.get(&node).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        reached
    };
    let reach: BTreeMap<&Module, BTreeSet<Module>> = graph.keys().map(|node| (node, reached(node))).collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (node, reached) in reach.iter().filter(|(node, reached)| reached.contains(**node)) {
        let back = |other: &&Module| reach.get(*other).is_some_and(|back| back.contains(*node));
        found.insert(reached.iter().filter(back).map(|module| module.join("::")).collect());
    }
    found.into_iter().collect()
}

#[test]
fn no_file_imports_itself_through_others() {
    let sources = Sources::read("vigie", "src", &super::sources("src"));
    let label = Sources::read("label", "crates/label/src", &super::sources("crates/label/src"));
    let graph = sources.add(label).graph();
    let edges: usize = graph.values().map(BTreeSet::len).sum();
    assert!(edges > 500, "{edges} imports: the sources are not read");
    assert_eq!(circles(&graph), Vec::<Vec<String>>::new());
}

/// Three files in a circle, one outside it, through each way to name a file.
#[test]
fn a_circle_would_be_seen() {
    let files = |edits: &[(&str, &str)]| {
        let texts = [
            ("src/lib.rs", "pub mod a;\npub mod b;\n"),
            ("src/a/mod.rs", "pub mod one;\nmod two;\npub use two::Two;\n"),
            ("src/a/one.rs", "use super::two::{self, Two as Deux};\nfn f() {}\n"),
            ("src/a/two.rs", "pub struct Two;\n#[cfg(test)]\nmod tests {\n    use crate::a::one;\n}\n"),
            ("src/b.rs", "use std::fmt;\nuse crate::{a::{Two}};\n// use crate::a::one;\n"),
        ];
        let mut texts: BTreeMap<String, String> =
            texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        for (name, text) in edits {
            texts.insert((*name).to_owned(), (*text).to_owned());
        }
        circles(&Sources::read("vigie", "src", &texts).graph())
    };
    assert_eq!(files(&[]), Vec::<Vec<String>>::new());
    let circle = |names: &[&str]| [names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    let named = files(&[("src/a/two.rs", "use crate::b;\n")]);
    assert_eq!(named, circle(&["vigie::a::two", "vigie::b"]), "through what the module re-exports");
    let text =
        "fn f<'a>(x: char, y: &'a str) {\n    crate::b::g('\\'', \"use\");\n}\nuse super::one as first;\n";
    let inline = files(&[("src/a/two.rs", text)]);
    assert_eq!(inline, circle(&["vigie::a::one", "vigie::a::two", "vigie::b"]), "named where it is used");
}
