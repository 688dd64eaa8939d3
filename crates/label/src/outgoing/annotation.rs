//! What must be written in the annotations of a dossier.

use crate::case::facts::Value;
use crate::case::keys::Key;

/// All that must change among the annotations of one dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Number of the dossier on the platform.
    pub dossier: i64,
    /// Global id of the dossier.
    pub dossier_id: String,
    /// Global id of the instructeur who writes.
    pub author: String,
    /// The annotations to change, each with the value to write.
    pub changes: Vec<(Key, Value)>,
}
