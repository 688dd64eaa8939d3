//! What became of a mail.

/// What became of a mail, classified by what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error("the mail server cannot take it now: {0}")]
    Later(String),
    /// No connection, a certificate or a login that is refused, or no answer in time: every other mail would fail too.
    #[error("the mail server cannot be used: {0}")]
    Unreachable(String),
    #[error("refused for good: {0}")]
    Refused(String),
    #[error("{key}: {why}")]
    Configuration { key: &'static str, why: String },
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
