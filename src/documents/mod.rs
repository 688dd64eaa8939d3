//! Turns the bytes of attachments into facts. Files may be malicious, so none is parsed in the daemon's own process.
//!
//! May name `label`'s types only. A file is sent in chunks to clamd and to the child process, so that the daemon's memory
//! does not grow with its size. [`Documents::inspect`] asks clamd when one is configured, then starts `vigie inspect`
//! ([`child`]), which limits itself (`limits`), recognises the file (`sniff`), opens it (`pdf`), counts what a table
//! holds (`tables`) and answers one line. The child returns no text of a document.

pub mod child;
mod limits;
mod pdf;
mod sniff;
pub mod tables;

use std::path::PathBuf;

use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::retry::attachments::ANTIVIRUS;
use label::case::inspection::{FileFault, Inspection};
use label::case::table::{TableContent, TableFault, TableKind, TableReading};
use tables::layout::Request;

/// Bytes sent at once: the capacity of a pipe on Linux.
const CHUNK: usize = 64 * 1024;

/// How attachments are inspected.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The program to start: the path of vigie itself.
    pub program: PathBuf,
    pub antivirus: Option<Clamd>,
    /// Bytes; a larger file is not fetched.
    pub max_bytes: u64,
    /// How each kind of table is laid out.
    pub tables: Vec<Request>,
}

/// The address of clamd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    Unix(PathBuf),
    Tcp(String),
}

impl Clamd {
    /// `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<Clamd, String> {
        match text.split_once(':') {
            Some(("unix", path)) if !path.is_empty() => Ok(Clamd::Unix(PathBuf::from(path))),
            Some(("tcp", address)) if address.contains(':') => Ok(Clamd::Tcp(address.to_owned())),
            _ => Err("examples: unix:/run/clamav/clamd.ctl, tcp:127.0.0.1:3310".to_owned()),
        }
    }

    async fn is_clean(&self, file: &mut File) -> std::io::Result<bool> {
        use clamav_client::tokio::{Socket, Tcp, scan_stream};
        let chunks = futures_util::stream::try_unfold(file, |file| async move {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk).await?;
            chunk.truncate(read);
            Ok((read > 0).then(|| (chunk.into(), file)))
        });
        let answer = match self {
            Clamd::Unix(socket_path) => scan_stream(chunks, Socket { socket_path }, None).await?,
            Clamd::Tcp(host_address) => scan_stream(chunks, Tcp { host_address }, None).await?,
        };
        clamav_client::clean(&answer).map_err(std::io::Error::other)
    }
}

impl Documents {
    /// Inspects a file and, when `table` names a kind of table, reads it. `name` only gives the announced type, and is
    /// never used as a path.
    ///
    /// # Errors
    /// When clamd or the child cannot be reached, or the file cannot be read. Nothing is known of the file then, and the
    /// call may be repeated.
    pub async fn inspect(
        &self,
        name: &str,
        file: &mut File,
        table: Option<TableKind>,
    ) -> std::io::Result<(Inspection, Option<TableReading>)> {
        let request = table.and_then(|kind| self.tables.iter().find(|request| request.kind == kind));
        if let Some(clamd) = &self.antivirus {
            let clean = tokio::time::timeout(ANTIVIRUS, clamd.is_clean(file)).await;
            file.rewind().await?;
            if !clean.map_err(|_| std::io::Error::other("clamd does not answer"))?? {
                let table = request.map(|request| reading(request, TableContent::NotATable));
                return Ok((Inspection::faulty(FileFault::Infected), table));
            }
        }
        let answer = child::inspect(&self.program, name, &mut *file, request).await?;
        file.rewind().await?;
        let unread = TableContent::Unread(TableFault::TooCostly);
        Ok((answer.inspection, request.map(|request| reading(request, answer.table.unwrap_or(unread)))))
    }

    /// True when a table was read under the layout in force, and need not be read again.
    #[must_use]
    pub fn is_current(&self, reading: &TableReading) -> bool {
        let now = self.tables.iter().find(|request| request.kind == reading.kind);
        now.is_some_and(|request| request.print() == reading.layout)
    }
}

fn reading(request: &Request, content: TableContent) -> TableReading {
    TableReading { kind: request.kind, layout: request.print(), content }
}
