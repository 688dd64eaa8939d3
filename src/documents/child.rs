//! The child process that reads one file. It has no environment, limits on memory and time, and no right to open, start or
//! reach anything (`sandbox`). When the file makes it crash or exceed a limit, the daemon still gets an answer.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::process::Command;

use serde::{Deserialize, Serialize};

use super::exports::{self, ExportBook, ExportFault};
use super::limits::{self, CHUNK};
use super::sandbox::{self, Fence};
use super::tables::layout::Request;
use super::{sniff, tables};
use crate::retry::attachments::INSPECTION;
use label::case::inspection::{FileFault, Inspection};
use label::case::table::{TableContent, TableFault};

/// Exit code of a Rust program that panicked, as a parser may on a malformed file.
const PANIC: i32 = 101;
/// Largest answer read from the child, in bytes. An answer is one line of JSON.
const MAX_ANSWER: u64 = 64 * 1024;
/// The same for an export, whose cells are the answer.
const MAX_BOOK: u64 = 128 * 1024 * 1024;

/// The first line of the child's input. The bytes of the file follow.
#[derive(Serialize, Deserialize)]
struct Header {
    name: String,
    /// What table to look for in the file, if any.
    table: Option<Request>,
    /// The file is an export of the platform: the titles of the columns to answer.
    #[serde(default)]
    export: Option<Vec<String>>,
}

/// The child's answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct InspectionAnswer {
    pub inspection: Inspection,
    /// Present when a table was asked for and the child was not stopped.
    pub table: Option<TableContent>,
    /// How far the child gave up its rights; `None` of one that could not answer.
    #[serde(default)]
    pub fence: Option<Fence>,
}

impl InspectionAnswer {
    fn faulty(fault: FileFault) -> InspectionAnswer {
        InspectionAnswer { inspection: Inspection::faulty(fault), table: None, fence: None }
    }
}

/// Inspects `bytes` in a child process running `program`, and reads the table that they may hold. The bytes are sent
/// in chunks.
///
/// # Errors
/// When the child cannot be started or `bytes` cannot be read. A child that crashes or exceeds a limit is not an
/// error: the answer says that the file is at fault.
pub async fn inspect(
    program: &Path,
    name: &str,
    bytes: impl AsyncRead + Unpin,
    table: Option<&Request>,
) -> std::io::Result<InspectionAnswer> {
    let header = Header { name: name.to_owned(), table: table.cloned(), export: None };
    match ask(program, &header, bytes, MAX_ANSWER).await? {
        Some(answer) => serde_json::from_slice(&answer).map_err(std::io::Error::other),
        None => Ok(InspectionAnswer::faulty(FileFault::TooCostly)),
    }
}

/// Reads an export of the platform in a child process: the columns of `titles`, from every sheet that has one for the
/// number of the dossier.
///
/// # Errors
/// When the child cannot be started or `bytes` cannot be read.
pub async fn read_export(
    program: &Path,
    name: &str,
    bytes: impl AsyncRead + Unpin,
    titles: &[String],
) -> std::io::Result<Result<ExportBook, ExportFault>> {
    let header = Header { name: name.to_owned(), table: None, export: Some(titles.to_vec()) };
    match ask(program, &header, bytes, MAX_BOOK).await? {
        Some(answer) => serde_json::from_slice(&answer).map_err(std::io::Error::other),
        None => Ok(Err(TableFault::TooCostly.into())),
    }
}

/// The child's answer; `None` when the file made it crash or exceed a limit.
async fn ask(
    program: &Path,
    header: &Header,
    mut bytes: impl AsyncRead + Unpin,
    largest: u64,
) -> std::io::Result<Option<Vec<u8>>> {
    let mut child = Command::new(program)
        .arg("inspect")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(std::io::Error::other("the child has no pipes"));
    };
    let header = serde_json::to_string(header).unwrap_or_default();
    let talk = async {
        let give = async {
            let _ = input.write_all(header.as_bytes()).await;
            let _ = input.write_all(b"\n").await;
            let poured = pour(&mut bytes, &mut input).await;
            drop(input);
            poured
        };
        let mut answer = Vec::new();
        let mut limited = output.take(largest);
        let (given, read) = tokio::join!(give, limited.read_to_end(&mut answer));
        given.and(read).map(|_| answer)
    };
    // A costly file reaches the child's limit of processor time before this timeout, so the machine is overloaded.
    let Ok(answer) = tokio::time::timeout(INSPECTION, talk).await else {
        return Err(std::io::Error::other("the child does not answer"));
    };
    let (answer, status) = (answer?, child.wait().await?);
    match status.code() {
        Some(0) if !answer.is_empty() => Ok(Some(answer)),
        // Killed by one of its limits, or crashed in a parser.
        code if status.signal().is_some() || code == Some(PANIC) => Ok(None),
        _ => Err(std::io::Error::other("the child ended without an answer")),
    }
}

async fn pour(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk).await?;
        // The child closes its input early when it has its answer already.
        if read == 0 || to.write_all(&chunk[..read]).await.is_err() {
            return Ok(());
        }
    }
}

/// How far a child of `program` gives up its rights.
///
/// # Errors
/// When it cannot be started, or this system cannot limit it: no file would be read.
pub async fn try_out(program: &Path) -> std::io::Result<Fence> {
    let answer = inspect(program, "essai.txt", tokio::io::empty(), None).await?;
    answer.fence.ok_or_else(|| std::io::Error::other("the child gives up nothing"))
}

/// Gives up, in the calling thread and for ever, all that reading a file does not need.
///
/// # Errors
/// When this system cannot limit it. No file may then be read.
pub fn fence() -> std::io::Result<Fence> {
    sandbox::give_up_rights(limits::lower)
}

/// `vigie inspect`: the child's side. Reads a header and a file from its input, answers one line.
///
/// # Errors
/// When the limits cannot be set or the pipes fail.
pub fn run() -> std::io::Result<()> {
    let fence = fence()?;
    let mut input = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut input) {
        // The file does not fit into the memory allowed for one file.
        Err(error) if error.kind() == std::io::ErrorKind::OutOfMemory => {
            return answer(&InspectionAnswer {
                fence: Some(fence),
                ..InspectionAnswer::faulty(FileFault::TooCostly)
            });
        }
        read => read?,
    };
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let header: Header = serde_json::from_slice(&input[..end])?;
    let bytes = input.get(end + 1..).unwrap_or_default();
    if let Some(titles) = &header.export {
        let book = exports::read(&header.name, bytes, titles);
        return std::io::stdout().write_all(&serde_json::to_vec(&book)?);
    }
    let inspection = sniff::inspect(&header.name, bytes);
    let table = header.table.map(|request| tables::read(&header.name, bytes, &inspection, &request));
    answer(&InspectionAnswer { inspection, table, fence: Some(fence) })
}

fn answer(answer: &InspectionAnswer) -> std::io::Result<()> {
    std::io::stdout().write_all(&serde_json::to_vec(answer)?)
}
