//! Reads what changed on the platform, section by section, and keeps it with the cursor after it.

use std::sync::atomic::{AtomicI64, Ordering};

use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::exports::ExportReading;
use super::progress::Progress;
use super::source::Source;
use crate::activity::Activity;
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::store::asks::Asks;
use crate::store::dossiers::Dossiers;
use crate::store::exported::Exported;
use crate::store::judgement::Judgements;
use crate::store::position::Pages;
use crate::store::replicas::Replicas;
use crate::store::settings::StoredSettings;
use crate::store::writes::Writes;

/// `poll` reads the streams, `fetch` one page, `fill` the first reading, `reconcile` what no cursor shows,
/// `forms` the form, `exports` the spreadsheets of those without a token.
pub(super) struct Observer<'a> {
    pub activity: &'a Activity,
    pub sources: &'a [Source],
    pub exports: Option<&'a ExportReading>,
    pub exported: Exported,
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub progress: &'a Progress,
    /// Attachments are opened.
    pub reads_files: bool,
    /// Copies of attachments are kept: a file that was read is read again until its copy is there.
    pub copying: bool,
    pub pages: Pages,
    pub asks: Asks,
    pub dossiers: Dossiers,
    pub judgements: Judgements,
    pub settings: StoredSettings,
    pub writes: Writes,
    /// Also cancelled once another process observes.
    pub stop: CancellationToken,
    /// Another process observes.
    pub follows: bool,
    /// Where other processes write in the dossiers meanwhile.
    pub replicas: Option<&'a Replicas>,
    /// When the reading under way began, by the clock of the database.
    pub began: AtomicI64,
}

impl Observer<'_> {
    /// A reading begins: what another process writes in a dossier from now on is not in it.
    pub(super) async fn begin(&self) -> Result<(), Error> {
        if let Some(replicas) = self.replicas {
            self.began.store(replicas.now().await?, Ordering::Relaxed);
        }
        Ok(())
    }
}
