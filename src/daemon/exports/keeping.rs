//! What files said, kept dossier by dossier: the newest of each column, then the facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::super::error::Error;
use super::super::forms::fingerprint;
use super::super::observer::Observer;
use super::super::report::Report;
use super::super::translating::Reader;
use super::opened::Opened;
use super::{DEMARCHE, ExportReading, FORM, READING};
use crate::dn::form::ResolvedForm;
use crate::exports::pieces::Pieces;
use crate::exports::shape::{Incomplete, raw};
use crate::exports::{Known, Life};
use crate::store;
use crate::store::exported::{KNOWN, PICTURE, SCOPE};
use crate::store::loose::{LOOSE, LooseFiles};
use crate::store::pages::Advance;
use label::case::keys::Key;
use label::paris_date;
use label::wording::exports::{FileRead, Loose};

/// Dossiers kept in one transaction.
const BATCH: usize = 100;

/// The form as the exports show it, with its hash.
type Form = (Arc<ResolvedForm>, Arc<str>);

/// What was kept of some files.
#[derive(Default)]
pub(in crate::daemon) struct KeptPictures {
    pub report: Report,
    pub read: Vec<FileRead>,
    /// The keys whose column stands in no export so far, once for all files; none when no spreadsheet was read.
    pub absent: Vec<Key>,
    /// The dossiers that were made, and whose attachments stand in a zip.
    pub zipped: Vec<i64>,
}

/// What became of some dossiers.
#[derive(Default)]
struct Kept {
    report: Report,
    by_api: usize,
    incomplete: Vec<i64>,
    /// Those that were made, and whose attachments stand in a zip.
    zipped: Vec<i64>,
    /// Files of zips that are used for nothing.
    loose: Vec<(i64, String, Loose)>,
}

