//! Copies of attachments, in a folder or in an S3-compatible bucket, each under its checksum: the name that a candidate
//! gave never becomes a path. This module uses no store, no rule and no clock.
//!
//! A copy is streamed: memory use does not grow with the file. A signed address gives access for a few minutes: it is
//! neither stored nor logged, and no error quotes it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Body, Response, StatusCode, redirect};
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncSeekExt as _;
use url::{Host, Url};

use crate::retry;

/// An error of S3 is a short XML text.
const MAX_ERROR: usize = 4096;
const CONTENT_MD5: &str = "content-md5";
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

struct Remote {
    bucket: Bucket,
    credentials: Credentials,
    client: reqwest::Client,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

/// A bucket and the keys that open it.
#[derive(Debug)]
pub struct BucketKeys<'a> {
    /// `https://s3.example.org/mon-seau`.
    pub url: &'a str,
    pub region: &'a str,
    pub access_key: &'a str,
    pub secret_key: &'a SecretString,
}

/// Why a copy was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    #[error("evidence.folder cannot be written ({0})")]
    Folder(String),
    /// 401 or 403.
    #[error("the bucket refuses these keys ({0})")]
    Denied(String),
    /// 404.
    #[error("there is no such bucket")]
    Absent,
    #[error("the bucket cannot be reached ({0})")]
    Mute(String),
    /// A redirection, a rate limit, or an error of the server.
    #[error("the bucket is unwell ({0})")]
    Unwell(String),
    /// Refused for this file; others may be accepted.
    #[error("the bucket refuses the file ({0})")]
    Refused(String),
    #[error("the file cannot be copied ({0})")]
    File(String),
}

impl CopyError {
    /// True when the next file would fail too.
    #[must_use]
    pub fn is_of_the_bucket(&self) -> bool {
        matches!(self, CopyError::Denied(_) | CopyError::Absent | CopyError::Mute(_) | CopyError::Unwell(_))
    }
}

impl Copies {
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Copies {
        Copies(Destination::Folder(folder))
    }

    /// # Errors
    /// The key of `[evidence]` that is wrong, why, and what would be right; no secret is quoted.
    pub fn in_bucket(keys: &BucketKeys<'_>) -> Result<Copies, (&'static str, String)> {
        let (endpoint, name) = address(keys.url).map_err(|why| ("bucket", why.to_owned()))?;
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain(keys.region) {
            return Err(("region", "not a region; example: us-east-1".to_owned()));
        }
        if !plain(keys.access_key) {
            return Err(("access_key", "a bucket needs it: the name of the key that opens it".to_owned()));
        }
        let secret = keys.secret_key.expose_secret().trim();
        if !plain(secret) {
            return Err(("secret_key", "a bucket needs it: set evidence.secret_key_file".to_owned()));
        }
        let bucket = Bucket::new(endpoint, UrlStyle::Path, name, keys.region.to_owned())
            .map_err(|_| ("bucket", EXAMPLE.to_owned()))?;
        let client = crate::tls::client_builder()
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(retry::copies::CONNECT)
            .timeout(retry::copies::PUT)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never());
        let client = client.build().map_err(|_| ("bucket", "the HTTP client cannot start".to_owned()))?;
        let credentials = Credentials::new(keys.access_key, secret);
        Ok(Copies(Destination::Bucket(Box::new(Remote { bucket, credentials, client }))))
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

