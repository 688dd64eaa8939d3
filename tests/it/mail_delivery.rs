//! Mail to a real server: TLS, passwords, refusals at each stage, and what a reader's program finds in the message.

use std::time::Duration;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use label::outgoing::{CalendarEvent, Letter, Section};
use mail_parser::{MessageParser, MimeHeaders};
use vigie::mail::{Attached, MailError, MailServer as Server, Mailer, Outgoing};

use crate::bench::Bench;
use crate::mail_server::{MailServer, Stage, Tls, Trouble};

const FROM: &str = "Été à la « Labellisation » <label@organisme.example>";
const SUBJECT: &str = "Échéance très proche : le plan d’audit de l’accueil de Fontclaire-les-Bois est à transmettre à l’évaluateur dès à présent";

fn now() -> Timestamp {
    "2027-02-21T07:00:00Z".parse().unwrap()
}

fn letter(day: Date) -> Letter {
    Letter {
        subject: SUBJECT.to_owned(),
        paragraphs: vec![
            "Une phrase <b>à</b> lire & à comprendre, d’au moins quatre-vingts signes pour passer la ligne."
                .to_owned(),
        ],
        points: vec!["un point".to_owned(), ".un point au début d’une ligne".to_owned()],
        sections: vec![Section::new("Cette semaine", vec!["l’audit".to_owned()])],
        source: "§ 3.5.1 du guide".to_owned(),
        rule: "R-3.5.1-k".to_owned(),
        events: vec![CalendarEvent {
            uid: "1-O-04".to_owned(),
            day,
            title: "Audit, été ; accueil\r\nATTENDEE:mailto:x@y.example".to_owned(),
            cancelled: false,
        }],
        ..Letter::default()
    }
}

fn outgoing() -> Outgoing {
    let to = vec!["Élodie Exemple <elodie@service.example>".to_owned()];
    Outgoing::new("1/O-04/2027-02-28/J-7/candidat".to_owned(), to, letter(date(2027, 2, 28)))
}

fn mailer(server: &MailServer, scheme: &str) -> Mailer {
    let secret = server.password.lock().unwrap().replace(' ', "%20");
    let url = format!("{scheme}://vigie:{secret}@127.0.0.1:{}", server.port);
    let (patience, verdict) = (Duration::from_secs(2), Duration::from_secs(3));
    let authority = Some(server.authority.as_bytes());
    let over = Server { authority, patience, verdict, ..Server::at(&url) };
    Mailer::over(&over, FROM, Some("Réponses <reponses@organisme.example>")).unwrap()
}

/// To its only address.
async fn sent(mailer: &Mailer, mail: &Outgoing) -> Result<(), MailError> {
    let receipt = mailer.send(mail, now()).await?;
    let refused = receipt.refused.into_iter().map(|(_, refusal)| refusal.why);
    let refused = refused.chain(receipt.rejected.into_iter().map(|(_, why)| why)).next();
    receipt.later.or(refused.map(MailError::Refused)).map_or(Ok(()), Err)
}

#[tokio::test]
async fn a_mail_arrives_over_tls_with_either_kind_of_password() {
    for (tls, scheme) in [(Tls::Start, "smtp+starttls"), (Tls::Implicit, "smtps")] {
        for mechanism in ["PLAIN LOGIN", "LOGIN"] {
            let server = MailServer::start(tls, mechanism).await;
            assert_eq!(mailer(&server, scheme).check(&[]).await, Ok(Vec::new()));
            assert_eq!(sent(&mailer(&server, scheme), &outgoing()).await, Ok(()), "{scheme} {mechanism}");
            assert_eq!(server.received.lock().unwrap().len(), 1);
            let (times, safe) = server.heard("AUTH");
            assert!(times > 0 && safe, "the password travels under TLS only");
        }
    }
}

#[tokio::test]
async fn without_the_tls_that_was_asked_for_nothing_is_said() {
    let server = MailServer::start(Tls::None, "PLAIN").await;
    let error = sent(&mailer(&server, "smtp+starttls"), &outgoing()).await.unwrap_err();
    assert!(matches!(error, MailError::Unreachable(..)) && error.to_string().contains("STARTTLS"), "{error}");
    assert_eq!((server.heard("AUTH").0, server.heard("MAIL").0), (0, 0));
}

#[tokio::test]
async fn a_certificate_that_is_not_the_servers_is_refused() {
    for (tls, scheme) in [(Tls::Start, "smtp+starttls"), (Tls::Implicit, "smtps")] {
        let unknown = MailServer::start(tls, "PLAIN").await;
        let url = format!("{scheme}://vigie:x@127.0.0.1:{}", unknown.port);
        let error = sent(&Mailer::new(&url, FROM, None).unwrap(), &outgoing()).await.unwrap_err();
        assert!(error.to_string().contains("network.ca_file"), "{error}");
        let other = MailServer::named("autre.example", tls, "PLAIN").await;
        let error = sent(&mailer(&other, scheme), &outgoing()).await.unwrap_err();
        assert!(
            matches!(error, MailError::Unreachable(..))
                && error.to_string().contains("certificate is in another name"),
            "{error}"
        );
        for server in [unknown, other] {
            assert_eq!((server.heard("AUTH").0, server.heard("MAIL").0), (0, 0));
        }
    }
}

