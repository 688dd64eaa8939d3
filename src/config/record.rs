//! `[record]`: how long what was recorded is kept.

use serde::Deserialize;

use crate::record::forget::Terms;

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecordSettings {
    pub keep: KeepSettings,
}

/// In months after the end of a case; what is left out is kept as long as the store.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeepSettings {
    /// Names and addresses of contacts.
    pub contacts: Option<u32>,
    /// The texts of mails and messages, and the lines of the journal about them.
    pub mails: Option<u32>,
    /// The facts in the record, and what was said of them.
    pub facts: Option<u32>,
    /// Copies of attachments.
    pub copies: Option<u32>,
}

impl KeepSettings {
    #[must_use]
    pub fn terms(self) -> Terms {
        let KeepSettings { contacts, mails, facts, copies } = self;
        Terms { contacts, mails, facts, copies }
    }
}
