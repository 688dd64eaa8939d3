//! `vigie mail`: sends again what was given up; sends one mail to see whether mails arrive.

use std::io::Write;

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use super::mail_lines::meaning;
use super::run::show;
use super::{CommandOutcome, daemon, mailer_of, say};
use crate::casebook::print;
use crate::clock::Clock;
use crate::config::{ConfigError, Settings};
use crate::daemon::Hours;
use crate::daemon::quiet::Quiet;
use crate::mail::{Outgoing, masked};
use label::judge::agenda::Role;
use label::wording::mail_server;

#[derive(Debug, Subcommand)]
pub enum MailAction {
    /// Send again the mails that were given up, or met an address that refuses
    Retry {
        /// Those of one reader alone
        #[arg(long, value_enum)]
        role: Option<Reader>,
        /// Given up from this day on
        #[arg(long)]
        since: Option<Date>,
    },
    /// Send one mail to an address
    Test { address: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    Ditp,
    Organisme,
    Candidat,
    Central,
}

impl Reader {
    fn role(self) -> Role {
        match self {
            Reader::Ditp => Role::Ditp,
            Reader::Organisme => Role::Organisme,
            Reader::Candidat => Role::Candidat,
            Reader::Central => Role::Central,
        }
    }
}

/// # Errors
/// What the configuration or the store has wrong.
pub async fn mail(
    settings: &Settings,
    action: MailAction,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    match action {
        MailAction::Retry { role, since } => retry(settings, role.map(Reader::role), since, out).await,
        MailAction::Test { address } => test(settings, &address, out).await,
    }
}

async fn retry(
    settings: &Settings,
    role: Option<Role>,
    since: Option<Date>,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let daemon = daemon(settings, false, Quiet::new(&settings.mail.quiet)?.on_days_only()).await?;
    let now = daemon.book.clock.now();
    let since = since.map_or(Timestamp::UNIX_EPOCH, |day| daemon.book.clock.beginning(day));
    let desks: Vec<String> = daemon.acting.desks.iter().flat_map(|desk| desk.addresses.clone()).collect();
    // DITP reads what is about a dossier of no known body.
    let others = if desks.is_empty() { Vec::new() } else { daemon.acting.ditp.clone() };
    let bodies = [daemon.acting.organisme.clone(), desks, others].concat();
    let ours = [(Role::Organisme, &bodies), (Role::Ditp, &daemon.acting.ditp)];
    let ours = ours.into_iter().filter(|(of, _)| role.is_none_or(|role| role == *of));
    let prints: Vec<String> = ours.flat_map(|(_, list)| list).map(|address| print(address)).collect();
    let count = daemon.store.ledger().retry(role.map(Role::key), since, &prints, now).await?;
    say(out, &mail_server::retried(count));
    if count == 0 {
        return Ok(CommandOutcome::Done);
    }
    // What a running daemon has claimed meanwhile, it sends.
    let report = daemon.deliver_mails(Hours { morning: false, digest: false, monthly: false }).await?;
    show(&report, false, out);
    Ok(if report.failures.is_empty() { CommandOutcome::Done } else { CommandOutcome::Failed })
}

async fn test(settings: &Settings, address: &str, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let Some(mailer) = mailer_of(settings)? else {
        return Err(
            ConfigError::new("mail.smtp", "no way to send: mail.smtp and mail.from are needed").into()
        );
    };
    let now = Clock::System.now();
    let letter = mail_server::test(Clock::System.today());
    let outgoing = Outgoing::new(format!("essai/{}", now.as_millisecond()), vec![address.to_owned()], letter);
    let receipt = mailer.send(&outgoing, now).await?;
    mailer.rest().await;
    let refused = receipt.refused.iter().map(|(_, refusal)| format!("adresse refusée ({})", refusal.why));
    let rejected = receipt.rejected.iter().map(|(_, why)| format!("contenu refusé ({why})"));
    let faults: Vec<String> = refused.chain(rejected).chain(receipt.later.as_ref().map(meaning)).collect();
    for (_, answer) in &receipt.accepted {
        say(out, &format!("{} : le serveur a pris le courriel ({answer})", masked(address)));
    }
    for fault in &faults {
        say(out, &format!("! {} : {fault}", masked(address)));
    }
    Ok(if faults.is_empty() { CommandOutcome::Done } else { CommandOutcome::Failed })
}
