//! The catalogue's worked examples (`tests/catalogue/examples.json`).

use label::conformance::{CaseResult, run, table};
use label::guide::choices::Choices;
use label::guide::draw::draw;

const EXAMPLES: &str = include_str!("../../../../tests/catalogue/examples.json");

#[test]
fn every_worked_example_of_the_catalogue_passes() {
    let outcomes = run(EXAMPLES, &Choices::default()).unwrap();
    assert_eq!(outcomes.len(), 30);
    assert!(outcomes.iter().all(|outcome| outcome.result == CaseResult::Pass), "{}", table::text(&outcomes));
}

#[test]
fn the_example_of_the_page_is_what_the_draw_gives() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tirage.md");
    let page = std::fs::read_to_string(path).unwrap();
    let rows = page.lines().filter(|line| line.starts_with('|') && line.contains("local-"));
    let told: Vec<String> =
        rows.filter_map(|row| row.split('|').nth(6)).map(|drawn| drawn.trim().to_owned()).collect();
    let ids: Vec<String> = (1..=10).map(|n| format!("local-{n:02}")).collect();
    assert_eq!(draw("label-2027", &ids), told);
    assert!(page.contains(&format!("L'échantillon est donc : {}.", told[..4].join(", "))));
}
