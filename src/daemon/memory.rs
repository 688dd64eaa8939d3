//! What was told, put and refused so far: what a plan is compared with.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::acting::Acting;
use super::error::Error;
use crate::clock::Clock;
use crate::store::journal::Writes;
use crate::store::ledger::{Ledger, Sent};
use crate::store::outbox::Outbox;
use crate::store::settings::Settings;
use label::case::Case;
use label::outgoing::MailKey;
use label::plan::{Known, Told};

/// Signs of a print: enough to tell addresses apart, too few to be one.
const PRINT: usize = 24;

/// Reads what the store remembers; changes nothing but the day of the first pass.
pub(super) struct Memory<'a> {
    pub clock: &'a Clock,
    pub acting: &'a Acting,
    pub settings: Settings,
    pub ledger: Ledger,
    pub outbox: Outbox,
    pub writes: Writes,
}

impl Memory<'_> {
    /// The day of the first pass is kept: it bounds what is mailed.
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

    /// What was told and what is stuck, for the dossiers of a case.
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
            known.mails.extend(keys.iter().filter_map(|key| readable(key.parse::<MailKey>(), facts.number)));
            known.stuck.extend(self.writes.stuck(facts.number).await?);
            if let Some(messages) = &mut known.messages {
                messages.extend(self.outbox.keys_of("message", facts.number).await?);
            }
            sent.extend(self.ledger.mails_sent(facts.number).await?);
        }
        sent.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        known.told = sent.iter().filter_map(|sent| readable(told(sent), sent.dossier)).collect();
        Ok(known)
    }
}

/// What stands for an address where the address itself has no business.
pub(super) fn print(address: &str) -> String {
    let digest = Sha256::digest(address.trim().to_lowercase().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(PRINT).collect()
}

/// A line of the ledger that this version cannot read is logged and left aside: no mail that is wanted now has its key.
fn readable<T, E: std::fmt::Display>(line: Result<T, E>, dossier: i64) -> Option<T> {
    line.inspect_err(|error| tracing::warn!(dossier, "a line of the ledger is left aside: {error}")).ok()
}

fn told(sent: &Sent) -> Result<Told, Box<dyn std::error::Error + Send + Sync>> {
    let key: MailKey = sent.key.parse()?;
    let letter: label::outgoing::Letter = serde_json::from_str(&sent.payload)?;
    let (on, role, announced) = (label::paris_date(sent.at), key.role, letter.announced);
    Ok(Told { on, role, subject: letter.subject, key, announced })
}
