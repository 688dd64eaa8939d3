//! What is not read as it stands in files that were read: kept for those who did not see the reading itself.

use std::collections::BTreeMap;

use super::super::error::Error;
use super::super::observer::Observer;
use crate::store;
use crate::store::exported::{FileMark, FileNotes, NOTES};
use label::wording::exports::{FileRead, doubtful};

impl Observer<'_> {
    /// Keeps what is to be known of the files that were just read. `listed` are the files of the folder, `None` of files that
    /// were named: what is kept of a file goes with it, and what is kept of named ones until others are named.
    pub(in crate::daemon) async fn keep_notes(
        &self,
        read: &[FileRead],
        listed: Option<&BTreeMap<String, FileMark>>,
    ) -> Result<(), Error> {
        let before: BTreeMap<String, FileNotes> = self.stored(NOTES).await?;
        let mut now = before.clone();
        match listed {
            Some(listed) => now.retain(|name, notes| !notes.of_folder || listed.contains_key(name)),
            None if read.iter().any(|file| file.zip.is_none()) => now.retain(|_, notes| notes.of_folder),
            None => {}
        }
        for file in read {
            let lines = doubtful(&file.doubtful);
            now.remove(&file.name);
            if !lines.is_empty() {
                now.insert(file.name.clone(), FileNotes { of_folder: listed.is_some(), lines });
            }
        }
        if now != before {
            self.settings.set(NOTES, &store::json(&now)?).await?;
        }
        Ok(())
    }
}
