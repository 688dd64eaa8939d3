//! A message on the platform to put in the outbox.

/// Why a dossier goes back to the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Something is missing.
    Incomplete,
    /// All is there, and something of it cannot be used.
    Incorrect,
}

/// A message to put in the outbox, once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub key: String,
    pub dossier: i64,
    /// Global ids of the dossier and of the instructeur who speaks.
    pub dossier_id: String,
    pub author: String,
    /// Stands at the end of the body: by it a message is recognised in the dossier before any second try.
    pub reference: String,
    pub body: String,
    pub correction: Option<Correction>,
    pub rule: &'static str,
}
