//! What became of a mail.

/// What became of a mail, classified by what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error("the mail server cannot take it now: {0}")]
    Later(String),
    /// No connection, a certificate or a login that is refused: every other mail would fail too.
    #[error("the mail server cannot be used: {0}")]
    Unreachable(String),
    /// As that, once a conversation had begun: the server may have taken the mail.
    #[error("the mail server cannot be used: {0}")]
    Unheard(String),
    #[error("refused for good: {0}")]
    Refused(String),
    #[error("{key}: {why}")]
    Configuration { key: &'static str, why: String },
}

impl MailError {
    /// Whether the server is not worth another mail in this pass.
    #[must_use]
    pub fn is_mute(&self) -> bool {
        matches!(self, MailError::Unreachable(_) | MailError::Unheard(_))
    }
}

/// What became of a mail for each of its addresses; none is in two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Address, and what the server answered.
    pub accepted: Vec<(String, String)>,
    /// Refused for good, and why.
    pub refused: Vec<(String, String)>,
    /// Why the others are to be tried again.
    pub later: Option<MailError>,
}
