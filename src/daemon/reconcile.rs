//! Dossiers asked for by number: what no cursor shows.

use std::collections::BTreeMap;

use super::error::Error;
use super::observer::Observer;
use super::report::Report;
use super::source::Source;
use super::translating::Reader;
use crate::activity::Step;
use crate::dn::{self, Listed, RawDossier};
use crate::retry::{later, observing};
use crate::store::asks::{self, AskReason};
use crate::store::pages::Advance;
use label::wording::journal::Departure;

impl Observer<'_> {
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
        self.begin().await?;
        self.activity.at(Step::Platform);
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
            let report = self
                .keep(&scope, Reader::Api(source.dn.clone()), Vec::new(), &gone, reading, Advance::Nothing)
                .await?;
            self.asks.forget_asks(number).await?;
            return Ok(report);
        };
        if let (Some(groupe), Ok(facts)) = (source.dn.scope().groupe, source.dn.read(&raw, &form))
            && facts.group != groupe
        {
            let gone = [(number, Departure::OtherGroup)];
            let report = self
                .keep(&scope, Reader::Api(source.dn.clone()), Vec::new(), &gone, reading, Advance::Nothing)
                .await?;
            self.asks.forget_asks(number).await?;
            return Ok(report);
        }
        if let Some(listed) = listed {
            (raw.cursor, raw.modified) = (Some(listed.place.clone()), listed.modified);
        }
        let report = self
            .keep(&scope, Reader::Api(source.dn.clone()), vec![raw], &[], reading, Advance::Nothing)
            .await?;
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
