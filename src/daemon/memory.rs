//! The mails and messages sent or put so far, and the values refused: what a plan is compared with.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::acting::Acting;
use super::error::Error;
use crate::casebook::{CaseBook, Readers, print};
use crate::clock::Clock;
use crate::store::cases::Cases;
use crate::store::found::FoundRows;
use crate::store::ledger::Ledger;
use crate::store::mails::{LostMail, told};
use crate::store::outbox::Outbox;
use crate::store::settings::StoredSettings;
use crate::store::writes::Writes;
use label::case::Case;
use label::judge::agenda::Role;
use label::outgoing::MailCode;
use label::plan::{GivenUp, Known, Unreachable};

/// Reads them from the store; writes nothing but the day of the first pass.
pub(super) struct Memory<'a> {
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub acting: &'a Acting,
    pub settings: StoredSettings,
    pub cases: Cases,
    pub ledger: Ledger,
    pub outbox: Outbox,
    pub writes: Writes,
    pub found: FoundRows,
}

impl Memory<'_> {
    /// The first day whose deadlines are mailed. The day of the first pass is stored for this; a dry run is none.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn since(&self) -> Result<Date, Error> {
        if let Some(since) = self.acting.since {
            return Ok(since);
        }
        if let Some(day) = self.settings.read("since").await? {
            return Ok(day);
        }
        let today = self.clock.today();
        if !self.acting.dry_run {
            self.settings.set("since", &today.to_string()).await?;
        }
        Ok(today)
    }

    /// The first day of the decisions whose good news is told to a service: over a store that an earlier version judged, the
    /// day of the first pass of this one, so that nobody is told years later what was known; else as all other mails.
    async fn good_news(&self, since: Date) -> Result<Date, Error> {
        const NAME: &str = "good_news";
        const AS_ALL: &str = "since";
        let stored: Option<String> = self.settings.read(NAME).await?;
        let value = match stored {
            Some(value) => value,
            None => {
                let known = self.cases.any().await?;
                let value = if known { self.clock.today().to_string() } else { AS_ALL.to_owned() };
                if !self.acting.dry_run {
                    self.settings.set(NAME, &value).await?;
                }
                value
            }
        };
        let from = if value == AS_ALL { Some(since) } else { value.parse().ok() };
        Ok(from.unwrap_or(self.clock.today()).max(since))
    }

    /// What was sent, and which values the platform refuses, for the dossiers of a case.
    pub(super) async fn known(&self, case: &Case, since: Date) -> Result<Known, Error> {
        let known = self.known_of(&[case], since).await?.pop();
        Ok(known.unwrap_or_else(|| Known::nothing(self.clock.now(), since)))
    }

    /// The same for each of several cases, in their order.
    pub(super) async fn known_of(&self, cases: &[&Case], since: Date) -> Result<Vec<Known>, Error> {
        let good_news = self.good_news(since).await?;
        let numbers = cases.iter().flat_map(|case| &case.dossiers).map(|facts| facts.number);
        let numbers: Vec<i64> = numbers.collect();
        let put = self.ledger.mail_keys(&numbers).await?;
        let mut sent = self.ledger.mails_sent(&numbers).await?;
        let stuck = self.writes.stuck(&numbers).await?;
        let found = self.found.found_in(&numbers).await?;
        let messages = match self.acting.messages {
            true => Some(self.outbox.message_keys(&numbers).await?),
            false => None,
        };
        let prints: Vec<String> = cases.iter().flat_map(|case| Readers::of(case).prints()).collect();
        let refused = self.ledger.addresses_refused(&prints).await?;
        let mut all = Vec::with_capacity(cases.len());
        for case in cases {
            let mut known = Known { good_news, ..Known::nothing(self.clock.now(), since) };
            let readers = Readers::of(case);
            let reached = !readers.open(&refused).is_empty();
            let since = readers.refuse_since(&refused).map(label::paris_date);
            known.unreachable = since.map(|since| Unreachable { since, reached });
            let mut refusing = BTreeMap::from([(Role::Candidat, !reached)]);
            let mut told_to = Vec::new();
            for number in case.dossiers.iter().map(|facts| facts.number) {
                let mut lost = false;
                known.doubted.extend(found.get(&number).map(|row| (number, row.doubts())));
                for put in put.get(&number).into_iter().flatten() {
                    let corrects = matches!(put.key.code, MailCode::Corrected(_));
                    let tells = corrects || matches!(put.key.code, MailCode::Decision(_));
                    lost |= tells && (put.given_up || put.undeliverable);
                    if put.came_back {
                        known.came_back.insert(put.key);
                    }
                    let counts = !put.undeliverable || corrects;
                    if let (Some(id), true) = (put.key.code.doubt(), put.undeliverable) {
                        // It was not told: it is one to tell as long as it stands.
                        if let Some(doubts) = known.doubted.get_mut(&number) {
                            doubts.remove(&id);
                        }
                    }
                    if counts || self.refuses(put.key.role, case, &mut refusing).await? {
                        known.mails.insert(put.key);
                    }
                }
                if lost {
                    known.given_up.extend(self.given_up(number, case, &mut refusing).await?);
                }
                told_to.extend(sent.remove(&number).unwrap_or_default());
            }
            known.told = told(told_to);
            let own = |number: &i64| case.holds(*number);
            known.stuck = stuck.iter().filter(|(number, ..)| own(number)).cloned().collect();
            known.messages =
                messages.as_ref().map(|keys| keys.iter().filter(|key| own(&key.dossier)).copied().collect());
            all.push(known);
        }
        Ok(all)
    }

    /// The announcements and corrections of a dossier that were given up. A correction that met an address that refuses is
    /// one of them; an announcement is wanted again as any other mail is.
    async fn given_up(
        &self,
        dossier: i64,
        case: &Case,
        refusing: &mut BTreeMap<Role, bool>,
    ) -> Result<Vec<GivenUp>, Error> {
        let mut given_up = Vec::new();
        for lost in self.ledger.mails_lost(dossier).await? {
            let (key, announced) = (lost.key, lost.announced);
            let reachable = match (key.code, lost.undeliverable) {
                (MailCode::Corrected(_), true) => !self.refuses(key.role, case, refusing).await?,
                (MailCode::Corrected(_), false) => self.hears_again(&lost, case).await?,
                (MailCode::Decision(_), false) => false,
                _ => continue,
            };
            given_up.push(GivenUp { key, announced, reachable });
        }
        Ok(given_up)
    }

    /// Whether the reader of a mail that was given up was reached since, or has another address.
    async fn hears_again(&self, lost: &LostMail, case: &Case) -> Result<bool, Error> {
        let open = self.open(lost.key.role, case).await?;
        if open.is_empty() {
            return Ok(false);
        }
        let reader = print(&open.join(","));
        let moved = lost.reader.as_ref().is_some_and(|before| *before != reader);
        Ok(moved || self.ledger.reached_after(&reader, lost.at).await?)
    }

    /// Whether no address of a role takes mails now, each asked for once a case. Without an address nothing can be sent
    /// again.
    async fn refuses(
        &self,
        role: Role,
        case: &Case,
        known: &mut BTreeMap<Role, bool>,
    ) -> Result<bool, Error> {
        if let Some(refuses) = known.get(&role) {
            return Ok(*refuses);
        }
        let refuses = self.open(role, case).await?.is_empty();
        known.insert(role, refuses);
        Ok(refuses)
    }

    /// The addresses that a mail to this role would go to.
    async fn open(&self, role: Role, case: &Case) -> Result<Vec<String>, Error> {
        let readers = match role {
            Role::Organisme => {
                let body = case.body_name(&self.book.frame().await?).to_owned();
                return Ok(self.acting.readers_at(Some(&body)).to_vec());
            }
            Role::Ditp => return Ok(self.acting.ditp.clone()),
            Role::Candidat => Readers::of(case),
            Role::Central => {
                self.book.central_of(case).await?.1.as_ref().map(Readers::of).unwrap_or_default()
            }
        };
        Ok(readers.open(&self.ledger.addresses_refused(&readers.prints()).await?))
    }
}
