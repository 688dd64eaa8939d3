//! The flags of `vigie init`.

use std::path::PathBuf;

use jiff::civil::Date;

/// What may be answered beforehand; with `yes`, nothing is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct InitOptions {
    /// Ask nothing: what is not said here has its default, and what fails ends the command
    #[arg(long)]
    pub yes: bool,
    /// With --yes: replace the files that exist
    #[arg(long, requires = "yes")]
    pub overwrite: bool,
    /// Address of the platform's API
    #[arg(long)]
    pub endpoint: Option<String>,
    /// A file that holds the token, which is copied beside the configuration; or the variable VIGIE_DN__TOKEN
    #[arg(long)]
    pub token_file: Option<PathBuf>,
    /// Last day of the token
    #[arg(long)]
    pub token_expires: Option<Date>,
    /// The whole démarche
    #[arg(long, conflicts_with = "exports")]
    pub demarche: Option<i64>,
    /// One group of instructeurs
    #[arg(long, conflicts_with = "exports")]
    pub groupe: Option<i64>,
    /// Member of the group in whose name vigie writes; without one it writes nothing on the platform
    #[arg(long)]
    pub instructeur: Option<String>,
    /// Without a token: the folder into which the platform's exports are put
    #[arg(long)]
    pub exports: Option<PathBuf>,
    /// sqlite:FILE or postgres://…
    #[arg(long)]
    pub store: Option<String>,
    /// smtps://user:password@server:465, or file:FOLDER
    #[arg(long)]
    pub smtp: Option<String>,
    /// The sender
    #[arg(long)]
    pub from: Option<String>,
    /// No mail is sent, until the file says through which server
    #[arg(long, conflicts_with_all = ["smtp", "from"])]
    pub no_mail: bool,
    /// An address of the certification body; several times for several
    #[arg(long)]
    pub organisme: Vec<String>,
    /// An address of DITP; several times for several
    #[arg(long)]
    pub ditp: Vec<String>,
    /// Where the pages are served
    #[arg(long)]
    pub listen: Option<String>,
    /// For the unit of the package: its account reads the files, and addresses with a password are put apart
    #[arg(long)]
    pub service: bool,
    /// Also write a systemd unit for this program and these files
    #[arg(long)]
    pub unit: Option<PathBuf>,
}

impl InitOptions {
    /// Whether another account than ours runs the program.
    #[must_use]
    pub fn for_a_service(&self) -> bool {
        self.service || self.unit.is_some()
    }
}
