//! What opens a bucket.

use secrecy::SecretString;

/// A bucket and the keys that open it.
#[derive(Debug)]
pub struct BucketKeys<'a> {
    /// `https://s3.example.org/mon-seau`.
    pub url: &'a str,
    pub region: &'a str,
    pub access_key: &'a str,
    pub secret_key: &'a SecretString,
}
