//! Mail: a letter becomes a message (text, HTML, calendar) and leaves by SMTP, into a folder, or into memory.
//!
//! It may name the review's types. It knows no store and no rule. No address is ever logged: [`masked`].

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use icalendar::{Calendar, Component, EventLike};
use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};
use minijinja::{Environment, context};

use crate::review::wording::Letter;

const SMTP_TIMEOUT: Duration = Duration::from_secs(30);
/// Of a whole conversation, whose every step has the wait above.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// What concerns an address; any other refusal (credentials, policy) may be mended, and the mail must not be lost.
const ADDRESS_REFUSED: [&str; 4] = ["501", "550", "551", "553"];

/// A letter with its identity and its addresses.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The action's key: the same action always has the same Message-ID.
    pub key: String,
    pub to: Vec<String>,
    pub letter: Letter,
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
            None => Way::Smtp(Box::new(smtp(url)?)),
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
                Ok(message) => hand_over(transport, message).await,
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
                let path = folder.join(format!("{}.eml", identifier(&mail.key)));
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
            Err(error) => Err(Error::Later(smtp_code(&error))),
        }
    }

    fn render(&self, template: &str, letter: &Letter) -> Result<String, Error> {
        let template = self.templates.get_template(template);
        let values = context! {
            subject => letter.subject.as_str(),
            paragraphs => letter.paragraphs.clone(),
            points => letter.points.clone(),
            source => letter.source.as_str(),
        };
        template
            .and_then(|template| template.render(values))
            .map_err(|error| Error::Refused(format!("the letter cannot be rendered ({error})")))
    }

    fn message(&self, mail: &Outgoing, text: &str, now: Timestamp) -> Result<Message, Error> {
        let refused = |what: &str| Error::Refused(what.to_owned());
        let seconds = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
        let host = self.from.email.domain();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(header_line(&mail.letter.subject))
            .date(SystemTime::UNIX_EPOCH + seconds)
            .message_id(Some(format!("<{}@{host}>", identifier(&mail.key))));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        if mail.to.is_empty() {
            return Err(refused("nobody to write to"));
        }
        for to in &mail.to {
            builder = builder.to(to.trim().parse().map_err(|_| refused("the address is not one"))?);
        }
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let builder = builder.raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        let html = self.render("mail.html", &mail.letter)?;
        let bodies = MultiPart::alternative()
            .singlepart(SinglePart::plain(text.to_owned()))
            .singlepart(SinglePart::html(html));
        let message = match ics(&mail.letter, host, now) {
            None => builder.multipart(bodies),
            Some(calendar) => {
                let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH");
                let kind = kind.map_err(|_| refused("calendar type"))?;
                let attachment = Attachment::new("echeance.ics".to_owned()).body(calendar, kind);
                builder.multipart(MultiPart::mixed().multipart(bodies).singlepart(attachment))
            }
        };
        message.map_err(|error| Error::Refused(error.to_string()))
    }
}

fn smtp(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let wrong = || {
        Error::Configuration {
        key: "mail.smtp",
        why: "not an address of a mail server; examples: smtps://user:password@smtp.example:465, smtp+starttls://smtp.example:587, file:courriels".to_owned(),
    }
    };
    let url = match url.strip_prefix("smtp+starttls://") {
        Some(rest) => format!("smtp://{rest}?tls=required"),
        None if url.starts_with("smtp://") || url.starts_with("smtps://") => url.to_owned(),
        None => return Err(wrong()),
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| wrong())?;
    Ok(builder.timeout(Some(SMTP_TIMEOUT)).build())
}

fn address(key: &'static str, text: &str) -> Result<Mailbox, Error> {
    let why = "not an address; example: Label SP+ <label@organisme.example>".to_owned();
    text.parse().map_err(|_| Error::Configuration { key, why })
}

/// Only the code: a server's sentence often quotes the address.
fn smtp_code(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("SMTP {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None => "no connection, or cut".to_owned(),
    }
}

