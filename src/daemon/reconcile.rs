//! What no cursor shows: the nightly reading of the whole list, and dossiers asked for by number.

use std::collections::BTreeMap;

use super::error::Error;
use super::fetch::Stride;
use super::observer::Observer;
use super::report::Report;
use super::source::Source;
use crate::dn::{self, Ask, Cursors, Listed, RawDossier, Streams};
use crate::retry::{later, observing};
use crate::store::asks::{self, AskReason};
use crate::store::pages::Advance;
use crate::store::position::Walk;
use label::wording::journal::Departure;

impl Observer<'_> {
    /// Begins the nightly reading of each section whose last one began before `due` says.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_sweep(&self, due: impl Fn(jiff::Timestamp) -> bool) -> Result<(), Error> {
        for source in self.sources {
            let scope = source.key();
            let filled = self.pages.position(&scope).await?.is_some_and(|position| position.filled);
            let sweep = self.pages.walks(&scope).await?.sweep;
            if filled && sweep.began.is_none() && sweep.before.is_none_or(&due) {
                let walk = Walk { place: None, began: Some(self.clock.now()), before: sweep.before };
                self.pages.set_sweep(&scope, &walk).await?;
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

    /// Some pages of the nightly reading. At its end, the stored dossiers that were not in the list are asked for by
    /// number: hidden by expiry, erased without a tombstone, moved to another group (API §2.3).
    pub(super) async fn sweep(&self, source: &Source) -> Result<Report, Error> {
        let scope = source.key();
        let mut report = Report::default();
        let mut walk = self.pages.walks(&scope).await?.sweep;
        let Some(began) = walk.began else { return Ok(report) };
        let Some(position) = self.pages.position(&scope).await? else { return Ok(report) };
        let (form, print) = source.reading().await.ok_or(Error::NoForm)?;
        let mut stride = Stride::default();
        for _ in 0..observing::SWEEP_PAGES {
            if self.stop.is_cancelled() {
                break;
            }
            let cursors = Cursors { dossiers: walk.place.clone(), ..Cursors::default() };
            let ask =
                Ask { streams: Streams::Dossiers, cursors, since: position.since, size: 1, form_of: None };
            let page = self.fetch(source, &ask, &mut stride).await?;
            let place = page.cursors.dossiers.clone();
            let over = !page.more || place == walk.place;
            let advance = Advance::Sweep { began, place: place.as_deref() };
            report.add(self.keep(&scope, source, page.dossiers, &[], (&form, &print), advance).await?);
            walk.place = place;
            if over {
                for number in self.pages.unswept(&scope, began, i64::from(u16::MAX)).await? {
                    self.asks.ask(&scope, number, AskReason::Missing, self.clock.now()).await?;
                }
                let done = Walk { place: None, began: None, before: Some(began) };
                self.pages.set_sweep(&scope, &done).await?;
                break;
            }
        }
        // Not counted as observed: the streams report changes, this only finds what they do not show.
        Ok(Report { observed: 0, ..report })
    }

    /// Asks for what is due by number: set aside, late, missing, or waiting for a change that updates no date.
    pub(super) async fn ask_again(
        &self,
        source: &Source,
        listed: &BTreeMap<i64, Listed>,
    ) -> Result<Report, Error> {
        let mut report = Report::default();
        let now = self.clock.now();
        let mut by_number: BTreeMap<i64, Vec<asks::AskByNumber>> = BTreeMap::new();
        for ask in self.asks.due_asks(&source.key(), now, observing::ASKS).await? {
            by_number.entry(ask.number).or_default().push(ask);
        }
        for (number, asks) in by_number {
            if self.stop.is_cancelled() {
                break;
            }
            report.add(self.ask_for(source, number, &asks, listed.get(&number)).await?);
        }
        Ok(report)
    }

    async fn ask_for(
        &self,
        source: &Source,
        number: i64,
        asks: &[asks::AskByNumber],
        listed: Option<&Listed>,
    ) -> Result<Report, Error> {
        let scope = source.key();
        let (form, print) = source.reading().await.ok_or(Error::NoForm)?;
        let raw = match source.dn.dossier(number, self.clock).await {
            Ok(raw) => raw,
            Err(dn::Error::Later { why, trouble }) if trouble != dn::Trouble::Away => {
                Some(RawDossier::rejected(number, &why))
            }
            Err(dn::Error::Changed { why }) => Some(RawDossier::rejected(number, &why)),
            Err(error) => return Err(error.into()),
        };
        let reading = (&form, &print);
        let Some(mut raw) = raw else {
            let gone = [(number, Departure::Absent)];
            let report = self.keep(&scope, source, Vec::new(), &gone, reading, Advance::Nothing).await?;
            self.asks.forget_asks(number).await?;
            return Ok(report);
        };
        if let (Some(groupe), Ok(facts)) = (source.dn.scope().groupe, source.dn.read(&raw, &form))
            && facts.group != groupe
        {
            let gone = [(number, Departure::OtherGroup)];
            let report = self.keep(&scope, source, Vec::new(), &gone, reading, Advance::Nothing).await?;
            self.asks.forget_asks(number).await?;
            return Ok(report);
        }
        if let Some(listed) = listed {
            (raw.cursor, raw.modified) = (Some(listed.place.clone()), listed.modified);
        }
        let report = self.keep(&scope, source, vec![raw], &[], reading, Advance::Nothing).await?;
        self.settle_asks(number, asks, &report).await?;
        Ok(report)
    }

    /// Reads one dossier now, due or not; false when it could not be read, and what is stored is older.
    pub(super) async fn read_again(&self, source: &Source, number: i64) -> Result<bool, Error> {
        Ok(self.ask_for(source, number, &[], None).await?.failures.is_empty())
    }

    async fn settle_asks(
        &self,
        number: i64,
        asks: &[asks::AskByNumber],
        report: &Report,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        for ask in asks {
            let waits = match ask.why {
                AskReason::Scan => observing::SCAN,
                AskReason::Siret => observing::SIRET,
                AskReason::Attestation => observing::ATTESTATION,
                _ => observing::ASIDE,
            };
            let later = later(now, waits.after(ask.attempts));
            let unread = !report.failures.is_empty();
            let waiting = matches!(ask.why, AskReason::Scan | AskReason::Siret | AskReason::Attestation);
            let given_up = ask.why == AskReason::Attestation && ask.attempts >= observing::ATTESTATION_TRIES;
            if unread || (waiting && report.changed == 0 && !given_up) {
                self.asks.ask_later(number, ask.why, later).await?;
            } else if !waiting || given_up {
                self.asks.asked(number, ask.why).await?;
            }
        }
        Ok(())
    }
}
