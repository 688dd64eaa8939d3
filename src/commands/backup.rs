//! `vigie backup`: a copy of the store in one file, while the daemon runs.

use std::io::Write;
use std::path::Path;

use super::{CommandOutcome, say};
use crate::config::{ConfigError, Settings};
use crate::store;
use crate::store::backup::{Backup, backup as copy};

/// On PostgreSQL, prints the command to run and ends with a failure, so that a scheduled job does not take it for a
/// backup.
///
/// # Errors
/// A store that cannot be read, a file that exists already or cannot be written.
pub async fn backup(settings: &Settings, file: &Path, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let url = settings.resolve_url(&settings.store.url, "sqlite:");
    let made = copy(&url, file).await.map_err(|error| match error {
        store::Error::Url(why) => anyhow::Error::from(ConfigError::new("store.url", why)),
        other => other.into(),
    })?;
    match made {
        Backup::Written(bytes) => {
            let kib = bytes.div_ceil(1024);
            say(out, &format!("Sauvegarde vérifiée : {} ({kib} Kio)", file.display()));
            Ok(CommandOutcome::Done)
        }
        Backup::Command(line) => {
            say(out, "Cette base est sur PostgreSQL, vigie ne la copie pas elle-même. Lancez :");
            say(out, &format!("  {line}"));
            say(out, "pg_dump demandera le mot de passe, ou le prendra dans ~/.pgpass.");
            Ok(CommandOutcome::Failed)
        }
    }
}
