//! Which files of the folder are new, and what each says: read in a child process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::fs::File;

use super::super::error::Error;
use super::super::observer::Observer;
use super::super::report::Report;
use super::ExportReading;
use super::opened::{Opened, of_one_demarche, unopened};
use super::zipping::{is_zip, open_zip};
use crate::documents::child::read_export;
use crate::documents::exports::ExportFault;
use crate::exports::{ExportPicture, Known, at_of_name, demarche_of_name, file_name};
use crate::store;
use crate::store::exported::{FILES_READ, FileMark, FileNotes, KNOWN, NOTES};
use crate::store::loose::{LOOSE, LooseFiles};
use label::case::table::TableFault;
use label::wording::exports::{self as words, Unread};

/// Bytes; a larger file is not opened.
const MAX_BYTES: u64 = 96 * 1024 * 1024;
/// Names of files that are still being written, or are none of ours.
const UNFINISHED: [&str; 4] = ["part", "crdownload", "tmp", "download"];

impl Observer<'_> {
    /// Reads the files of the folder that are new or changed; a folder without any costs one listing.
    ///
    /// # Errors
    /// When the store fails. A file that cannot be read is reported, and tried again when it changes.
    pub(in crate::daemon) async fn read_exports(&self) -> Result<Report, Error> {
        let Some((exports, folder)) = self.exports.and_then(|one| Some((one, one.folder.as_ref()?))) else {
            return Ok(Report::default());
        };
        let mut report = Report::default();
        let listed = match list(folder) {
            Ok(listed) => listed,
            Err(error) => {
                report.failures.push(format!(
                    "exports.folder: {} cannot be listed ({error}): create it, or give vigie's account the right to read it",
                    folder.display()
                ));
                return Ok(report);
            }
        };
        // Before the marks of the files: one of these that cannot be read has all of them read again.
        self.stored::<BTreeMap<String, FileNotes>>(NOTES).await?;
        self.stored::<Known>(KNOWN).await?;
        self.stored::<LooseFiles>(LOOSE).await?;
        let marks: BTreeMap<String, FileMark> = self.stored(FILES_READ).await?;
        let layout = print_of(exports);
        let print = |path: &Path, print: &str| match is_zip(&file_name(path)) {
            // The bytes in a zip are the same under another form.
            true => format!("{print} zip"),
            false => format!("{print} {layout}"),
        };
        let new: Vec<PathBuf> = listed
            .iter()
            .filter(|(path, now)| {
                marks.get(&file_name(path)).is_none_or(|mark| mark.print != print(path, now))
            })
            .map(|(path, _)| path.clone())
            .collect();
        let (opened, unread) = self.open(&new).await?;
        for (name, why) in &unread {
            tracing::warn!("exports.folder: a file is not read: {why:?}");
            report.failures.push(words::unread(name, *why));
        }
        let kept = self.keep_pictures(opened).await?;
        report.add(kept.report);
        let absent = Some(&kept.absent).filter(|keys| !keys.is_empty()).map(|keys| words::absent(keys));
        for line in kept.read.iter().flat_map(words::read).chain(absent) {
            tracing::info!("{line}");
        }
        if self.stop.is_cancelled() {
            // What was not read, or not kept, is read by the next pass.
            return Ok(report);
        }
        let mark = |(path, now): &(PathBuf, String)| {
            let name = file_name(path);
            let why =
                unread.iter().find(|(other, _)| *other == name).map(|(name, why)| words::unread(name, *why));
            let before =
                marks.get(&name).filter(|_| !new.contains(path)).and_then(|mark| mark.unread.clone());
            (name, FileMark { print: print(path, now), unread: why.or(before) })
        };
        let now: BTreeMap<String, FileMark> = listed.iter().map(mark).collect();
        self.keep_notes(&kept.read, Some(&now)).await?;
        if now != marks {
            self.settings.set(FILES_READ, &store::json(&now)?).await?;
        }
        Ok(report)
    }

    /// Reads files, each in a child process; those that cannot be read with the reason.
    pub(in crate::daemon) async fn open(
        &self,
        files: &[PathBuf],
    ) -> Result<(Vec<Opened>, Vec<(String, Unread)>), Error> {
        let (mut opened, mut unread) = (Vec::new(), Vec::new());
        let Some(exports) = self.exports else { return Ok((opened, unread)) };
        let titles = exports.columns.titles();
        for path in files {
            // A large zip takes a while: dropping the reading ends its child.
            let read = tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                read = open(exports, path, &titles) => read,
            };
            match read {
                // A name with a date to come would hide every export until then.
                Ok(one) => opened.push(Opened { at: one.at.min(self.clock.now()), ..one }),
                Err(why) => unread.push((file_name(path), why)),
            }
        }
        opened.sort_by_key(|one| one.at);
        let (opened, foreign) = of_one_demarche(opened, self.demarche_of_exports(exports).await?);
        unread.extend(foreign);
        Ok((opened, unread))
    }

    /// A setting of ours as JSON. One that cannot be read is made again: every file of the folder is read once more.
    pub(super) async fn stored<T: Default + Serialize + DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<T, Error> {
        let Some(text) = self.settings.get(name).await? else { return Ok(T::default()) };
        if let Ok(value) = serde_json::from_str(&text) {
            return Ok(value);
        }
        tracing::error!(
            "the setting {name} cannot be read: the files of exports.folder are read again; those that « vigie import » was given are to be given again"
        );
        let none = T::default();
        self.settings.set(name, &store::json(&none)?).await?;
        if name != FILES_READ {
            self.settings.set(FILES_READ, "{}").await?;
        }
        Ok(none)
    }
}