async fn hand_over(transport: &AsyncSmtpTransport<Tokio1Executor>, message: Message) -> Result<(), Error> {
    let Ok(answer) = tokio::time::timeout(SEND_TIMEOUT, transport.send(message)).await else {
        return Err(Error::Unreachable("no answer in time".to_owned()));
    };
    let Err(error) = answer else { return Ok(()) };
    let said = smtp_code(&error);
    let code = error.status().map(|code| code.to_string());
    Err(match code {
        None => Error::Unreachable(said),
        Some(code) if ADDRESS_REFUSED.contains(&code.as_str()) => Error::Refused(said),
        Some(_) => Error::Later(said),
    })
}

/// Whether a text is an address a mail can be written to.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.trim().parse::<Mailbox>().is_ok()
}

/// A form's text never adds a header: line ends and controls become spaces.
fn header_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// The key as the left part of a Message-ID, or a file name.
fn identifier(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).collect()
}

/// « l…@organisme.example » for people who must recognise an address that a log must not hold.
#[must_use]
pub fn masked(address: &str) -> String {
    match address.trim().split_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().next().unwrap_or('?')),
        None => "…".to_owned(),
    }
}

fn ics(letter: &Letter, host: &str, now: Timestamp) -> Option<String> {
    let event = letter.event.as_ref()?;
    let day = chrono::NaiveDate::from_ymd_opt(
        i32::from(event.day.year()),
        u32::try_from(event.day.month()).ok()?,
        u32::try_from(event.day.day()).ok()?,
    )?;
    let stamp = chrono::DateTime::from_timestamp(now.as_second(), 0)?;
    let entry = icalendar::Event::new()
        .uid(&format!("{}@{host}", event.uid))
        .timestamp(stamp)
        .summary(&event.title)
        .description(&letter.source)
        .all_day(day)
        .done();
    Some(Calendar::new().push(entry).done().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::wording::letters::CalendarEvent;
    use jiff::civil::date;

    fn letter() -> Letter {
        Letter {
            subject: "Échéance\r\nBcc: x@y.example".to_owned(),
            paragraphs: vec!["Une phrase <b>.".to_owned()],
            points: vec!["un point".to_owned()],
            source: "§ 3.5.1 du guide".to_owned(),
            event: Some(CalendarEvent {
                uid: "1-O-04".to_owned(),
                day: date(2027, 2, 28),
                title: "T".to_owned(),
            }),
        }
    }

    fn message(to: &[&str]) -> Result<String, Error> {
        let mailer = Mailer::memory("Label SP+ <label@organisme.example>").unwrap();
        let to = to.iter().map(|to| (*to).to_owned()).collect();
        let mail = Outgoing { key: "1/O-04/2027-02-28/J-7/candidat".to_owned(), to, letter: letter() };
        let now = "2027-02-21T07:00:00Z".parse().unwrap();
        let text = mailer.render("mail.txt", &mail.letter)?;
        Ok(String::from_utf8(mailer.message(&mail, &text, now)?.formatted()).unwrap())
    }

    #[test]
    fn the_same_action_has_the_same_identity_and_a_form_adds_no_header() {
        let message = message(&["a@b.example"]).unwrap();
        assert!(
            message.contains("Message-ID: <1.O-04.2027-02-28.J-7.candidat@organisme.example>"),
            "{message}"
        );
        assert!(message.contains("Auto-Submitted: auto-generated"));
        assert!(message.contains("Date: Sun, 21 Feb 2027 07:00:00 +0000"));
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(message.contains("text/calendar") && message.contains("&lt;b&gt;"));
    }

    #[test]
    fn a_bad_address_is_refused_for_good() {
        for bad in ["", "nobody", "a@b.example\r\nBcc: c@d.example"] {
            assert!(matches!(message(&[bad]), Err(Error::Refused(_))), "{bad}");
        }
        assert!(matches!(message(&[]), Err(Error::Refused(_))));
    }

    #[test]
    fn a_bad_server_address_shows_examples_and_no_password() {
        let error = Mailer::new("imap://user:secret@x", "a@b.example", None).unwrap_err().to_string();
        assert!(
            error.contains("mail.smtp") && error.contains("smtps://") && !error.contains("secret"),
            "{error}"
        );
    }
}
