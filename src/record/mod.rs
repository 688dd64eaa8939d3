//! The record: what was judged, when, from what, under which rules, and what was done; kept in a chain, and shown again
//! years later. `store/record.rs` holds its rows.
//!
//! | file | what it is |
//! |---|---|
//! | [`judged`] | makes the entry of a judgement that differs from the one before |
//! | [`rules`] | makes the entry of other readings or another version, and says what changed |
//! | [`said`] | finds what was said of a dossier on a day |
//! | [`again`] | judges recorded facts with this version of the program |
//! | [`verify`] | walks the chain |
//! | [`export`] | one file about a case for an assessor, one page for a committee |
//! | [`forget`] | erases a life that is asked to be forgotten, and what is over |
//! | [`content`] | contents: JSON, compressed, named by the hash of the JSON |

pub mod again;
pub mod content;
pub mod export;
pub mod forget;
pub mod judged;
pub mod rules;
pub mod said;
pub mod verify;

use crate::store;

/// Why something cannot be shown from the record.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("the content {hash} of the record is not there: run vigie record verify")]
    Absent { hash: String },
    #[error("the content {hash} of the record is damaged: run vigie record verify, then restore a backup")]
    Damaged { hash: String },
    #[error("the content {hash} of the record was written by another version of vigie, which can read it")]
    OtherVersion { hash: String },
    #[error("entry {seq} of the record was written by another version of vigie, which can read it")]
    OtherEntry { seq: i64 },
    #[error("the content {hash} was erased on {on}")]
    Erased { hash: String, on: jiff::civil::Date },
    #[error("a page cannot be made: {0}")]
    Template(#[from] minijinja::Error),
    #[error("a content cannot be compressed: {0}")]
    Packing(#[from] std::io::Error),
    #[error("a value cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

pub type Result<T> = std::result::Result<T, Error>;
