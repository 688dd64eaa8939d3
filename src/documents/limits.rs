//! The resource limits of the child process. It sets them itself before it reads a byte; they cannot be raised again.

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::retry::attachments::PROCESSOR_SECONDS;

/// Bytes sent at once: the capacity of a pipe on Linux.
pub(super) const CHUNK: usize = 64 * 1024;

/// Address space, in bytes: about a hundred times the size of a usual document.
const MEMORY: u64 = 512 * 1024 * 1024;

/// # Errors
/// When the system refuses. The file must then not be read.
pub(super) fn lower() -> std::io::Result<()> {
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, PROCESSOR_SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        // Standard input, output and error are open; no other file can be opened.
        (Resource::Nofile, 3),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(())
}
