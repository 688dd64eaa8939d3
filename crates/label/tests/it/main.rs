//! Tests of the rules without the program: `cargo test -p label` needs no database, no network and no binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails, and says so")]
#![expect(clippy::disallowed_methods, reason = "some tests read the catalogue and the sources")]

use proptest::test_runner::Config as ProptestConfig;

mod address;
mod agenda_days;
mod as_local;
mod asked_again;
mod attached;
mod attachment;
mod boards;
mod calendars;
mod cases;
mod coming;
mod contradictions;
mod corrections;
mod corrections_kept;
mod dates_gone;
mod decided;
mod document_limits;
mod documents;
mod done_late;
mod doubts;
mod dues;
mod endings;
mod follow_up_notes;
mod follow_ups;
mod guide_contents;
mod guide_examples;
mod guide_properties;
mod judgement;
mod late_texts;
mod legible;
mod letters;
mod life;
mod life_properties;
mod life_steps;
mod limits;
mod looks;
mod mail_keys;
mod mails_wanted;
mod moot;
mod network;
mod network_counts;
mod next_looks;
mod outlets;
mod perimeters;
mod prepared;
mod proofs;
mod reminders_kept;
mod said_before;
mod shown_days;
mod since_award;
mod single_fields;
mod situation;
mod standing;
mod suspension;
mod told;
mod written_back;
mod zones;

/// `usual` cases for each property, unless `PROPTEST_CASES` says how many.
fn cases_tried(usual: u32) -> ProptestConfig {
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    if told { ProptestConfig::default() } else { ProptestConfig::with_cases(usual) }
}