impl Observer<'_> {
    /// Keeps what files say, oldest picture first. Every dossier of a file is made again of what is known of it; one whose
    /// text is the same as before is only hashed.
    pub(in crate::daemon) async fn keep_pictures(&self, opened: Vec<Opened>) -> Result<KeptPictures, Error> {
        let mut all = KeptPictures::default();
        let Some(exports) = self.exports else { return Ok(all) };
        let (form, changed) = self.form_of_exports(exports, &opened).await?;
        if opened.is_empty() && !changed {
            return Ok(all);
        }
        if opened.iter().any(|one| one.zip.is_none()) {
            all.absent = exports.columns.absent(&form.0);
        }
        let mut newest = self.settings.read::<Timestamp>(PICTURE).await?;
        for one in opened {
            if self.stop.is_cancelled() {
                // It is not marked as read: the next pass reads it again.
                return Ok(all);
            }
            // A zip does not say what changed in the fields.
            if one.zip.is_none() {
                newest = newest.max(Some(one.at));
            }
            let mut file = FileRead {
                name: one.name.clone(),
                picture: one.dated.then(|| paris_date(one.at)),
                dossiers: one.picture.dossiers.len(),
                certain: one.picture.tells_zero,
                percents: one.picture.percents,
                doubtful: one.picture.doubtful,
                zip: one.zip,
                ..FileRead::default()
            };
            let mut said = one.picture.dossiers.into_iter();
            loop {
                let part: BTreeMap<i64, _> = said.by_ref().take(BATCH).collect();
                if part.is_empty() {
                    break;
                }
                let numbers: Vec<i64> = part.keys().copied().collect();
                let mut lives = self.lives(&numbers).await?;
                for (number, said) in part {
                    lives.entry(number).or_default().take(one.at, said);
                }
                let early: Vec<(i64, usize)> =
                    lives.iter().filter_map(|(number, life)| Some((*number, life.files_alone()?))).collect();
                let texts: Vec<(i64, String)> = lives
                    .iter()
                    .filter_map(|(number, life)| Some((*number, serde_json::to_string(life).ok()?)))
                    .collect();
                self.exported.keep(&texts).await?;
                let kept = self.keep_lives(exports, lives, &form).await?;
                all.report.add(kept.report);
                file.by_api += kept.by_api;
                if file.zip.is_some() {
                    // Files that were given up with an earlier zip can be read now.
                    self.asks.files_at_hand(SCOPE, &kept.zipped, self.clock.now()).await?;
                }
                all.zipped.extend(kept.zipped);
                match &mut file.zip {
                    Some(zip) => {
                        zip.early += early.iter().map(|(_, files)| files).sum::<usize>();
                        let early: Vec<i64> = early.into_iter().map(|(number, _)| number).collect();
                        file.loose.extend(kept.loose.into_iter().filter(|(of, ..)| !early.contains(of)));
                    }
                    None => {
                        file.incomplete.extend(kept.incomplete);
                        file.loose.extend(kept.loose);
                    }
                }
            }
            all.read.push(file);
        }
        if changed {
            all.report.add(self.make_again(exports, &form).await?);
        }
        if let Some(newest) = newest {
            self.settings.set(PICTURE, &newest.to_string()).await?;
        }
        self.settings.set(FORM, &form.1).await?;
        Ok(all)
    }

    /// The form with the columns of these files too; true when it is another than the one of the stored dossiers.
    async fn form_of_exports(
        &self,
        exports: &ExportReading,
        opened: &[Opened],
    ) -> Result<(Form, bool), Error> {
        let mut known: Known = self.stored(KNOWN).await?;
        let before = known.len();
        known.extend(opened.iter().flat_map(|one| one.picture.known.iter().cloned()));
        if known.len() > before {
            self.settings.set(KNOWN, &store::json(&known)?).await?;
        }
        let sheets = opened.iter().filter(|one| one.zip.is_none());
        let named = exports.demarche.or(sheets.into_iter().find_map(|one| one.demarche));
        if let Some(number) = named.filter(|_| !opened.is_empty()) {
            self.settings.set(DEMARCHE, &number.to_string()).await?;
        }
        // Where the API reads a démarche, its form is the one that the API gives.
        let demarche = match self.sources.is_empty() {
            true => self.settings.read::<i64>(DEMARCHE).await?.unwrap_or(0),
            false => 0,
        };
        let form = exports.columns.form(&known, demarche);
        let print = format!("{} {READING}", fingerprint(&form, &Default::default()));
        let changed = !known.is_empty() && self.settings.get(FORM).await?.as_deref() != Some(print.as_str());
        if changed {
            self.book.keep_form_view(demarche, &form.view).await?;
            self.judgements.mark_all_to_judge().await?;
        }
        Ok(((Arc::new(form), print.into()), changed))
    }

    /// The démarche whose exports are read; `None` while nothing says it.
    pub(super) async fn demarche_of_exports(&self, exports: &ExportReading) -> Result<Option<i64>, Error> {
        match exports.demarche {
            Some(number) => Ok(Some(number)),
            None => Ok(self.settings.read::<i64>(DEMARCHE).await?),
        }
    }

    /// Every dossier again: other columns are read of it.
    async fn make_again(&self, exports: &ExportReading, form: &Form) -> Result<Report, Error> {
        let (mut report, mut last) = (Report::default(), 0);
        loop {
            let numbers = self.exported.after(last, i64::try_from(BATCH).unwrap_or(1)).await?;
            let Some(end) = numbers.last().copied() else { return Ok(report) };
            let lives = self.lives(&numbers).await?;
            report.add(self.keep_lives(exports, lives, form).await?.report);
            last = end;
        }
    }

    async fn lives(&self, numbers: &[i64]) -> Result<BTreeMap<i64, Life>, Error> {
        let stored = self.exported.lives(numbers).await?;
        let read = |(number, text): (i64, String)| match serde_json::from_str(&text) {
            Ok(life) => Some((number, life)),
            Err(_) => {
                tracing::warn!(
                    "dossier {number}: what its exports said is of another version, and is made again by the next export"
                );
                None
            }
        };
        Ok(stored.into_iter().filter_map(read).collect())
    }

    /// Makes dossiers, and keeps them as those of the API are, but for the ones that the API reads.
    async fn keep_lives(
        &self,
        exports: &ExportReading,
        lives: BTreeMap<i64, Life>,
        form: &Form,
    ) -> Result<Kept, Error> {
        let numbers: Vec<i64> = lives.keys().copied().collect();
        let elsewhere = self.exported.elsewhere(SCOPE, &numbers).await?;
        let mut kept = Kept::default();
        let mut dossiers = Vec::new();
        for (number, life) in &lives {
            let newer = elsewhere.get(number).is_some_and(|other| {
                let read = self.sources.iter().any(|source| source.key() == other.scope);
                read || life.newest().is_some_and(|picture| other.is_newer(picture))
            });
            if newer {
                kept.by_api += 1;
                continue;
            }
            let pieces = Pieces::of(life, &exports.columns);
            match raw(*number, life, &exports.columns, &pieces, &form.0) {
                Ok(raw) => {
                    kept.loose.extend(pieces.loose.into_iter().map(|(name, why)| (*number, name, why)));
                    dossiers.push(raw);
                }
                Err(Incomplete::Deposit) => kept.incomplete.push(*number),
                Err(Incomplete::Draft) => {}
            }
        }
        let form = (&form.0, &form.1);
        // Of a dossier that is forgotten nothing is kept, nor are its files named.
        let known = self.exported.known(&numbers).await?;
        kept.loose.retain(|(number, ..)| known.contains(number));
        let made = dossiers.iter().filter_map(|raw| raw.number).filter(|number| known.contains(number));
        kept.zipped = made.filter(|number| lives.get(number).is_some_and(Life::has_files)).collect();
        self.keep_loose(&numbers, &kept.loose).await?;
        kept.report = self.keep(SCOPE, Reader::Export, dossiers, &[], form, Advance::Nothing).await?;
        Ok(kept)
    }

    /// What of these dossiers' files is used for nothing, for those who look after this program.
    async fn keep_loose(&self, numbers: &[i64], loose: &[(i64, String, Loose)]) -> Result<(), Error> {
        let before: LooseFiles = self.stored(LOOSE).await?;
        let mut now = before.clone();
        now.renew(numbers, loose);
        if now != before {
            self.settings.set(LOOSE, &store::json(&now)?).await?;
        }
        Ok(())
    }
}
