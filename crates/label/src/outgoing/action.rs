//! An action with an effect outside the program.

use crate::outgoing::annotation::Annotation;
use crate::outgoing::mail::Mail;
use crate::outgoing::message::Message;
use crate::outgoing::notice::Notify;
use crate::outgoing::recall::Recall;

/// An action with an effect outside the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Annotate(Annotation),
    Mail(Mail),
    /// Only to be recorded in the ledger as sent.
    Recall(Recall),
    Message(Message),
    Notify(Notify),
}
