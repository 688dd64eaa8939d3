//! A hash of the rows that a judgement writes of a case. It is stored with the case: a judgement with the same one leaves its
//! rows as they are, and they need not be read to know it.
//!
//! Whoever writes or takes one of these rows otherwise empties the column: the next judgement then compares row by row.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::chain::hexadecimal;

/// `$1` is the case.
pub(super) const FORGET: &str = "update cases set rows_print = '' where case_id = $1";

/// `$1` is one of its dossiers.
pub(super) const FORGET_OF_DOSSIER: &str =
    "update cases set rows_print = '' where case_id = (select case_id from dossiers where number = $1)";

/// Before dossiers pass to other cases, which take their rows: the dossiers follow, then the cases that are written anyway.
pub(super) const FORGET_OF_DOSSIERS: (&str, &str) = (
    "update cases set rows_print = '' where case_id in (select case_id from dossiers where case_id is not null and number in (",
    ") and case_id not in (",
);

/// Of rows as this version of the program writes them: another one may write other columns of the same values.
pub(super) fn rows_print(rows: &impl Hash) -> String {
    let mut hasher = Strong(Sha256::new());
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    rows.hash(&mut hasher);
    hexadecimal(&hasher.0.finalize())
}

/// What is hashed goes into SHA-256: two different judgements have different hashes.
struct Strong(Sha256);

impl Hasher for Strong {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Sixty-four bits say too little: [`rows_print`] takes the whole hash.
    fn finish(&self) -> u64 {
        0
    }
}
