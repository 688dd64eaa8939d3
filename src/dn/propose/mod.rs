//! Which field of a live form is probably which key: by the words of labels and of the titles above them, among the
//! fields whose type fits, one field for one key. What is not clear is left to a person.

mod assign;
mod candidate;
pub mod create;
mod decoration;
mod fit;
mod lines;
mod matcher;
pub mod moved;
mod options;
mod proposal;
mod spelling;
mod synonyms;
#[cfg(test)]
mod tests;
mod tokens;
pub mod words;

pub use matcher::propose;
pub use proposal::{FieldMatch, FormProposal, LiveField, ProposedChoices, ProposedLine};
