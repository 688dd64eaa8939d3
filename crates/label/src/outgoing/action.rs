//! An action with an effect outside the program.

use crate::outgoing::annotation::Annotation;
use crate::outgoing::mail::Mail;
use crate::outgoing::message::Message;
use crate::outgoing::notice::Notify;
use crate::outgoing::recall::Recall;

/// An action with an effect outside the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Values to write in a dossier's annotations.
    Annotate(Annotation),
    /// A mail to put in the outbox.
    Mail(Mail),
    /// Only to be recorded in the ledger as sent.
    Recall(Recall),
    /// A message on the platform to put in the outbox.
    Message(Message),
    /// A notice to send.
    Notify(Notify),
}
