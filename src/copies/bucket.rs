//! The bucket of an S3-compatible server.

use std::{fmt, io};

use jiff::Timestamp;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Body, Response, StatusCode, redirect};
use rusty_s3::{Bucket, Credentials, S3Action as _, UrlStyle};
use secrecy::ExposeSecret as _;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use url::{Host, Url};

use super::error::CopyError;
use super::keys::BucketKeys;
use crate::network::Unreached;
use crate::{private, retry};

/// An error of S3 is a short XML text.
const MAX_ERROR: usize = 4096;
/// What S3 says of an object that is not in a bucket that is there.
const NO_KEY: &str = "NoSuchKey";
const CONTENT_MD5: &str = "content-md5";

/// A bucket, and how it is spoken to.
pub(super) struct Remote {
    bucket: Bucket,
    credentials: Credentials,
    client: reqwest::Client,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

impl Remote {
    /// # Errors
    /// The key of `[evidence]` that is wrong, why, and what would be right; no secret is quoted.
    pub(super) fn new(keys: &BucketKeys<'_>) -> Result<Remote, (&'static str, String)> {
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
        Ok(Remote { bucket, credentials, client })
    }

    pub(super) async fn put(
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
        let answer = request.body(body).send().await.map_err(|error| self.mute(&error))?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(refused(answer).await),
        }
    }

    /// The bytes of a copy, in an unnamed file; `None` when there is no such copy.
    pub(super) async fn get(
        &self,
        name: &str,
        bytes: u64,
        now: Timestamp,
    ) -> Result<Option<File>, CopyError> {
        let get = self.bucket.get_object(Some(&self.credentials), name);
        let url = get.sign_with_time(retry::copies::SIGNATURE, &now);
        let mut answer = self.client.get(url).send().await.map_err(|error| self.mute(&error))?;
        if !answer.status().is_success() {
            return match refused(answer).await {
                CopyError::Absent(said) if said.contains(NO_KEY) => Ok(None),
                error => Err(error),
            };
        }
        let no_room = |error: io::Error| CopyError::File(private::temporary(&error).to_string());
        let mut file = File::from_std(tempfile::tempfile().map_err(no_room)?);
        let mut length = 0_u64;
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.mute(&error))? {
            length = length.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if length > bytes {
                return Err(CopyError::Altered);
            }
            file.write_all(&chunk).await.map_err(no_room)?;
        }
        file.flush().await.map_err(no_room)?;
        file.rewind().await.map_err(no_room)?;
        Ok(Some(file))
    }

    /// A transport error, without its address, which is signed.
    fn mute(&self, error: &reqwest::Error) -> CopyError {
        CopyError::Mute(Unreached::of(error, self.bucket.base_url().as_str()))
    }

    pub(super) async fn remove(&self, name: &str, now: Timestamp) -> Result<(), CopyError> {
        let delete = self.bucket.delete_object(Some(&self.credentials), name);
        let url = delete.sign_with_time(retry::copies::SIGNATURE, &now);
        let answer = self.client.delete(url).send().await.map_err(|error| self.mute(&error))?;
        match answer.status() {
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(()),
            _ => Err(refused(answer).await),
        }
    }
}

/// Why S3 did not do what it was asked for.
async fn refused(answer: Response) -> CopyError {
    let status = answer.status();
    let said = said(answer).await;
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => CopyError::Denied(said),
        StatusCode::NOT_FOUND => CopyError::Absent(said),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => CopyError::Unwell(said),
        status if status.is_client_error() => CopyError::Refused(said),
        _ => CopyError::Unwell(said),
    }
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