async fn open(exports: &ExportReading, path: &Path, titles: &[String]) -> Result<Opened, Unread> {
    let name = file_name(path);
    if is_zip(&name) {
        return open_zip(&exports.program, path).await;
    }
    let file = File::open(path).await.map_err(|error| unopened(&error))?;
    let about = file.metadata().await.map_err(|error| unopened(&error))?;
    if about.is_dir() {
        return Err(Unread::IsAFolder);
    }
    if about.len() > MAX_BYTES {
        return Err(Unread::TooMuch);
    }
    let changed = about.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    let (said, changed) = (at_of_name(&name), changed.unwrap_or(Timestamp::UNIX_EPOCH));
    let read = read_export(&exports.program, &name, file, titles).await.map_err(|error| {
        tracing::error!("an export cannot be read: {error}");
        Unread::ReadingFailed
    })?;
    let book = read.map_err(|fault| why(fault, &name))?;
    let picture = ExportPicture::of(&book, &exports.columns);
    if picture.dossiers.is_empty() && picture.known.is_empty() {
        return Err(Unread::NoDossiers);
    }
    if let Some((found, asked)) = picture.other_form {
        return Err(Unread::OtherForm { found, asked });
    }
    let (demarche, dated) = (demarche_of_name(&name), said.is_some());
    Ok(Opened { name, at: said.unwrap_or(changed), dated, demarche, picture, zip: None })
}

fn why(fault: ExportFault, name: &str) -> Unread {
    match fault {
        ExportFault::Empty => Unread::Empty,
        ExportFault::IsA(media) if is_named_so(name) => Unread::IsA(media),
        ExportFault::IsA(_) => Unread::NotASpreadsheet,
        ExportFault::Table(fault) => match fault {
            TableFault::Protected => Unread::Protected,
            TableFault::OldFormat => Unread::OldFormat,
            TableFault::TooMuch | TableFault::TooCostly => Unread::TooMuch,
            TableFault::Broken
            | TableFault::SeveralSheets
            | TableFault::SeveralTables { .. }
            | TableFault::HiddenSheets => Unread::Broken,
            TableFault::NoHeader if is_named_so(name) => Unread::NoDossiers,
            TableFault::NoHeader => Unread::NotASpreadsheet,
        },
    }
}

fn is_named_so(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    matches!(extension.as_str(), "xlsx" | "ods" | "csv" | "xlsm" | "tsv" | "xls" | "xlsb")
}

/// The files of a folder, by name, each with what changes when it does. Hidden ones and those under way are left out.
fn list(folder: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = file_name(&path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let unfinished = UNFINISHED.contains(&extension) || name.starts_with(['.', '~']);
        // One that was taken away meanwhile is not there.
        let Ok(about) = std::fs::metadata(&path) else { continue };
        if about.is_file() && !unfinished {
            let changed = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let since = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos();
            found.push((path, format!("{} {since}", about.len())));
        }
    }
    found.sort();
    Ok(found)
}

/// What is read of a cell, as this version does it: another one reads every file again.
const CELLS: &str = "2";

/// Another `form.toml` wants other columns, another démarche other files: they are read again.
fn print_of(exports: &ExportReading) -> String {
    use sha2::{Digest, Sha256};
    let titles = format!("{CELLS}\n{}", exports.columns.titles().join("\n"));
    let titles = exports.demarche.map_or(titles.clone(), |number| format!("{titles}\n{number}"));
    Sha256::digest(titles).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
