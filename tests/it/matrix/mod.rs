//! A sample of the fault matrix (`harness`); `cargo bench -- matrix` runs the whole on a thousand dossiers.

mod harness;

use std::collections::BTreeMap;

use label::case::facts::Facts;
use simulator::Fault;

/// A first reading of a thousand: beginning, slices, end.
#[tokio::test]
async fn a_thousand_dossiers_are_read_whole_through_faults() {
    let expected = harness::expected(1000).await;
    assert_eq!(expected.len(), 1000);
    for fault in [Fault::Timeout, Fault::CutInBody] {
        through(&fault, 1000, &[1, 9, 23, 38], &expected).await;
    }
}

/// Each fault at the first request, among the first pages, in the slices, and near the end.
#[tokio::test]
async fn a_reading_ends_whole_through_any_fault() {
    let expected = harness::expected(130).await;
    for (rank, fault) in harness::reading_faults().iter().enumerate() {
        through(fault, 130, &[[1, 5], [2, 6], [3, 5], [4, 6]][rank % 4], &expected).await;
    }
}

#[tokio::test]
async fn annotations_are_written_once_through_any_fault() {
    for fault in harness::writing_faults() {
        harness::write_through(&fault, 12, &[1, 6, 12]).await;
    }
}

async fn through(fault: &Fault, dossiers: u32, positions: &[usize], expected: &BTreeMap<i64, Facts>) {
    let read = harness::read_through(fault, dossiers, positions).await;
    assert!(
        *expected == read,
        "{fault:.60?} at {positions:?}: {} of {} dossiers",
        read.len(),
        expected.len()
    );
}
