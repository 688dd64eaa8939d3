//! What the configuration allows the daemon to do, and to whom it writes.

use jiff::civil::Date;

use super::quiet::Quiet;
use crate::casebook::print;
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
    /// The only certification body; empty where several share the installation.
    pub organisme: Vec<String>,
    /// Each of several certification bodies; empty where there is one.
    pub desks: Vec<Desk>,
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

/// One body, as mails need it.
#[derive(Clone, Debug)]
pub struct Desk {
    /// As the form and the configuration name it.
    pub name: String,
    pub addresses: Vec<String>,
}

impl Desk {
    /// Stands for its name in keys of mails: the name itself may hold anything.
    #[must_use]
    pub fn id(&self) -> String {
        print(&label::folding::folded(&self.name))
    }
}

impl Acting {
    /// Who reads what is for the body of that name; DITP what is about a dossier of no body that the configuration knows.
    #[must_use]
    pub fn readers_at(&self, body: Option<&str>) -> &[String] {
        if self.desks.is_empty() {
            return &self.organisme;
        }
        let desk = self.desks.iter().find(|desk| Some(desk.name.as_str()) == body);
        desk.map_or(self.ditp.as_slice(), |desk| &desk.addresses)
    }

    /// Who reads what is about vigie itself, and no dossier.
    #[must_use]
    pub fn operators(&self) -> &[String] {
        self.readers_at(None)
    }
}
