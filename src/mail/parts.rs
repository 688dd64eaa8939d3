//! A message that was kept, taken apart: what its reader's program shows, and what it carries.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// A message in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailParts {
    /// Name and value, in order; the subject in plain letters, the others as they are written.
    pub headers: Vec<(String, String)>,
    pub html: String,
    pub files: Vec<MailFile>,
}

/// What is attached to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFile {
    pub name: String,
    /// « text/calendar ».
    pub media: String,
    pub bytes: Vec<u8>,
}

impl MailParts {
    /// Of a whole message; what cannot be read in it is absent.
    #[must_use]
    pub fn of(raw: &[u8]) -> MailParts {
        let Some(message) = MessageParser::default().parse(raw) else { return MailParts::default() };
        let html = message.html_bodies().find_map(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            _ => None,
        });
        let files = message.attachments().filter_map(|part| {
            let name = part.attachment_name()?.to_owned();
            let kind = part.content_type()?;
            let media = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream"));
            Some(MailFile { name, media, bytes: part.contents().to_vec() })
        });
        MailParts { headers: headers(&message), html: html.unwrap_or_default(), files: files.collect() }
    }
}

fn headers(message: &Message<'_>) -> Vec<(String, String)> {
    let plain = |(name, value): (&str, &str)| {
        let value = match message.subject().filter(|_| name.eq_ignore_ascii_case("subject")) {
            Some(subject) => subject.to_owned(),
            None => value.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        (name.to_owned(), value)
    };
    message.headers_raw().map(plain).collect()
}

impl MailFile {
    #[must_use]
    pub fn is_calendar(&self) -> bool {
        self.media.eq_ignore_ascii_case("text/calendar")
    }
}
