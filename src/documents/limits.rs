//! What the inspecting process may use. It can only lower its own limits, so it does so before it reads a byte.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Address space, in bytes: a hundred times a decent document.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Seconds of processor.
const CPU: u64 = 10;

/// # Errors
/// When the system refuses: nothing must then be read.
pub(super) fn lower() -> std::io::Result<()> {
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, CPU),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        // Standard input, output and error; nothing more can be opened.
        (Resource::Nofile, 3),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(())
}
