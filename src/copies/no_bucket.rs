//! In a build without S3: a configuration that names a bucket is refused at the start.

use jiff::Timestamp;
use reqwest::Body;
use tokio::fs::File;

use super::error::CopyError;
use super::keys::BucketKeys;

/// Never made.
#[derive(Debug)]
pub(super) enum Remote {}

impl Remote {
    pub(super) fn new(_: &BucketKeys<'_>) -> Result<Remote, (&'static str, String)> {
        Err(("bucket", "this build of vigie keeps copies in a folder only: set evidence.folder".to_owned()))
    }

    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub(super) async fn put(&self, _: &str, _: &str, _: u64, _: Body, _: Timestamp) -> Result<(), CopyError> {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub(super) async fn get(&self, _: &str, _: u64, _: Timestamp) -> Result<Option<File>, CopyError> {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "as the other build has it")]
    pub(super) async fn remove(&self, _: &str, _: Timestamp) -> Result<(), CopyError> {
        match *self {}
    }
}
