//! A file of the folder, or one that was named, after it was read.

use jiff::Timestamp;

use crate::exports::ExportPicture;
use label::wording::exports::{Unread, ZipRead};

/// One file that was read.
#[derive(Debug)]
pub(in crate::daemon) struct Opened {
    pub name: String,
    pub at: Timestamp,
    /// The name says when the picture was taken.
    pub dated: bool,
    pub demarche: Option<i64>,
    pub picture: ExportPicture,
    /// What a zip of attachments holds; `None` of a spreadsheet.
    pub zip: Option<ZipRead>,
}

/// A démarche has one number: of files that name several, those of `ours` are read. While none is known it is the one of
/// the spreadsheet with the most columns of `form.toml`, of several the oldest.
pub(super) fn of_one_demarche(
    opened: Vec<Opened>,
    ours: Option<i64>,
) -> (Vec<Opened>, Vec<(String, Unread)>) {
    let named = opened.iter().rev().filter(|one| one.zip.is_none() && one.demarche.is_some());
    let fullest = named.max_by_key(|one| one.picture.known.len()).and_then(|one| one.demarche);
    let Some(ours) = ours.or(fullest) else { return (opened, Vec::new()) };
    let (mut own, mut foreign) = (Vec::new(), Vec::new());
    for one in opened {
        match one.demarche.filter(|number| *number != ours) {
            Some(number) => foreign.push((one.name, Unread::OtherDemarche { number, ours })),
            None => own.push(one),
        }
    }
    (own, foreign)
}

/// Why a file cannot be opened.
pub(super) fn unopened(error: &std::io::Error) -> Unread {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Unread::Missing,
        std::io::ErrorKind::IsADirectory => Unread::IsAFolder,
        _ => Unread::Unreadable,
    }
}
