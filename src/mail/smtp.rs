//! SMTP: the address of the server, the time limit, what each refusal means.

use std::time::Duration;

use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncTransport, Message, Tokio1Executor};
use url::Url;

use super::error::MailError;
use super::server::MailServer;

/// Characters kept of a server's answer.
const MAX_ANSWER: usize = 120;
/// Codes that refuse the address for good. After any other refusal (credentials, policy) the mail is kept: somebody may
/// correct the cause.
const ADDRESS_REFUSED: [&str; 4] = ["501", "550", "551", "553"];
/// The login is refused, so that every other mail would be too; a server locks an account that tries again for each.
const LOGIN_REFUSED: [&str; 4] = ["454", "530", "534", "535"];

/// A mail server, and how long one conversation with it may last.
#[derive(Clone)]
pub(super) struct SmtpClient {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    patience: Duration,
}

fn transport(server: &MailServer<'_>) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    let wrong = || {
        let why = "not an address of a mail server; examples: smtps://user:password@smtp.example:465, smtp+starttls://smtp.example:587, file:courriels";
        MailError::Configuration { key: "mail.smtp", why: why.to_owned() }
    };
    let url = match server.url.strip_prefix("smtp+starttls://") {
        Some(rest) => format!("smtp://{rest}?tls=required"),
        None if server.url.starts_with("smtp://") || server.url.starts_with("smtps://") => {
            server.url.to_owned()
        }
        None => return Err(wrong()),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| wrong())?;
    if let Some(pem) = server.authority {
        let parsed = Url::parse(&url).map_err(|_| wrong())?;
        let parameters = trust(parsed.host_str().ok_or_else(wrong)?, pem)?;
        builder = match parsed.scheme() {
            "smtps" => builder.tls(Tls::Wrapper(parameters)),
            _ if parsed.query() == Some("tls=required") => builder.tls(Tls::Required(parameters)),
            _ => builder,
        };
    }
    Ok(builder.timeout(Some(server.patience)).build())
}

fn trust(host: &str, pem: &[u8]) -> Result<TlsParameters, MailError> {
    let wrong = || {
        let why =
            "not the certificate of an authority: a PEM file that begins with -----BEGIN CERTIFICATE-----";
        MailError::Configuration { key: "mail.ca_file", why: why.to_owned() }
    };
    if !String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----") {
        return Err(wrong());
    }
    let certificate = Certificate::from_pem(pem).map_err(|_| wrong())?;
    let builder = TlsParameters::builder(host.to_owned()).add_root_certificate(certificate);
    builder.build().map_err(|_| wrong())
}

impl SmtpClient {
    pub(super) fn new(server: &MailServer<'_>) -> Result<SmtpClient, MailError> {
        Ok(SmtpClient { transport: transport(server)?, patience: server.patience })
    }

    /// Whether the server answers and accepts the login.
    pub(super) async fn check(&self) -> Result<(), MailError> {
        let Ok(answer) = tokio::time::timeout(self.patience, self.transport.test_connection()).await else {
            return Err(MailError::Unreachable("no answer in time".to_owned()));
        };
        match answer {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Later("it answers but is not ready".to_owned())),
            Err(error) => Err(meaning(&error)),
        }
    }

    /// Hands a message over; what the server answered.
    pub(super) async fn hand_over(&self, message: Message) -> Result<String, MailError> {
        let Ok(answer) = tokio::time::timeout(self.patience, self.transport.send(message)).await else {
            return Err(MailError::Unheard("no answer in time".to_owned()));
        };
        answer.map(|response| answered(&response)).map_err(|error| meaning(&error))
    }
}

/// What to do next about a refusal.
fn meaning(error: &lettre::transport::smtp::Error) -> MailError {
    let said = said(error);
    match error.status().map(|code| code.to_string()) {
        None if may_have_taken(error) => MailError::Unheard(said),
        None => MailError::Unreachable(said),
        Some(code) if LOGIN_REFUSED.contains(&code.as_str()) => MailError::Unreachable(said),
        Some(code) if ADDRESS_REFUSED.contains(&code.as_str()) => MailError::Refused(said),
        Some(_) => MailError::Later(said),
    }
}

/// Whether the conversation was cut, or no answer came, once it had begun.
fn may_have_taken(error: &lettre::transport::smtp::Error) -> bool {
    // A network error is one of an open connection; the crate tells it from the others by its text alone.
    let begun = error.is_response() || error.to_string().starts_with("network error");
    begun && !is_distrust(error)
}

/// Only the code, or the kind of failure: a server's sentence often quotes the address.
fn said(error: &lettre::transport::smtp::Error) -> String {
    match error.status().map(|code| code.to_string()) {
        Some(code) if LOGIN_REFUSED.contains(&code.as_str()) => {
            format!("SMTP {code}, the name or the password in mail.smtp is refused")
        }
        Some(code) => format!("SMTP {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_client() => {
            "it does not offer STARTTLS, or a way to say a password, as mail.smtp asks".to_owned()
        }
        None if is_distrust(error) => {
            "its certificate is of no known authority (see mail.ca_file), in another name, or out of date"
                .to_owned()
        }
        None => "no connection, or cut".to_owned(),
    }
}

/// Whether the certificate was refused: only the chain of causes distinguishes it from a closed connection.
fn is_distrust(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.to_string().contains("certificate") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The code with the first words, which often hold the server's own number for the mail. A word with an address is
/// left out.
fn answered(response: &lettre::transport::smtp::response::Response) -> String {
    let words = response.first_line().unwrap_or_default().split_whitespace();
    let words: Vec<&str> = words.filter(|word| !word.contains('@')).collect();
    let said: String = words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_ANSWER).collect();
    format!("{} {said}", response.code()).trim_end().to_owned()
}
