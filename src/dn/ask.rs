//! What one observation asks for: which streams, from where, how much.

use jiff::Timestamp;

/// Where the reading stands: one cursor per stream, on a fixed start. `None` is the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    pub dossiers: Option<String>,
    pub pending: Option<String>,
    pub deleted: Option<String>,
}

/// What one request brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Streams {
    /// The three streams. `recents`: the trailing window is listed too, from this cursor on.
    All { recents: Option<Option<String>> },
    /// The dossiers alone: one slice of a first reading, or the nightly one.
    Dossiers,
    /// Only numbers and cursors: to pass over what the platform cannot produce.
    List,
}

/// What one observation asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub streams: Streams,
    pub cursors: Cursors,
    /// With a cursor, fixed for ever: the cursors only mean something with it.
    pub since: Timestamp,
    /// 1 to 100.
    pub size: i64,
    /// The démarche whose form is wanted in the same answer.
    pub form_of: Option<i64>,
}
