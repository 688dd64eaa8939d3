//! Attachments that the rules need: fetched once for their bytes, inspected, remembered.

use std::path::PathBuf;

use super::poll::plus;
use super::source::Source;
use super::{Daemon, Error, Report};
use crate::dn;
use crate::dn::files::{FileDoor, FileError};
use crate::documents::Documents;
use crate::review::facts::{Attachment, Facts, Scan, Value};
use crate::review::inspection::{FileFault, Inspection};
use crate::review::keys::Key;
use crate::review::table::TableKind;

/// Dossiers whose attachments are read in one pass: the first night is long, the streams are not kept waiting.
const DOSSIERS: i64 = 40;
/// A file that comes altered so many times is so at its source.
const ALTERED_TRIES: i64 = 3;

/// What reading attachments takes.
#[derive(Debug)]
pub struct Reading {
    pub door: FileDoor,
    pub documents: Documents,
    /// Where copies are kept, when they are.
    pub copies: Option<PathBuf>,
}

impl Daemon {
    /// Reads the attachments that wait to be, in each section of `[dn]`.
    ///
    /// # Errors
    /// When the platform refuses, or the store fails. One file's trouble stops no other.
    pub async fn read_attachments(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        let Some(reading) = self.reading.as_ref().filter(|_| !self.acting.dry_run) else { return Ok(report) };
        self.tables_laid_out(reading).await?;
        for source in &self.sources {
            let now = self.book.clock.now();
            for ask in self.book.store.due_files(&source.key(), now, DOSSIERS).await? {
                let done = self.read_dossier(reading, source, ask.number, ask.attempts, &mut report).await?;
                if done {
                    self.book.store.asked(ask.number, "files").await?;
                } else {
                    let wait = (5_i64 << ask.attempts.clamp(0, 7)).min(6 * 60);
                    self.book.store.ask_later(ask.number, "files", plus(now, wait)).await?;
                }
            }
        }
        Ok(report)
    }

    async fn read_dossier(
        &self,
        reading: &Reading,
        source: &Source,
        number: i64,
        attempts: i64,
        report: &mut Report,
    ) -> Result<bool, Error> {
        let Some(facts) = self.book.store.facts(number).await?.filter(|facts| !facts.gone) else {
            return Ok(true);
        };
        let wanted = self.wanted(&facts).await?;
        if wanted.is_empty() {
            return Ok(true);
        }
        let mut addresses = match source.dn.addresses(number, &self.book.clock).await {
            Ok(addresses) => addresses,
            Err(error @ dn::Error::Refused { .. }) => return Err(error.into()),
            Err(error) => {
                report.failures.push(format!("dossier {number}: attachments not read yet ({error})"));
                return Ok(false);
            }
        };
        let mut done = true;
        for (key, file) in wanted {
            let mut fetched = fetch(reading, &addresses, &file).await;
            if fetched == Err(FileError::Expired) {
                // Slow files before it used up its hour: once more, with a new address.
                addresses = source.dn.addresses(number, &self.book.clock).await?;
                fetched = fetch(reading, &addresses, &file).await;
            }
            let inspection = match fetched {
                Ok(bytes) => match reading
                    .documents
                    .inspect(&file.name, &bytes, TableKind::expected(&facts, key))
                    .await
                {
                    Ok((inspection, table)) => {
                        if let Some(table) = table {
                            self.book.store.table_read(&file.checksum, &table, self.book.clock.now()).await?;
                        }
                        let kept = keep_copy(reading, &file, &bytes, inspection);
                        self.book
                            .store
                            .witness(number, key, &file, kept.as_deref(), self.book.clock.now())
                            .await?;
                        Some(inspection)
                    }
                    Err(why) => Self::not_read(number, &why.to_string(), report),
                },
                Err(FileError::Altered) if attempts + 1 >= ALTERED_TRIES => {
                    Some(Inspection::faulty(FileFault::Altered))
                }
                Err(why) => Self::not_read(number, &why.to_string(), report),
            };
            match inspection {
                Some(inspection) => {
                    self.book.store.inspected(&file.checksum, &inspection, self.book.clock.now()).await?;
                    self.book.store.mark_to_judge(number).await?;
                }
                None => done = false,
            }
        }
        Ok(done)
    }

