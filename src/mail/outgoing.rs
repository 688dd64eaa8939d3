//! What is to be sent.

use label::judge::agenda::Role;
use label::outgoing::Letter;

/// A letter with its identity and its addresses.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The action's key: the same action always has the same Message-ID.
    pub key: String,
    pub to: Vec<String>,
    pub letter: Letter,
    /// `None` for the one who runs vigie.
    pub reader: Option<Role>,
    /// The certification body in whose name it is written, where there are several.
    pub body: Option<String>,
    pub attachments: Vec<Attached>,
    /// `mailto:` or `https:` addresses, separated by spaces, by which the reader may stop such mails.
    pub unsubscribe: Option<String>,
}

impl Outgoing {
    /// A mail with nothing beside its letter.
    #[must_use]
    pub fn new(key: String, to: Vec<String>, letter: Letter) -> Outgoing {
        Outgoing { key, to, letter, reader: None, body: None, attachments: Vec::new(), unsubscribe: None }
    }
}

/// A file beside the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// ASCII letters, digits, `.`, `-` and `_`; anything else is replaced.
    pub name: String,
    /// « text/csv; charset=utf-8 ».
    pub media: String,
    pub bytes: Vec<u8>,
}
