//! A message on the platform to put in the outbox.

use super::message_key::MessageKey;

/// Why a dossier is sent back to the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Something is missing.
    Incomplete,
    /// Nothing is missing, but something cannot be used.
    Incorrect,
}

/// A message to put in the outbox, once for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub key: MessageKey,
    pub dossier: i64,
    /// Global ids of the dossier and of the instructeur who sends.
    pub dossier_id: String,
    pub author: String,
    /// A text at the end of the body, by which the message is found in the dossier before it is sent again.
    pub reference: String,
    pub body: String,
    pub correction: Option<Correction>,
    pub rule: &'static str,
}
