//! Copies of attachments, in a folder or in an S3-compatible bucket, each under its checksum: the name that a candidate
//! gave never becomes a path. This module uses no store, no rule and no clock.
//!
//! A copy is streamed: memory use does not grow with the file. A signed address gives access for a few minutes: it is
//! neither stored nor logged, and no error quotes it.

#[cfg_attr(not(feature = "s3"), path = "no_bucket.rs")]
mod bucket;
mod error;
mod keys;

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use reqwest::Body;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use bucket::Remote;
pub use error::CopyError;
pub use keys::BucketKeys;

/// The test object that is written and deleted to check that copies can be stored.
const PROBE: &str = "vigie-essai";

/// Where copies are kept.
#[derive(Debug)]
pub struct Copies(Destination);

#[derive(Debug)]
enum Destination {
    Folder(PathBuf),
    Bucket(Box<Remote>),
}

impl Copies {
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Copies {
        Copies(Destination::Folder(folder))
    }

    /// # Errors
    /// The key of `[evidence]` that is wrong, why, and what would be right; no secret is quoted.
    pub fn in_bucket(keys: &BucketKeys<'_>) -> Result<Copies, (&'static str, String)> {
        Ok(Copies(Destination::Bucket(Box::new(Remote::new(keys)?))))
    }

    /// Copies a file of this size from its first byte; returns the copy's name.
    ///
    /// # Errors
    /// [`CopyError`]; a copy is complete or absent.
    pub async fn keep(
        &self,
        checksum: &str,
        bytes: u64,
        file: &mut File,
        now: Timestamp,
    ) -> Result<String, CopyError> {
        let unreadable = |error: io::Error| CopyError::File(error.to_string());
        let name = name(checksum).ok_or_else(|| CopyError::File("its checksum is no MD5".to_owned()))?;
        file.rewind().await.map_err(unreadable)?;
        match &self.0 {
            Destination::Folder(folder) => {
                write(folder, &name, file).await.map_err(|error| CopyError::Folder(error.to_string()))?;
            }
            Destination::Bucket(remote) => {
                let body = file.try_clone().await.map_err(unreadable)?;
                remote.put(&name, checksum, bytes, Body::from(body), now).await?;
            }
        }
        Ok(name)
    }

    /// A copy, rewound; `None` when there is none of that name.
    ///
    /// # Errors
    /// [`CopyError`], when it cannot be read, or is not of these bytes.
    pub async fn read(
        &self,
        name: &str,
        checksum: &str,
        bytes: u64,
        now: Timestamp,
    ) -> Result<Option<File>, CopyError> {
        let copy = match &self.0 {
            Destination::Folder(folder) => match File::open(folder.join(name)).await {
                Ok(copy) => Some(copy),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(CopyError::Unread(error.to_string())),
            },
            Destination::Bucket(remote) => remote.get(name, bytes, now).await?,
        };
        let Some(mut copy) = copy else { return Ok(None) };
        let is_whole = is_of(&mut copy, checksum, bytes).await;
        match is_whole.map_err(|error| CopyError::Unread(error.to_string()))? {
            true => Ok(Some(copy)),
            false => Err(CopyError::Altered),
        }
    }

    /// Deletes a copy; one that is not there is no error.
    ///
    /// # Errors
    /// [`CopyError`], when the folder or the bucket refuses.
    pub async fn delete(&self, name: &str, now: Timestamp) -> Result<(), CopyError> {
        match &self.0 {
            Destination::Folder(folder) => {
                crate::private::remove_parts(folder, name)
                    .map_err(|error| CopyError::Folder(error.to_string()))?;
                match fs::remove_file(folder.join(name)).await {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(CopyError::Folder(error.to_string()))
                    }
                    _ => Ok(()),
                }
            }
            Destination::Bucket(remote) => remote.remove(name, now).await,
        }
    }

    /// Writes a small test object, and deletes it when that is allowed.
    ///
    /// # Errors
    /// [`CopyError`].
    pub async fn check(&self, now: Timestamp) -> Result<(), CopyError> {
        match &self.0 {
            Destination::Folder(folder) => {
                crate::private::try_out(folder).map_err(|error| CopyError::Folder(error.to_string()))
            }
            Destination::Bucket(remote) => {
                let checksum = STANDARD.encode(Md5::digest(PROBE));
                let bytes = u64::try_from(PROBE.len()).unwrap_or_default();
                remote.put(PROBE, &checksum, bytes, Body::from(PROBE), now).await?;
                // A bucket that allows no deletion keeps the test object, which is harmless.
                let _ = remote.remove(PROBE, now).await;
                Ok(())
            }
        }
    }
}

