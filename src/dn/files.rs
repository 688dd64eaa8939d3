//! Attachments: fetched as soon as their addresses are known, because an address is valid for an hour; limited in size and
//! time, verified by checksum, and never named in a log.
//!
//! The bytes go chunk by chunk into an unnamed temporary file, deleted when its last handle is closed: whatever the size of
//! an attachment, memory holds one chunk of it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use graphql_client::GraphQLQuery;
use md5::{Digest, Md5};
use reqwest::StatusCode;
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use url::Url;

use super::client::Dn;
use super::error::Error;
use super::json::{asked, to_json};
use super::meaning::is_absent;
use super::queries::{self, attachment_addresses as addresses};
use super::transport::{bare, client};
use crate::clock::Clock;
use crate::private;
use crate::retry::platform;
use label::case::facts::Attachment;

/// Fetches from the platform's hosts and from no other.
#[derive(Clone, Debug)]
pub struct FileDoor {
    client: reqwest::Client,
    hosts: Vec<String>,
    plain: bool,
    patience: Duration,
}

/// A signed address, valid for an hour. `Debug` does not show it, so that it cannot reach a log.
#[derive(Deserialize)]
pub struct Address {
    pub checksum: String,
    url: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address")
    }
}

/// Why a file was not fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The address has expired: ask for a new one.
    #[error("its address is no longer good")]
    Expired,
    /// Size or checksum differ from what was announced.
    #[error("what came is not what was announced")]
    Altered,
    /// The network or the host failed: the same file may come later.
    #[error("{0}")]
    Later(String),
    /// It was in a zip of attachments that was taken away: it is read when one that holds it comes.
    #[error("the zip that held it is no longer in exports.folder")]
    Away,
    /// An address that is not the platform's.
    #[error("its host is not one of dn.file_hosts")]
    Foreign,
}

impl FileDoor {
    /// `endpoint` is the platform's own address: its host may serve files too. Plain HTTP is only allowed when `endpoint`
    /// uses it.
    ///
    /// # Errors
    /// As [`super::transport::Endpoint::new`].
    pub fn new(endpoint: &str, hosts: &[String]) -> Result<FileDoor, Error> {
        let own = Url::parse(endpoint).ok();
        let plain = own.as_ref().is_some_and(|url| url.scheme() == "http");
        let own = own.and_then(|url| url.host_str().map(str::to_lowercase));
        let hosts = hosts.iter().map(|host| host.trim().to_lowercase()).chain(own).collect();
        Ok(FileDoor { client: client(platform::FILE_LONGEST)?, hosts, plain, patience: platform::FILE_LEAST })
    }

    /// How long a small file may take; a larger one is given more.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> FileDoor {
        self.patience = patience;
        self
    }

    fn allows(&self, url: &Url) -> bool {
        let scheme = url.scheme() == "https" || (self.plain && url.scheme() == "http");
        let host = url.host_str().map(str::to_lowercase);
        scheme && host.is_some_and(|host| self.hosts.contains(&host)) && url.username().is_empty()
    }

    /// The whole attachment, rewound to its first byte: its size and its checksum are the announced ones.
    ///
    /// # Errors
    /// [`FileError`]; nothing of a file that is not whole is kept.
    #[tracing::instrument(name = "attachment", skip_all, fields(otel.kind = "client", bytes = announced.bytes))]
    pub async fn fetch(&self, address: &Address, announced: &Attachment) -> Result<File, FileError> {
        let patience =
            self.patience.saturating_add(Duration::from_secs(announced.bytes / platform::FILE_RATE));
        let fetched =
            tokio::time::timeout(patience.min(platform::FILE_LONGEST), self.fetch_whole(address, announced))
                .await;
        fetched.unwrap_or_else(|_| Err(FileError::Later("file not fetched (it comes too slowly)".to_owned())))
    }

    async fn fetch_whole(&self, address: &Address, announced: &Attachment) -> Result<File, FileError> {
        let url = Url::parse(&address.url).map_err(|_| FileError::Foreign)?;
        if !self.allows(&url) {
            return Err(FileError::Foreign);
        }
        let later = |error: reqwest::Error| FileError::Later(format!("file not fetched ({})", bare(error)));
        let mut answer = self.client.get(url).send().await.map_err(later)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE => {
                return Err(FileError::Expired);
            }
            status => return Err(FileError::Later(format!("file not fetched ({status})"))),
        }
        let no_room = |error: std::io::Error| FileError::Later(private::temporary(&error).to_string());
        let mut file = File::from_std(tempfile::tempfile().map_err(no_room)?);
        let mut sum = Md5::new();
        let mut length = 0_u64;
        while let Some(chunk) = answer.chunk().await.map_err(later)? {
            length = length.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if length > announced.bytes {
                return Err(FileError::Altered);
            }
            sum.update(&chunk);
            file.write_all(&chunk).await.map_err(no_room)?;
        }
        if length != announced.bytes || STANDARD.encode(sum.finalize()) != announced.checksum {
            return Err(FileError::Altered);
        }
        // Errors of the last write to the disk only show here.
        file.flush().await.map_err(no_room)?;
        file.rewind().await.map_err(no_room)?;
        Ok(file)
    }
}

impl Dn {
    /// The addresses of one dossier's attachments, good for an hour; `None` when the platform does not show it.
    ///
    /// # Errors
    /// As [`Error`].
    pub async fn addresses(&self, number: i64, clock: &Clock) -> Result<Option<Vec<Address>>, Error> {
        let body = to_json(&queries::AttachmentAddresses::build_query(addresses::Variables { number }))?;
        let answer = match self.endpoint.send::<AddressData>(&body, clock).await {
            Ok(answer) => answer,
            Err(Error::Refused { why, .. }) if is_absent(&why) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(error) = answer.errors.first() {
            return Err(error.meaning());
        }
        let DossierFiles { champs, annotations, attestation } = answer.data.dossier;
        let mut files: Vec<Address> = attestation.into_iter().collect();
        for field in champs.into_iter().chain(annotations) {
            field.collect(&mut files)?;
        }
        Ok(Some(files))
    }
}

/// The data of an answer to `AttachmentAddresses`.
#[derive(Deserialize)]
struct AddressData {
    dossier: DossierFiles,
}

#[derive(Deserialize)]
struct DossierFiles {
    champs: Vec<FieldFiles>,
    annotations: Vec<FieldFiles>,
    #[serde(deserialize_with = "asked")]
    attestation: Option<Address>,
}

/// A field or a cell: only two kinds hold files.
#[derive(Deserialize)]
struct FieldFiles {
    #[serde(rename = "__typename")]
    kind: String,
    files: Option<Vec<Address>>,
    rows: Option<Vec<RowFiles>>,
}

#[derive(Deserialize)]
struct RowFiles {
    champs: Vec<FieldFiles>,
}

impl FieldFiles {
    /// # Errors
    /// When the files that its kind was asked for did not come.
    fn collect(self, found: &mut Vec<Address>) -> Result<(), Error> {
        let lacks = |key: &str| Error::later(format!("the answer lacks the {key} of a field"));
        match (&*self.kind, self.files, self.rows) {
            ("PieceJustificativeChamp", None, _) => return Err(lacks("files")),
            ("RepetitionChamp", _, None) => return Err(lacks("rows")),
            (_, files, rows) => {
                found.extend(files.into_iter().flatten());
                for cell in rows.into_iter().flatten().flat_map(|row| row.champs) {
                    cell.collect(found)?;
                }
            }
        }
        Ok(())
    }
}
