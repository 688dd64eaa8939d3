//! `vigie forget`: erases the life of a dossier, when somebody asks for it.

use std::io::Write;

use super::{CommandOutcome, copies, open, say};
use crate::config::Settings;
use crate::record::forget;
use label::wording::record as words;

/// Without `yes`, says what would be erased and erases nothing.
///
/// # Errors
/// When the store or the configuration cannot be read.
pub async fn forget(
    settings: &Settings,
    dossier: i64,
    yes: bool,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let (store, book) = open(settings).await?;
    let Some(case) = book.case_of(dossier).await? else {
        say(out, &words::nothing_to_forget(dossier));
        // What an earlier call erased while the daemon held the file is wiped now.
        if yes {
            store.forgetting().wipe().await?;
        }
        return Ok(CommandOutcome::Failed);
    };
    let dossiers: Vec<i64> = case.dossiers.iter().map(|facts| facts.number).collect();
    if !yes {
        for line in words::would_forget(&case.name(), &dossiers) {
            say(out, &line);
        }
        return Ok(CommandOutcome::Failed);
    }
    let neighbours = book.neighbours(&case).await?;
    let copies = copies(settings)?;
    let (today, now) = (book.today(), book.clock.now());
    let done = forget::life(&store, &case, &neighbours, copies.as_ref(), (today, now)).await?;
    let erased = done.erased;
    say(out, &words::forgotten(&dossiers, (erased.contents, erased.mails, erased.lines, done.copies)));
    for (name, error) in &done.left {
        say(out, &format!("! copie {name} : {error}"));
    }
    if let Err(error) = store.forgetting().wipe().await {
        say(out, &format!("! {} ({error})", words::NOT_WIPED));
        return Ok(CommandOutcome::Failed);
    }
    Ok(if done.left.is_empty() { CommandOutcome::Done } else { CommandOutcome::Failed })
}
