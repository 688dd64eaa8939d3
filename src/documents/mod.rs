//! Turns the bytes of attachments into facts. Files may be malicious, so none is parsed in the daemon's own process.
//!
//! May name `label`'s types only. A file is sent in chunks to clamd and to the child process, so that the daemon's memory
//! does not grow with its size. [`Documents::inspect`] asks clamd (`antivirus`) when one is configured, then starts `vigie inspect`
//! ([`child`]), which limits itself (`limits`) and gives up its rights (`sandbox`), recognises the file (`sniff`, `kinds`), opens it (`pdf`), counts what a table
//! holds (`tables`) and answers one line. A zip of attachments is listed and unpacked by a child too
//! ([`archive`], [`zips`]). The child returns no text of a document; of an export of the platform
//! ([`exports`]), which nobody but the platform writes, it returns the cells that were asked for.

mod antivirus;
pub mod archive;
pub mod child;
pub mod exports;
mod kinds;
mod limits;
mod pdf;
mod sandbox;
mod sniff;
pub mod tables;
pub mod zips;

use std::path::PathBuf;

use tokio::fs::File;
use tokio::io::AsyncSeekExt;

use antivirus::Verdict;
use label::case::inspection::{FileFault, Inspection};
use label::case::table::{TableContent, TableFault, TableKind, TableReading};
use tables::layout::Request;

pub use antivirus::{Clamd, NotTaken};
pub use sandbox::Fence;

/// The version of the code that inspects. It is raised when the same bytes would be answered for otherwise: what an older
/// version found, in a dossier whose files are still read, is then looked at again.
pub const VERSION: i64 = 1;

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
            let verdict = clamd.scan(file).await;
            file.rewind().await?;
            if verdict? == Verdict::Infected {
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
