//! Why a copy was not made.

use crate::network::Unreached;

/// Why a copy was not made, or not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    #[error("evidence.folder cannot be written ({0})")]
    Folder(String),
    /// 401 or 403.
    #[error("the bucket refuses these keys ({0})")]
    Denied(String),
    /// 404.
    #[error("there is no such bucket ({0})")]
    Absent(String),
    #[error("the bucket cannot be reached ({0})")]
    Mute(Unreached),
    /// A redirection, a rate limit, or an error of the server.
    #[error("the bucket is unwell ({0})")]
    Unwell(String),
    /// Refused for this file; others may be accepted.
    #[error("the bucket refuses the file ({0})")]
    Refused(String),
    #[error("the file cannot be copied ({0})")]
    File(String),
    #[error("the copy cannot be read ({0})")]
    Unread(String),
    /// What stands under its name has other bytes, or another number of them.
    #[error("the copy is not of the bytes that were copied")]
    Altered,
}

impl CopyError {
    /// True when the next file would fail too.
    #[must_use]
    pub fn is_of_the_bucket(&self) -> bool {
        matches!(
            self,
            CopyError::Denied(_) | CopyError::Absent(_) | CopyError::Mute(_) | CopyError::Unwell(_)
        )
    }
}
