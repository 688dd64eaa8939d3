//! Something to do in the world.

use crate::outgoing::annotation::Annotation;
use crate::outgoing::mail::Mail;
use crate::outgoing::message::Message;
use crate::outgoing::notice::Notify;
use crate::outgoing::recall::Recall;

/// Something to do in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Annotate(Annotation),
    Mail(Mail),
    /// Only to be recorded in the ledger as sent.
    Recall(Recall),
    Message(Message),
    Notify(Notify),
}
