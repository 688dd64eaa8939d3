//! The nightly reading of the whole list: what left it without a word, what stands elsewhere than when it was read.
//!
//! On six nights of seven only numbers, dates and positions are read, several pages in one request, and a dossier only when
//! it stands elsewhere. On the seventh every dossier is read: some contents change without any date (API §2.4).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::error::Error;
use super::fetch::Stride;
use super::observer::Observer;
use super::report::Report;
use super::source::Source;
use super::translating::Reader;
use crate::dn::{self, Ask, Cursors, LIST_PAGES, ListPage, Listed, Streams, Trouble};
use crate::retry::{later, observing};
use crate::store::asks::AskReason;
use crate::store::pages::Advance;
use crate::store::position::Sweep;
use crate::store::sweep::{Found, Stand};

/// How far the list was compared with what is stored, within one pass.
struct Compared {
    sweep: Sweep,
    /// Numbers listed with the date `sweep.low`: the next page may begin within the same second.
    at_low: BTreeSet<i64>,
    /// False after a restart: which dossiers of the second `sweep.low` were listed is not known.
    knows_low: bool,
}

impl Observer<'_> {
    /// Begins the nightly reading of each section whose last one began before `due` says.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_sweep(&self, due: impl Fn(Timestamp) -> bool) -> Result<(), Error> {
        for source in self.sources {
            let scope = source.key();
            let filled = self.pages.position(&scope).await?.is_some_and(|position| position.filled);
            let last = self.pages.walks(&scope).await?.sweep;
            if filled && last.began.is_none() && last.before.is_none_or(&due) {
                let now = self.clock.now();
                let stale = last.whole.is_none_or(|whole| now >= later(whole, observing::SWEEP_WHOLE));
                let whole = if stale { Some(now) } else { last.whole };
                let sweep = Sweep { place: None, began: Some(now), before: last.before, low: None, whole };
                self.pages.set_sweep(&scope, &sweep).await?;
            }
        }
        Ok(())
    }

    /// True while something is left for another pass now: the nightly reading, or attachments to read.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_more(&self) -> Result<bool, Error> {
        for source in self.sources.iter().filter(|_| self.reads_files) {
            let now = self.clock.now();
            if !self.asks.due_files(&source.key(), now, 1).await?.is_empty() {
                return Ok(true);
            }
        }
        self.is_sweeping().await
    }

    /// True while a nightly reading is under way: another pass goes on with it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_sweeping(&self) -> Result<bool, Error> {
        for source in self.sources {
            if self.pages.walks(&source.key()).await?.sweep.began.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Some requests of the nightly reading. What it finds is asked for by number: what was not in the list (hidden by
    /// expiry, erased without a tombstone, moved to another group, API §2.3) and, added to `listed` with its position,
    /// what stands elsewhere.
    pub(super) async fn sweep(
        &self,
        source: &Source,
        listed: &mut BTreeMap<i64, Listed>,
    ) -> Result<Report, Error> {
        let scope = source.key();
        let mut report = Report::default();
        let sweep = self.pages.walks(&scope).await?.sweep;
        if sweep.began.is_none() {
            return Ok(report);
        }
        let Some(position) = self.pages.position(&scope).await? else { return Ok(report) };
        let mut stride = Stride::default();
        let mut compared = Compared { knows_low: sweep.low.is_none(), at_low: BTreeSet::new(), sweep };
        for _ in 0..observing::SWEEP_REQUESTS {
            if self.stop.is_cancelled() {
                break;
            }
            let met = match self.list_step(source, position.since, &mut compared).await? {
                Some((moved, over)) => {
                    listed.extend(moved.into_iter().map(|listed| (listed.number, listed)));
                    over
                }
                None => {
                    let step = self.whole_step(source, position.since, &mut compared, &mut stride).await?;
                    report.add(step.0);
                    step.1
                }
            };
            if met {
                let Sweep { began, whole, .. } = compared.sweep;
                let done = Sweep { place: None, began: None, before: began, low: None, whole };
                self.pages.set_sweep(&scope, &done).await?;
                break;
            }
        }
        // Not counted as observed: the streams report changes, this only finds what they do not show.
        Ok(report.not_observed())
    }

    /// One request for numbers and positions: what stands elsewhere, and whether the list is at its end. `None` when whole
    /// dossiers are to be read in its place: it is their night, much stands elsewhere, or the platform cannot list them.
    async fn list_step(
        &self,
        source: &Source,
        since: Timestamp,
        compared: &mut Compared,
    ) -> Result<Option<(Vec<Listed>, bool)>, Error> {
        if compared.sweep.is_whole() {
            return Ok(None);
        }
        let scope = source.key();
        let most = i64::try_from(LIST_PAGES).unwrap_or(1) - 1;
        let anchors = self.pages.anchors(&scope, compared.sweep.low, observing::SWEEP_STEP, most).await?;
        let after: Vec<_> =
            std::iter::once(compared.sweep.place.clone()).chain(anchors.into_iter().map(Some)).collect();
        let pages = match source.dn.list(since, &after, observing::LARGEST_PAGE, self.clock).await {
            Ok(pages) => pages,
            Err(dn::Error::Later { why, trouble }) if trouble != Trouble::Away => {
                tracing::warn!("the list cannot be had without contents ({why}), reading a page whole");
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let (listed, place, over) = joined(pages, &after);
        let places: Vec<_> = listed.iter().map(|listed| (listed.number, listed.place.clone())).collect();
        let moved: BTreeSet<i64> = self.pages.moved(&places).await?.into_iter().collect();
        if moved.len() > observing::SWEEP_MOVED {
            return Ok(None);
        }
        let over = over || place == compared.sweep.place;
        let missing = self.compare(&scope, compared, &listed, over).await?;
        compared.sweep.place = place;
        let moved: Vec<_> = listed.into_iter().filter(|listed| moved.contains(&listed.number)).collect();
        let stands: Vec<_> = moved.iter().map(stand).collect();
        let found = Found { moved: &stands, missing: &missing };
        self.pages.save_sweep(&scope, found, &compared.sweep, self.clock.now()).await?;
        Ok(Some((moved, over)))
    }

    /// One page of whole dossiers, and whether the list is at its end.
    async fn whole_step(
        &self,
        source: &Source,
        since: Timestamp,
        compared: &mut Compared,
        stride: &mut Stride,
    ) -> Result<(Report, bool), Error> {
        let scope = source.key();
        let (form, print) = source.reading().await.ok_or(Error::NoForm)?;
        let cursors = Cursors { dossiers: compared.sweep.place.clone(), ..Cursors::default() };
        let ask = Ask { streams: Streams::Dossiers, cursors, since, size: 1, form_of: None };
        let page = self.fetch(source, &ask, stride).await?;
        let place = page.cursors.dossiers.clone();
        let over = !page.more || place == compared.sweep.place;
        let listed = page.dossiers.iter().filter_map(|dossier| {
            let (number, place) = (dossier.number?, dossier.cursor.clone()?);
            Some(Listed { number, place, modified: dossier.modified })
        });
        let listed: Vec<_> = listed.collect();
        let missing = self.compare(&scope, compared, &listed, over).await?;
        // Before the page is saved: a stop between the two only asks for them twice.
        for number in missing {
            self.asks.ask(&scope, number, AskReason::Missing, self.clock.now()).await?;
        }
        compared.sweep.place = place;
        let advance = Advance::Sweep(&compared.sweep);
        Ok((
            self.keep(&scope, Reader::Api(source.dn.clone()), page.dossiers, &[], (&form, &print), advance)
                .await?,
            over,
        ))
    }

    /// Stored dossiers that `listed`, the next part of the list, should have shown and does not.
    async fn compare(
        &self,
        scope: &str,
        compared: &mut Compared,
        listed: &[Listed],
        over: bool,
    ) -> Result<Vec<i64>, Error> {
        let Some(began) = compared.sweep.began else { return Ok(Vec::new()) };
        let high = listed.iter().filter_map(|listed| listed.modified).max().max(compared.sweep.low);
        let low = compared.sweep.low.map_or(0, Timestamp::as_microsecond);
        let from = if compared.knows_low { low } else { low.saturating_add(1) };
        // Dossiers of the last second may follow in the next page.
        let until = if over { None } else { high };
        let mut expected = Vec::new();
        if over || high > compared.sweep.low {
            expected = self.pages.expected(scope, began, from, until).await?;
        }
        let shown: BTreeSet<i64> = listed.iter().map(|listed| listed.number).collect();
        expected.retain(|number| !shown.contains(number) && !compared.at_low.contains(number));
        if high > compared.sweep.low {
            (compared.sweep.low, compared.knows_low) = (high, true);
            compared.at_low.clear();
        }
        let at_low = listed.iter().filter(|listed| listed.modified == high).map(|listed| listed.number);
        compared.at_low.extend(at_low);
        Ok(expected)
    }
}

/// Consecutive pages as one: each must show the dossier after which the next one was asked for, and the first that does
/// not ends it. Then where the list goes on, and whether it is at its end.
fn joined(pages: Vec<ListPage>, after: &[Option<String>]) -> (Vec<Listed>, Option<String>, bool) {
    let (mut all, mut place, mut over) = (BTreeMap::new(), after.first().cloned().flatten(), false);
    for (rank, page) in pages.into_iter().enumerate() {
        let meets = |listed: &Listed| Some(&listed.place) == after.get(rank).and_then(Option::as_ref);
        if rank > 0 && !all.values().any(|(_, listed)| meets(listed)) {
            break;
        }
        place = page.end.or(place);
        over = !page.more;
        for listed in page.listed {
            let next = all.len();
            all.entry(listed.number).or_insert((next, listed));
        }
        if over {
            break;
        }
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_unstable_by_key(|(rank, _)| *rank);
    (all.into_iter().map(|(_, listed)| listed).collect(), place, over)
}

fn stand(listed: &Listed) -> Stand {
    Stand { number: listed.number, place: listed.place.clone(), modified: listed.modified }
}
