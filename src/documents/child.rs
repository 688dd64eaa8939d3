//! The process that reads one file: no environment, no file, little memory, little time. Whatever the file does to it,
//! the daemon gets an answer.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::process::Command;

use serde::{Deserialize, Serialize};

use super::tables::layout::Request;
use super::{CHUNK, limits, sniff, tables};
use label::case::inspection::{FileFault, Inspection};
use label::case::table::TableContent;

/// Wall clock; the processor's share is limited by the child itself.
const PATIENCE: Duration = Duration::from_secs(30);
/// How a Rust program ends that panics: a parser that fell over the file.
const PANIC: i32 = 101;
/// An answer is one short line.
const MAX_ANSWER: u64 = 64 * 1024;

/// The first line that the child is given.
#[derive(Serialize, Deserialize)]
struct Header {
    name: String,
    /// The table that the file may hold.
    table: Option<Request>,
}

/// What the child answers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    pub inspection: Inspection,
    /// When a table was asked for, and the child lived to say what it found.
    pub table: Option<TableContent>,
}

impl Answer {
    fn faulty(fault: FileFault) -> Answer {
        Answer { inspection: Inspection::faulty(fault), table: None }
    }
}

/// Inspects `bytes` in a child process of `program`, and reads the table that they may hold. They are handed over chunk
/// by chunk.
///
/// # Errors
/// When the child cannot be started or `bytes` cannot be read. What the file does to the child is a fault of the file.
pub async fn inspect(
    program: &Path,
    name: &str,
    mut bytes: impl AsyncRead + Unpin,
    table: Option<&Request>,
) -> std::io::Result<Answer> {
    let mut child = Command::new(program)
        .arg("inspect")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(std::io::Error::other("the child has no pipes"));
    };
    let header = Header { name: name.to_owned(), table: table.cloned() };
    let header = serde_json::to_string(&header).unwrap_or_default();
    let talk = async {
        let give = async {
            let _ = input.write_all(header.as_bytes()).await;
            let _ = input.write_all(b"\n").await;
            let poured = pour(&mut bytes, &mut input).await;
            drop(input);
            poured
        };
        let mut answer = Vec::new();
        let mut limited = output.take(MAX_ANSWER);
        let (given, read) = tokio::join!(give, limited.read_to_end(&mut answer));
        given.and(read).map(|_| answer)
    };
    // Its own limit of processor time comes first: what lasts longer waits for a busy machine.
    let Ok(answer) = tokio::time::timeout(PATIENCE, talk).await else {
        return Err(std::io::Error::other("the child does not answer"));
    };
    let (answer, status) = (answer?, child.wait().await?);
    match serde_json::from_slice(&answer) {
        Ok(answer) if status.success() => Ok(answer),
        // Killed by one of its limits, or by the parser it was running.
        _ if status.signal().is_some() || status.code() == Some(PANIC) => {
            Ok(Answer::faulty(FileFault::TooCostly))
        }
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
        // A child that stopped reading has said what it had to say.
        if read == 0 || to.write_all(&chunk[..read]).await.is_err() {
            return Ok(());
        }
    }
}

/// `vigie inspect`: the child's side. Reads a header and a file from its input, answers one line.
///
/// # Errors
/// When the limits cannot be set or the pipes fail.
pub fn run() -> std::io::Result<()> {
    limits::lower()?;
    let mut input = Vec::new();
    match std::io::stdin().lock().read_to_end(&mut input) {
        // It does not fit into what a file may take.
        Err(error) if error.kind() == std::io::ErrorKind::OutOfMemory => {
            return answer(&Answer::faulty(FileFault::TooCostly));
        }
        read => read?,
    };
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let header: Header = serde_json::from_slice(&input[..end])?;
    let bytes = input.get(end + 1..).unwrap_or_default();
    let inspection = sniff::inspect(&header.name, bytes);
    let table = header.table.map(|request| tables::read(&header.name, bytes, &inspection, &request));
    answer(&Answer { inspection, table })
}

fn answer(answer: &Answer) -> std::io::Result<()> {
    std::io::stdout().write_all(&serde_json::to_vec(answer)?)
}
