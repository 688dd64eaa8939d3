//! The mails and messages sent or put so far, and the values refused: what a plan is compared with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::acting::Acting;
use super::error::Error;
use crate::casebook::CaseBook;
use crate::clock::Clock;
use crate::store::ledger::Ledger;
use crate::store::mails::MailSent;
use crate::store::outbox::Outbox;
use crate::store::settings::StoredSettings;
use crate::store::writes::Writes;
use label::case::Case;
use label::judge::agenda::Role;
use label::outgoing::Letter;
use label::plan::{Known, Told};

/// Characters of the hash: enough to tell addresses apart.
const PRINT: usize = 24;

/// Reads them from the store; writes nothing but the day of the first pass.
pub(super) struct Memory<'a> {
    pub book: &'a CaseBook,
    pub clock: &'a Clock,
    pub acting: &'a Acting,
    pub settings: StoredSettings,
    pub ledger: Ledger,
    pub outbox: Outbox,
    pub writes: Writes,
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

    /// What was sent, and which values the platform refuses, for the dossiers of a case.
    pub(super) async fn known(&self, case: &Case, since: Date) -> Result<Known, Error> {
        let mut known = Known::nothing(self.clock.now(), since);
        known.messages = self.acting.messages.then(BTreeSet::new);
        if let Some(address) = contact(case) {
            let refused = self.ledger.address_refused(&print(&address)).await?;
            known.unreachable = refused.map(label::paris_date);
        }
        let mut refusing = BTreeMap::from([(Role::Candidat, known.unreachable.is_some())]);
        let mut sent = Vec::new();
        for facts in &case.dossiers {
            for put in self.ledger.mail_keys(facts.number).await? {
                if !put.undeliverable || self.refuses(put.key.role, case, &mut refusing).await? {
                    known.mails.insert(put.key);
                }
            }
            known.stuck.extend(self.writes.stuck(facts.number).await?);
            if let Some(messages) = &mut known.messages {
                messages.extend(self.outbox.message_keys(facts.number).await?);
            }
            sent.extend(self.ledger.mails_sent(facts.number).await?);
        }
        sent.sort_by_key(|sent| (sent.at, sent.key.to_string()));
        known.told = sent.into_iter().map(told).collect();
        Ok(known)
    }

    /// Whether the address of a role refuses mails now, each asked for once a case. Without an address nothing can be sent
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
        let address = match role {
            Role::Organisme => Some(self.acting.organisme.join(",")),
            Role::Ditp => Some(self.acting.ditp.join(",")),
            Role::Candidat => contact(case),
            Role::Central => self.book.central_of(case).await?.1.as_ref().and_then(contact),
        };
        let refuses = match address {
            Some(address) => self.ledger.address_refused(&print(&address)).await?.is_some(),
            None => true,
        };
        known.insert(role, refuses);
        Ok(refuses)
    }
}

/// The address of the contact of the latest dossier: people change over three years.
pub(super) fn contact(case: &Case) -> Option<String> {
    let address = case.current().map(|facts| facts.candidate_address().trim().to_owned());
    address.filter(|address| !address.is_empty())
}

/// A hash in place of an address: addresses are not stored.
pub(super) fn print(address: &str) -> String {
    let digest = Sha256::digest(address.trim().to_lowercase().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(PRINT).collect()
}

fn told(sent: MailSent) -> Told {
    let Letter { subject, announced, .. } = sent.letter;
    Told { on: label::paris_date(sent.at), role: sent.key.role, subject, key: sent.key, announced }
}
