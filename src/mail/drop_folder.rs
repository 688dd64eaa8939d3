//! A folder into which a mail program puts what comes back: one message a file, or a Maildir. What was read is moved to `cur`.

use std::io::Read;
use std::path::{Path, PathBuf};

/// Messages of one pass, and bytes of one that are read: a report comes before the mail that it is about.
const MESSAGES: usize = 200;
const BYTES: u64 = 512 * 1024;

/// A folder of messages.
#[derive(Clone, Debug)]
pub struct DropFolder(PathBuf);

/// A message of the folder.
#[derive(Debug)]
pub struct Dropped {
    pub bytes: Vec<u8>,
    path: PathBuf,
}

impl DropFolder {
    #[must_use]
    pub fn at(folder: PathBuf) -> DropFolder {
        DropFolder(folder)
    }

    /// What lies in it, in the order of the names.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn messages(&self) -> std::io::Result<Vec<Dropped>> {
        let mut paths = files(&self.0)?;
        let new = self.0.join("new");
        if new.is_dir() {
            paths.extend(files(&new)?);
        }
        paths.sort();
        let mut messages = Vec::new();
        for path in paths.into_iter().take(MESSAGES) {
            let mut bytes = Vec::new();
            std::fs::File::open(&path)?.take(BYTES).read_to_end(&mut bytes)?;
            messages.push(Dropped { bytes, path });
        }
        Ok(messages)
    }

    /// Moves a message that was read, so that it is not read again.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub fn done(&self, message: &Dropped) -> std::io::Result<()> {
        let read = self.0.join("cur");
        crate::private::folder(&read)?;
        let Some(name) = message.path.file_name() else { return Ok(()) };
        // The mark of Maildir for what was seen.
        let mut name = name.to_owned();
        name.push(":2,S");
        std::fs::rename(&message.path, read.join(name))
    }
}

/// Neither folders nor links, nor what a program is still writing under a name that begins with a dot.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
            found.push(entry.path());
        }
    }
    Ok(found)
}
