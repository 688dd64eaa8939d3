//! A mail server, as the configuration names it.

use std::time::Duration;

use crate::retry::mails;

/// Where mails are handed over.
#[derive(Clone, Copy)]
pub struct MailServer<'a> {
    /// `smtp://`, `smtps://`, `smtp+starttls://` or `file:FOLDER`.
    pub url: &'a str,
    /// PEM of a private authority, trusted beside those of the machine.
    pub authority: Option<&'a [u8]>,
    /// How long one conversation may last.
    pub patience: Duration,
}

impl<'a> MailServer<'a> {
    #[must_use]
    pub fn at(url: &'a str) -> MailServer<'a> {
        MailServer { url, authority: None, patience: mails::CONVERSATION }
    }
}
