//! The observer of a daemon, and exports that are read by hand.

use std::path::PathBuf;

use super::Daemon;
use super::attachments::Keeper;
use super::error::Error;
use super::observer::Observer;
use super::report::Report;
use label::wording::exports as words;

/// What became of files that were named.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    pub report: Report,
    /// For people, in French.
    pub lines: Vec<String>,
    pub unread: usize,
}

impl Daemon {
    pub(super) fn observer(&self) -> Observer<'_> {
        let store = &self.own();
        Observer {
            activity: &self.activity,
            sources: &self.sources,
            exports: self.exports.as_ref(),
            exported: store.exported(),
            book: &self.book,
            clock: &self.book.clock,
            progress: &self.progress,
            reads_files: self.reading.is_some(),
            copying: self.reading.as_ref().is_some_and(|reading| reading.copies.is_some()),
            pages: store.pages(),
            asks: store.asks(),
            dossiers: store.dossiers(),
            judgements: store.judgements(),
            settings: store.settings(),
            writes: store.writes(),
            stop: self.replica.until_overtaken(&self.stop),
            follows: !self.replica.observes(),
            replicas: self.replica.replicas(),
            began: Default::default(),
        }
    }

    /// Reads these files now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn import(&self, files: &[PathBuf]) -> Result<Imported, Error> {
        let observer = self.observer();
        let (pictures, unread) = observer.open(files).await?;
        let mut imported = Imported { unread: unread.len(), ..Imported::default() };
        imported.lines = unread.iter().map(|(name, why)| words::unread(name, *why)).collect();
        let kept = observer.keep_pictures(pictures).await?;
        imported.report = kept.report;
        let zips = Keeper { named: files, ..self.keeper() };
        let mut zipped = kept.zipped;
        zipped.sort_unstable();
        zipped.dedup();
        imported.report.add(zips.read_named(&zipped).await?);
        imported.lines.extend(kept.read.iter().flat_map(words::read));
        if !kept.absent.is_empty() {
            imported.lines.push(words::absent(&kept.absent));
        }
        observer.keep_notes(&kept.read, None).await?;
        Ok(imported)
    }
}