    /// Deletes a copy; one that is not there is no error.
    ///
    /// # Errors
    /// [`CopyError`], when the folder or the bucket refuses.
    pub async fn delete(&self, name: &str, now: Timestamp) -> Result<(), CopyError> {
        match &self.0 {
            Destination::Folder(folder) => match fs::remove_file(folder.join(name)).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(CopyError::Folder(error.to_string()))
                }
                _ => Ok(()),
            },
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
                let tried = async {
                    let mut probe = File::from_std(tempfile::tempfile()?);
                    write(folder, PROBE, &mut probe).await?;
                    fs::remove_file(folder.join(PROBE)).await
                };
                tried.await.map_err(|error| CopyError::Folder(error.to_string()))
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

impl Remote {
    async fn put(
        &self,
        name: &str,
        checksum: &str,
        bytes: u64,
        body: Body,
        now: Timestamp,
    ) -> Result<(), CopyError> {
        let mut put = self.bucket.put_object(Some(&self.credentials), name);
        // The bucket compares what it received with this checksum, which is signed too.
        put.headers_mut().insert(CONTENT_MD5, checksum);
        let url = put.sign_with_time(retry::copies::SIGNATURE, &now);
        let request = self.client.put(url).header(CONTENT_LENGTH, bytes).header(CONTENT_MD5, checksum);
        let answer = request.body(body).send().await.map_err(mute)?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let said = said(answer).await;
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => CopyError::Denied(said),
            StatusCode::NOT_FOUND => CopyError::Absent,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => CopyError::Unwell(said),
            status if status.is_client_error() => CopyError::Refused(said),
            _ => CopyError::Unwell(said),
        })
    }

    async fn remove(&self, name: &str, now: Timestamp) -> Result<(), CopyError> {
        let delete = self.bucket.delete_object(Some(&self.credentials), name);
        let url = delete.sign_with_time(retry::copies::SIGNATURE, &now);
        let answer = self.client.delete(url).send().await.map_err(mute)?;
        match answer.status() {
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(()),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(CopyError::Denied(said(answer).await)),
            _ => Err(CopyError::Unwell(said(answer).await)),
        }
    }
}

/// A transport error without its address, which is signed.
fn mute(error: reqwest::Error) -> CopyError {
    if error.is_timeout() {
        return CopyError::Mute("no answer in time".to_owned());
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    CopyError::Mute(cause.to_string())
}

/// The status and the error code of S3; nothing else of the answer is repeated.
async fn said(mut answer: Response) -> String {
    let status = answer.status().as_u16();
    let mut text = Vec::new();
    while text.len() < MAX_ERROR {
        let Ok(Some(chunk)) = answer.chunk().await else { break };
        text.extend_from_slice(&chunk);
    }
    let text = String::from_utf8_lossy(&text);
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    let code = code.map(|(code, _)| code);
    match code.filter(|code| code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        Some(code) => format!("answer {status}, {code}"),
        None => format!("answer {status}"),
    }
}

/// The MD5 in hexadecimal, as `md5sum` shows it.
fn name(checksum: &str) -> Option<String> {
    let bytes = STANDARD.decode(checksum).ok().filter(|bytes| bytes.len() == 16)?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Written under a temporary name until it is complete, so that an interrupted write leaves nothing that looks like a
/// copy. Readable by its owner only.
async fn write(folder: &Path, name: &str, file: &mut File) -> io::Result<()> {
    if !fs::try_exists(folder).await? {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    }
    let part = folder.join(format!("{name}.part"));
    let mut copy = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part).await?;
    let done = async {
        tokio::io::copy(file, &mut copy).await?;
        copy.sync_all().await?;
        fs::rename(&part, folder.join(name)).await
    };
    let done = done.await;
    if done.is_err() {
        let _ = fs::remove_file(&part).await;
    }
    done
}

const EXAMPLE: &str = "not the address of a bucket; example: https://s3.example.org/mon-seau";

/// The host, and the bucket's name.
fn address(text: &str) -> Result<(Url, String), &'static str> {
    let mut url = Url::parse(text.trim()).map_err(|_| EXAMPLE)?;
    let own = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(EXAMPLE),
    };
    match url.scheme() {
        "https" => {}
        "http" if own => {}
        "http" => return Err("only https:// is accepted, except towards this very machine"),
        _ => return Err(EXAMPLE),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("keys do not go into the address: set evidence.access_key and evidence.secret_key_file");
    }
    let name = url.path().trim_matches('/').to_owned();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let whole = url.query().is_none() && url.fragment().is_none();
    if !whole || !(3..=63).contains(&name.len()) || !name.bytes().all(known) {
        return Err(EXAMPLE);
    }
    url.set_path("/");
    Ok((url, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(url: &str, access_key: &str, secret: &str) -> Result<Copies, (&'static str, String)> {
        let secret_key = &SecretString::from(secret.to_owned());
        Copies::in_bucket(&BucketKeys { url, region: "us-east-1", access_key, secret_key })
    }

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
