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
    /// Identifies the message in the outbox: one message per key.
    pub key: MessageKey,
    /// Number of the dossier on the platform.
    pub dossier: i64,
    /// Global id of the dossier.
    pub dossier_id: String,
    /// Global id of the instructeur who sends.
    pub author: String,
    /// A text at the end of the body, by which the message is found in the dossier before it is sent again.
    pub reference: String,
    /// The text of the message, in French.
    pub body: String,
    /// Why the dossier is sent back with it; `None` when it is not sent back.
    pub correction: Option<Correction>,
    /// Id of the rule that the message comes from.
    pub rule: &'static str,
}
