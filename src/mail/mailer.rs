//! Sends letters, by one of three ways.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::error::{MailError, Receipt};
use super::header::identifier;
use super::message::Composer;
use super::outgoing::Outgoing;
use super::server::MailServer;
use super::smtp::SmtpClient;

/// A message kept in memory, as the demo's mailbox shows it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub at: Timestamp,
    pub mail: Outgoing,
    pub text: String,
}

/// The ways to send a mail.
#[derive(Clone)]
enum Transport {
    Smtp(Box<SmtpClient>),
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
        self.composer.from.email.domain().to_owned()
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
            None => Transport::Smtp(Box::new(SmtpClient::new(server)?)),
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
        let text = self.composer.render("mail.txt", &mail.letter)?;
        let answer = match &self.transport {
            Transport::Smtp(client) => return Ok(self.by_smtp(client, mail, &text, now).await),
            Transport::Folder(folder) => self.write_into(folder, mail, &text, now).await,
            Transport::Memory(kept) => self.composer.message(mail, &text, now).map(|_| {
                let entry = Kept { at: now, mail: mail.clone(), text };
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
        let mut receipt = Receipt::default();
        for to in &mail.to {
            let one = Outgoing { to: vec![to.clone()], ..mail.clone() };
            let outcome = match self.composer.message(&one, text, now) {
                Ok(message) => client.hand_over(message).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(answer) => receipt.accepted.push((to.clone(), answer)),
                Err(MailError::Refused(why)) => receipt.refused.push((to.clone(), why)),
                // Trying the other addresses would wait for the same time limit again.
                Err(error) if error.is_mute() => {
                    receipt.later = Some(error);
                    break;
                }
                Err(error) => receipt.later = Some(error),
            }
        }
        receipt
    }

    async fn write_into(
        &self,
        folder: &Path,
        mail: &Outgoing,
        text: &str,
        now: Timestamp,
    ) -> Result<String, MailError> {
        let message = self.composer.message(mail, text, now)?;
        let name = format!("{}.eml", identifier(&mail.key));
        let written = async {
            tokio::fs::create_dir_all(folder).await?;
            tokio::fs::write(folder.join(&name), message.formatted()).await
        };
        match written.await {
            Ok(()) => Ok(format!("written as {name}")),
            Err(error) => Err(MailError::Later(format!("{} ({error})", folder.display()))),
        }
    }

    /// Where a reader writes to stop mails that they may stop.
    #[must_use]
    pub fn way_out(&self) -> String {
        format!("mailto:{}", self.composer.reply_to.as_ref().unwrap_or(&self.composer.from).email)
    }

    /// Whether the server answers and accepts our credentials; nothing to ask of a folder or of memory.
    ///
    /// # Errors
    /// As [`MailError`].
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.transport {
            Transport::Smtp(client) => client.check().await,
            Transport::Folder(_) | Transport::Memory(_) => Ok(()),
        }
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
