//! A zip of attachments of the folder: what it holds of each dossier. Its files are unpacked when they are inspected.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::opened::{Opened, unopened};
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

/// A spreadsheet in the zip, or a part of the spreadsheet that the zip itself is.
fn is_of_a_spreadsheet(path: &str) -> bool {
    let path = path.to_lowercase();
    let named = [".xlsx", ".ods", ".csv", ".xls"].iter().any(|extension| path.ends_with(extension));
    named || path == "xl/workbook.xml" || path == "content.xml"
}

pub(super) async fn open_zip(program: &Path, path: &Path) -> Result<Opened, Unread> {
    let name = file_name(path);
    let about = std::fs::metadata(path).map_err(|error| unopened(&error))?;
    if about.is_dir() {
        return Err(Unread::IsAFolder);
    }
    if about.len() == 0 {
        return Err(Unread::Empty);
    }
    if about.len() > MAX_ZIP {
        return Err(Unread::ZipTooMuch);
    }
    let read = entries(program, path, ZipBounds::default()).await.map_err(|error| {
        tracing::error!("a zip of attachments cannot be read: {error}");
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Unread::Unreadable,
            _ => Unread::ReadingFailed,
        }
    })?;
    let found = read.map_err(|fault| match fault {
        ArchiveFault::Broken => Unread::Broken,
        ArchiveFault::TooMuch => Unread::ZipTooMuch,
    })?;
    let (mut zip, mut picture) = (ZipRead::default(), ExportPicture::default());
    let (mut dossiers_alone, mut spreadsheet) = (false, false);
    for entry in found {
        spreadsheet |= is_of_a_spreadsheet(&entry.path);
        if entry.content == Err(EntryFault::Nameless) {
            zip.faulty += 1;
            continue;
        }
        let (dossier, deposited) = match ZipPlace::of(&entry.path) {
            ZipPlace::Piece { dossier, name } => (dossier, name),
            ZipPlace::Other => {
                dossiers_alone = true;
                continue;
            }
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
        return Err(match zip.nowhere {
            0 if dossiers_alone => Unread::OnlyDossiers,
            _ if spreadsheet => Unread::ZippedSpreadsheet,
            _ => Unread::NoPieces,
        });
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
