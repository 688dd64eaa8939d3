//! Reads what changed, page after page, each saved with the cursor after it; then what no cursor shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::error::Error;
use super::fetch::Stride;
use super::forms::no_form;
use super::observer::Observer;
use super::report::Report;
use super::source::Source;
use super::standing;
use super::translating::{PageTranslator, Reader, TranslatedPage};
use crate::activity::Step;
use crate::dn::form::ResolvedForm;
use crate::dn::{self, Ask, Cursors, Listed, Page, RawDossier, Streams};
use crate::retry::{later, observing};
use crate::store::asks::AskReason;
use crate::store::pages::{Advance, PageToSave, Saved};
use crate::store::position::{Position, Sweep, Walk};
use label::wording::journal::Departure;

/// The trailing window as listed in this observation.
#[derive(Default)]
struct Recents {
    walk: Walk,
    listed: BTreeMap<i64, Listed>,
}

impl Observer<'_> {
    /// Reads each section of `[dn]` to its end. A pass without changes costs one request for each section.
    ///
    /// # Errors
    /// When a platform refuses or keeps failing, after the other sections were read; at once when the store fails.
    pub async fn observe(&self) -> Result<Report, Error> {
        let (report, failed) = self.observe_each().await?;
        failed.map_or(Ok(report), Err)
    }

    /// The same; the first failure of a platform stands beside what was read of the other sections, and each section that
    /// fails is remembered.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn observe_each(&self) -> Result<(Report, Option<Error>), Error> {
        let mut report = Report::default();
        let mut failed = None;
        for source in self.sources {
            if self.stop.is_cancelled() {
                break;
            }
            match Box::pin(self.observe_source(source)).await {
                Ok(part) => {
                    report.add(part);
                    if !self.stop.is_cancelled() {
                        standing::was_read(&self.settings, &source.key(), self.clock.now()).await?;
                    }
                }
                Err(error @ Error::Store(_)) => return Err(error),
                Err(error) => {
                    let error = source.about(error);
                    standing::fails(&self.settings, &source.key(), self.clock.now(), &error).await?;
                    tracing::error!(scope = source.key(), "reading {} stopped: {error}", source.key());
                    failed.get_or_insert(error);
                }
            }
        }
        // A platform that refuses does not keep exports from being read.
        report.add(self.read_exports().await?);
        Ok((report, failed))
    }

    #[tracing::instrument(name = "read", skip_all, fields(scope = source.key()))]
    async fn observe_source(&self, source: &Source) -> Result<Report, Error> {
        let scope = source.key();
        let mut report = Report::default();
        self.begin().await?;
        let mut position = self.position(&scope).await?;
        let mut recents = self.begin_recents(&scope, &position).await?;
        let mut window = position.filled.then(|| recents.walk.place.clone());
        let (mut stride, mut pages, mut sliced) = (Stride::default(), 0, false);
        let mut ahead: Option<Result<Page, Error>> = None;
        loop {
            let form_of = self.form_wanted(source).await?;
            let ask = all_streams(&position, window.take(), form_of);
            let mut page = match ahead.take() {
                Some(page) if form_of.is_none() => page?,
                _ => self.fetch(source, &ask, &mut stride).await?,
            };
            if let Some(live) = &page.form
                && self.resolve_form(source, live).await?
                && ask.cursors != Cursors::default()
            {
                // The form changed, so that other fields are read: everything is read again.
                position = self.position(&scope).await?;
                recents = Recents::default();
                continue;
            }
            let Some((form, print)) = source.reading().await else {
                match (form_of, page.demarche()) {
                    (None, Some(number)) => self.learn_demarche(source, number).await?,
                    // A group without any dossier: nothing to do yet, and no way to know its form.
                    (None, None) => return Ok(report),
                    (Some(number), _) => return Err(no_form(number).into()),
                }
                continue;
            };
            if page.more && page.cursors == ask.cursors {
                return Err(no_progress().into());
            }
            pages += 1;
            note_recents(&page, &ask, &mut recents);
            let from = page.dossiers.iter().filter_map(|dossier| dossier.modified).max();
            let before = position.clone();
            position = moved(position, page.cursors.clone(), !page.more);
            let (more, next) = (page.more, all_streams(&position, None, None));
            let slicing = more
                && !before.filled
                && !sliced
                && (pages >= observing::FIRST_PAGES || self.half_filled(&scope).await?);
            let (saved, following) = tokio::join!(
                self.keep_streams(&scope, source, &mut page, (&form, &print), (&before, &position)),
                // The next page is requested while this one is saved.
                async {
                    if more && !slicing && !self.stop.is_cancelled() {
                        Some(self.fetch(source, &next, &mut stride).await)
                    } else {
                        None
                    }
                }
            );
            report.add(saved?);
            ahead = following;
            if self.stop.is_cancelled() {
                // The page is saved with the cursor after it: the next pass goes on from there.
                return Ok(report);
            }
            if !more {
                break;
            }
            if slicing {
                sliced = true;
                report.add(Box::pin(self.fill(source, &position, (from, stride))).await?);
                if self.stop.is_cancelled() {
                    // Slices are left: the cursor may move past them only once all are done.
                    return Ok(report);
                }
                position = self.after_slices(&scope, position).await?;
            }
        }
        self.end_recents(&scope, &recents).await?;
        report.add(self.sweep(source, &mut recents.listed).await?);
        report.add(self.ask_again(source, &recents.listed).await?);
        self.still_aside(&mut report).await?;
        Ok(report)
    }

    /// The start date is stored at the first reading and never changes: the cursors are only valid with it.
    async fn position(&self, scope: &str) -> Result<Position, Error> {
        if let Some(position) = self.pages.position(scope).await? {
            return Ok(position);
        }
        // 1 January 2020, before the label existed.
        let since = Timestamp::from_second(1_577_836_800).unwrap_or(Timestamp::UNIX_EPOCH);
        let start = Position { since, dossiers: None, pending: None, deleted: None, filled: false };
        self.pages.set_position(scope, &start).await?;
        let now = Some(self.clock.now());
        self.pages.set_recents(scope, &Walk { before: now, ..Walk::default() }).await?;
        self.pages.set_sweep(scope, &Sweep { before: now, whole: now, ..Sweep::default() }).await?;
        Ok(start)
    }

    /// The slices read every dossier that did not change since they began; the others come after the start of the
    /// overlap.
    async fn after_slices(&self, scope: &str, position: Position) -> Result<Position, Error> {
        let began = self.pages.walks(scope).await?.recents.before;
        let place = self.place_behind(scope, began.unwrap_or_else(|| self.clock.now())).await?;
        let position = Position { dossiers: place.or(position.dossiers), ..position };
        self.pages.set_position(scope, &position).await?;
        Ok(position)
    }

    async fn half_filled(&self, scope: &str) -> Result<bool, Error> {
        Ok(self.pages.slices(scope).await?.iter().any(|slice| !slice.done))
    }

    /// A reading of the trailing window begins at the position that the platform had some time before the last one
    /// began, so that it lists all that became visible since then, whatever its date.
    async fn begin_recents(&self, scope: &str, position: &Position) -> Result<Recents, Error> {
        let mut walk = self.pages.walks(scope).await?.recents;
        if position.filled && walk.began.is_none() {
            let now = self.clock.now();
            walk.place = self.place_behind(scope, walk.before.unwrap_or(now)).await?;
            walk.began = Some(now);
        }
        Ok(Recents { walk, listed: BTreeMap::new() })
    }

    /// A position after which all that became visible since then is listed. The platform's own dates give it; our clock
    /// only gives the time that has passed, so that a clock that is hours ahead changes nothing.
    async fn place_behind(&self, scope: &str, since: Timestamp) -> Result<Option<String>, Error> {
        let Some((modified, seen)) = self.pages.latest(scope).await? else { return Ok(None) };
        let passed = self.clock.now().duration_since(since).max(SignedDuration::ZERO);
        let settled = seen < overlap(since);
        let behind = overlap(modified.saturating_sub(passed).unwrap_or(modified));
        // After so long, nothing can be committed late any more. A date in the future is not used.
        let limit = if settled { modified } else { behind }.min(overlap(since));
        Ok(self.pages.place_before(scope, limit).await?)
    }

    async fn end_recents(&self, scope: &str, recents: &Recents) -> Result<(), Error> {
        if recents.walk.began.is_none() {
            return Ok(());
        }
        let mut walk = recents.walk.clone();
        if walk.place.is_none() {
            walk = Walk { place: None, began: None, before: walk.began };
        }
        let places = recents.listed.values().map(|listed| (listed.number, listed.place.clone()));
        let places: Vec<(i64, String)> = places.collect();
        for number in self.pages.moved(&places).await? {
            self.asks.ask(scope, number, AskReason::Late, self.clock.now()).await?;
        }
        Ok(self.pages.set_recents(scope, &walk).await?)
    }

    async fn keep_streams(
        &self,
        scope: &str,
        source: &Source,
        page: &mut Page,
        form: (&Arc<ResolvedForm>, &Arc<str>),
        (before, after): (&Position, &Position),
    ) -> Result<Report, Error> {
        if page.dossiers.is_empty() && page.gone.is_empty() && before == after {
            return Ok(Report::default());
        }
        let why = |erased| if erased { Departure::Erased } else { Departure::DeletedOrHidden };
        let gone: Vec<_> = page.gone.iter().map(|gone| (gone.number, why(gone.erased))).collect();
        let (reader, dossiers) = (Reader::Api(source.dn.clone()), std::mem::take(&mut page.dossiers));
        self.keep(scope, reader, dossiers, &gone, form, Advance::Streams(after)).await
    }

    /// Saves the dossiers of a page: unchanged ones are only hashed, the others are read and translated.
    pub(super) async fn keep(
        &self,
        scope: &str,
        reader: Reader,
        dossiers: Vec<RawDossier>,
        gone: &[(i64, Departure)],
        (form, print): (&Arc<ResolvedForm>, &Arc<str>),
        advance: Advance<'_>,
    ) -> Result<Report, Error> {
        self.activity.at(Step::Store);
        let now = self.clock.now();
        let numbers: Vec<i64> = dossiers.iter().filter_map(|dossier| dossier.number).collect();
        let known = self.pages.known(scope, &numbers).await?;
        let mut failures = Vec::new();
        let copying = self.copying;
        let reader =
            PageTranslator { reader, form: Arc::clone(form), print: Arc::clone(print), now, copying };
        // Translating takes processor time, so it runs outside the threads that wait for the platform.
        let read = tokio::task::spawn_blocking(move || reader.read(dossiers, known)).await;
        let TranslatedPage { known, seen, aside } = read.map_err(|_| dn::Error::Changed {
            why: "a page could not be translated: this is a fault of vigie".to_owned(),
        })?;
        let mut set_aside = Vec::new();
        for (number, why) in aside {
            tracing::warn!(dossier = number, "dossier {number} set aside: {why}");
            failures.push(set_aside_line(number, &why));
            set_aside.push((number, why, later(now, observing::ASIDE.after(0))));
        }
        let observed: Vec<i64> = seen.iter().map(|seen| seen.number).collect();
        let began = self.replicas.map(|_| self.began.load(std::sync::atomic::Ordering::Relaxed));
        let page = PageToSave {
            scope,
            known: &known,
            seen: &seen,
            set_aside: &set_aside,
            gone,
            advance,
            now,
            began,
        };
        let Saved { changed, .. } = self.pages.save_page(&page).await?;
        Ok(Report { failures, ..Report::of_read(scope, &observed, &changed) })
    }

    /// Reports as failures the dossiers that were set aside earlier and still cannot be read.
    async fn still_aside(&self, report: &mut Report) -> Result<(), Error> {
        for (number, why) in self.dossiers.set_aside().await? {
            let line = set_aside_line(number, &why);
            if !report.failures.contains(&line) {
                report.failures.push(line);
            }
        }
        Ok(())
    }
}

