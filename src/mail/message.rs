//! A letter as a message: headers, text, HTML, calendar.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, MultiPart, SinglePart};
use minijinja::context;

use super::calendar::ics;
use super::{Error, Mailer, Outgoing};
use crate::review::wording::Letter;

impl Mailer {
    pub(super) fn render(&self, template: &str, letter: &Letter) -> Result<String, Error> {
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

    pub(super) fn message(&self, mail: &Outgoing, text: &str, now: Timestamp) -> Result<Message, Error> {
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

/// A form's text never adds a header: line ends and controls become spaces.
fn header_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

/// The key as the left part of a Message-ID, or a file name.
pub(super) fn identifier(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).collect()
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
