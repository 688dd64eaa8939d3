//! How often programs may read the API.

use std::time::Duration;

/// Requests that one program may send a minute, where the configuration says nothing.
pub const PER_MINUTE: u32 = 600;
/// The time over which they are counted.
pub const SPAN: Duration = Duration::from_secs(60);
/// Programs from which those that were silent are forgotten.
pub const READERS: usize = 1000;
