//! Observe: page after page of what changed, saved with the cursor after it.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use super::{Daemon, Error, KnownForm, Report};
use crate::dn::form::{LiveForm, ResolvedForm};
use crate::dn::resolve::resolve;
use crate::dn::{self, Ask, Cursors, Page};
use crate::store::dossiers::{PageToSave, Position, Saved};

/// Dossiers a page: champs and annotations are heavy, and the platform cuts at thirty seconds.
const PAGE: i64 = 30;

impl Daemon {
    /// Reads the three streams to their end. A quiet pass costs one request.
    ///
    /// # Errors
    /// When the platform refuses or stays unwell, or the store fails: the cursor stays where it was.
    pub async fn observe(&self) -> Result<Report, Error> {
        let scope = self.dn.scope().key();
        let mut position = self.position(&scope).await?;
        let mut report = Report::default();
        let mut size = PAGE;
        loop {
            let form_of = if self.form_is_fresh().await { None } else { self.form_number().await? };
            let ask = Ask { cursors: cursors(&position), since: position.since, size, form_of };
            let raw = match self.dn.observe(&ask, &self.book.clock).await {
                // Too slow for the platform: the same dossiers in smaller pages.
                Err(dn::Error::Later { too_slow: true, why }) if size > 1 => {
                    size = (size / 2).max(1);
                    tracing::warn!(page = size, "page too slow ({why}), asking for {size} dossiers at once");
                    continue;
                }
                other => other?,
            };
            if let Some(live) = &raw.form
                && self.resolve_form(live).await?
                && ask.cursors != Cursors::default()
            {
                // Other fields are read from now on: from the beginning again.
                position = start();
                continue;
            }
            let Ok(form) = self.resolved().await else {
                match (ask.form_of, raw.demarche()) {
                    (None, Some(number)) => {
                        self.book.store.set_setting("demarche", &number.to_string()).await?;
                        continue;
                    }
                    // A group without any dossier: nothing to do yet, and no way to know its form.
                    (None, None) => return Ok(report),
                    (Some(number), _) => return Err(no_form(number).into()),
                }
            };
            let page = self.dn.read(raw, &form);
            let stuck = page.more && page.cursors == ask.cursors;
            position = moved(position, page.cursors.clone());
            self.save(&scope, &page, &position, &mut report).await?;
            if stuck {
                let why = "the platform announces more and does not move on".to_owned();
                return Err(dn::Error::Later { why, too_slow: false }.into());
            }
            if !page.more {
                self.still_aside(&mut report).await?;
                return Ok(report);
            }
        }
    }

    /// The start is fixed for ever at the first reading: the cursors only mean something with it.
    async fn position(&self, scope: &str) -> Result<Position, Error> {
        Ok(self.book.store.position(scope).await?.unwrap_or_else(start))
    }

    async fn save(
        &self,
        scope: &str,
        page: &Page,
        position: &Position,
        report: &mut Report,
    ) -> Result<(), Error> {
        let now = self.book.clock.now();
        let mut set_aside = Vec::new();
        for aside in &page.set_aside {
            let number = aside.number.unwrap_or(0);
            tracing::warn!(dossier = number, "dossier {number} set aside: {}", aside.why);
            report.failures.push(format!("dossier {number}: cannot be read ({}); set aside", aside.why));
            set_aside.push((number, aside.why.clone()));
        }
        let gone: Vec<(i64, bool)> = page.gone.iter().map(|gone| (gone.number, gone.erased)).collect();
        let to_save =
            PageToSave { scope, facts: &page.facts, set_aside: &set_aside, gone: &gone, position, now };
        let saved = self.book.store.save_page(&to_save).await?;
        report.observed += page.facts.len();
        report.changed += saved.changed.len();
        self.note(&saved, &set_aside).await
    }

