//! What the configuration allows the daemon to do, and to whom it writes.

use jiff::civil::Date;

use super::quiet::Quiet;
use crate::mail::DropFolder;

/// What the daemon may do without asking a person.
#[derive(Clone, Debug)]
pub struct Acting {
    pub annotations: bool,
    pub mail: bool,
    /// Messages to the candidate on the platform.
    pub messages: bool,
    /// Print the actions and do none.
    pub dry_run: bool,
    /// Deadlines that ended before this day are never mailed; absent: the day of the first pass.
    pub since: Option<Date>,
    /// Last days of the tokens in use.
    pub token_ends: Vec<Date>,
    pub organisme: Vec<String>,
    pub ditp: Vec<String>,
    /// Where mails are put that came back.
    pub returned: Option<DropFolder>,
    /// Largest number of separate mails to one reader in a day; those above it are sent as one.
    pub mails_per_day: u32,
    /// Days for which mails to services still leave from what is known of a section that cannot be read.
    pub known_days: u32,
    /// When mails to services wait.
    pub quiet: Quiet,
}
