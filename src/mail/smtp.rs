//! The conversation with a mail server: its address, its patience, what each of its refusals means.

use std::time::Duration;

use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};

use super::Error;

const SMTP_TIMEOUT: Duration = Duration::from_secs(30);
/// Of a whole conversation, whose every step has the wait above.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// Characters kept of a server's answer.
const MAX_ANSWER: usize = 120;
/// What concerns an address; any other refusal (credentials, policy) may be mended, and the mail must not be lost.
const ADDRESS_REFUSED: [&str; 4] = ["501", "550", "551", "553"];

pub(super) fn transport(url: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
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

/// Only the code: a server's sentence often quotes the address.
pub(super) fn code(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("SMTP {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None => "no connection, or cut".to_owned(),
    }
}

/// Hands a message over; what the server answered.
pub(super) async fn hand_over(
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    message: Message,
) -> Result<String, Error> {
    let Ok(answer) = tokio::time::timeout(SEND_TIMEOUT, transport.send(message)).await else {
        return Err(Error::Unreachable("no answer in time".to_owned()));
    };
    let error = match answer {
        Ok(response) => return Ok(answered(&response)),
        Err(error) => error,
    };
    let said = self::code(&error);
    let code = error.status().map(|code| code.to_string());
    Err(match code {
        None => Error::Unreachable(said),
        Some(code) if ADDRESS_REFUSED.contains(&code.as_str()) => Error::Refused(said),
        Some(_) => Error::Later(said),
    })
}

/// The code with the first words, which often hold the server's own number for the mail. A word with an address is
/// left out.
fn answered(response: &lettre::transport::smtp::response::Response) -> String {
    let words = response.first_line().unwrap_or_default().split_whitespace();
    let words: Vec<&str> = words.filter(|word| !word.contains('@')).collect();
    let said: String = words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_ANSWER).collect();
    format!("{} {said}", response.code()).trim_end().to_owned()
}
