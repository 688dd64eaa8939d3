//! Reads what comes back: an address without mailbox is treated as one that the server refuses, with the same mails written
//! to the next address and the body told. A report is believed of a mail that we sent to that address lately, of nothing
//! else.

use jiff::SignedDuration;

use super::Daemon;
use super::desks::body_of_mail;
use super::error::Error;
use super::report::Report;
use crate::casebook::{Readers, print};
use crate::mail::{DeliveryReport, DropFolder, Recipient, Returned, Verdict, identifier, returned};
use crate::store;
use crate::store::journal::NewLine;
use crate::store::ledger::Fate;
use crate::store::outbox::NO_DOSSIER;
use crate::store::refusals::Blame;
use crate::store::returned::MailLeft;
use label::address::Addresses;
use label::judge::agenda::Role;
use label::wording::journal::{self, EntryKind};
use label::wording::names::{self, role_from_key};

/// Servers give up within five days; a report of a mail that is older than this tells nothing of today.
const LATEST: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Daemon {
    /// Reads what lies in the folder of mails that came back, if there is one.
    ///
    /// # Errors
    /// When the store fails. A folder that cannot be read is a failure of the pass.
    pub(super) async fn read_returned(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        let Some(folder) = self.acting.returned.clone().filter(|_| !self.acting.dry_run) else {
            return Ok(report);
        };
        let messages = match self.dropped(folder.clone()).await {
            Ok(messages) => messages,
            Err(error) => {
                report.failures.push(format!("mail.returned: the folder cannot be read ({error})"));
                return Ok(report);
            }
        };
        for message in messages {
            if self.is_stopping() {
                break;
            }
            match returned::read(&message.bytes) {
                Returned::Report(found) => match self.settle_returned(&found, &mut report).await {
                    // Left in the folder: the dossier is asked for, and the report is read again in the next pass.
                    Err(Error::Store(error @ store::Error::SetAside { .. })) => {
                        report.failures.push(format!("mail.returned: a report waits ({error})"));
                        continue;
                    }
                    settled => settled?,
                },
                Returned::Other => tracing::debug!("a message that came back is no report: left aside"),
            }
            if let Err(error) = folder.done(&message) {
                report
                    .failures
                    .push(format!("mail.returned: what was read cannot be moved to cur ({error})"));
            }
        }
        Ok(report)
    }

    async fn dropped(&self, folder: DropFolder) -> std::io::Result<Vec<crate::mail::Dropped>> {
        let read = tokio::task::spawn_blocking(move || folder.messages()).await;
        read.unwrap_or_else(|error| Err(std::io::Error::other(error)))
    }

    async fn settle_returned(&self, found: &DeliveryReport, report: &mut Report) -> Result<(), Error> {
        let (name, domain) = found.message_id.rsplit_once('@').unwrap_or((&found.message_id, ""));
        let ours = self.mailer.as_ref().is_some_and(|mailer| mailer.domain().eq_ignore_ascii_case(domain));
        let left = if ours { self.store.ledger().left_as(name).await? } else { Vec::new() };
        let now = self.book.clock.now();
        let lately = |mail: &MailLeft| now.duration_since(mail.at) <= LATEST && mail.at <= now;
        let Some(mail) = left.into_iter().find(|mail| identifier(&mail.key) == name && lately(mail)) else {
            tracing::warn!("a report is about no mail that we sent lately: left aside");
            return Ok(());
        };
        for recipient in &found.recipients {
            self.settle_recipient(&mail, recipient, report).await?;
        }
        Ok(())
    }

    async fn settle_recipient(
        &self,
        mail: &MailLeft,
        recipient: &Recipient,
        report: &mut Report,
    ) -> Result<(), Error> {
        let Some(address) = self.written_to(mail, recipient).await? else {
            tracing::warn!(
                dossier = mail.dossier,
                "a report names an address that the mail did not go to: left aside"
            );
            return Ok(());
        };
        let (number, status) = (mail.dossier, &recipient.status);
        let role = mail.role.as_deref().and_then(role_from_key);
        let outward = matches!(role, Some(Role::Candidat | Role::Central));
        let no_mailbox = match recipient.verdict {
            Verdict::NoMailbox => true,
            Verdict::Lost => false,
            Verdict::Delayed | Verdict::Arrived => {
                tracing::info!(dossier = number, "a mail of dossier {number} is still on its way ({status})");
                return Ok(());
            }
        };
        let ledger = self.store.ledger();
        let (now, why) = (self.book.clock.now(), format!("came back: {status}"));
        if no_mailbox && outward {
            let dossier = ledger.dossiers_of(&mail.key).await?.first().copied().unwrap_or(number);
            ledger.refuse_address(&address, (dossier, &why), Blame::Dead, now).await?;
        }
        // A mail that others have received has arrived.
        let alone = mail.recipient.as_deref() == Some(address.as_str());
        let fate = alone.then_some(if no_mailbox && outward { Fate::Undeliverable } else { Fate::GivenUp });
        let said = if no_mailbox { journal::no_mailbox(role, status) } else { journal::lost(role, status) };
        let line = NewLine {
            role: mail.role.clone(),
            key: Some(mail.key.clone()),
            answer: Some(status.clone()),
            ..NewLine::new(EntryKind::MailReturned, (number != 0).then_some(number), said)
        };
        ledger.came_back(&mail.key, (fate, &why), &[line], now).await?;
        let role = role.map_or("", names::role);
        tracing::warn!(dossier = number, "mail of dossier {number} to {role} came back: {status}");
        report.failures.push(format!("dossier {number}: a mail to {role} came back ({status})"));
        Ok(())
    }

    /// The print of the address, if the mail went to it: as its only one, or as one of those of its reader.
    async fn written_to(&self, mail: &MailLeft, recipient: &Recipient) -> Result<Option<String>, Error> {
        let named =
            recipient.addresses.iter().filter_map(|address| Addresses::read(address).single().cloned());
        let named: Vec<String> = named.map(|address| print(&address.to_string())).collect();
        if let Some(alone) = named.iter().find(|named| mail.recipient.as_ref() == Some(named)) {
            return Ok(Some(alone.clone()));
        }
        let readers = match mail.role.as_deref().and_then(role_from_key) {
            Some(Role::Organisme) => {
                let ledger = self.store.ledger();
                let dossier = ledger.dossiers_of(&mail.key).await?.first().copied().unwrap_or(NO_DOSSIER);
                let of = (&self.acting, &ledger, &self.store.register());
                let body = body_of_mail(of, &mail.key, dossier).await?;
                Readers::listed(self.acting.readers_at(body.as_deref()))
            }
            Some(Role::Ditp) => Readers::listed(&self.acting.ditp),
            Some(role) => {
                let Some(dossier) = self.store.ledger().dossiers_of(&mail.key).await?.first().copied() else {
                    return Ok(None);
                };
                let Some(case) = self.book.case_of(dossier).await? else { return Ok(None) };
                match role {
                    Role::Central => {
                        self.book.central_of(&case).await?.1.as_ref().map(Readers::of).unwrap_or_default()
                    }
                    _ => Readers::of(&case),
                }
            }
            None => return Ok(None),
        };
        // The reader is named by the hash of all its addresses: that of another one is not it.
        let all = print(&readers.first().join(","));
        let prints = readers.prints();
        let is_reader = mail.recipient.as_deref() == Some(all.as_str());
        Ok(named.into_iter().find(|named| is_reader && prints.contains(named)))
    }
}
