//! The whole fault matrix, by hand: each fault at each request of a first reading of a thousand dossiers, and at each
//! write of a hundred. `cargo bench -- matrix`; `tests/it/matrix` runs a sample of it with the tests.

use crate::harness;

const DOSSIERS: u32 = 1000;
/// Requests that such a first reading takes: its pages, and one for each half of a slice that was empty.
const REQUESTS: usize = 44;
const WRITES: u32 = 100;

pub fn run() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let expected = harness::expected(DOSSIERS).await;
        for fault in harness::reading_faults() {
            for position in 1..=REQUESTS {
                let read = harness::read_through(&fault, DOSSIERS, &[position]).await;
                assert!(read == expected, "{fault:?} at {position}: {} of {}", read.len(), expected.len());
            }
            println!("lecture, {fault:.40?} : {REQUESTS} positions");
        }
        for fault in harness::writing_faults() {
            for position in 1..=usize::try_from(WRITES).unwrap() {
                harness::write_through(&fault, WRITES, &[position]).await;
            }
            println!("écriture, {fault:?} : {WRITES} positions");
        }
    });
}
