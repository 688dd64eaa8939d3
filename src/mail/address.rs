//! Addresses of people.

use lettre::message::Mailbox;

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
