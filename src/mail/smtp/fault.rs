//! What went wrong in a conversation, and what to do next about it.

use std::io;

use lettre::transport::smtp::Error;

use super::super::error::{Certainty, MailError};
use super::reply::{Meaning, Reply, Stage};

/// What went wrong, and at which command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mail) struct Fault {
    pub stage: Stage,
    pub what: What,
    /// It befell a connection that had carried another mail: a fresh one may do better.
    pub worn: bool,
    /// Host and port, where no conversation began.
    pub place: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mail) enum What {
    Reply(Reply),
    /// No connection, or it was cut.
    Cut,
    /// Nothing listens there.
    Closed,
    /// The name has no address.
    Nameless,
    /// It does not answer in TLS.
    Plain,
    /// No answer within the time limit.
    Silent,
    /// A certificate of no known authority, in another name, or out of date.
    Distrust,
    /// It offers no STARTTLS, or no way to say a password, as the configuration asks.
    Offers,
    /// It does not take addresses with accents.
    Accents,
    /// All connections were in use for too long.
    Crowded,
}

/// What became of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mail) enum Outcome {
    Address(String, Certainty),
    Message(String),
    Later(MailError),
}

impl Fault {
    pub(super) fn at(stage: Stage, what: What) -> Fault {
        Fault { stage, what, worn: false, place: None }
    }

    /// Why a connection to a server could not be made.
    pub(super) fn unreached(error: &io::Error) -> Fault {
        let is_answer = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let what = match (error.kind(), is_answer) {
            (_, Some(rustls::Error::InvalidMessage(_))) => What::Plain,
            _ if is_distrust(error) => What::Distrust,
            (io::ErrorKind::ConnectionRefused, _) => What::Closed,
            // It has no kind of its own.
            _ if error.to_string().starts_with("failed to lookup address") => What::Nameless,
            _ => What::Cut,
        };
        Fault::at(Stage::Session, what)
    }

    pub(super) fn of(stage: Stage, error: &Error) -> Fault {
        let what = match error.status() {
            Some(code) => {
                let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
                Reply::read(&code.to_string(), &text).map_or(What::Cut, What::Reply)
            }
            None if error.is_timeout() => What::Silent,
            None if error.is_client() => What::Offers,
            None if is_distrust(error) => What::Distrust,
            None => What::Cut,
        };
        Fault::at(stage, what)
    }

    /// The connection can carry another mail.
    pub(super) fn leaves_it_open(&self) -> bool {
        match self.what {
            What::Reply(reply) => !reply.is_closing() && self.stage > Stage::Login,
            What::Accents => true,
            _ => false,
        }
    }

    /// Whether nothing of the message had left, on a connection that had carried others: the server ends it after so many
    /// mails, or so much time.
    pub(super) fn is_wear(&self) -> bool {
        let ended = match self.what {
            What::Reply(reply) => reply.is_closing() || self.stage == Stage::Sender,
            What::Cut | What::Silent => true,
            _ => false,
        };
        self.worn && self.stage < Stage::End && ended
    }

    /// Whether any other mail would meet the same: it was said before anything of this one was known.
    pub(in crate::mail) fn is_for_all(&self) -> bool {
        match self.what {
            What::Reply(reply) => self.stage <= Stage::Sender || reply.is_closing() || self.is_login(reply),
            What::Accents => false,
            _ => true,
        }
    }

    fn is_login(&self, reply: Reply) -> bool {
        reply.meaning(self.stage) == Meaning::Login
    }

    pub(in crate::mail) fn outcome(&self) -> Outcome {
        let said = self.to_string();
        match self.what {
            What::Reply(reply) => match reply.meaning(self.stage) {
                Meaning::Later => Outcome::Later(MailError::Later(said)),
                Meaning::Us => Outcome::Later(MailError::RefusesUs(said)),
                Meaning::Login => Outcome::Later(MailError::Unreachable(said)),
                Meaning::Address(certainty) => Outcome::Address(said, certainty),
                Meaning::Message => Outcome::Message(said),
            },
            What::Accents => Outcome::Address(said, Certainty::Certain),
            What::Cut | What::Silent if self.stage == Stage::End => Outcome::Later(MailError::Unheard(said)),
            What::Crowded => Outcome::Later(MailError::Later(said)),
            What::Cut
            | What::Silent
            | What::Distrust
            | What::Offers
            | What::Closed
            | What::Nameless
            | What::Plain => Outcome::Later(MailError::Unreachable(said)),
        }
    }
}

/// Only codes, the command, or the kind of failure: a server's sentence often quotes the address.
impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = self.stage.word();
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        match self.what {
            What::Reply(reply) if self.is_login(reply) => {
                write!(f, "{reply}, the name or the password in mail.smtp is refused")
            }
            What::Reply(reply) => write!(f, "{reply} to {at}"),
            What::Cut => write!(f, "no connection, or cut, at {at}"),
            What::Closed => f.write_str("nothing listens there (connection refused): check the host and the port"),
            What::Nameless => f.write_str("that name has no address: check it and the name server of this machine"),
            What::Plain => f.write_str(
                "it does not answer in TLS: smtp+starttls://, or the port that smtps:// has there (most often 465)",
            ),
            What::Silent => write!(f, "no answer in time to {at}"),
            What::Distrust => f.write_str(
                "its certificate is of no known authority (see network.ca_file), in another name, or out of date",
            ),
            What::Offers => {
                f.write_str("it does not offer STARTTLS, or a way to say a password, as mail.smtp asks")
            }
            What::Accents => f.write_str("it takes no address with accents before the @ (SMTPUTF8)"),
            What::Crowded => f.write_str("all connections to it were in use for too long"),
        }
    }
}

/// Whether the certificate was refused: only the chain of causes distinguishes it from a closed connection.
pub(super) fn is_distrust(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source())
        .any(|error| error.to_string().contains("certificate"))
}