/// What this observation reads anyway does not count as committed late.
fn note_recents(page: &Page, ask: &Ask, recents: &mut Recents) {
    if matches!(ask.streams, Streams::All { recents: Some(_) }) {
        recents.listed = page.recents.iter().map(|listed| (listed.number, listed.clone())).collect();
        recents.walk.place.clone_from(&page.recents_more);
    }
    for number in page.dossiers.iter().filter_map(|dossier| dossier.number) {
        recents.listed.remove(&number);
    }
}

fn set_aside_line(number: i64, why: &str) -> String {
    format!("dossier {number}: cannot be read ({why}); set aside")
}

fn all_streams(position: &Position, window: Option<Option<String>>, form_of: Option<i64>) -> Ask {
    let cursors = Cursors {
        dossiers: position.dossiers.clone(),
        pending: position.pending.clone(),
        deleted: position.deleted.clone(),
    };
    Ask { streams: Streams::All { recents: window }, cursors, since: position.since, size: 1, form_of }
}

fn moved(position: Position, cursors: Cursors, whole: bool) -> Position {
    let Cursors { dossiers, pending, deleted } = cursors;
    Position { dossiers, pending, deleted, filled: position.filled || whole, ..position }
}

fn no_progress() -> dn::Error {
    let why = "the platform announces more and does not move on".to_owned();
    dn::Error::Later { why, trouble: dn::Trouble::Away }
}

fn overlap(at: Timestamp) -> Timestamp {
    at.saturating_sub(observing::OVERLAP).unwrap_or(at)
}
