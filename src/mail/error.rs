//! What became of a mail.

use label::wording::mail_server::Obstacle;

/// What became of a mail, classified by what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error("the mail server cannot take it now: {0}")]
    Later(String),
    /// Sender, policy, block list, quota: no fault of the address, and the mail is kept until somebody corrects it.
    #[error("the mail server refuses what we send: {0}")]
    RefusesUs(String),
    /// No connection, a certificate or a login that is refused: every other mail would fail too.
    #[error("the mail server cannot be used: {0}")]
    Unreachable(String, Obstacle),
    /// As that, once the whole message was handed over: the server may have taken it.
    #[error("the mail server cannot be used: {0}")]
    Unheard(String, Obstacle),
    #[error("refused for good: {0}")]
    Refused(String),
    #[error("{key}: {why}")]
    Configuration { key: &'static str, why: String },
}

/// How sure a refusal of an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It may be a server's bad hour.
    Perhaps,
    /// The server says that there is no such mailbox.
    Certain,
    /// It is no address: no server is asked.
    Unusable,
}

/// Why an address was refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub why: String,
    pub certainty: Certainty,
}

/// What became of a mail for each of its addresses; none is in two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Address, and what the server answered.
    pub accepted: Vec<(String, String)>,
    pub refused: Vec<(String, Refusal)>,
    /// The addresses for which the message itself was refused, and why.
    pub rejected: Vec<(String, String)>,
    /// Why the others are to be tried again.
    pub later: Option<MailError>,
    /// The server is not worth another mail in this pass.
    pub mute: bool,
}
