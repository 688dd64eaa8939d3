//! Watching over the passes.

use std::time::Duration;

/// How often they are looked at.
pub const LOOK: Duration = Duration::from_secs(15);
/// A pass that made no progress for so long says what it waits for, and again after as long: longer than one request with
/// all its tries.
pub const SAID: Duration = Duration::from_secs(180);
/// Longer than any step may last with its limits on time, the verdict of a mail server on several addresses included: then
/// the supervisor is told no more that the program is alive, and starts it again.
pub const STUCK: Duration = Duration::from_secs(30 * 60);
