//! Sends letters, by one of three ways.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::{Address, Message};

use super::error::{Certainty, MailError, Receipt, Refusal};
use super::header::identifier;
use super::letterhead::Letterhead;
use super::message::{Composer, address};
use super::outgoing::Outgoing;
use super::server::MailServer;
use super::smtp::{Fault, Outcome, Sealed, SmtpClient};
use crate::private;
use crate::retry::mails;

/// The message of one address, as it is handed over.
fn sealed(message: Message) -> Result<Sealed, MailError> {
    let envelope = message.envelope();
    let to = envelope.to().first().cloned();
    let to = to.ok_or_else(|| MailError::Refused("nobody to write to".to_owned()))?;
    Ok(Sealed { from: envelope.from().cloned(), to, bytes: message.formatted() })
}

/// A message kept in memory, as the demo's mailbox shows it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub at: Timestamp,
    pub mail: Outgoing,
    pub text: String,
    /// The whole message.
    pub raw: Arc<[u8]>,
}

/// The ways to send a mail.
#[derive(Clone)]
enum Transport {
    Smtp(SmtpClient),
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Kept>>>),
}

/// Sends letters in the name of one sender.
#[derive(Clone)]
pub struct Mailer {
    transport: Transport,
    composer: Composer,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.transport {
            Transport::Smtp(_) => "Mailer::Smtp",
            Transport::Folder(_) => "Mailer::Folder",
            Transport::Memory(_) => "Mailer::Memory",
        })
    }
}

impl Mailer {
    /// The domain of the sender: it makes identifiers in mails (Message-ID, UID of an event) globally unique.
    #[must_use]
    pub fn domain(&self) -> String {
        self.composer.senders.general.from.email.domain().to_owned()
    }

    /// `url` is `smtp://`, `smtps://`, `smtp+starttls://` or `file:FOLDER`.
    ///
    /// # Errors
    /// [`MailError::Configuration`] naming the key and an example.
    pub fn new(url: &str, from: &str, reply_to: Option<&str>) -> Result<Mailer, MailError> {
        Mailer::over(&MailServer::at(url), from, reply_to)
    }

    /// As [`Mailer::new`], with what a server of one's own needs.
    ///
    /// # Errors
    /// [`MailError::Configuration`] naming the key and an example.
    pub fn over(server: &MailServer<'_>, from: &str, reply_to: Option<&str>) -> Result<Mailer, MailError> {
        let transport = match server.url.strip_prefix("file:") {
            Some(folder) => Transport::Folder(PathBuf::from(folder)),
            None => Transport::Smtp(SmtpClient::new(server)?),
        };
        Mailer::with(transport, from, reply_to)
    }

    /// Keeps messages instead of sending them.
    ///
    /// # Errors
    /// [`MailError::Configuration`] when `from` is not an address.
    pub fn memory(from: &str) -> Result<Mailer, MailError> {
        Mailer::with(Transport::Memory(Arc::default()), from, None)
    }

    fn with(transport: Transport, from: &str, reply_to: Option<&str>) -> Result<Mailer, MailError> {
        Ok(Mailer { transport, composer: Composer::new(from, reply_to)? })
    }

    /// The same, in the name of somebody.
    #[must_use]
    pub fn signed(mut self, letterhead: Letterhead) -> Mailer {
        self.composer.senders.general.letterhead = Arc::new(letterhead);
        self
    }

    /// The same, with what is about the dossiers of a certification body in its name.
    ///
    /// # Errors
    /// [`MailError::Configuration`] when `reply_to` is not an address.
    pub fn signed_for(
        mut self,
        body: &str,
        reply_to: Option<&str>,
        letterhead: Letterhead,
    ) -> Result<Mailer, MailError> {
        let reply_to = reply_to.map(|text| address("organismes.reply_to", text)).transpose()?;
        self.composer.senders.add(body, reply_to, letterhead);
        Ok(self)
    }

