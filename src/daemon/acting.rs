//! What the configuration allows the daemon to do, and to whom it writes.

use jiff::civil::Date;

/// What may be done without a person.
#[derive(Clone, Debug)]
pub struct Acting {
    pub annotations: bool,
    pub mail: bool,
    /// Messages to the candidate on the platform.
    pub messages: bool,
    /// Prints instead of doing.
    pub dry_run: bool,
    /// Deadlines that ended before this day are never mailed; absent: the day of the first pass.
    pub since: Option<Date>,
    /// Last days of the tokens in use.
    pub token_ends: Vec<Date>,
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    /// Mails that one reader is sent by themselves in a day; what is past it comes in one.
    pub mails_per_day: u32,
}
