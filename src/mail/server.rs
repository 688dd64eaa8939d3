//! A mail server, as the configuration names it.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::retry::mails;

/// Where mails are handed over.
#[derive(Clone, Copy)]
pub struct MailServer<'a> {
    /// `smtp://`, `smtps://`, `smtp+starttls://` or `file:FOLDER`.
    pub url: &'a str,
    /// PEM of a private authority, trusted beside those of the machine.
    pub authority: Option<&'a [u8]>,
    /// How long the answer to one command may take.
    pub patience: Duration,
    /// How long the answer to a whole message may take: servers examine it before they give one.
    pub verdict: Duration,
    /// Connections at once, at most.
    pub connections: NonZeroU32,
}

impl<'a> MailServer<'a> {
    #[must_use]
    pub fn at(url: &'a str) -> MailServer<'a> {
        let (patience, verdict) = (mails::COMMAND, mails::VERDICT);
        MailServer { url, authority: None, patience, verdict, connections: mails::CONNECTIONS }
    }
}
