//! The catalogue's worked examples, when its folder stands beside the product.

use std::path::Path;

use label::conformance::{CaseResult, run, table};
use label::guide::choices::Choices;
use label::guide::draw::draw;

#[test]
fn every_worked_example_of_the_catalogue_passes() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/guide/examples.json"));
    let Ok(document) = std::fs::read_to_string(path) else {
        println!("NOT RUN: {} is not there", path.display());
        return;
    };
    let outcomes = run(&document, &Choices::default()).unwrap();
    assert_eq!(outcomes.len(), 30);
    assert!(outcomes.iter().all(|outcome| outcome.result == CaseResult::Pass), "{}", table::text(&outcomes));
}

#[test]
fn the_example_of_the_page_is_what_the_draw_gives() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tirage.md");
    let page = std::fs::read_to_string(path).unwrap();
    let rows = page.lines().filter(|line| line.starts_with('|') && line.contains("local-"));
    let told: Vec<String> =
        rows.filter_map(|row| row.split('|').nth(6)).map(|drawn| drawn.trim().to_owned()).collect();
    let ids: Vec<String> = (1..=10).map(|n| format!("local-{n:02}")).collect();
    assert_eq!(draw("label-2027", &ids), told);
    assert!(page.contains(&format!("L'échantillon est donc : {}.", told[..4].join(", "))));
}
