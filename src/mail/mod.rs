//! Mail: a letter becomes a message (text, HTML, calendar) and leaves by SMTP, into a folder, or into memory.
//!
//! It may name the review's types. It knows no store and no rule. No address is ever logged: [`masked`]. `message`
//! makes the message, `calendar` its day, `smtp` talks to the server.

mod calendar;
mod message;
mod smtp;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lettre::Tokio1Executor;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use minijinja::Environment;

use crate::review::wording::Letter;

/// A letter with its identity and its addresses.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The action's key: the same action always has the same Message-ID.
    pub key: String,
    pub to: Vec<String>,
    pub letter: Letter,
    pub attachments: Vec<Attached>,
    /// `mailto:` or `https:` addresses, separated by spaces, by which the reader may stop such mails.
    pub unsubscribe: Option<String>,
}

impl Outgoing {
    /// A mail with nothing beside its letter.
    #[must_use]
    pub fn new(key: String, to: Vec<String>, letter: Letter) -> Outgoing {
        Outgoing { key, to, letter, attachments: Vec::new(), unsubscribe: None }
    }
}

/// A file beside the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// ASCII letters, digits, `.`, `-` and `_`; anything else is replaced.
    pub name: String,
    /// « text/csv; charset=utf-8 ».
    pub media: String,
    pub bytes: Vec<u8>,
}

/// What became of a mail, said as what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the mail server cannot take it now: {0}")]
    Later(String),
    /// No connection, or no answer in time: the next mail would wait as long.
    #[error("the mail server does not answer: {0}")]
    Unreachable(String),
    #[error("refused for good: {0}")]
    Refused(String),
    #[error("{key}: {why}")]
    Configuration { key: &'static str, why: String },
}

/// A message kept in memory, as the demo's mailbox shows it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub at: Timestamp,
    pub mail: Outgoing,
    pub text: String,
}

/// The ways a mail may leave.
#[derive(Clone)]
enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Kept>>>),
}

/// Sends letters in the name of one sender.
#[derive(Clone)]
pub struct Mailer {
    way: Way,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    templates: Arc<Environment<'static>>,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.way {
            Way::Smtp(_) => "Mailer::Smtp",
            Way::Folder(_) => "Mailer::Folder",
            Way::Memory(_) => "Mailer::Memory",
        })
    }
}

impl Mailer {
    /// `url` is `smtp://`, `smtps://`, `smtp+starttls://` or `file:FOLDER`.
    ///
    /// # Errors
    /// [`Error::Configuration`] naming the key and an example.
    pub fn new(url: &str, from: &str, reply_to: Option<&str>) -> Result<Mailer, Error> {
        let way = match url.strip_prefix("file:") {
            Some(folder) => Way::Folder(PathBuf::from(folder)),
            None => Way::Smtp(Box::new(smtp::transport(url)?)),
        };
        Mailer::with(way, from, reply_to)
    }

    /// Keeps messages instead of sending them.
    ///
    /// # Errors
    /// [`Error::Configuration`] when `from` is not an address.
    pub fn memory(from: &str) -> Result<Mailer, Error> {
        Mailer::with(Way::Memory(Arc::default()), from, None)
    }

    fn with(way: Way, from: &str, reply_to: Option<&str>) -> Result<Mailer, Error> {
        let from = address("mail.from", from)?;
        let reply_to = reply_to.map(|text| address("mail.reply_to", text)).transpose()?;
        let mut templates = Environment::new();
        let added = templates
            .add_template("mail.txt", include_str!("mail.txt"))
            .and_then(|()| templates.add_template("mail.html", include_str!("mail.html")));
        added.map_err(|error| Error::Configuration { key: "mail", why: error.to_string() })?;
        Ok(Mailer { way, from, reply_to, templates: Arc::new(templates) })
    }

    /// The messages kept in memory, oldest first; none with another way.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        match &self.way {
            Way::Memory(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// Sends one mail, by SMTP to each address by itself, so that a bad one does not cost the others theirs. `now` is
    /// its date. Returns how many addresses were refused for good, when at least one was not.
    ///
    /// # Errors
    /// [`Error::Later`] or [`Error::Unreachable`] when trying again may help (all addresses are then tried again, with
    /// the same Message-ID), [`Error::Refused`] when it never will.
    pub async fn send(&self, mail: &Outgoing, now: Timestamp) -> Result<usize, Error> {
        let text = self.render("mail.txt", &mail.letter)?;
        if let Way::Smtp(transport) = &self.way {
            return self.by_smtp(transport, mail, &text, now).await;
        }
        self.keep(mail, text, now).await.map(|()| 0)
    }

    async fn by_smtp(
        &self,
        transport: &AsyncSmtpTransport<Tokio1Executor>,
        mail: &Outgoing,
        text: &str,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let (mut refused, mut later) = (Vec::new(), None);
        for to in &mail.to {
            let one = Outgoing { to: vec![to.clone()], ..mail.clone() };
            let outcome = match self.message(&one, text, now) {
                Ok(message) => smtp::hand_over(transport, message).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => {}
                Err(Error::Refused(why)) => refused.push(why),
                Err(Error::Unreachable(why)) => return Err(Error::Unreachable(why)),
                Err(error) => later = Some(error),
            }
        }
        match (later, refused.first()) {
            (Some(error), _) => Err(error),
            (None, Some(why)) if refused.len() == mail.to.len() => Err(Error::Refused(why.clone())),
            _ if mail.to.is_empty() => Err(Error::Refused("nobody to write to".to_owned())),
            _ => Ok(refused.len()),
        }
    }

    async fn keep(&self, mail: &Outgoing, text: String, now: Timestamp) -> Result<(), Error> {
        let message = self.message(mail, &text, now)?;
        match &self.way {
            Way::Smtp(_) => Ok(()),
            Way::Folder(folder) => {
                let path = folder.join(format!("{}.eml", message::identifier(&mail.key)));
                let written = async {
                    tokio::fs::create_dir_all(folder).await?;
                    tokio::fs::write(path, message.formatted()).await
                };
                written.await.map_err(|error| Error::Later(format!("{} ({error})", folder.display())))
            }
            Way::Memory(kept) => {
                let entry = Kept { at: now, mail: mail.clone(), text };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
                Ok(())
            }
        }
    }

    /// Whether the server answers and accepts our credentials; nothing to ask of a folder or of memory.
    ///
    /// # Errors
    /// As [`Error`].
    pub async fn check(&self) -> Result<(), Error> {
        let Way::Smtp(transport) = &self.way else { return Ok(()) };
        match transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Later("the SMTP server answers but is not ready".to_owned())),
            Err(error) => Err(Error::Later(smtp::code(&error))),
        }
    }
}

fn address(key: &'static str, text: &str) -> Result<Mailbox, Error> {
    let why = "not an address; example: Label SP+ <label@organisme.example>".to_owned();
    text.parse().map_err(|_| Error::Configuration { key, why })
}

/// Whether a text is an address a mail can be written to.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.trim().parse::<Mailbox>().is_ok()
}

/// « l…@organisme.example » for people who must recognise an address that a log must not hold.
#[must_use]
pub fn masked(address: &str) -> String {
    match address.trim().split_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().next().unwrap_or('?')),
        None => "…".to_owned(),
    }
}
