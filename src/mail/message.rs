//! A letter as a message: headers, text, HTML, calendar.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, MultiPart, SinglePart};
use minijinja::Environment;

use super::address::{mailbox, sender};
use super::calendar;
use super::error::MailError;
use super::header::{header_line, identifier};
use super::outgoing::Outgoing;
use super::sender::{Sender, Senders};
use super::view::{self, LOGO_ID};

/// What automatic responders look at before they answer: RFC 3834, Exchange, and those that are older than both. Exchange is
/// not asked to keep its reports of failures for itself.
const SILENCING: [(&str, &str); 3] = [
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
    ("Precedence", "bulk"),
];

/// Makes messages, each in the name of its sender.
#[derive(Clone)]
pub(super) struct Composer {
    pub(super) senders: Senders,
    templates: Arc<Environment<'static>>,
}

impl Composer {
    /// # Errors
    /// [`MailError::Configuration`] when an address is not one.
    pub(super) fn new(from: &str, reply_to: Option<&str>) -> Result<Composer, MailError> {
        let from = address("mail.from", from)?;
        let reply_to = reply_to.map(|text| address("mail.reply_to", text)).transpose()?;
        let mut templates = Environment::new();
        let added = templates
            .add_template("mail.txt", include_str!("mail.txt"))
            .and_then(|()| templates.add_template("mail.html", include_str!("mail.html")));
        added.map_err(|error| MailError::Configuration { key: "mail", why: error.to_string() })?;
        let senders = Senders::alone(Sender { from, reply_to, letterhead: Arc::default() });
        Ok(Composer { senders, templates: Arc::new(templates) })
    }

    pub(super) fn render(&self, template: &str, mail: &Outgoing) -> Result<String, MailError> {
        let template = self.templates.get_template(template);
        let sender = self.senders.of(mail.body.as_deref());
        let values = view::values(mail, sender, self.senders.list(mail.body.as_deref()));
        template
            .and_then(|template| template.render(values))
            .map_err(|error| MailError::Refused(format!("the letter cannot be rendered ({error})")))
    }

    pub(super) fn message(&self, mail: &Outgoing, text: &str, now: Timestamp) -> Result<Message, MailError> {
        let refused = |what: &str| MailError::Refused(what.to_owned());
        let seconds = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
        let sender = self.senders.of(mail.body.as_deref());
        let host = sender.from.email.domain();
        let mut builder = Message::builder()
            .from(sender.from.clone())
            .subject(header_line(&mail.letter.subject))
            .date(SystemTime::UNIX_EPOCH + seconds)
            .message_id(Some(format!("<{}@{host}>", identifier(&mail.key))));
        if let Some(reply_to) = &sender.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        if mail.to.is_empty() {
            return Err(refused("nobody to write to"));
        }
        for to in &mail.to {
            builder = builder.to(mailbox(to).ok_or_else(|| refused("the address is not one"))?);
        }
        let mut builder =
            SILENCING.iter().fold(builder, |builder, (name, value)| builder.raw_header(raw(name, value)));
        if let Some(ways) = mail.unsubscribe.as_deref().and_then(ways_out) {
            builder = builder.raw_header(raw("List-Unsubscribe", &ways));
        }
        let html = SinglePart::html(self.render("mail.html", mail)?);
        let bodies = MultiPart::alternative().singlepart(SinglePart::plain(text.to_owned()));
        let bodies = match &sender.letterhead.logo {
            None => bodies.singlepart(html),
            Some(logo) => {
                let kind = ContentType::parse(logo.media).map_err(|_| refused("the logo's type"))?;
                let picture = Attachment::new_inline(LOGO_ID.to_owned()).body(logo.bytes.to_vec(), kind);
                bodies.multipart(MultiPart::related().singlepart(html).singlepart(picture))
            }
        };
        let mut beside = Vec::new();
        for file in calendar::files(&mail.letter, &sender.letterhead.platform, &sender.from, now) {
            let kind = ContentType::parse(file.media).map_err(|_| refused("calendar type"))?;
            beside.push(Attachment::new(file.name).body(file.text, kind));
        }
        for file in &mail.attachments {
            let kind =
                ContentType::parse(&file.media).or_else(|_| ContentType::parse("application/octet-stream"));
            let kind = kind.map_err(|_| refused("the attachment's type"))?;
            beside.push(Attachment::new(file_name(&file.name)).body(file.bytes.clone(), kind));
        }
        let message = if beside.is_empty() {
            builder.multipart(bodies)
        } else {
            builder.multipart(
                beside.into_iter().fold(MultiPart::mixed().multipart(bodies), MultiPart::singlepart),
            )
        };
        message.map_err(|error| MailError::Refused(error.to_string()))
    }
}

pub(super) fn address(key: &'static str, text: &str) -> Result<Mailbox, MailError> {
    sender(text).map_err(|fault| {
        let why = format!("{fault}; example: Label SP+ <label@organisme.example>");
        MailError::Configuration { key, why }
    })
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// `<mailto:…>, <https:…>`; anything else, or what would not fit in a header, is left out, and the mail is sent without
/// it.
fn ways_out(text: &str) -> Option<String> {
    let fits = |way: &&str| {
        (way.starts_with("mailto:") || way.starts_with("https://"))
            && way.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ','))
    };
    let ways: Vec<String> = text.split_whitespace().filter(fits).map(|way| format!("<{way}>")).collect();
    (!ways.is_empty()).then(|| ways.join(", "))
}

