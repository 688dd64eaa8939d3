//! `vigie conformance CASES.json`: runs worked cases through the rules. The table is in French; `--json` is for programs.

use std::io::Write;
use std::path::Path;

use super::{CommandOutcome, say};
use crate::config::{ConfigError, Settings};
use label::conformance::run;
use label::conformance::table::{self, Totals};

/// Largest file accepted. Thousands of cases take a few megabytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// # Errors
/// When the file cannot be read, or holds no list of cases.
pub fn conformance(
    settings: &Settings,
    file: &Path,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let place = || file.display().to_string();
    let unreadable = |error: std::io::Error| ConfigError::new(place(), format!("cannot be read ({error})"));
    if std::fs::metadata(file).map_err(unreadable)?.len() > MAX_BYTES {
        return Err(ConfigError::new(place(), "larger than 256 MiB: split the list of cases").into());
    }
    let document = std::fs::read_to_string(file).map_err(unreadable)?;
    let outcomes = run(&document, &settings.choices()?)?;
    say(out, &if json { table::json(&outcomes) } else { table::text(&outcomes) });
    Ok(if Totals::of(&outcomes).is_clean() { CommandOutcome::Done } else { CommandOutcome::Failed })
}
