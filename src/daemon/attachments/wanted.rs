//! Which attachments of a dossier are to be fetched: those of which something is not known, or not copied, yet.

use super::super::error::Error;
use super::{AttachmentReading, Keeper, WantedFile, deserves_copy, is_read};
use crate::documents::VERSION;
use crate::retry::attachments::LOOKED_AGAIN;
use label::case::facts::{Attachment, Facts, PlatformState, Scan};
use label::case::inspection::{FileFault, Inspection};
use label::case::keys::Key;
use label::case::table::{TableContent, TableKind, TableReading};

impl Keeper<'_> {
    /// When the layout of tables changed, the files that may hold a table are read again.
    pub(super) async fn tables_laid_out(&self, reading: &AttachmentReading) -> Result<(), Error> {
        let prints: Vec<String> = reading.documents.tables.iter().map(|request| request.print()).collect();
        let asked = self.files.tables_laid_out(&prints.join(" "), self.clock.now()).await?;
        if asked > 0 {
            tracing::info!("documents.tables: {asked} dossiers are read again under the layout now in force");
        }
        Ok(())
    }

    /// When the code that inspects is another version, the next dossiers are gone through for what an older one found.
    pub(super) async fn looked_again(&self) -> Result<(), Error> {
        let asked = self.files.look_again(VERSION, LOOKED_AGAIN, self.clock.now()).await?;
        if asked > 0 {
            tracing::info!("documents: files of {asked} dossiers are inspected again by this version");
        }
        Ok(())
    }

    /// When copies are switched on, files that were read before are copied too.
    pub(super) async fn copies_switched(&self, reading: &AttachmentReading) -> Result<(), Error> {
        let now = self.clock.now();
        let asked = self.files.copies_switched(reading.copies.is_some(), now).await?;
        if asked > 0 {
            tracing::info!("evidence.keep: {asked} dossiers are gone through for copies not made yet");
        }
        Ok(())
    }

    /// The stored inspection of a file, and whether it is complete: its table was read under the layout in force.
    async fn learnt_of(
        &self,
        reading: &AttachmentReading,
        facts: &Facts,
        key: Key,
        file: &Attachment,
    ) -> Result<(Option<Inspection>, bool), Error> {
        let sums = std::slice::from_ref(&file.checksum);
        let known = self.files.inspections(sums).await?;
        let Some(inspection) = known.get(&file.checksum).map(|found| found.under(&file.name)) else {
            return Ok((None, false));
        };
        let copying = reading.copies.is_some();
        let by = self.files.inspected_by(&file.checksum).await?.unwrap_or(0);
        // An older version may have found less, or a fault that is none. The verdict stands until the file was read again.
        if by < VERSION && is_read(facts, key, copying) {
            return Ok((Some(inspection), false));
        }
        let Some(kind) = TableKind::expected(facts, key).filter(|_| inspection.fault.is_none()) else {
            return Ok((Some(inspection), true));
        };
        let tables = self.files.tables(sums).await?;
        let table = tables.get(&(file.checksum.clone(), kind));
        // A file that holds no table under one name may hold one under another.
        let renamed =
            |table: &TableReading| table.content == TableContent::NotATable && names_a_table(&file.name);
        let current = |table: &TableReading| reading.documents.is_current(table) && !renamed(table);
        Ok((Some(inspection), table.is_some_and(current)))
    }

    /// Attachments that the antivirus passed and of which something is missing; those that are too large are recorded
    /// at once.
    pub(super) async fn wanted(
        &self,
        reading: &AttachmentReading,
        facts: &Facts,
    ) -> Result<Vec<WantedFile>, Error> {
        let copying = reading.copies.is_some() && may_be_copied(facts);
        let mut wanted: Vec<WantedFile> = Vec::new();
        for (key, file) in facts.attachments().filter(|(_, file)| file.scan == Scan::Safe && file.bytes > 0) {
            let now = self.clock.now();
            let kept = if copying { self.files.copy_of(&file.checksum).await? } else { None };
            self.files.witness(facts.number, key, file, kept.as_deref(), now).await?;
            let (inspection, known) = self.learnt_of(reading, facts, key, file).await?;
            // This dossier is read for its copies only.
            if inspection.is_none() && !is_read(facts, key, copying) {
                continue;
            }
            if file.bytes > reading.documents.max_bytes {
                if !known {
                    self.learnt(facts.number, file, Inspection::faulty(FileFault::TooLarge)).await?;
                }
                continue;
            }
            let same = |other: &&WantedFile| other.file.checksum == file.checksum;
            let copy = copying
                && kept.is_none()
                && inspection.as_ref().is_none_or(deserves_copy)
                && !wanted.iter().any(|other| same(&other));
            let kind = |key: Key| TableKind::expected(facts, key);
            let twin = wanted.iter().filter(same).any(|other| kind(other.key) == kind(key));
            if (!known || copy) && !twin {
                wanted.push(WantedFile { key, file: file.clone(), known, copy });
            }
        }
        Ok(wanted)
    }
}

fn may_be_copied(facts: &Facts) -> bool {
    !matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite | PlatformState::Unknown)
}

fn names_a_table(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    matches!(extension.as_deref(), Some("csv" | "xlsx" | "ods"))
}