    /// A new layout of tables has the files that may hold one read again.
    async fn tables_laid_out(&self, reading: &Reading) -> Result<(), Error> {
        let prints: Vec<String> = reading.documents.tables.iter().map(|request| request.print()).collect();
        let asked = self.book.store.tables_laid_out(&prints.join(" "), self.book.clock.now()).await?;
        if asked > 0 {
            tracing::info!("documents.tables: {asked} dossiers are read again under the layout now in force");
        }
        Ok(())
    }

    /// Whether nothing more is to be learnt from a file: inspected, and its table read as it would be now.
    async fn is_known(
        &self,
        reading: &Reading,
        facts: &Facts,
        key: Key,
        file: &Attachment,
    ) -> Result<bool, Error> {
        let sums = std::slice::from_ref(&file.checksum);
        let known = self.book.store.inspections(sums).await?;
        let Some(inspection) = known.get(&file.checksum) else { return Ok(false) };
        let Some(kind) = TableKind::expected(facts, key).filter(|_| inspection.fault.is_none()) else {
            return Ok(true);
        };
        let tables = self.book.store.tables(sums).await?;
        Ok(tables
            .get(&(file.checksum.clone(), kind))
            .is_some_and(|table| reading.documents.is_current(table)))
    }

    fn not_read(number: i64, why: &str, report: &mut Report) -> Option<Inspection> {
        report.failures.push(format!("dossier {number}: an attachment could not be read yet ({why})"));
        None
    }

    /// Attachments that the antivirus passed and nothing was known of; those too large are told at once.
    async fn wanted(&self, facts: &Facts) -> Result<Vec<(Key, Attachment)>, Error> {
        let Some(reading) = &self.reading else { return Ok(Vec::new()) };
        let mut wanted: Vec<(Key, Attachment)> = Vec::new();
        for (key, value) in &facts.values {
            let Value::Files(files) = value else { continue };
            for file in files.iter().filter(|file| file.scan == Scan::Safe && file.bytes > 0) {
                let now = self.book.clock.now();
                self.book.store.witness(facts.number, *key, file, None, now).await?;
                let twin = |(key_of, other): &(Key, Attachment)| {
                    other.checksum == file.checksum
                        && TableKind::expected(facts, *key_of) == TableKind::expected(facts, *key)
                };
                if self.is_known(reading, facts, *key, file).await? || wanted.iter().any(twin) {
                    continue;
                }
                if file.bytes > reading.documents.max_bytes {
                    let too_large = Inspection::faulty(FileFault::TooLarge);
                    self.book.store.inspected(&file.checksum, &too_large, now).await?;
                    self.book.store.mark_to_judge(facts.number).await?;
                } else {
                    wanted.push((*key, file.clone()));
                }
            }
        }
        Ok(wanted)
    }
}

async fn fetch(
    reading: &Reading,
    addresses: &[dn::files::Address],
    file: &Attachment,
) -> Result<Vec<u8>, FileError> {
    let address = addresses.iter().find(|address| address.checksum == file.checksum);
    match address {
        Some(address) => reading.door.fetch(address, file).await,
        // Replaced since it was listed: the next reading of the dossier tells what by.
        None => Err(FileError::Later("the attachment is no longer listed".to_owned())),
    }
}

/// A copy under its checksum: the candidate's name for it never becomes a path. An infected one is not kept.
fn keep_copy(reading: &Reading, file: &Attachment, bytes: &[u8], inspection: Inspection) -> Option<String> {
    let folder = reading.copies.as_ref().filter(|_| inspection.fault != Some(FileFault::Infected))?;
    let name: String = file.checksum.bytes().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(&name);
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(folder.join(format!("{name}.part")), bytes))
        .and_then(|()| std::fs::rename(folder.join(format!("{name}.part")), path));
    match written {
        Ok(()) => Some(name),
        Err(error) => {
            tracing::error!("evidence.folder: a copy could not be written ({error})");
            None
        }
    }
}