fn file_name(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = text.chars().take(100).map(|c| if fits(c) { c } else { '_' }).collect();
    if name.is_empty() { "piece".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::letterhead::Letterhead;
    use crate::mail::outgoing::Attached;
    use jiff::civil::date;
    use label::judge::agenda::Role;
    use label::outgoing::{CalendarEvent, Letter};

    fn letter() -> Letter {
        Letter {
            subject: "Échéance\r\nBcc: x@y.example".to_owned(),
            paragraphs: vec!["Une phrase <b>.".to_owned()],
            points: vec!["un point".to_owned()],
            source: "§ 3.5.1 du guide".to_owned(),
            events: vec![CalendarEvent {
                uid: "1-O-04".to_owned(),
                day: date(2027, 2, 28),
                title: "T".to_owned(),
                cancelled: false,
            }],
            ..Letter::default()
        }
    }

    fn message(to: &[&str]) -> Result<String, MailError> {
        let composer = Composer::new("Label SP+ <label@organisme.example>", None).unwrap();
        let to = to.iter().map(|to| (*to).to_owned()).collect();
        let mail = Outgoing::new("1/O-04/2027-02-28/J-7/candidat".to_owned(), to, letter());
        whole(&composer, &mail)
    }

    fn whole(composer: &Composer, mail: &Outgoing) -> Result<String, MailError> {
        let now = "2027-02-21T07:00:00Z".parse().unwrap();
        let text = composer.render("mail.txt", mail)?;
        Ok(String::from_utf8(composer.message(mail, &text, now)?.formatted()).unwrap())
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
    fn files_and_a_way_out_go_along_and_neither_adds_a_header() {
        let composer = Composer::new("Label SP+ <label@organisme.example>", None).unwrap();
        let mut mail = Outgoing::new("rapport/2027-03".to_owned(), vec!["a@b.example".to_owned()], letter());
        mail.attachments.push(Attached {
            name: "rapport\r\nBcc: é.csv".to_owned(),
            media: "text/csv; charset=utf-8".to_owned(),
            bytes: "siret;état\n".into(),
        });
        let ways = "mailto:label@organisme.example?subject=stop https://vigie.example/a> javascript:x https://vigie.example/b";
        mail.unsubscribe = Some(ways.to_owned());
        let message = whole(&composer, &mail).unwrap();
        let unfolded = message.replace("\r\n ", " ");
        let wanted =
            "List-Unsubscribe: <mailto:label@organisme.example?subject=stop>, <https://vigie.example/b>";
        assert!(unfolded.contains(wanted), "{unfolded}");
        assert!(message.contains("filename=\"rapport__Bcc___.csv\""), "{message}");
        assert!(message.contains("Content-Type: text/csv") && message.contains("echeance.ics"));
        let heads = message.split("\r\n\r\n").filter(|part| part.contains("Content-Type: "));
        assert!(
            heads.clone().count() >= 4 && heads.into_iter().all(|head| !head.contains("\nBcc")),
            "{message}"
        );
    }

    #[test]
    fn the_foot_names_who_writes_and_where_the_readers_are_listed() {
        let mut composer = Composer::new("label@organisme.example", None).unwrap();
        let foot = |composer: &Composer, reader, body: Option<&str>| {
            let to = vec!["a@b.example".to_owned()];
            let mut mail = Outgoing::new("1/O-04/2027-02-28/J-7/candidat".to_owned(), to, letter());
            (mail.reader, mail.body) = (Some(reader), body.map(str::to_owned));
            let text = composer.render("mail.txt", &mail).unwrap();
            text.split_once("\n-- \n").unwrap().1.to_owned()
        };
        // An address without a name, and no signature in the configuration.
        let service = foot(&composer, Role::Candidat, None);
        assert!(
            service.starts_with("Votre organisme de certification\nlabel@organisme.example\n"),
            "{service}"
        );
        assert!(service.contains(", envoyé pour votre organisme de certification."), "{service}");
        let ditp = foot(&composer, Role::Ditp, None);
        assert!(ditp.starts_with("vigie\n") && ditp.contains(", envoyé par vigie."), "{ditp}");
        assert!(foot(&composer, Role::Organisme, None).contains("« recipients.organisme »"));
        let letterhead = Letterhead { name: "Cap".to_owned(), ..Letterhead::default() };
        composer.senders.add("Cap", None, letterhead);
        let cap = foot(&composer, Role::Organisme, Some("Cap"));
        assert!(cap.starts_with("Cap\n") && cap.contains("« [[organismes]] »"), "{cap}");
        assert!(!cap.contains("recipients.organisme"), "{cap}");
        assert!(foot(&composer, Role::Organisme, None).contains("« recipients.ditp »"));
        assert!(foot(&composer, Role::Candidat, Some("Cap")).contains(", envoyé pour Cap."));
    }

    #[test]
    fn a_bad_address_is_refused_for_good() {
        for bad in ["", "nobody", "a@b.example\r\nBcc: c@d.example"] {
            assert!(matches!(message(&[bad]), Err(MailError::Refused(_))), "{bad}");
        }
        assert!(matches!(message(&[]), Err(MailError::Refused(_))));
    }
}
