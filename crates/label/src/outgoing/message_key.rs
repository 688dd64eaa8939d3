//! The identity of a message on the platform, « message/DOSSIER/SUBJECT »: the same key is never sent twice. Existing
//! ledgers hold these texts, and the subject ends the reference in messages that were sent, so that none may change.

use std::fmt;
use std::str::FromStr;

/// The identity of a message about one dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    /// Number of the dossier in which the message is sent.
    pub dossier: i64,
    /// What it says: a message of one subject is sent once in a dossier.
    pub subject: MessageSubject,
}

/// The subject of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageSubject {
    /// « AR »: the dossier was received (R-3.5.2-c).
    Receipt,
    /// « P-89b44126 »: documents are missing or cannot be used (R-3.5.2-d).
    Documents {
        /// A hash of what is wrong with them, in whatever order; 8 hexadecimal digits in the text.
        faults: u32,
    },
}

impl MessageKey {
    /// The text at the end of the message, by which it is recognised in the dossier.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("VIGIE-{}-{}", self.dossier, self.subject)
    }
}

impl fmt::Display for MessageSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MessageSubject::Receipt => f.write_str("AR"),
            MessageSubject::Documents { faults } => write!(f, "P-{faults:08x}"),
        }
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message/{}/{}", self.dossier, self.subject)
    }
}

/// A text that is not the key of a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the key of a message")]
pub struct BadMessageKey(pub String);

impl FromStr for MessageKey {
    type Err = BadMessageKey;

    fn from_str(text: &str) -> Result<MessageKey, BadMessageKey> {
        let read = || {
            let (dossier, subject) = text.strip_prefix("message/")?.split_once('/')?;
            let subject = match subject.strip_prefix("P-") {
                Some(faults) => MessageSubject::Documents { faults: u32::from_str_radix(faults, 16).ok()? },
                None => (subject == "AR").then_some(MessageSubject::Receipt)?,
            };
            Some(MessageKey { dossier: dossier.parse().ok()?, subject })
        };
        // Refuses texts that `Display` would write otherwise (« message/042/AR », « message/42/P-1 »).
        read().filter(|key| key.to_string() == text).ok_or_else(|| BadMessageKey(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_texts_of_existing_ledgers_and_are_read_back() {
        let documents = |faults| MessageSubject::Documents { faults };
        for (subject, text, reference) in [
            (MessageSubject::Receipt, "message/4242/AR", "VIGIE-4242-AR"),
            (documents(0x89b4_4126), "message/4242/P-89b44126", "VIGIE-4242-P-89b44126"),
            (documents(0x2a), "message/4242/P-0000002a", "VIGIE-4242-P-0000002a"),
        ] {
            let key = MessageKey { dossier: 4242, subject };
            assert_eq!((key.to_string().as_str(), key.reference().as_str()), (text, reference));
            assert_eq!(text.parse(), Ok(key));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "message/4242",
            "message/4242/",
            "message/4242/AR/2",
            "message/4242/ar",
            "message/4242/P-",
            "message/4242/P-2a",
            "message/4242/P-89B44126",
            "message/4242/P-+9b44126",
            "message/4242/P-089b44126",
            "message/4242/P-89b4412g",
            "message/04242/AR",
            "message/x/AR",
            "courrier/4242/AR",
            "4242/AR",
        ] {
            assert!(text.parse::<MessageKey>().is_err(), "{text}");
        }
    }
}
