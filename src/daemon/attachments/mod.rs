//! Attachments that the rules need: fetched, inspected, and copied when copies are kept; the results are stored.

mod origin;
mod wanted;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use tokio::fs::File;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::exports::ExportReading;
use super::report::Report;
use super::source::Source;
use super::standing;
use crate::activity::{Activity, Step};
use crate::clock::Clock;
use crate::copies::Copies;
use crate::dn::files::{FileDoor, FileError};
use crate::documents::{Documents, VERSION};
use crate::retry;
use crate::store;
use crate::store::asks::{AskReason, Asks};
use crate::store::dossiers::Dossiers;
use crate::store::evidence::Files;
use crate::store::exported::{Exported, SCOPE};
use crate::store::judgement::Judgements;
use crate::store::settings::StoredSettings;
use label::case::facts::{Attachment, Facts, PlatformState};
use label::case::inspection::{FileFault, Inspection};
use label::case::keys::Key;
use label::case::table::TableKind;

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
    pub exports: Option<&'a ExportReading>,
    /// Zips of attachments that were named, beside those of the folder.
    pub named: &'a [PathBuf],
    pub dry_run: bool,
    pub clock: &'a Clock,
    pub files: Files,
    pub exported: Exported,
    pub asks: Asks,
    pub dossiers: Dossiers,
    pub judgements: Judgements,
    pub settings: StoredSettings,
    pub stop: CancellationToken,
}

impl Keeper<'_> {
    /// Reads the files of these dossiers, whose zips were named, all of them: nobody else may be able to open these. A
    /// service that runs beside takes some of them for files whose zip is away, so that it is not asked what is due.
    ///
    /// # Errors
    /// As [`Keeper::read_attachments`].
    pub async fn read_named(&self, numbers: &[i64]) -> Result<Report, Error> {
        let mut report = Report::default();
        let Some(reading) = self.reading.filter(|_| !self.dry_run) else { return Ok(report) };
        let mut rest = numbers.iter().copied().peekable();
        while rest.peek().is_some() {
            let mut round = Round::of(reading);
            while let Some(number) = rest.next_if(|_| !self.stop.is_cancelled() && !round.is_over()) {
                let turn = self.read_dossier(&mut round, Place::Exports, number).await?;
                self.turned(number, 0, turn).await?;
            }
            report.add(round.report);
            if self.stop.is_cancelled() {
                break;
            }
        }
        Ok(report)
    }

    /// Reads the attachments that wait to be, in each section of `[dn]` and in the zips of exports.
    ///
    /// # Errors
    /// When the store fails. A failure on one file does not stop the others, nor one section that is refused.
    pub async fn read_attachments(&self) -> Result<Report, Error> {
        if self.reading.is_none() || self.dry_run {
            return Ok(Report::default());
        }
        let away = standing::away(&self.settings, self.sources).await?;
        let here = self.sources.iter().filter(|source| !away.contains_key(&source.key()));
        self.read_in(here.map(Place::Section).collect()).await
    }

    /// Reads what waits in these sections, then in the zips.
    async fn read_in(&self, sections: Vec<Place<'_>>) -> Result<Report, Error> {
        let Some(reading) = self.reading.filter(|_| !self.dry_run) else {
            return Ok(Report::default());
        };
        self.tables_laid_out(reading).await?;
        self.copies_switched(reading).await?;
        self.looked_again().await?;
        let mut round = Round::of(reading);
        for place in sections.into_iter().chain([Place::Exports]) {
            let (scope, now) = (place.scope(), self.clock.now());
            for ask in self.asks.due_files(&scope, now, retry::attachments::DOSSIERS).await? {
                if self.stop.is_cancelled() || round.is_over() {
                    // Some dossiers are left: the next pass begins with them.
                    return Ok(round.report);
                }
                let turn = match self.read_dossier(&mut round, place, ask.number).await {
                    Err(Error::Dn(error)) => {
                        // The platform refuses this section: its other files wait, and the other sections go on.
                        round.fails(format!("{scope}: attachments not read ({error})"));
                        break;
                    }
                    other => other?,
                };
                self.turned(ask.number, ask.attempts, turn).await?;
            }
        }
        Ok(round.report)
    }

    /// When the attachments of a dossier are read next, after so many attempts.
    async fn turned(&self, number: i64, attempts: i64, turn: FileTurn) -> Result<(), Error> {
        match turn {
            FileTurn::Over => self.asks.asked(number, AskReason::Files).await?,
            FileTurn::Again => {
                let due = retry::later(self.clock.now(), retry::attachments::WAIT.after(attempts));
                self.asks.ask_later(number, AskReason::Files, due).await?;
            }
            FileTurn::Kept => {}
        }
        Ok(())
    }

    async fn read_dossier(
        &self,
        round: &mut Round<'_>,
        place: Place<'_>,
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
        let mut origin = None;
        for at in &wanted {
            if self.stop.is_cancelled() || round.is_over() {
                // A dossier whose files failed is tried later, not first in the next pass.
                return Ok(if done { FileTurn::Kept } else { FileTurn::Again });
            }
            self.activity.at(Step::Attachment);
            let Some(fetched) = self.bytes(round, (place, number), (&wanted, at), &mut origin).await? else {
                return Ok(FileTurn::Again);
            };
            match fetched {
                Ok(mut bytes) => done &= self.take(round, &facts, at, &mut bytes).await?,
                Err(FileError::Altered)
                    if !at.known
                        && self.files.came_altered(&at.file.checksum).await?
                            >= retry::attachments::ALTERED_TRIES =>
                {
                    self.learnt(number, &at.file, Inspection::faulty(FileFault::Altered)).await?;
                }
                // Nothing more comes of asking: the reading of a zip that holds it asks for it again.
                Err(why @ FileError::Away) => {
                    round.not_read(number, &why);
                    if self.files.away(&at.file.checksum, self.clock.now()).await? {
                        self.judgements.mark_to_judge(number).await?;
                    }
                }
                Err(why) => {
                    round.not_read(number, &why);
                    done = false;
                }
            }
        }
        Ok(FileTurn::over(done))
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
        let lacks = wanted.copy || round.lost.contains(&wanted.file.checksum);
        let copies = round.reading.copies.as_ref().filter(|_| lacks && deserves_copy(&inspection));
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
        self.files.inspected(&file.checksum, &inspection, VERSION, self.clock.now()).await?;
        self.judgements.mark_to_judge(number).await?;
        Ok(())
    }
}

/// Where dossiers are read from, and their attachments with them.
#[derive(Clone, Copy)]
enum Place<'a> {
    Section(&'a Source),
    Exports,
}

impl Place<'_> {
    fn scope(&self) -> String {
        match self {
            Place::Section(source) => source.key(),
            Place::Exports => SCOPE.to_owned(),
        }
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
    /// Files whose copies were found to be gone, or of other bytes: they are copied again.
    lost: BTreeSet<String>,
    began: Instant,
}

impl<'a> Round<'a> {
    fn of(reading: &'a AttachmentReading) -> Round<'a> {
        let report = Report::default();
        Round { reading, report, copies_rest: false, lost: BTreeSet::new(), began: Instant::now() }
    }

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

/// An infected file is not copied, and one that could not be fetched cannot be.
fn deserves_copy(inspection: &Inspection) -> bool {
    !matches!(inspection.fault, Some(FileFault::Infected | FileFault::Altered))
}
