//! Tasks that wait until a dossier can be read again.

use super::error::Error;
use super::report::Report;
use crate::clock::Clock;
use crate::retry::{later, mails};
use crate::store;
use crate::store::outbox::{Outbox, Task};

/// A claimed task about a dossier whose stored row cannot be read waits until the dossier was asked for again. This does
/// not count as a try.
pub(super) async fn wait_for_reading(
    outbox: &Outbox,
    clock: &Clock,
    task: &Task,
    error: &store::Error,
    report: &mut Report,
) -> Result<(), Error> {
    let (number, why) = (task.dossier, error.to_string());
    report.failures.push(format!("dossier {number}: a {} waits ({why})", task.kind.word()));
    let at = later(clock.now(), mails::UNREADABLE);
    Ok(outbox.untried(&task.key, &why, at).await?)
}
