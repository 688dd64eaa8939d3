//! What one observation asks for: which streams, from where, how much.

use jiff::Timestamp;

/// The position of the reading: one cursor per stream, valid with a fixed start date. `None` is the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    pub dossiers: Option<String>,
    pub pending: Option<String>,
    pub deleted: Option<String>,
}

/// What one request returns.
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
    /// The start date. It never changes, since the cursors are only valid with it.
    pub since: Timestamp,
    /// 1 to 100.
    pub size: i64,
    /// The démarche whose form is wanted in the same answer.
    pub form_of: Option<i64>,
}
