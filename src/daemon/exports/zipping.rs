//! A zip of attachments of the folder: what it holds of each dossier. Its files are unpacked when they are inspected.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::opened::Opened;
use crate::documents::archive::{ArchiveFault, EntryFault};
use crate::documents::zips::{ZipBounds, entries};
use crate::exports::life::{Said, ZippedFile};
use crate::exports::zip_place::ZipPlace;
use crate::exports::{ExportPicture, at_of_name, demarche_of_name, file_name};
use label::wording::exports::{Unread, ZipRead};

/// Bytes; a larger zip is not opened.
const MAX_ZIP: u64 = 4 * 1024 * 1024 * 1024;

pub(super) fn is_zip(name: &str) -> bool {
    name.to_lowercase().ends_with(".zip")
}

pub(super) async fn open_zip(program: &Path, path: &Path) -> Result<Opened, Unread> {
    let name = file_name(path);
    let about = std::fs::metadata(path).map_err(|_| Unread::Unreadable)?;
    if about.len() > MAX_ZIP {
        return Err(Unread::ZipTooMuch);
    }
    let read = entries(program, path, ZipBounds::default()).await.map_err(|error| {
        tracing::error!("a zip of attachments cannot be read: {error}");
        Unread::Unreadable
    })?;
    let found = read.map_err(|fault| match fault {
        ArchiveFault::Broken => Unread::Broken,
        ArchiveFault::TooMuch => Unread::ZipTooMuch,
    })?;
    let (mut zip, mut picture) = (ZipRead::default(), ExportPicture::default());
    for entry in found {
        if entry.content == Err(EntryFault::Nameless) {
            zip.faulty += 1;
            continue;
        }
        let (dossier, deposited) = match ZipPlace::of(&entry.path) {
            ZipPlace::Piece { dossier, name } => (dossier, name),
            ZipPlace::Other => continue,
            ZipPlace::Nowhere => {
                zip.nowhere += 1;
                continue;
            }
        };
        // One that cannot be unpacked is kept too: it may be the one that a cell names.
        let (bytes, checksum) = match entry.content {
            Ok((bytes, checksum)) => (bytes, Some(checksum)),
            Err(_) => (0, None),
        };
        *(if checksum.is_some() { &mut zip.pieces } else { &mut zip.faulty }) += 1;
        let said: &mut BTreeMap<String, Said> = picture.dossiers.entry(dossier).or_default();
        let files = said.entry(ZipPlace::column(&deposited)).or_insert_with(|| Said::Files(Vec::new()));
        if let Said::Files(files) = files {
            files.push(ZippedFile { zip: name.clone(), rank: entry.rank, bytes, checksum });
        }
    }
    if picture.dossiers.is_empty() {
        return Err(Unread::NoPieces);
    }
    let changed = about.modified().ok().and_then(|at| Timestamp::try_from(at).ok());
    let said = at_of_name(&name);
    Ok(Opened {
        at: said.or(changed).unwrap_or(Timestamp::UNIX_EPOCH),
        dated: said.is_some(),
        demarche: demarche_of_name(&name),
        picture,
        zip: Some(zip),
        name,
    })
}
