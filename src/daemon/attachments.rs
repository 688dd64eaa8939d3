//! Attachments that the rules need: fetched, inspected, and copied when copies are kept; the results are stored.

use std::time::Instant;

use tokio::fs::File;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::report::Report;
use super::source::Source;
use super::standing;
use crate::activity::{Activity, Step};
use crate::clock::Clock;
use crate::copies::Copies;
use crate::dn;
use crate::dn::files::{FileDoor, FileError};
use crate::documents::Documents;
use crate::retry;
use crate::store;
use crate::store::asks::{AskReason, Asks};
use crate::store::dossiers::Dossiers;
use crate::store::evidence::Files;
use crate::store::judgement::Judgements;
use crate::store::settings::StoredSettings;
use label::case::facts::{Attachment, Facts, PlatformState, Scan};
use label::case::inspection::{FileFault, Inspection};
use label::case::keys::Key;
use label::case::table::{TableContent, TableKind, TableReading};

/// What reading attachments takes.
#[derive(Debug)]
pub struct AttachmentReading {
    pub door: FileDoor,
    pub documents: Documents,
    /// Where copies are kept, when they are.
    pub copies: Option<Copies>,
}

/// Reads attachments, and keeps copies of them where that is asked for.
pub(super) struct Keeper<'a> {
    pub activity: &'a Activity,
    pub sources: &'a [Source],
    /// Absent: attachments are listed and not opened.
    pub reading: Option<&'a AttachmentReading>,
    pub dry_run: bool,
    pub clock: &'a Clock,
    pub files: Files,
    pub asks: Asks,
    pub dossiers: Dossiers,
    pub judgements: Judgements,
    pub settings: StoredSettings,
    pub stop: CancellationToken,
}

