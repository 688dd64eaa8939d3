//! The rules about sources that are checked by reading them. The manifest of `crates/label` and clippy check the
//! others.

mod imports;

use std::collections::BTreeMap;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Rust files below a folder, with their text.
pub fn sources(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no source: the test would prove nothing");
    found
}

/// Lines of code that hold one of `words`; comments are not searched.
fn naming(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                found.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn the_rules_can_reach_nothing_impure() {
    let manifest = std::fs::read_to_string(root().join("crates/label/Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let named: Vec<&String> = manifest["dependencies"].as_table().unwrap().keys().collect();
    let pure = [
        "idna",
        "jiff",
        "num-bigint",
        "num-rational",
        "num-traits",
        "serde",
        "serde_json",
        "sha2",
        "thiserror",
        "unicode-normalization",
    ];
    assert_eq!(named, pure, "a new dependency of the rules must have no clock, no I/O, no float arithmetic");
    let library = std::fs::read_to_string(root().join("crates/label/src/lib.rs")).unwrap();
    let fence = "#![deny(clippy::disallowed_types, clippy::disallowed_macros, clippy::float_arithmetic)]";
    assert!(library.contains(fence), "crates/label/src/lib.rs lost its fence");
}

#[test]
fn each_folder_names_only_what_it_may() {
    let nothing = Vec::<String>::new();
    let above =
        ["crate::case", "crate::life", "crate::judge", "crate::outgoing", "crate::wording", "crate::plan"];
    for (floor, room) in ["guide", "case", "life", "judge", "outgoing", "wording"].into_iter().enumerate() {
        assert_eq!(naming(&format!("crates/label/src/{room}"), &above[floor..]), nothing);
    }
    let doors = ["label::guide", "crate::mail", "crate::daemon", "crate::web"];
    assert_eq!(naming("src/dn", &[&doors[..], &["crate::store"]].concat()), nothing);
    assert_eq!(naming("src/store", &[&doors[..], &["crate::dn"]].concat()), nothing);
    let beside_mail = ["label::guide", "crate::dn", "crate::store", "crate::daemon", "crate::web"];
    assert_eq!(naming("src/mail", &beside_mail), nothing);
    assert_eq!(naming("src/daemon", &["label::guide", "crate::web", "sqlx", "reqwest::"]), nothing);
    assert_eq!(naming("src/web", &["label::guide", "crate::dn", "crate::daemon", "sqlx"]), nothing);
    let everything = ["crate::", "label::", "simulator"];
    let named = naming("src", &everything).into_iter().filter(|line| line.starts_with("src/retry.rs"));
    assert_eq!(named.collect::<Vec<_>>(), nothing);
    // A stand-in that shares code with the program would share its mistakes.
    assert_eq!(naming("crates/simulator", &["label::", "vigie"]), nothing);
}

#[test]
fn sql_http_and_the_clock_have_one_owner_each() {
    let outside = |words: &[&str], owner: &str| -> Vec<String> {
        naming("src", words).into_iter().filter(|line| !line.starts_with(owner)).collect()
    };
    assert_eq!(outside(&["sqlx::query"], "src/store/"), Vec::<String>::new());
    // A statement that is kept prepared on a connection of a pooler breaks those of others.
    assert_eq!(outside(&["sqlx::query"], "src/store/sql.rs"), Vec::<String>::new());
    let built = naming("src/store", &[".build()", ".build_query_as()", ".build_query_scalar()"]).into_iter();
    let kept: Vec<String> = built.filter(|line| !line.contains(".persistent(")).collect();
    assert_eq!(kept, Vec::<String>::new());
    let clients = outside(&["reqwest::Client"], "src/dn/");
    // Beside the platform, HTTP requests are sent only where people sign in, to the receivers of webhooks and to a
    // bucket.
    let known = ["src/tls.rs", "src/hooks.rs", "src/copies/", "src/web/access/provider/http.rs"];
    let stray = |line: &&String| !known.iter().any(|place| line.starts_with(place));
    assert_eq!(clients.iter().find(stray), None);
    assert_eq!(
        outside(&["Client::builder()", "Client::new()", "ClientBuilder::new()"], "src/tls.rs"),
        Vec::<String>::new()
    );
    assert_eq!(outside(&["Timestamp::now()"], "src/clock.rs"), Vec::<String>::new());
}

#[test]
fn a_violation_would_be_seen() {
    assert!(!naming("src/daemon", &["crate::store"]).is_empty());
    assert!(!naming("src/store", &["sqlx::query"]).is_empty());
}

#[test]
fn no_file_is_longer_than_one_sitting() {
    let long: Vec<String> = sources("src")
        .into_iter()
        .chain(sources("crates"))
        .filter(|(_, text)| text.lines().count() > 400)
        .map(|(file, text)| format!("{file}: {} lines", text.lines().count()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn the_shipped_form_names_only_keys_and_every_key_has_its_line() {
    use label::case::keys::Key;
    use vigie::dn::form::FormMap;
    let map: FormMap = toml::from_str(crate::bench::FORM).unwrap();
    let named: Vec<Key> = map
        .champs
        .keys()
        .chain(map.annotations.keys())
        .map(|name| Key::from_name(name).expect(name))
        .collect();
    // The SIRET is the applicant's unless a form asks for it.
    let absent: Vec<&Key> = Key::ALL.iter().filter(|key| !named.contains(key)).collect();
    assert_eq!(absent, [&Key::Siret]);
    let page = std::fs::read_to_string(root().join("docs/formulaire.md")).unwrap();
    let silent: Vec<&Key> = Key::ALL.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(silent.is_empty(), "docs/formulaire.md does not mention {silent:?}");
}

#[test]
fn hostile_bytes_meet_no_part_of_the_house() {
    let doors = ["label::guide", "crate::dn", "crate::store", "crate::mail", "crate::daemon", "crate::web"];
    assert_eq!(naming("src/documents", &doors), Vec::<String>::new());
}

/// The addresses that take a POST, as the routers write them, up to what is variable in them.
fn posts(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() && !entry.ends_with("demo") {
            found.extend(posts(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&entry).unwrap();
            let routes = text.split(".route(\"").skip(1).filter_map(|rest| rest.split_once('"'));
            let taking = routes.filter(|(_, rest)| {
                let end = rest.find(".route(").unwrap_or(rest.len().min(200));
                rest.get(..end).is_some_and(|made| made.contains("post("))
            });
            found.extend(taking.map(|(path, _)| path.split('{').next().unwrap_or_default().to_owned()));
        }
    }
    found
}

#[test]
fn every_action_of_the_pages_is_named_in_the_page_on_security() {
    use vigie::web::access::{Area, area};
    let posts = posts(&root().join("src/web"));
    for known in ["/deconnexion", "/courriels/arreter", "/echeances/reprendre", "/vues/oublier", "/rappel/"] {
        assert!(posts.iter().any(|path| path == known), "{known} in {posts:?}");
    }
    let page = std::fs::read_to_string(root().join("docs/securite.md")).unwrap();
    for path in posts {
        assert!(page.contains(&format!("`{path}")), "docs/securite.md does not name {path}");
        assert_ne!(area(&path), Area::Internal, "{path} is in no part of the pages");
    }
}
