//! The room that is left on the disk of the store.

use std::path::Path;

use rustix::fs::{StatVfs, StatVfsMountFlags};

/// Bytes on the disk of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub free: u64,
    pub whole: u64,
}

impl Room {
    /// Less than `least` bytes, or less than a tenth of a disk that is smaller than ten times that.
    #[must_use]
    pub fn is_short(&self, least: u64) -> bool {
        self.free < least.min(self.whole / 10)
    }
}

/// On the disk of the folder of a file.
pub(super) fn around(file: &Path) -> Option<Room> {
    let disk = disk(file)?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Some(Room { free: bytes(disk.f_bavail), whole: bytes(disk.f_blocks) })
}

/// Whether that disk is mounted read-only.
pub(super) fn is_read_only(file: &Path) -> bool {
    disk(file).is_some_and(|disk| disk.f_flag.contains(StatVfsMountFlags::RDONLY))
}

fn disk(file: &Path) -> Option<StatVfs> {
    rustix::fs::statvfs(folder(file)).ok()
}

/// The folder of a file.
pub(super) fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_disk_is_not_short_because_it_is_small() {
        let mib = 1 << 20;
        let room = |free: u64, whole: u64| Room { free: free * mib, whole: whole * mib };
        assert!(room(199, 100_000).is_short(200 * mib) && !room(201, 100_000).is_short(200 * mib));
        assert!(!room(60, 500).is_short(200 * mib) && room(40, 500).is_short(200 * mib));
    }
}
