//! `vigie import FILE…`: reads spreadsheets of the platform into the store. `vigie export-model`: the columns to ask it for.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;

use super::{CommandOutcome, daemon, say};
use crate::casebook::CaseBook;
use crate::config::Settings;
use crate::daemon::quiet::Quiet;
use crate::exports::{Columns, Known};
use crate::store::Store;
use crate::store::exported::{KNOWN, PICTURE};
use label::paris_date;
use label::wording::exports as words;

/// # Errors
/// A configuration that the daemon would refuse, or a store that fails; a file that cannot be read is a printed line.
pub async fn import(
    settings: &Settings,
    files: &[PathBuf],
    out: &mut dyn Write,
) -> anyhow::Result<CommandOutcome> {
    let daemon = daemon(settings, false, Quiet::never()).await?;
    let imported = Box::pin(daemon.import(files)).await?;
    for line in imported.lines.iter().chain(&imported.report.failures) {
        say(out, line);
    }
    say(out, &words::imported(imported.report.changed));
    let whole = imported.unread == 0 && imported.report.failures.is_empty();
    Ok(if whole { CommandOutcome::Done } else { CommandOutcome::Failed })
}

/// # Errors
/// When `form.toml` cannot be read.
pub fn export_model(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<CommandOutcome> {
    let model = Columns::of(&settings.exported_form_map()?).model();
    for line in words::model(&model.dossier, &model.champs, &model.annotations) {
        say(out, &line);
    }
    Ok(CommandOutcome::Done)
}

/// Where exports alone are read: how old what is known is, as the pages say it.
pub(super) async fn age(
    settings: &Settings,
    store: &Store,
    book: &CaseBook,
) -> anyhow::Result<Option<String>> {
    if !settings.dn.all().is_empty() {
        return Ok(None);
    }
    let picture = store.settings().read::<Timestamp>(PICTURE).await?.map(paris_date);
    let today = book.today();
    Ok(Some(picture.map_or_else(|| words::NEVER.to_owned(), |picture| words::freshness(picture, today))))
}

/// For `vigie check`: whether each line is good, and the line.
pub(super) async fn state(
    settings: &Settings,
    store: &Store,
    book: &CaseBook,
) -> anyhow::Result<Vec<(bool, String)>> {
    let mut lines = Vec::new();
    let stored = store.settings();
    let picture = stored.read::<Timestamp>(PICTURE).await?.map(paris_date);
    if settings.exports.folder.is_none() && picture.is_none() {
        return Ok(lines);
    }
    if let Some(folder) = settings.exports.folder.as_ref().map(|folder| settings.beside(folder))
        && let Err(error) = std::fs::read_dir(&folder)
    {
        lines.push((false, words::no_folder(&folder.display().to_string(), &error.to_string())));
    }
    let today = book.today();
    let is_fresh = picture.is_some_and(|picture| (today - picture).get_days() < words::REMINDED_EVERY);
    let age = picture.map_or_else(|| words::NEVER.to_owned(), |picture| words::freshness(picture, today));
    lines.push((is_fresh, age));
    let known = stored.get(KNOWN).await?.map(|text| serde_json::from_str::<Known>(&text)).transpose();
    if known.is_err() {
        lines.push((false, words::REMADE.to_owned()));
    }
    let known = known.ok().flatten().unwrap_or_default();
    let columns = Columns::of(&settings.exported_form_map()?);
    let absent = columns.absent(&columns.form(&known, 0));
    if !known.is_empty() && !absent.is_empty() {
        lines.push((false, words::absent(&absent)));
    }
    lines.extend(stored.told_of_exports().await?.into_iter().map(|line| (false, line)));
    Ok(lines)
}
