//! Processes that share one database.

use std::time::Duration;

/// What an observer holds without renewing it: as long as a database may be away without another one taking over.
pub const LEASE: Duration = Duration::from_secs(20);
/// Between two times that a process says that it is there.
pub const BEAT: Duration = Duration::from_secs(5);
/// One of them, before the next is tried.
pub const BEAT_WITHIN: Duration = Duration::from_secs(8);
/// `run --once` looks so often whether the lease is free.
pub const LOOK: Duration = Duration::from_secs(1);
/// A process that said nothing for longer is not there.
pub const SILENT: Duration = Duration::from_secs(45);
/// One whose end cannot be known is forgotten after so long; its tasks come free by themselves before.
pub const FORGOTTEN: Duration = Duration::from_secs(3600);
/// Each process may always ask this part of the quota; the observer takes the rest.
pub const SHARES: i64 = 12;
