//! `vigie replay`: deletes the stored hashes of some dossiers, reads and judges them again.

use std::io::Write;

use super::run::show;
use super::{CommandOutcome, daemon, say};
use crate::casebook::{CaseBook, Readers};
use crate::config::Settings;
use crate::daemon::quiet::Quiet;
use crate::daemon::schedule::Duties;
use label::wording::exports::not_known;

/// # Errors
/// What stopped the pass: configuration, platform, store.
pub async fn replay(
    settings: &Settings,
    dossiers: &[i64],
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let quiet = Quiet::new(&settings.mail.quiet)?.on_days_only();
    let duties = Duties::new(&settings.schedule)?.resting_on_holidays(quiet.holidays());
    let daemon = daemon(settings, false, quiet).await?;
    let mut unknown = false;
    for number in dossiers {
        if daemon.store.asks().forget(*number, daemon.book.clock.now()).await? {
            let prints = contacts(&daemon.book, *number).await;
            daemon.store.ledger().forget_refused_addresses(*number, &prints).await?;
            say(out, &format!("Dossier {number} : oublié, il va être relu et rejugé"));
        } else {
            unknown = true;
            say(out, &format!("! {}", not_known(*number, settings.dn.all().is_empty())));
        }
    }
    let hours = duties.of_the_day(daemon.book.clock.now());
    let report = daemon.recorded_pass(hours).await?;
    show(&report, false, out);
    Ok(if unknown || !report.failures.is_empty() { CommandOutcome::Failed } else { CommandOutcome::Done })
}

/// Hashes of the addresses that mails about a dossier go to; none when what is stored of it cannot be read.
async fn contacts(book: &CaseBook, number: i64) -> Vec<String> {
    let Ok(Some(case)) = book.case_of(number).await else { return Vec::new() };
    let central = book.central_of(&case).await.ok().and_then(|(_, central)| central);
    [Some(case), central].into_iter().flatten().flat_map(|case| Readers::of(&case).prints()).collect()
}