impl Keeper<'_> {
    /// Reads the attachments that wait to be, in each section of `[dn]`.
    ///
    /// # Errors
    /// When the store fails. A failure on one file does not stop the others, nor one section that is refused.
    pub async fn read_attachments(&self) -> Result<Report, Error> {
        let Some(reading) = self.reading.filter(|_| !self.dry_run) else {
            return Ok(Report::default());
        };
        self.tables_laid_out(reading).await?;
        self.copies_switched(reading).await?;
        let began = Instant::now();
        let mut round = Round { reading, report: Report::default(), copies_rest: false, began };
        let away = standing::away(&self.settings, self.sources).await?;
        for source in self.sources.iter().filter(|source| !away.contains_key(&source.key())) {
            let now = self.clock.now();
            for ask in self.asks.due_files(&source.key(), now, retry::attachments::DOSSIERS).await? {
                if self.stop.is_cancelled() || round.is_over() {
                    // Some dossiers are left: the next pass begins with them.
                    return Ok(round.report);
                }
                let turn = match self.read_dossier(&mut round, source, ask.number).await {
                    Err(Error::Dn(error)) => {
                        // The platform refuses this section: its other files wait, and the other sections go on.
                        round.fails(format!("{}: attachments not read ({error})", source.key()));
                        break;
                    }
                    other => other?,
                };
                match turn {
                    FileTurn::Over => self.asks.asked(ask.number, AskReason::Files).await?,
                    FileTurn::Again => {
                        let due = retry::later(now, retry::attachments::WAIT.after(ask.attempts));
                        self.asks.ask_later(ask.number, AskReason::Files, due).await?;
                    }
                    FileTurn::Kept => {}
                }
            }
        }
        Ok(round.report)
    }

    async fn read_dossier(
        &self,
        round: &mut Round<'_>,
        source: &Source,
        number: i64,
    ) -> Result<FileTurn, Error> {
        let facts = match self.dossiers.facts(number).await {
            // Once the dossier is read again from the platform, its attachments are listed again.
            Err(store::Error::SetAside { .. }) => None,
            other => other?,
        };
        let Some(facts) = facts.filter(|facts| !facts.gone) else {
            return Ok(FileTurn::Over);
        };
        let mut wanted = self.wanted(round.reading, &facts).await?;
        let all = wanted.len();
        // No file is fetched for its copy alone while the bucket cannot be used.
        wanted.retain(|wanted| !wanted.known || !round.copies_rest);
        let mut done = wanted.len() == all;
        if wanted.is_empty() {
            return Ok(FileTurn::over(done));
        }
        let Some(mut addresses) = self.addresses_of(round, source, number).await? else {
            return Ok(FileTurn::Again);
        };
        for wanted in wanted {
            if self.stop.is_cancelled() || round.is_over() {
                // A dossier whose files failed is tried later, not first in the next pass.
                return Ok(if done { FileTurn::Kept } else { FileTurn::Again });
            }
            self.activity.at(Step::Attachment);
            let mut fetched = fetch(round.reading, &addresses, &wanted.file).await;
            if matches!(fetched, Err(FileError::Expired)) {
                // The address expired while earlier files were fetched: tried once more with a new one.
                let Some(renewed) = self.addresses_of(round, source, number).await? else {
                    return Ok(FileTurn::Again);
                };
                addresses = renewed;
                fetched = fetch(round.reading, &addresses, &wanted.file).await;
            }
            match fetched {
                Ok(mut bytes) => done &= self.take(round, &facts, &wanted, &mut bytes).await?,
                Err(FileError::Altered)
                    if !wanted.known
                        && self.files.came_altered(&wanted.file.checksum).await?
                            >= retry::attachments::ALTERED_TRIES =>
                {
                    self.learnt(number, &wanted.file, Inspection::faulty(FileFault::Altered)).await?;
                }
                Err(why) => {
                    round.not_read(number, &why);
                    done = false;
                }
            }
        }
        Ok(FileTurn::over(done))
    }

    /// The addresses of a dossier's attachments; `None` when they cannot be obtained now, or the dossier is hidden.
    async fn addresses_of(
        &self,
        round: &mut Round<'_>,
        source: &Source,
        number: i64,
    ) -> Result<Option<Vec<dn::files::Address>>, Error> {
        match source.dn.addresses(number, self.clock).await {
            Ok(Some(addresses)) => Ok(Some(addresses)),
            // Hidden by expiry, which no list of the platform shows.
            Ok(None) => {
                self.asks.ask(&source.key(), number, AskReason::Missing, self.clock.now()).await?;
                Ok(None)
            }
            Err(error @ dn::Error::Refused { .. }) => Err(error.into()),
            Err(error) => {
                round.fails(format!("dossier {number}: attachments not read yet ({error})"));
                Ok(None)
            }
        }
    }

    /// Inspects what was fetched, and copies it; true when nothing more is to be done with it.
    async fn take(
        &self,
        round: &mut Round<'_>,
        facts: &Facts,
        wanted: &WantedFile,
        bytes: &mut File,
    ) -> Result<bool, Error> {
        let WantedFile { key, file, known, .. } = wanted;
        let expected = TableKind::expected(facts, *key);
        let (inspection, table) = match round.reading.documents.inspect(&file.name, bytes, expected).await {
            Ok(read) => read,
            Err(why) => {
                round.not_read(facts.number, &why);
                return Ok(false);
            }
        };
        if let Some(table) = table {
            self.files.table_read(&file.checksum, &table, self.clock.now()).await?;
        }
        // A file that was fetched again for its copy alone keeps its first inspection, unless it is now found infected.
        if !known || inspection.fault == Some(FileFault::Infected) {
            self.learnt(facts.number, file, inspection).await?;
        }
        self.copied(round, facts.number, wanted, inspection, bytes).await
    }

    /// Copies a file when copies are kept; false when it is to be tried again.
    async fn copied(
        &self,
        round: &mut Round<'_>,
        number: i64,
        wanted: &WantedFile,
        inspection: Inspection,
        bytes: &mut File,
    ) -> Result<bool, Error> {
        let copies = round.reading.copies.as_ref().filter(|_| wanted.copy && deserves_copy(&inspection));
        let Some(copies) = copies else { return Ok(true) };
        if round.copies_rest {
            return Ok(false);
        }
        let (file, now) = (&wanted.file, self.clock.now());
        match copies.keep(&file.checksum, file.bytes, bytes, now).await {
            Ok(name) => {
                self.files.copied(number, &file.checksum, &name, now).await?;
                Ok(true)
            }
            Err(why) => {
                round.copies_rest = why.is_of_the_bucket();
                round.fails(format!("dossier {number}: an attachment could not be copied yet ({why})"));
                Ok(false)
            }
        }
    }

    async fn learnt(&self, number: i64, file: &Attachment, inspection: Inspection) -> Result<(), Error> {
        self.files.inspected(&file.checksum, &inspection, self.clock.now()).await?;
        self.judgements.mark_to_judge(number).await?;
        Ok(())
    }

    /// When the layout of tables changed, the files that may hold a table are read again.
    async fn tables_laid_out(&self, reading: &AttachmentReading) -> Result<(), Error> {
        let prints: Vec<String> = reading.documents.tables.iter().map(|request| request.print()).collect();
        let asked = self.files.tables_laid_out(&prints.join(" "), self.clock.now()).await?;
        if asked > 0 {
            tracing::info!("documents.tables: {asked} dossiers are read again under the layout now in force");
        }
        Ok(())
    }

    /// When copies are switched on, files that were read before are copied too.
    async fn copies_switched(&self, reading: &AttachmentReading) -> Result<(), Error> {
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
    async fn wanted(&self, reading: &AttachmentReading, facts: &Facts) -> Result<Vec<WantedFile>, Error> {
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

/// When the attachments of a dossier are read next.
enum FileTurn {
    Over,
    /// Later; the wait grows each time.
    Again,
    /// First in the next pass.
    Kept,
}

impl FileTurn {
    fn over(done: bool) -> FileTurn {
        if done { FileTurn::Over } else { FileTurn::Again }
    }
}

/// One round over the dossiers whose attachments wait.
struct Round<'a> {
    reading: &'a AttachmentReading,
    report: Report,
    /// The bucket cannot be used: no other copy is tried in this round.
    copies_rest: bool,
    began: Instant,
}

impl Round<'_> {
    fn is_over(&self) -> bool {
        self.began.elapsed() >= retry::attachments::BUDGET
    }

    fn fails(&mut self, line: String) {
        self.report.failures.push(line);
    }

    fn not_read(&mut self, number: i64, why: &dyn std::fmt::Display) {
        self.fails(format!("dossier {number}: an attachment could not be read yet ({why})"));
    }
}

