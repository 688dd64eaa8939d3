//! `[documents]`, `[exports]` and `[evidence]`: files that are read, and which copies of them are kept.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

/// How attachments are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentSettings {
    /// False: they are listed and not opened.
    pub inspect: bool,
    /// Bytes; a larger file is reported and not fetched.
    pub max_bytes: u64,
    /// « unix:/run/clamav/clamd.ctl » or « tcp:127.0.0.1:3310 ».
    pub clamd: Option<String>,
    /// How tables of results and audit grids are laid out; when absent, the layouts shipped with this program.
    pub tables: PathBuf,
}

impl Default for DocumentSettings {
    fn default() -> DocumentSettings {
        DocumentSettings {
            inspect: true,
            max_bytes: 32 * 1024 * 1024,
            clamd: None,
            tables: PathBuf::from("tables.toml"),
        }
    }
}

/// What is kept of attachments beside their checksum, name, size and type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceSettings {
    pub keep: bool,
    pub folder: PathBuf,
    /// « https://s3.example.org/mon-seau »: copies go there in place of the folder.
    pub bucket: Option<String>,
    pub region: String,
    pub access_key: Option<String>,
    pub secret_key: Option<SecretString>,
    pub secret_key_file: Option<PathBuf>,
}

impl Default for EvidenceSettings {
    fn default() -> EvidenceSettings {
        EvidenceSettings {
            keep: false,
            folder: PathBuf::from("pieces"),
            bucket: None,
            region: "us-east-1".to_owned(),
            access_key: None,
            secret_key: None,
            secret_key_file: None,
        }
    }
}

/// The platform's spreadsheets, for a body without a token.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExportSettings {
    /// Where they are put; looked at on each pass.
    pub folder: Option<PathBuf>,
    /// The number of the démarche: an export of another one is not read. Absent: that of the first export that names one.
    pub demarche: Option<i64>,
}