    /// A dossier set aside earlier is no success until it could be read.
    async fn still_aside(&self, report: &mut Report) -> Result<(), Error> {
        for (number, why) in self.book.store.set_aside().await? {
            let line = format!("dossier {number}: cannot be read ({why}); set aside");
            if !report.failures.contains(&line) {
                report.failures.push(line);
            }
        }
        Ok(())
    }

    async fn note(&self, saved: &Saved, set_aside: &[(i64, String)]) -> Result<(), Error> {
        let now = self.book.clock.now();
        for number in &saved.changed {
            self.book.store.log(now, "lu", Some(*number), "Dossier lu : contenu nouveau ou modifié").await?;
        }
        for number in &saved.gone {
            self.book
                .store
                .log(now, "parti", Some(*number), "Dossier supprimé ou masqué sur la plateforme")
                .await?;
        }
        for (number, _) in set_aside {
            self.book.store.log(now, "illisible", Some(*number), "Dossier illisible, mis de côté").await?;
        }
        Ok(())
    }

    /// Resolves `form.toml` against the live form. True when the result is not the one known before: everything is
    /// then read and judged again, and what the old form refused may be tried.
    async fn resolve_form(&self, live: &LiveForm) -> Result<bool, Error> {
        let form = Arc::new(resolve(&self.map, live));
        for problem in &form.problems {
            tracing::warn!("form.toml: {problem}");
        }
        let print = fingerprint(&form, &self.map);
        let changed = self.book.store.setting("form").await?.as_deref() != Some(print.as_str());
        if changed {
            self.book.store.rewind(&self.dn.scope().key()).await?;
            self.book.store.forget_refusals().await?;
            self.book.store.mark_all_to_judge().await?;
            self.book.store.set_setting("form", &print).await?;
        }
        self.book.keep_form_view(&form.view).await?;
        *self.form.write().await = Some(KnownForm { form, read_at: self.book.clock.now() });
        Ok(changed)
    }

    /// Dossiers move to a new edition of the form without any date moving: it is read again each hour.
    async fn form_is_fresh(&self) -> bool {
        let known = self.form.read().await;
        known.as_ref().is_some_and(|known| {
            self.book.clock.now() < known.read_at.saturating_add(1.hour()).unwrap_or(known.read_at)
        })
    }

    /// Forgets when the form was read, so that the next observation asks for it.
    pub(super) async fn doubt_form(&self) {
        if let Some(known) = self.form.write().await.as_mut() {
            known.read_at = Timestamp::UNIX_EPOCH;
        }
    }

    /// The number of the démarche whose form is ours: configured, or learnt from a first dossier of the group.
    async fn form_number(&self) -> Result<Option<i64>, Error> {
        Ok(match self.dn.scope().demarche {
            Some(number) => Some(number),
            None => self.book.store.setting("demarche").await?.and_then(|text| text.parse().ok()),
        })
    }
}

fn no_form(number: i64) -> dn::Error {
    dn::Error::Refused {
        why: format!("the form of démarche {number} cannot be seen with this token"),
        remedy: "give the token access to that démarche, or check dn.demarche".to_owned(),
    }
}

/// What of the form changes the reading or the writing of a dossier.
fn fingerprint(form: &ResolvedForm, map: &dn::form::FormMap) -> String {
    let what = format!(
        "{map:?} {:?} {:?} {:?} {:?} {:?}",
        form.champs, form.annotations, form.cells, form.options, form.targets
    );
    Sha256::digest(what.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cursors(position: &Position) -> Cursors {
    Cursors {
        dossiers: position.dossiers.clone(),
        pending: position.pending.clone(),
        deleted: position.deleted.clone(),
    }
}

fn moved(position: Position, cursors: Cursors) -> Position {
    let Cursors { dossiers, pending, deleted } = cursors;
    Position { dossiers, pending, deleted, ..position }
}

/// 1 January 2020, before the label existed.
fn start() -> Position {
    let since = Timestamp::from_second(1_577_836_800).unwrap_or(Timestamp::UNIX_EPOCH);
    Position { since, dossiers: None, pending: None, deleted: None }
}
