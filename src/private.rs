//! Files that name people, and who may read them: this account and no other.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// What the program writes is for its own account.
const FILE: u32 = 0o600;
const FOLDER: u32 = 0o700;
/// The bits of everybody else, the group left aside: an operator may have opened a file to a group on purpose.
const OTHERS: u32 = 0o007;

/// Has every file and folder that this process makes be its account's alone, those of its libraries included; and its
/// memory and environment, where secrets may stand, nobody's: a child that reads hostile files runs under the same account.
pub fn from_now_on() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    // Refused by no kernel in use; without it, the child's own fence is left.
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Makes a folder with those above it, for this account alone; one that exists is left as it is.
///
/// # Errors
/// As the system says.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)
}

/// Has a file be there, for this account alone; one that everybody may read is closed to them.
///
/// # Errors
/// When it cannot be made, or closed.
pub fn file(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close(path),
        Err(error) => Err(error),
    }
}

/// What a trial writes: an empty file can be made on a disk without room.
const TRIED: usize = 64 * 1024;

/// Whether this account can write files in a folder now. Nothing of the trial is left, nor a folder that it made.
///
/// # Errors
/// As the system says: a folder that cannot be made or written, a disk that is full or read-only.
pub fn try_out(path: &Path) -> io::Result<()> {
    if path.exists() && !path.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let made: Vec<&Path> =
        path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
    let tried = folder(path).and_then(|()| {
        let mut file = tempfile::NamedTempFile::with_prefix_in(".vigie-essai", path)?;
        file.write_all(&[0; TRIED])?;
        file.as_file().sync_all()
    });
    for folder in made {
        let _ = fs::remove_dir(folder);
    }
    tried
}

/// Closes a file to everybody else when it is open to them.
///
/// # Errors
/// When it is another account's.
pub fn close(path: &Path) -> io::Result<()> {
    match is_open_to_others(path) {
        true => fs::set_permissions(path, Permissions::from_mode(FILE)),
        false => Ok(()),
    }
}

/// Whether everybody on this machine may read or write a file, by its own mode.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & OTHERS != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_trial_says_what_cannot_be_written_and_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let (deep, file) = (place.path().join("a/b"), place.path().join("file"));
        try_out(&deep).unwrap();
        try_out(place.path()).unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
        fs::write(&file, "").unwrap();
        assert!(try_out(&file).is_err() && try_out(&file.join("below")).is_err());
        assert!(try_out(Path::new("/proc/nope")).is_err());
    }

    #[test]
    fn what_is_made_is_ours_and_what_was_open_to_all_is_closed() {
        let place = tempfile::tempdir().unwrap();
        let (deep, made) = (place.path().join("a/b"), place.path().join("a/b/made"));
        folder(&deep).unwrap();
        assert_eq!((mode(&deep), mode(deep.parent().unwrap())), (0o700, 0o700));
        file(&made).unwrap();
        assert_eq!(mode(&made), 0o600);
        for (before, after) in [(0o644, 0o600), (0o666, 0o600), (0o640, 0o640), (0o600, 0o600)] {
            fs::set_permissions(&made, Permissions::from_mode(before)).unwrap();
            file(&made).unwrap();
            assert_eq!(mode(&made), after, "{before:o}");
        }
        assert!(file(&place.path().join("absent/made")).is_err());
    }
}
