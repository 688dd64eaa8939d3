//! A zip of attachments, as the platform gives it beside a spreadsheet: inside the child process, which reads it from its
//! standard input, the open file itself. A large zip is listed part by part, each by a child of its own.
//!
//! Names are answered as they stand and are never a path of this machine. A zip inside the zip is a file like another.

use std::fs::File;
use std::io::{self, BufReader, Read, Write, copy, sink};
use std::os::fd::AsFd as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;
use zip::result::ZipError;

use super::child::fence;

/// Entries; a zip that has more is not read.
pub const MAX_ENTRIES: usize = 20_000;
/// Bytes that one entry unpacks to. The platform accepts no attachment of that size.
pub const MAX_ENTRY: u64 = 256 * 1024 * 1024;
/// Bytes unpacked by one child, after which another one goes on: its processor time is limited.
const PART_BYTES: u64 = 48 * 1024 * 1024;
/// Entries answered by one child.
const PART_ENTRIES: usize = 2_000;
/// A longer name is that of no attachment.
const MAX_PATH: usize = 1_000;

/// What a child is asked of a zip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveTask {
    /// The entries from this rank on, with size and checksum.
    List { first: usize },
    /// The bytes of one entry.
    Unpack { rank: usize },
}

/// One line of the answer to [`ArchiveTask::List`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListedLine {
    /// It cannot be read as a zip, or has too many entries.
    Refused(ArchiveFault),
    /// An entry is about to be read: without another line after it, it is what stopped the child.
    Opens {
        rank: usize,
        /// Empty when it has no usable name.
        path: String,
    },
    Holds {
        bytes: u64,
        checksum: String,
    },
    Faulty(EntryFault),
    /// The rank from which the next child goes on; the number of entries at the end.
    Next {
        rank: usize,
        of: usize,
    },
}

/// Why a zip is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveFault {
    Broken,
    TooMuch,
}

/// Why an entry of a zip is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryFault {
    TooLarge,
    Protected,
    Broken,
    /// It took more memory or time than allowed.
    TooCostly,
    /// Its name cannot be read, or is longer than that of any attachment.
    Nameless,
}

/// The child's side.
///
/// # Errors
/// When the limits cannot be set, the pipes fail or, for one entry, when it cannot be unpacked whole.
pub fn run(task: ArchiveTask) -> io::Result<()> {
    // A second handle is made before the rights to make one are given up.
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    fence()?;
    let mut output = io::stdout().lock();
    let opened = ZipArchive::new(BufReader::new(input));
    match task {
        ArchiveTask::List { first } => match opened {
            Ok(archive) if archive.len() > MAX_ENTRIES => {
                line(&mut output, &ListedLine::Refused(ArchiveFault::TooMuch))
            }
            Ok(mut archive) => list(&mut archive, first, &mut output),
            Err(_) => line(&mut output, &ListedLine::Refused(ArchiveFault::Broken)),
        },
        ArchiveTask::Unpack { rank } => {
            let mut archive = opened.map_err(io::Error::other)?;
            let entry = archive.by_index(rank).map_err(io::Error::other)?;
            let written = copy(&mut entry.take(MAX_ENTRY + 1), &mut output)?;
            output.flush()?;
            if written > MAX_ENTRY { Err(io::Error::other("too large")) } else { Ok(()) }
        }
    }
}

fn line(output: &mut impl Write, line: &ListedLine) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    output.write_all(text.as_bytes())?;
    // What was answered before a limit stops the child counts.
    output.flush()
}

fn list(archive: &mut ZipArchive<BufReader<File>>, first: usize, output: &mut impl Write) -> io::Result<()> {
    let of = archive.len();
    let (mut unpacked, mut answered) = (0, 0);
    for rank in first..of {
        if unpacked >= PART_BYTES || answered >= PART_ENTRIES {
            return line(output, &ListedLine::Next { rank, of });
        }
        let Some(named) = path_of(archive, rank) else { continue };
        let path = named.as_deref().unwrap_or_default().to_owned();
        line(output, &ListedLine::Opens { rank, path })?;
        answered += 1;
        let said = match named.and_then(|_| sum(archive, rank)) {
            Ok((bytes, checksum)) => {
                unpacked += bytes;
                ListedLine::Holds { bytes, checksum }
            }
            Err(fault) => {
                unpacked += if fault == EntryFault::TooLarge { MAX_ENTRY } else { 0 };
                ListedLine::Faulty(fault)
            }
        };
        line(output, &said)?;
    }
    line(output, &ListedLine::Next { rank: of, of })
}

/// The name of a file in the zip, when it is usable; `None` of a folder or a link.
fn path_of(archive: &mut ZipArchive<BufReader<File>>, rank: usize) -> Option<Result<String, EntryFault>> {
    let Ok(entry) = archive.by_index_raw(rank) else { return Some(Err(EntryFault::Nameless)) };
    if !entry.is_file() || entry.is_symlink() {
        return None;
    }
    // Some programs write UTF-8 and do not say so.
    let path = match std::str::from_utf8(entry.name_raw()) {
        Ok(path) => Some(path.to_owned()),
        Err(_) => entry.name().ok().map(|path| path.into_owned()),
    };
    Some(path.filter(|path| path.len() <= MAX_PATH).ok_or(EntryFault::Nameless))
}

/// Size and checksum of the unpacked bytes, whatever the zip declares.
fn sum(archive: &mut ZipArchive<BufReader<File>>, rank: usize) -> Result<(u64, String), EntryFault> {
    let entry = archive.by_index(rank).map_err(|error| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => EntryFault::Protected,
        _ => EntryFault::Broken,
    })?;
    let mut summing = Summing { sum: Md5::new(), bytes: 0 };
    copy(&mut entry.take(MAX_ENTRY + 1), &mut summing).map_err(|_| EntryFault::Broken)?;
    if summing.bytes > MAX_ENTRY {
        return Err(EntryFault::TooLarge);
    }
    Ok((summing.bytes, STANDARD.encode(summing.sum.finalize())))
}

struct Summing {
    sum: Md5,
    bytes: u64,
}

impl Write for Summing {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.sum.update(chunk);
        self.bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        sink().write(chunk)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
