//! Files that name people, and who may read them: this account and no other.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::NamedTempFile;

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

/// Has an ordinary file be there, for this account alone; one that everybody may read is closed to them.
///
/// # Errors
/// When it cannot be made, or closed; when something else is there: a folder, a link.
pub fn file(path: &Path) -> io::Result<()> {
    match made(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close(path),
        other => other,
    }
}

/// Makes an empty file for this account alone.
///
/// # Errors
/// As the system says; when something of that name is there, be it a link that leads nowhere.
pub fn made(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(FILE).open(path).map(|_| ())
}

/// How the name of a file ends that is still being written.
const PART: &str = ".part";

/// A new file in a folder, for this account alone, that is to take the place of `name` once it is complete. Its own name
/// cannot be guessed, and nothing that stands there is opened: who may write in that folder could have put a link under it.
///
/// # Errors
/// As the system says.
pub fn part(folder_of_it: &Path, name: &str) -> io::Result<NamedTempFile> {
    folder(folder_of_it)?;
    tempfile::Builder::new().prefix(&format!("{name}.")).suffix(PART).tempfile_in(folder_of_it)
}

/// Removes what is left of writing `name`, where the process was killed meanwhile.
///
/// # Errors
/// As the system says; a folder that is not there holds nothing.
pub fn remove_parts(folder: &Path, name: &str) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let own = entry.file_name();
        let rest = own.to_str().and_then(|own| own.strip_prefix(name));
        if rest.is_some_and(|rest| rest.starts_with('.') && rest.ends_with(PART)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// What a trial writes: an empty file can be made on a disk without room.
const TRIED: usize = 64 * 1024;

/// Whether this account can write files in a folder now, which is made where it is absent, as what uses it does. Nothing of
/// the trial is left, nor a folder that it made.
///
/// # Errors
/// As the system says: a folder that cannot be made or written, a disk that is full or read-only.
pub fn try_out(path: &Path) -> io::Result<()> {
    let made: Vec<&Path> =
        path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
    let tried = match path.exists() {
        true => Ok(()),
        false => folder(path),
    };
    let tried = tried.and_then(|()| try_out_there(path));
    for folder in made {
        let _ = fs::remove_dir(folder);
    }
    tried
}

/// The same of a folder that nobody makes: one that is absent cannot be written.
///
/// # Errors
/// As the system says.
pub fn try_out_there(path: &Path) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let mut file = NamedTempFile::with_prefix_in(".vigie-essai", path)?;
    file.write_all(&[0; TRIED])?;
    file.as_file().sync_all()
}

/// What a fault of a file in the temporary folder means, for whoever runs the program.
#[must_use]
pub fn temporary(error: &io::Error) -> io::Error {
    let (folder, kind) = (std::env::temp_dir(), error.kind());
    let why = format!(
        "the temporary folder {} cannot be written ({kind}). Remedy: make it, free some room on it, or name another one in TMPDIR",
        folder.display()
    );
    io::Error::new(kind, why)
}

/// Closes an ordinary file to everybody else when it is open to them. What stands behind a link, a folder or a device is
/// somebody else's perhaps, and keeps its mode.
///
/// # Errors
/// When it is another account's, or no ordinary file.
pub fn close(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file"));
    }
    if !is_open_to_others(path) {
        return Ok(());
    }
    // By what was opened, and not by its name: another file may have come under it meanwhile.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    match file.metadata()?.is_file() {
        true => file.set_permissions(Permissions::from_mode(FILE)),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file")),
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

    #[test]
    fn what_stands_under_a_name_is_replaced_and_never_written_through() {
        let place = tempfile::tempdir().unwrap();
        let (foreign, name) = (place.path().join("foreign"), place.path().join("copy"));
        fs::write(&foreign, "foreign").unwrap();
        for link in ["copy", "copy.part"] {
            std::os::unix::fs::symlink(&foreign, place.path().join(link)).unwrap();
        }
        let mut file = part(place.path(), "copy").unwrap();
        assert_eq!(mode(file.path()), 0o600);
        file.write_all(b"ours").unwrap();
        file.persist(&name).unwrap();
        assert_eq!(
            (fs::read(&name).unwrap(), fs::read(&foreign).unwrap()),
            (b"ours".to_vec(), b"foreign".to_vec())
        );
        // A process that was killed left one; another name that begins alike is another file's.
        let (_, left) = part(place.path(), "copy").unwrap().keep().unwrap();
        let (_, other) = part(place.path(), "copybook").unwrap().keep().unwrap();
        remove_parts(place.path(), "copy").unwrap();
        assert!(!left.exists() && other.exists() && name.exists() && foreign.exists());
        remove_parts(&place.path().join("absent"), "copy").unwrap();
    }

    /// A folder that everybody writes into, or a file of another program behind a link, keeps its mode.
    #[test]
    fn what_is_no_ordinary_file_keeps_its_mode() {
        let place = tempfile::tempdir().unwrap();
        let (shared, foreign, link) =
            (place.path().join("shared"), place.path().join("foreign"), place.path().join("link"));
        fs::create_dir(&shared).unwrap();
        fs::set_permissions(&shared, Permissions::from_mode(0o777)).unwrap();
        fs::write(&foreign, "foreign").unwrap();
        fs::set_permissions(&foreign, Permissions::from_mode(0o644)).unwrap();
        std::os::unix::fs::symlink(&foreign, &link).unwrap();
        for path in [&shared, &link] {
            assert!(file(path).is_err() && close(path).is_err(), "{}", path.display());
        }
        assert_eq!((mode(&shared), mode(&foreign)), (0o777, 0o644));
    }

    #[test]
    fn a_trial_of_a_folder_that_nobody_makes_makes_none() {
        let place = tempfile::tempdir().unwrap();
        let absent = place.path().join("absent");
        assert_eq!(try_out_there(&absent).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!absent.exists());
        try_out_there(place.path()).unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