    /// The messages kept in memory, oldest first; none with another way.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        match &self.transport {
            Transport::Memory(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// Sends one mail, by SMTP to each address separately, so that a refused address does not affect the others, and an
    /// address that accepted it is not sent it again with them. `now` is its date.
    ///
    /// # Errors
    /// When no message can be made of the letter. What the server says of each address is in the receipt.
    pub async fn send(&self, mail: &Outgoing, now: Timestamp) -> Result<Receipt, MailError> {
        if mail.to.is_empty() {
            return Err(MailError::Refused("nobody to write to".to_owned()));
        }
        let text = self.composer.render("mail.txt", mail)?;
        let answer = match &self.transport {
            Transport::Smtp(client) => return Ok(Box::pin(self.by_smtp(client, mail, &text, now)).await),
            Transport::Folder(folder) => self.write_into(folder, mail, &text, now),
            Transport::Memory(kept) => self.composer.message(mail, &text, now).map(|message| {
                let entry = Kept { at: now, mail: mail.clone(), text, raw: message.formatted().into() };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
                "kept in memory".to_owned()
            }),
        };
        match answer {
            Ok(answer) => {
                let accepted = mail.to.iter().map(|to| (to.clone(), answer.clone())).collect();
                Ok(Receipt { accepted, ..Receipt::default() })
            }
            Err(error @ MailError::Later(_)) => Ok(Receipt { later: Some(error), ..Receipt::default() }),
            Err(error) => Err(error),
        }
    }

    async fn by_smtp(&self, client: &SmtpClient, mail: &Outgoing, text: &str, now: Timestamp) -> Receipt {
        let (mut receipt, began) = (Receipt::default(), Instant::now());
        for to in &mail.to {
            if began.elapsed() > mails::HANDLING {
                receipt.later = Some(MailError::Later("the other addresses took too long".to_owned()));
                break;
            }
            let one = Outgoing { to: vec![to.clone()], ..mail.clone() };
            let sealed = match self.composer.message(&one, text, now).and_then(sealed) {
                Ok(sealed) => sealed,
                Err(error) => {
                    let refusal = Refusal { why: error.to_string(), certainty: Certainty::Unusable };
                    receipt.refused.push((to.clone(), refusal));
                    continue;
                }
            };
            let fault = match client.hand_over(&sealed).await {
                Ok(answer) => {
                    receipt.accepted.push((to.clone(), answer));
                    continue;
                }
                Err(fault) => fault,
            };
            match fault.outcome() {
                Outcome::Address(why, certainty) => {
                    receipt.refused.push((to.clone(), Refusal { why, certainty }));
                }
                Outcome::Message(why) => receipt.rejected.push((to.clone(), why)),
                Outcome::Later(error) => receipt.later = Some(error),
            }
            if fault.is_for_all() {
                // The other addresses would wait for the same time limit again.
                receipt.mute = true;
                break;
            }
        }
        receipt
    }

    fn write_into(
        &self,
        folder: &Path,
        mail: &Outgoing,
        text: &str,
        now: Timestamp,
    ) -> Result<String, MailError> {
        let message = self.composer.message(mail, text, now)?;
        let name = format!("{}.eml", identifier(&mail.key));
        let written = || {
            let mut part = private::part(folder, &name)?;
            part.write_all(&message.formatted())?;
            part.persist(folder.join(&name))?;
            Ok::<(), io::Error>(())
        };
        match written() {
            Ok(()) => Ok(format!("written as {name}")),
            Err(error) => Err(MailError::Later(format!("{} ({error})", folder.display()))),
        }
    }

    /// Where a reader writes to stop mails that they may stop, which are in the name of that body, or in the general one.
    #[must_use]
    pub fn way_out(&self, body: Option<&str>) -> String {
        format!("mailto:{}", self.composer.senders.of(body).answers().email)
    }

    /// How many mails may be under way at once.
    #[must_use]
    pub fn connections(&self) -> usize {
        match &self.transport {
            Transport::Smtp(client) => client.connections,
            // One after the other: files and messages in memory keep their order.
            Transport::Folder(_) | Transport::Memory(_) => 1,
        }
    }

    /// Ends the connections that are not in use.
    pub async fn rest(&self) {
        if let Transport::Smtp(client) = &self.transport {
            client.rest().await;
        }
    }

    /// Whether the server answers, accepts our credentials, our sender and each of these addresses; no message is sent. A
    /// folder is written into, and nothing is asked of memory. What it says of each address, in their order.
    ///
    /// # Errors
    /// As [`MailError`], when nothing could be asked.
    pub async fn check(&self, to: &[String]) -> Result<Vec<Option<MailError>>, MailError> {
        let client = match &self.transport {
            Transport::Smtp(client) => client,
            Transport::Folder(folder) => {
                private::try_out(folder).map_err(|error| MailError::Configuration {
                    key: "mail.smtp",
                    why: format!(
                        "{} cannot be written ({error}): name a folder that this account may write, on a disk with room",
                        folder.display()
                    ),
                })?;
                return Ok(vec![None; to.len()]);
            }
            Transport::Memory(_) => return Ok(vec![None; to.len()]),
        };
        let from = Some(self.composer.senders.general.from.email.clone());
        let parsed: Vec<Option<Address>> =
            to.iter().map(|to| to.trim().parse::<Mailbox>().ok().map(|to| to.email)).collect();
        let envelope = |to: &Address| Sealed { from: from.clone(), to: to.clone(), bytes: Vec::new() };
        let mails: Vec<Sealed> = parsed.iter().flatten().map(envelope).collect();
        let said = |fault: Fault| match fault.outcome() {
            Outcome::Later(error) => error,
            Outcome::Address(why, _) | Outcome::Message(why) => MailError::Refused(why),
        };
        let mut answers = Box::pin(client.try_out(from, &mails)).await.map_err(said)?.into_iter();
        let unasked = || MailError::Later("not asked: it ended the conversation".to_owned());
        Ok(parsed
            .iter()
            .map(|to| match to {
                None => Some(MailError::Refused("the address is not one".to_owned())),
                Some(_) => answers.next().map_or_else(|| Some(unasked()), |answer| answer.err().map(said)),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_server_address_shows_examples_and_no_password() {
        let error = Mailer::new("imap://user:secret@x", "a@b.example", None).unwrap_err().to_string();
        assert!(
            error.contains("mail.smtp") && error.contains("smtps://") && !error.contains("secret"),
            "{error}"
        );
    }
}
