//! Addresses of people, as the configuration gives them. [`label::address`] reads them.

use label::address::{AddressFault, Addresses};
use label::plain;
use lettre::Address;
use lettre::message::Mailbox;

/// Every address of a list, each of whose texts may hold several.
///
/// # Errors
/// The place of the text that cannot be used, from 1, and why.
pub fn recipients(list: &[String]) -> Result<Vec<String>, (usize, AddressFault)> {
    let mut all: Vec<String> = Vec::new();
    for (rank, text) in list.iter().enumerate() {
        let read = Addresses::read(text);
        // An empty text in a list is a variable that was left empty.
        if let Some(fault) = read.faults.first() {
            return Err((rank + 1, *fault));
        }
        for address in read.usable.iter().map(ToString::to_string) {
            if !all.iter().any(|known| known.to_lowercase() == address.to_lowercase()) {
                all.push(address);
            }
        }
    }
    Ok(all)
}

/// The only address of a text, with the name before it.
pub(super) fn mailbox(text: &str) -> Option<Mailbox> {
    let address: Address = Addresses::read(text).single()?.to_string().parse().ok()?;
    let name =
        text.rsplit_once('<').map(|(name, _)| plain::line(name).trim().trim_matches('"').trim().to_owned());
    Some(Mailbox::new(name.filter(|name| !name.is_empty()), address))
}

/// A sender. Every server takes it: there are no accents before its @.
pub(super) fn sender(text: &str) -> Result<Mailbox, String> {
    let mailbox = mailbox(text).ok_or_else(|| {
        let fault = Addresses::read(text).faults.first().map(ToString::to_string);
        format!("not one address ({})", fault.unwrap_or_else(|| "several, or none".to_owned()))
    })?;
    match mailbox.email.user().is_ascii() {
        true => Ok(mailbox),
        false => Err("a sender has no accents before the @: many servers refuse it".to_owned()),
    }
}

/// « l…@organisme.example » for people who must recognise an address that a log must not hold.
#[must_use]
pub fn masked(address: &str) -> String {
    match address.trim().split_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().next().unwrap_or('?')),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_read_as_a_form_is() {
        let list = [
            "Label <label@organisme.example>; b@organisme.example",
            "",
            "B@organisme.example",
            "c@évry.example",
        ];
        let read = recipients(&list.map(str::to_owned)).unwrap();
        assert_eq!(read, ["label@organisme.example", "b@organisme.example", "c@xn--vry-9la.example"]);
        let wrong = ["a@b.example".to_owned(), "label@organisme".to_owned()];
        assert_eq!(recipients(&wrong), Err((2, AddressFault::Domain)));
    }

    #[test]
    fn a_sender_has_one_address_and_perhaps_a_name() {
        let from = sender("\"Label, SP+\" <label@Évry.example>").unwrap();
        assert_eq!(
            (from.name.as_deref(), from.email.to_string().as_str()),
            (Some("Label, SP+"), "label@xn--vry-9la.example")
        );
        assert_eq!(sender("label@organisme.example").unwrap().name, None);
        for wrong in ["", "Label", "a@b.example, c@d.example", "dédé@b.example", "label@organisme"] {
            assert!(sender(wrong).is_err(), "{wrong}");
        }
    }

    /// What [`label::address`] lets through, the library that writes to it takes too.
    #[test]
    fn every_address_that_is_read_can_be_written_to() {
        for typed in [
            "a@b.example",
            "l'accueil+x@b.example",
            "dédé@évry.example",
            "!#$%&*/=?^_`{|}~-@b.example",
            "a@b.xn--p1ai",
        ] {
            assert!(mailbox(typed).is_some(), "{typed}");
        }
    }
}
