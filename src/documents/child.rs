//! The process that reads one file: no environment, no file, little memory, little time. Whatever the file does to it,
//! the daemon gets an answer.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::{limits, sniff};
use crate::review::inspection::{FileFault, Inspection};

/// Wall clock; the processor's share is limited by the child itself.
const PATIENCE: Duration = Duration::from_secs(30);
/// An answer is one short line.
const MAX_ANSWER: u64 = 64 * 1024;

/// Inspects `bytes` in a child process of `program`.
///
/// # Errors
/// When the child cannot be started. What the file does to it is a fault of the file.
pub async fn inspect(program: &Path, name: &str, bytes: &[u8]) -> std::io::Result<Inspection> {
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
    let header = serde_json::to_string(name).unwrap_or_default();
    let talk = async {
        let give = async {
            // A child that stopped reading has said what it had to say.
            let _ = input.write_all(header.as_bytes()).await;
            let _ = input.write_all(b"\n").await;
            let _ = input.write_all(bytes).await;
            drop(input);
        };
        let mut answer = Vec::new();
        let mut limited = output.take(MAX_ANSWER);
        let ((), read) = tokio::join!(give, limited.read_to_end(&mut answer));
        read.map(|_| answer)
    };
    let Ok(answer) = tokio::time::timeout(PATIENCE, talk).await else {
        return Ok(Inspection::faulty(FileFault::TooCostly));
    };
    let status = child.wait().await?;
    match serde_json::from_slice(&answer?) {
        Ok(inspection) if status.success() => Ok(inspection),
        // Killed by one of its limits, or by the parser it was running.
        _ => Ok(Inspection::faulty(FileFault::TooCostly)),
    }
}

/// `vigie inspect`: the child's side. Reads a name and a file from its input, answers one line.
///
/// # Errors
/// When the limits cannot be set or the pipes fail.
pub fn run() -> std::io::Result<()> {
    limits::lower()?;
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let name: String = serde_json::from_slice(&input[..end])?;
    let bytes = input.get(end + 1..).unwrap_or_default();
    let answer = serde_json::to_vec(&sniff::inspect(&name, bytes))?;
    std::io::stdout().write_all(&answer)
}
