//! What was answered.

use jiff::civil::Date;
use secrecy::SecretString;

use super::state::State;

const LISTEN: &str = "127.0.0.1:8080";

#[derive(Default)]
pub(super) struct Answers {
    pub api: Option<Api>,
    pub exports: Option<String>,
    pub store: String,
    pub smtp: String,
    /// No mail is sent.
    pub no_mail: bool,
    pub from: String,
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    pub listen: Option<String>,
    /// Where the service writes, where there is one.
    pub state: State,
}

pub(super) struct Api {
    pub endpoint: String,
    pub token: SecretString,
    pub expires: Option<Date>,
    pub demarche: Option<i64>,
    pub groupe: Option<i64>,
    pub instructeur: Option<String>,
}

impl Answers {
    pub(super) fn listen(&self) -> &str {
        self.listen.as_deref().unwrap_or(LISTEN)
    }
}
