//! Contents: JSON, compressed, named by the hash of the JSON.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Result};
use crate::store::chain::sha256;
use crate::store::record::{ContentKind, NewContent, Record};

/// The largest content that is unpacked, in bytes: far above what a network of a thousand locals gives.
const LARGEST: u64 = 64 << 20;

/// A content before it is compressed: most are found to be known, and are not.
#[derive(Debug)]
pub struct Draft {
    pub hash: String,
    json: Vec<u8>,
    kind: ContentKind,
    subject: Option<i64>,
}

impl Draft {
    /// # Errors
    /// When the value has no JSON.
    pub fn of(value: &impl Serialize, kind: ContentKind, subject: Option<i64>) -> Result<Draft> {
        let json = serde_json::to_vec(value)?;
        Ok(Draft { hash: sha256(&json), json, kind, subject })
    }

    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// # Errors
    /// When it cannot be compressed: nothing is then kept in its place.
    pub fn packed(&self) -> Result<NewContent> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&self.json)?;
        let packed = packer.finish()?;
        Ok(NewContent { hash: self.hash.clone(), kind: self.kind, subject: self.subject, packed })
    }
}

/// The JSON of a content, checked against its hash.
///
/// # Errors
/// When it is not what the hash says.
pub fn unpack(hash: &str, packed: &[u8]) -> Result<Vec<u8>> {
    let damaged = || Error::Damaged { hash: hash.to_owned() };
    let mut json = Vec::new();
    ZlibDecoder::new(packed).take(LARGEST).read_to_end(&mut json).map_err(|_| damaged())?;
    if sha256(&json) == hash { Ok(json) } else { Err(damaged()) }
}

/// A content by its hash.
///
/// # Errors
/// When it is absent, erased, damaged, or of another version.
pub async fn load<T: DeserializeOwned>(record: &Record, hash: &str) -> Result<T> {
    let json = load_json(record, hash).await?;
    serde_json::from_slice(&json).map_err(|_| Error::OtherVersion { hash: hash.to_owned() })
}

/// The JSON of a content by its hash.
///
/// # Errors
/// When it is absent, erased or damaged.
pub async fn load_json(record: &Record, hash: &str) -> Result<Vec<u8>> {
    let absent = || Error::Absent { hash: hash.to_owned() };
    let kept = record.content(hash).await?.ok_or_else(absent)?;
    match (kept.packed, kept.erased) {
        (Some(packed), _) => unpack(hash, &packed),
        (None, Some(at)) => Err(Error::Erased { hash: hash.to_owned(), on: label::paris_date(at) }),
        (None, None) => Err(absent()),
    }
}