/// One attachment to fetch.
struct WantedFile {
    key: Key,
    file: Attachment,
    /// It was inspected already: only its copy is missing.
    known: bool,
    copy: bool,
}

/// Whether a field's attachments are read: while the dossier is open and, where copies are kept, once it is accepted, because
/// the platform deletes it long before the label ends. The proofs of each year are added to an accepted dossier.
pub(super) fn is_read(facts: &Facts, key: Key, copying: bool) -> bool {
    match facts.state {
        PlatformState::EnConstruction | PlatformState::EnInstruction => true,
        PlatformState::Accepte => copying || key == Key::PreuvePiece,
        _ => false,
    }
}

fn may_be_copied(facts: &Facts) -> bool {
    !matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite | PlatformState::Unknown)
}

fn names_a_table(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    matches!(extension.as_deref(), Some("csv" | "xlsx" | "ods"))
}

/// An infected file is not copied, and one that could not be fetched cannot be.
fn deserves_copy(inspection: &Inspection) -> bool {
    !matches!(inspection.fault, Some(FileFault::Infected | FileFault::Altered))
}

async fn fetch(
    reading: &AttachmentReading,
    addresses: &[dn::files::Address],
    file: &Attachment,
) -> Result<File, FileError> {
    let address = addresses.iter().find(|address| address.checksum == file.checksum);
    match address {
        Some(address) => reading.door.fetch(address, file).await,
        // The attachment was replaced since it was listed: the next reading of the dossier lists the new one.
        None => Err(FileError::Later("the attachment is no longer listed".to_owned())),
    }
}
