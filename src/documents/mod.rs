//! Bytes → facts. Hostile input lives here: nothing of a file is parsed in the daemon's own process.
//!
//! It may name the review's types and nothing else of ours. [`Documents::inspect`] asks clamd when there is one, then
//! starts `vigie inspect` ([`child`]), which limits itself (`limits`), recognises the file (`sniff`), opens it (`pdf`)
//! and answers one line. No text of a document leaves the child.

pub mod child;
mod limits;
mod pdf;
mod sniff;

use std::path::PathBuf;

use crate::review::inspection::{FileFault, Inspection};

/// How attachments are inspected.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The program that inspects: ourselves.
    pub program: PathBuf,
    pub antivirus: Option<Clamd>,
    /// Bytes; a larger file is not fetched.
    pub max_bytes: u64,
}

/// Where clamd listens.
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

    async fn is_clean(&self, bytes: &[u8]) -> std::io::Result<bool> {
        use clamav_client::tokio::{Socket, Tcp, scan_buffer};
        let answer = match self {
            Clamd::Unix(socket_path) => scan_buffer(bytes, Socket { socket_path }, None).await?,
            Clamd::Tcp(host_address) => scan_buffer(bytes, Tcp { host_address }, None).await?,
        };
        clamav_client::clean(&answer).map_err(std::io::Error::other)
    }
}

impl Documents {
    /// What a file is. `name` only tells what it claims to be, and is never used as a path.
    ///
    /// # Errors
    /// When clamd or the child cannot be reached: the file was not judged, and may be later.
    pub async fn inspect(&self, name: &str, bytes: &[u8]) -> std::io::Result<Inspection> {
        if let Some(clamd) = &self.antivirus {
            let patience = std::time::Duration::from_secs(60);
            let clean = tokio::time::timeout(patience, clamd.is_clean(bytes)).await;
            if !clean.map_err(|_| std::io::Error::other("clamd does not answer"))?? {
                return Ok(Inspection::faulty(FileFault::Infected));
            }
        }
        child::inspect(&self.program, name, bytes).await
    }
}