/// The MD5 in hexadecimal, as `md5sum` shows it.
fn name(checksum: &str) -> Option<String> {
    let bytes = STANDARD.decode(checksum).ok().filter(|bytes| bytes.len() == 16)?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a file has these bytes, from its first one; rewound.
async fn is_of(file: &mut File, checksum: &str, bytes: u64) -> io::Result<bool> {
    let (mut sum, mut length, mut chunk) = (Md5::new(), 0_u64, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut chunk).await?;
        if read == 0 {
            break;
        }
        sum.update(&chunk[..read]);
        length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    file.rewind().await?;
    Ok(length == bytes && STANDARD.encode(sum.finalize()) == checksum)
}

/// Written under a temporary name until it is complete, so that an interrupted write leaves nothing that looks like a
/// copy. Two processes that copy the same file write each its own.
async fn write(folder: &Path, name: &str, file: &mut File) -> io::Result<()> {
    let part = crate::private::part(folder, name)?;
    let mut copy = File::from_std(part.as_file().try_clone()?);
    tokio::io::copy(file, &mut copy).await?;
    copy.sync_all().await?;
    part.persist(folder.join(name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "s3")]
    use secrecy::SecretString;

    use super::*;

    #[cfg(feature = "s3")]
    fn bucket(url: &str, access_key: &str, secret: &str) -> Result<Copies, (&'static str, String)> {
        let secret_key = &SecretString::from(secret.to_owned());
        Copies::in_bucket(&BucketKeys { url, region: "us-east-1", access_key, secret_key })
    }

    #[cfg(feature = "s3")]
    #[test]
    fn a_bucket_is_one_name_on_a_host_spoken_to_in_secret() {
        for good in [
            "https://s3.example.org/mon-seau",
            "https://s3.example.org:9000/mon.seau/",
            "http://127.0.0.1:9000/abc",
        ] {
            assert!(bucket(good, "cle", "secret").is_ok(), "{good}");
        }
        for bad in [
            "",
            "mon-seau",
            "https://s3.example.org",
            "https://s3.example.org/ab",
            "https://s3.example.org/mon-seau/dossier",
            "https://s3.example.org/mon%20seau",
            "https://s3.example.org/mon-seau?X-Amz-Signature=1",
            "https://cle:secret@s3.example.org/mon-seau",
            "http://s3.example.org/mon-seau",
            "ftp://s3.example.org/mon-seau",
        ] {
            assert_eq!(bucket(bad, "cle", "secret").unwrap_err().0, "bucket", "{bad}");
        }
    }

    #[cfg(feature = "s3")]
    #[test]
    fn keys_that_are_missing_are_named_and_those_that_are_there_are_not_shown() {
        let at = "https://s3.example.org/mon-seau";
        assert_eq!(bucket(at, "", "secret").unwrap_err().0, "access_key");
        assert_eq!(bucket(at, "cle", " ").unwrap_err().0, "secret_key");
        let shown = format!("{:?}", bucket(at, "cle-du-seau", "tres-secret\n").unwrap());
        assert!(!shown.contains("cle-du-seau") && !shown.contains("tres-secret"), "{shown}");
    }

    #[test]
    fn a_copy_is_named_as_md5sum_would_say_and_by_nothing_else() {
        assert_eq!(name("1B2M2Y8AsgTpgAmY7PhCfg==").as_deref(), Some("d41d8cd98f00b204e9800998ecf8427e"));
        for bad in ["", "../../etc/passwd", "AAAA", "d41d8cd98f00b204e9800998ecf8427e"] {
            assert_eq!(name(bad), None, "{bad}");
        }
    }
}