#[test]
fn an_authority_that_is_none_is_said_with_its_key() {
    let over = |authority| Server { authority: Some(authority), ..Server::at("smtps://a.example") };
    for bad in [&b"rien"[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = Mailer::over(&over(bad), FROM, None).unwrap_err().to_string();
        assert!(error.contains("mail.ca_file"), "{error}");
    }
}

/// Whether an error calls for the right thing to do next.
type Expected = fn(&MailError) -> bool;

#[tokio::test]
async fn each_refusal_at_each_stage_says_what_to_do_next() {
    let later = |error: &MailError| matches!(error, MailError::Later(_));
    let refused = |error: &MailError| matches!(error, MailError::Refused(_));
    let us = |error: &MailError| matches!(error, MailError::RefusesUs(_));
    let mute = |error: &MailError| matches!(error, MailError::Unreachable(..));
    let unheard = |error: &MailError| matches!(error, MailError::Unheard(..));
    let cases: [(Stage, Trouble, Expected); 14] = [
        (Stage::Greeting, Trouble::Say("421 4.3.2 closing"), later),
        (Stage::Greeting, Trouble::Cut, mute),
        (Stage::Greeting, Trouble::Wait(Duration::from_secs(9)), mute),
        (Stage::Auth, Trouble::Say("454 4.7.0 not now"), mute),
        (Stage::Mail, Trouble::Say("451 4.3.0 later"), later),
        (Stage::Mail, Trouble::Say("552 5.3.4 quota of the sender"), us),
        (Stage::Mail, Trouble::Cut, mute),
        (Stage::Rcpt, Trouble::Say("450 4.2.1 greylisted"), later),
        (Stage::Rcpt, Trouble::Say("550 5.1.1 <elodie@service.example> unknown"), refused),
        (Stage::Data, Trouble::Say("554 5.7.1 policy"), us),
        (Stage::Data, Trouble::Cut, mute),
        (Stage::End, Trouble::Say("451 4.3.0 later"), later),
        (Stage::End, Trouble::Cut, unheard),
        (Stage::End, Trouble::Wait(Duration::from_secs(9)), unheard),
    ];
    for (stage, trouble, expected) in cases {
        let server = MailServer::start(Tls::Implicit, "PLAIN").await;
        let mailer = mailer(&server, "smtps");
        server.will(stage, trouble);
        let error = sent(&mailer, &outgoing()).await.unwrap_err();
        assert!(expected(&error), "{stage:?} {trouble:?}: {error:?}");
        assert!(!error.to_string().contains("elodie"), "{error}");
        server.mend();
        assert_eq!(sent(&mailer, &outgoing()).await, Ok(()), "{stage:?} {trouble:?}: it recovers");
    }
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let server = MailServer::start(Tls::Start, "PLAIN").await;
    for stage in
        [Stage::Greeting, Stage::Ehlo, Stage::Auth, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::End]
    {
        server.will(stage, Trouble::Wait(Duration::from_millis(150)));
    }
    assert_eq!(sent(&mailer(&server, "smtp+starttls"), &outgoing()).await, Ok(()));
}

#[tokio::test]
async fn a_wrong_password_is_said_once_a_pass_and_loses_nothing() {
    let server = MailServer::start(Tls::Implicit, "PLAIN").await;
    let mut bench = Bench::after("petit", 0).await;
    bench.daemon.mailer = Some(mailer(&server, "smtps"));
    *server.password.lock().unwrap() = "un autre".to_owned();
    let report = bench.pass().await;
    assert_eq!(report.mailed, 0);
    assert!(
        report.failures.iter().any(|line| line.contains("535") && line.contains("password")),
        "{:?}",
        report.failures
    );
    assert!(!format!("{:?}", report.failures).contains("mot de passe"));
    assert!(
        server.heard("AUTH").0 <= 2,
        "once each time the outbox is emptied: a name tried too often gets locked"
    );
    assert_eq!(bench.daemon.store.outbox().backlog().await.unwrap().1, 0, "nothing is given up");
    bench.daemon.mailer = Some(mailer(&server, "smtps"));
    let later = bench.daemon.book.clock.now().checked_add(SignedDuration::from_hours(1)).unwrap();
    bench.set_now(later);
    assert!(bench.pass().await.mailed > 1, "once mended, they leave");
}

async fn arrived(mail: &Outgoing) -> String {
    let server = MailServer::start(Tls::Start, "PLAIN").await;
    mailer(&server, "smtp+starttls").send(mail, now()).await.unwrap();
    server.received.lock().unwrap().pop().unwrap()
}

#[tokio::test]
async fn a_readers_program_finds_what_was_written() {
    let mut mail = outgoing();
    mail.letter.subject = format!("{SUBJECT}\r\nBcc: pirate@y.example");
    mail.attachments = vec![Attached {
        name: "rapport.csv".to_owned(),
        media: "text/csv".to_owned(),
        bytes: "état;1\r\n.\r\n".into(),
    }];
    mail.unsubscribe =
        Some("mailto:label@organisme.example?subject=stop https://vigie.example/stop".to_owned());
    let text = arrived(&mail).await;
    assert!(text.is_ascii(), "accents travel encoded");
    assert!(text.lines().all(|line| line.len() <= 998));
    let message = MessageParser::default().parse(text.as_bytes()).unwrap();
    let from = message.from().unwrap().first().unwrap();
    assert_eq!(
        (from.name(), from.address()),
        (Some("Été à la « Labellisation »"), Some("label@organisme.example"))
    );
    let to = message.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (Some("Élodie Exemple"), Some("elodie@service.example")));
    let reply = message.reply_to().unwrap().first().unwrap();
    assert_eq!((reply.name(), reply.address()), (Some("Réponses"), Some("reponses@organisme.example")));
    assert!(message.subject().unwrap().starts_with(SUBJECT), "{:?}", message.subject());
    assert!(message.bcc().is_none() && message.header("ATTENDEE").is_none());
    assert_eq!(message.message_id(), Some("1.O-04.2027-02-28.J-7.candidat@organisme.example"));
    assert_eq!(message.date().unwrap().to_timestamp(), now().as_second());
    let raw = |name: &str| {
        message.header_raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    assert_eq!(raw("Auto-Submitted").as_deref(), Some("auto-generated"));
    let ways = "<mailto:label@organisme.example?subject=stop>, <https://vigie.example/stop>";
    assert_eq!(raw("List-Unsubscribe").as_deref(), Some(ways));
    assert_eq!(mail_parser::HeaderValue::Empty, message.header("X-Nothing").cloned().unwrap_or_default());
    let files: Vec<_> =
        message.attachments().map(|part| (part.attachment_name(), part.contents().to_vec())).collect();
    assert!(files.contains(&(Some("rapport.csv"), "état;1\r\n.\r\n".into())), "{files:?}");
}

#[tokio::test]
async fn text_and_html_say_the_same_in_french_without_anything_to_fetch() {
    let text = arrived(&outgoing()).await;
    let message = MessageParser::default().parse(text.as_bytes()).unwrap();
    let (plain, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    assert_eq!(words(&plain), words(&shown(&html)));
    assert!(plain.contains("<b>à</b> lire & à comprendre") && html.contains("&lt;b&gt;"));
    assert!(plain.contains("- .un point au début"), "{plain}");
    assert!(html.contains("<html lang=\"fr\"") && html.contains("color-scheme"), "{html}");
    for fetched in ["<img", "src=", "url(", "http://", "https://", "<script", "color:", "px"] {
        assert!(!html.replace("color-scheme:", "").contains(fetched), "{fetched} in {html}");
    }
}

/// What a screen shows of a page.
fn shown(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let mut text = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (coded, plain)| text.replace(coded, plain))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_calendar_moves_the_day_in_place() {
    let calendar = |mail: Outgoing, at: Timestamp| async move {
        let server = MailServer::start(Tls::Implicit, "PLAIN").await;
        mailer(&server, "smtps").send(&mail, at).await.unwrap();
        let text = server.received.lock().unwrap().pop().unwrap();
        let message = MessageParser::default().parse(text.as_bytes()).unwrap();
        let part = message.attachments().find(|part| part.attachment_name() == Some("echeance.ics")).unwrap();
        let kind = part.content_type().unwrap();
        assert_eq!(
            (kind.ctype(), kind.subtype(), kind.attribute("method")),
            ("text", Some("calendar"), Some("PUBLISH"))
        );
        // RFC 5545 §3.1: a long line continues on the next one after a space.
        String::from_utf8(part.contents().to_vec()).unwrap().replace("\r\n ", "")
    };
    let first = calendar(outgoing(), now()).await;
    let mut moved = outgoing();
    moved.letter = letter(date(2027, 3, 15));
    let second = calendar(moved, now().checked_add(SignedDuration::from_secs(1)).unwrap()).await;
    let value = |text: &str, name: &str| {
        let line =
            text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {text}"));
        line[name.len()..].to_owned()
    };
    assert_eq!(value(&first, "METHOD:"), "PUBLISH");
    assert_eq!(value(&first, "UID:"), "1-O-04@organisme.example");
    assert_eq!(value(&first, "UID:"), value(&second, "UID:"));
    assert_eq!(value(&first, "DTSTAMP:"), "20270221T070000Z");
    assert_eq!(value(&first, "DTSTART;VALUE=DATE:"), "20270228");
    assert_eq!(value(&second, "DTSTART;VALUE=DATE:"), "20270315");
    let sequence = |text: &str| value(text, "SEQUENCE:").parse::<i32>().unwrap();
    assert!(sequence(&second) > sequence(&first) && sequence(&first) >= 0);
    assert!(!first.lines().any(|line| line.starts_with("ATTENDEE")), "{first}");
    assert_eq!(value(&first, "TRANSP:"), "TRANSPARENT", "a deadline keeps nobody busy");
}
