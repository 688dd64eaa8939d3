//! Why a pass stopped.

use crate::dn;
use crate::{record, store};

/// Why a pass stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Dn(#[from] dn::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Record(#[from] record::Error),
    #[error("no form was ever read: the platform must be reached once")]
    NoForm,
}
