//! Mail: a letter becomes a message (text, HTML, calendar) and leaves by SMTP, into a folder, or into memory.
//!
//! It may name the review's types. It knows no store and no rule. No address is ever logged: [`masked`]. `message`
//! makes the message, `calendar` its day, `smtp` talks to the server.

mod calendar;
mod message;
mod smtp;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use lettre::message::Mailbox;
use minijinja::Environment;

use label::outgoing::Letter;
use smtp::Door;

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
    /// No connection, no trust, no entry, or no answer in time: the next mail would fare no better.
    #[error("the mail server cannot be used: {0}")]
    Unreachable(String),
    #[error("refused for good: {0}")]
    Refused(String),
    #[error("{key}: {why}")]
    Configuration { key: &'static str, why: String },
}

/// What became of a mail for each of its addresses; none is in two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Address, and what the server answered.
    pub accepted: Vec<(String, String)>,
    /// Refused for good, and why.
    pub refused: Vec<(String, String)>,
    /// Why the others are to be tried again.
    pub later: Option<Error>,
}

/// A message kept in memory, as the demo's mailbox shows it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub at: Timestamp,
    pub mail: Outgoing,
    pub text: String,
}

/// Where mails are handed over.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// `smtp://`, `smtps://`, `smtp+starttls://` or `file:FOLDER`.
    pub url: &'a str,
    /// PEM of a private authority, trusted beside those of the machine.
    pub authority: Option<&'a [u8]>,
    /// How long one conversation may last.
    pub patience: Duration,
}

impl<'a> Server<'a> {
    #[must_use]
    pub fn at(url: &'a str) -> Server<'a> {
        Server { url, authority: None, patience: smtp::PATIENCE }
    }
}

/// The ways a mail may leave.
#[derive(Clone)]
enum Way {
    Smtp(Box<Door>),
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
    /// The domain of the sender: with it, what a mail names is named once in the world.
    #[must_use]
    pub fn domain(&self) -> String {
        self.from.email.domain().to_owned()
    }

    /// `url` is `smtp://`, `smtps://`, `smtp+starttls://` or `file:FOLDER`.
    ///
    /// # Errors
    /// [`Error::Configuration`] naming the key and an example.
    pub fn new(url: &str, from: &str, reply_to: Option<&str>) -> Result<Mailer, Error> {
        Mailer::over(&Server::at(url), from, reply_to)
    }

    /// As [`Mailer::new`], with what a server of one's own needs.
    ///
    /// # Errors
    /// [`Error::Configuration`] naming the key and an example.
    pub fn over(server: &Server<'_>, from: &str, reply_to: Option<&str>) -> Result<Mailer, Error> {
        let way = match server.url.strip_prefix("file:") {
            Some(folder) => Way::Folder(PathBuf::from(folder)),
            None => Way::Smtp(Box::new(Door::new(server)?)),
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

    /// Sends one mail, by SMTP to each address by itself, so that a bad one does not cost the others theirs, and so that
    /// one that has it is not sent it again with the others. `now` is its date.
    ///
    /// # Errors
    /// When no message can be made of the letter. What the server says of each address is in the receipt.
    pub async fn send(&self, mail: &Outgoing, now: Timestamp) -> Result<Receipt, Error> {
        if mail.to.is_empty() {
            return Err(Error::Refused("nobody to write to".to_owned()));
        }
        let text = self.render("mail.txt", &mail.letter)?;
        let answer = match &self.way {
            Way::Smtp(door) => return Ok(self.by_smtp(door, mail, &text, now).await),
            Way::Folder(folder) => self.write_into(folder, mail, &text, now).await,
            Way::Memory(kept) => self.message(mail, &text, now).map(|_| {
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
            Err(error @ Error::Later(_)) => Ok(Receipt { later: Some(error), ..Receipt::default() }),
            Err(error) => Err(error),
        }
    }

    async fn by_smtp(&self, door: &Door, mail: &Outgoing, text: &str, now: Timestamp) -> Receipt {
        let mut receipt = Receipt::default();
        for to in &mail.to {
            let one = Outgoing { to: vec![to.clone()], ..mail.clone() };
            let outcome = match self.message(&one, text, now) {
                Ok(message) => door.hand_over(message).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(answer) => receipt.accepted.push((to.clone(), answer)),
                Err(Error::Refused(why)) => receipt.refused.push((to.clone(), why)),
                // The other addresses would wait as long.
                Err(error @ Error::Unreachable(_)) => {
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
    ) -> Result<String, Error> {
        let message = self.message(mail, text, now)?;
        let name = format!("{}.eml", message::identifier(&mail.key));
        let written = async {
            tokio::fs::create_dir_all(folder).await?;
            tokio::fs::write(folder.join(&name), message.formatted()).await
        };
        match written.await {
            Ok(()) => Ok(format!("written as {name}")),
            Err(error) => Err(Error::Later(format!("{} ({error})", folder.display()))),
        }
    }

    /// Where a reader writes to stop mails that they may stop.
    #[must_use]
    pub fn way_out(&self) -> String {
        format!("mailto:{}", self.reply_to.as_ref().unwrap_or(&self.from).email)
    }

    /// Whether the server answers and accepts our credentials; nothing to ask of a folder or of memory.
    ///
    /// # Errors
    /// As [`Error`].
    pub async fn check(&self) -> Result<(), Error> {
        match &self.way {
            Way::Smtp(door) => door.check().await,
            Way::Folder(_) | Way::Memory(_) => Ok(()),
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
