//! A zip of attachments, from the side of the daemon: what the children of [`super::archive`] answer.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::process::Command;

use super::archive::{ArchiveFault, ArchiveTask, EntryFault, ListedLine, MAX_ENTRY};
use super::limits::CHUNK;
use crate::private;
use crate::retry::attachments::{INSPECTION, ZIP_LISTING};

/// Largest answer of one child, in bytes: two thousand names.
const MAX_LISTING: u64 = 16 * 1024 * 1024;
/// Bytes that the files of one zip unpack to: attachments hardly shrink, and the zip has half of it at most.
const MAX_UNPACKED: u64 = 8 * 1024 * 1024 * 1024;
/// Entries that may stop a child before the zip is given up.
const MAX_STOPPED: usize = 20;

/// One file of a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZipEntry {
    pub rank: usize,
    /// As the zip has it: hostile, until it was looked at.
    pub path: String,
    /// Size and checksum of its bytes.
    pub content: Result<(u64, String), EntryFault>,
}

/// What listing one zip may cost; more is [`ArchiveFault::TooMuch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZipBounds {
    /// Bytes that its files unpack to, together.
    pub bytes: u64,
    /// Wall clock, over all children.
    pub time: Duration,
}

impl Default for ZipBounds {
    fn default() -> ZipBounds {
        ZipBounds { bytes: MAX_UNPACKED, time: ZIP_LISTING }
    }
}

/// The files of a zip.
///
/// # Errors
/// When a child cannot be started, the zip cannot be opened, or the machine is overloaded.
pub async fn entries(
    program: &Path,
    zip: &Path,
    bounds: ZipBounds,
) -> std::io::Result<Result<Vec<ZipEntry>, ArchiveFault>> {
    // The child under way ends with its reading.
    let listed = tokio::time::timeout(bounds.time, listed(program, zip, bounds.bytes)).await;
    listed.unwrap_or(Ok(Err(ArchiveFault::TooMuch)))
}

async fn listed(
    program: &Path,
    zip: &Path,
    most: u64,
) -> std::io::Result<Result<Vec<ZipEntry>, ArchiveFault>> {
    let (mut entries, mut first, mut stopped, mut unpacked) = (Vec::new(), 0, 0, 0_u64);
    loop {
        let known = entries.len();
        let lines = list(program, zip, first).await?;
        let mut next = None;
        for line in lines {
            match line {
                ListedLine::Refused(fault) => return Ok(Err(fault)),
                ListedLine::Opens { rank, path } => {
                    entries.push(ZipEntry { rank, path, content: Err(EntryFault::TooCostly) });
                }
                ListedLine::Holds { bytes, checksum } => {
                    unpacked = unpacked.saturating_add(bytes);
                    settle(&mut entries, Ok((bytes, checksum)));
                }
                ListedLine::Faulty(fault) => {
                    unpacked += if fault == EntryFault::TooLarge { MAX_ENTRY } else { 0 };
                    settle(&mut entries, Err(fault));
                }
                ListedLine::Next { rank, of } if rank >= of && unpacked <= most => return Ok(Ok(entries)),
                ListedLine::Next { rank, .. } => next = Some(rank),
            }
        }
        if unpacked > most {
            return Ok(Err(ArchiveFault::TooMuch));
        }
        first = match next {
            Some(next) if next > first => next,
            // The child was stopped while it read the last entry that it named: the next one begins behind it.
            _ if entries.len() > known && stopped < MAX_STOPPED => {
                stopped += 1;
                entries.last().map_or(first, |last| last.rank) + 1
            }
            _ => return Ok(Err(ArchiveFault::TooMuch)),
        };
    }
}

fn settle(entries: &mut [ZipEntry], content: Result<(u64, String), EntryFault>) {
    if let Some(last) = entries.last_mut() {
        last.content = content;
    }
}

fn child(program: &Path, zip: &Path, task: ArchiveTask) -> std::io::Result<tokio::process::Child> {
    let (option, rank) = match task {
        ArchiveTask::List { first } => ("--entries", first),
        ArchiveTask::Unpack { rank } => ("--entry", rank),
    };
    Command::new(program)
        .args(["inspect", option, &rank.to_string()])
        .env_clear()
        .current_dir("/")
        .stdin(std::fs::File::open(zip)?)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
}

/// What one child answered, up to where it was stopped.
async fn list(program: &Path, zip: &Path, first: usize) -> std::io::Result<Vec<ListedLine>> {
    let mut child = child(program, zip, ArchiveTask::List { first })?;
    let Some(output) = child.stdout.take() else { return Err(no_pipe()) };
    let mut answer = Vec::new();
    let talk = async {
        output.take(MAX_LISTING).read_to_end(&mut answer).await?;
        child.wait().await
    };
    let status = tokio::time::timeout(INSPECTION, talk).await.map_err(|_| overloaded())??;
    // One that could not give up its rights read nothing.
    if status.code() == Some(1) && answer.is_empty() {
        return Err(std::io::Error::other("the child ended without an answer"));
    }
    let lines = answer.split(|byte| *byte == b'\n');
    Ok(lines.map_while(|line| serde_json::from_slice(line).ok()).collect())
}

/// The bytes of one entry, rewound; `None` when they are no longer those that were listed.
///
/// # Errors
/// When a child cannot be started, the zip cannot be opened, or there is no room for the file.
pub async fn unpack(
    program: &Path,
    zip: &Path,
    rank: usize,
    bytes: u64,
    checksum: &str,
) -> std::io::Result<Option<File>> {
    let mut child = child(program, zip, ArchiveTask::Unpack { rank })?;
    let Some(mut output) = child.stdout.take() else { return Err(no_pipe()) };
    let no_room = |error: std::io::Error| private::temporary(&error);
    let mut file = File::from_std(tempfile::tempfile().map_err(no_room)?);
    let talk = async {
        let (mut chunk, mut length, mut sum) = (vec![0; CHUNK], 0_u64, Md5::new());
        loop {
            let read = output.read(&mut chunk).await?;
            length += u64::try_from(read).unwrap_or(u64::MAX);
            if read == 0 || length > bytes {
                break;
            }
            sum.update(&chunk[..read]);
            file.write_all(&chunk[..read]).await.map_err(no_room)?;
        }
        Ok::<bool, std::io::Error>(length == bytes && STANDARD.encode(sum.finalize()) == checksum)
    };
    let same = tokio::time::timeout(INSPECTION, talk).await.map_err(|_| overloaded())??;
    drop(output);
    if !same || !child.wait().await?.success() {
        return Ok(None);
    }
    // Errors of the last write to the disk only show here.
    file.flush().await.map_err(no_room)?;
    file.rewind().await?;
    Ok(Some(file))
}

fn no_pipe() -> std::io::Error {
    std::io::Error::other("the child has no pipes")
}

fn overloaded() -> std::io::Error {
    std::io::Error::other("the child does not answer")
}
