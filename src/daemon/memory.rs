//! The mails and messages sent or put so far, and the values refused: what a plan is compared with.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::acting::Acting;
use super::error::Error;
use crate::clock::Clock;
use crate::store::ledger::Ledger;
use crate::store::mails::MailSent;
use crate::store::outbox::Outbox;
use crate::store::settings::StoredSettings;
use crate::store::writes::Writes;
use label::case::Case;
use label::outgoing::Letter;
use label::plan::{Known, Told};

/// Characters of the hash: enough to tell addresses apart.
const PRINT: usize = 24;

/// Reads them from the store; writes nothing but the day of the first pass.
pub(super) struct Memory<'a> {
    pub clock: &'a Clock,
    pub acting: &'a Acting,
    pub settings: StoredSettings,
    pub ledger: Ledger,
    pub outbox: Outbox,
    pub writes: Writes,
}

impl Memory<'_> {
    /// The first day whose deadlines are mailed. The day of the first pass is stored for this.
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
        self.settings.set("since", &today.to_string()).await?;
        Ok(today)
    }

    /// What was sent, and which values the platform refuses, for the dossiers of a case.
    pub(super) async fn known(&self, case: &Case, since: Date) -> Result<Known, Error> {
        let mut known = Known::nothing(self.clock.now(), since);
        known.messages = self.acting.messages.then(BTreeSet::new);
        if let Some(facts) = case.current() {
            let refused = self.ledger.address_refused(&print(facts.candidate_address())).await?;
            known.unreachable = refused.map(label::paris_date);
        }
        let mut sent = Vec::new();
        for facts in &case.dossiers {
            let keys = self.ledger.mail_keys(facts.number, known.unreachable.is_some()).await?;
            known.mails.extend(keys);
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
