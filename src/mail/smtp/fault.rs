//! What went wrong in a conversation, and what to do next about it.

use std::io;

use lettre::transport::smtp::Error;
use rustls::CertificateError;

use super::super::error::{Certainty, MailError};
use super::reply::{Meaning, Reply, Stage};
use label::wording::mail_server::Obstacle;

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
    /// A certificate that proves nothing.
    Distrust(Distrust),
    /// It offers no STARTTLS, or no way to say a password, as the configuration asks.
    Offers,
    /// It does not take addresses with accents.
    Accents,
    /// All connections were in use for too long.
    Crowded,
}

/// Why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mail) enum Distrust {
    /// Signed by nobody whom this machine knows.
    Authority,
    /// In another name than the server's.
    Name,
    /// Not yet, or no longer.
    Day,
    Other,
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
            _ if let Some(why) = distrust(error) => What::Distrust(why),
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
            None if let Some(why) = distrust(error) => What::Distrust(why),
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

    /// Whether it wants a secret channel or a name before it takes anything (RFC 3207, 4; RFC 4954, 6): none was refused.
    fn wants_more(&self, reply: Reply) -> bool {
        matches!(reply.code, 530 | 538) && self.stage != Stage::Login
    }

    pub(in crate::mail) fn outcome(&self) -> Outcome {
        let said = self.to_string();
        match self.what {
            What::Reply(reply) => match reply.meaning(self.stage) {
                Meaning::Later => Outcome::Later(MailError::Later(said)),
                Meaning::Us => Outcome::Later(MailError::RefusesUs(said)),
                Meaning::Login => Outcome::Later(MailError::Unreachable(said, self.obstacle())),
                Meaning::Address(certainty) => Outcome::Address(said, certainty),
                Meaning::Message => Outcome::Message(said),
            },
            What::Accents => Outcome::Address(said, Certainty::Certain),
            What::Cut | What::Silent if self.stage == Stage::End => {
                Outcome::Later(MailError::Unheard(said, Obstacle::Cut))
            }
            What::Crowded => Outcome::Later(MailError::Later(said)),
            What::Cut
            | What::Silent
            | What::Distrust(_)
            | What::Offers
            | What::Closed
            | What::Nameless
            | What::Plain => Outcome::Later(MailError::Unreachable(said, self.obstacle())),
        }
    }

    fn obstacle(&self) -> Obstacle {
        match self.what {
            What::Reply(reply) if self.wants_more(reply) => Obstacle::WantsMore,
            What::Reply(reply) if self.is_login(reply) => Obstacle::Login,
            What::Closed => Obstacle::Closed,
            What::Nameless => Obstacle::Nameless,
            What::Plain => Obstacle::Plain,
            What::Distrust(Distrust::Authority) => Obstacle::Authority,
            What::Distrust(Distrust::Name) => Obstacle::OtherName,
            What::Distrust(Distrust::Day) => Obstacle::Day,
            What::Distrust(Distrust::Other) => Obstacle::Certificate,
            What::Offers if self.stage == Stage::Login => Obstacle::NoLogin,
            What::Offers => Obstacle::NoStarttls,
            What::Reply(_) | What::Cut | What::Silent | What::Accents | What::Crowded => Obstacle::Cut,
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
            What::Reply(reply) if self.wants_more(reply) => write!(
                f,
                "{reply} to {at}: it asks for TLS first, or for a name and a password: smtp+starttls:// or smtps:// in mail.smtp, with user:password@ before the host"
            ),
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
            What::Distrust(Distrust::Authority) => f.write_str(
                "its certificate is signed by an authority that this machine does not know: name it in network.ca_file",
            ),
            What::Distrust(Distrust::Name) => f.write_str(
                "its certificate is in another name: write in mail.smtp the name that the certificate has",
            ),
            What::Distrust(Distrust::Day) => f.write_str(
                "its certificate is out of date, or the clock of this machine is wrong",
            ),
            What::Distrust(Distrust::Other) => f.write_str("its certificate is not accepted: it says something that proves nothing"),
            What::Offers if self.stage == Stage::Login => {
                f.write_str("it has no way to say a password, which mail.smtp holds")
            }
            What::Offers => f.write_str("it does not offer STARTTLS, as mail.smtp asks"),
            What::Accents => f.write_str("it takes no address with accents before the @ (SMTPUTF8)"),
            What::Crowded => f.write_str("all connections to it were in use for too long"),
        }
    }
}

/// Whether, and why, the certificate was refused: only the chain of causes distinguishes it from a closed connection.
pub(super) fn distrust(error: &(dyn std::error::Error + 'static)) -> Option<Distrust> {
    let mut causes = std::iter::successors(Some(error), |error| crate::network::inner(*error));
    causes.find_map(|cause| match cause.downcast_ref::<rustls::Error>() {
        Some(rustls::Error::InvalidCertificate(why)) => Some(distrust_of(why)),
        _ => cause
            .to_string()
            .contains("certificate")
            .then_some(Distrust::Other)
            .filter(|_| crate::network::inner(cause).is_none()),
    })
}

fn distrust_of(why: &CertificateError) -> Distrust {
    match why {
        // What the verifier of the system has no word for is most often an authority that it does not know.
        CertificateError::UnknownIssuer | CertificateError::Other(_) => Distrust::Authority,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Distrust::Name,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Distrust::Day,
        _ => Distrust::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_wants_tls_first_has_refused_no_password() {
        let said = |stage, code, text| Fault::at(stage, What::Reply(Reply::new(code, text))).to_string();
        let first = said(Stage::Sender, 530, "5.7.0 Must issue a STARTTLS command first");
        assert!(first.contains("smtp+starttls://") && !first.contains("refused"), "{first}");
        for (stage, code) in [(Stage::Login, 535), (Stage::Login, 530), (Stage::Sender, 535)] {
            let password = said(stage, code, "5.7.8 no");
            assert!(password.contains("the password in mail.smtp is refused"), "{password}");
        }
    }

    #[test]
    fn each_obstacle_has_its_own_remedy() {
        let obstacle = |stage, what| match Fault::at(stage, what).outcome() {
            Outcome::Later(MailError::Unreachable(_, obstacle) | MailError::Unheard(_, obstacle)) => obstacle,
            other => panic!("{other:?}"),
        };
        for (stage, what, word) in [
            (Stage::Session, What::Distrust(Distrust::Authority), "network.ca_file"),
            (Stage::Session, What::Distrust(Distrust::Name), "le nom que porte le certificat"),
            (Stage::Session, What::Distrust(Distrust::Day), "l’heure de cette machine"),
            (Stage::Session, What::Closed, "rien n’écoute"),
            (Stage::Session, What::Nameless, "serveur de noms"),
            (Stage::Session, What::Plain, "465"),
            (Stage::Session, What::Offers, "n’offre pas STARTTLS"),
            (Stage::Login, What::Offers, "aucun moyen de donner un mot de passe"),
            (Stage::Login, What::Reply(Reply::new(535, "5.7.8 no")), "est refusé"),
            (Stage::End, What::Silent, "ne répond pas"),
        ] {
            let said = label::wording::mail_server::obstacle(obstacle(stage, what));
            assert!(said.contains(word), "{said}");
        }
    }
}
