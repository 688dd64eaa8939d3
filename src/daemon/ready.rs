//! A mail at the moment it is sent: judged again, with its addresses and its letter; or the reason not to send it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bundle::is_bundle;
use super::error::Error;
use super::postman::Postman;
use super::source::source_of;
use crate::casebook::{contact, print};
use crate::mail::{Mailer, Outgoing};
use crate::store::outbox::{NO_DOSSIER, Task};
use label::judge::agenda::Role;
use label::outgoing::{BadMailKey, Letter, Mail, MailKey};
use label::plan::mails::wanted_mails;

/// A mail ready to be sent.
pub(super) struct Ready {
    pub outgoing: Outgoing,
    /// The letter as it is sent, for the ledger.
    pub payload: String,
    /// Hash of its reader's address.
    pub reader: String,
}

/// Why a mail is not sent.
pub(super) enum NotSent {
    /// No longer wanted.
    Moot,
    /// Its reader, whose hash this is, has had the daily number of mails.
    Overflow(String),
    /// The address refused an earlier mail: why, and its hash.
    Undeliverable(String, String),
    /// The central service has no dossier here: another installation sends its copy.
    Unknown,
    /// Nobody to write to, or nothing to write.
    Impossible(String),
}

impl Postman<'_> {
    /// The mail as it must be sent now, with the addresses that have not received it yet.
    pub(super) async fn ready(&self, task: &Task) -> Result<Result<Ready, NotSent>, Error> {
        let Some(role) = task.reader() else {
            return Ok(Err(NotSent::Impossible("the mail was put by another version".to_owned())));
        };
        let key = match mail_key(task) {
            Ok(key) => key,
            Err(error) => return Ok(Err(NotSent::Impossible(error.to_string()))),
        };
        // The date may have changed, or the thing been done, since it was put.
        let Some(letter) = self.still_wanted(task, key, role).await? else { return Ok(Err(NotSent::Moot)) };
        let to = self.addresses(task, role).await?;
        if to.is_empty() && role == Role::Central {
            return Ok(Err(NotSent::Unknown));
        }
        if to.is_empty() {
            let why = "nobody to write to: see [recipients], or the dossier's contact";
            return Ok(Err(NotSent::Impossible(why.to_owned())));
        }
        let reader = print(&to.join(","));
        if let Some(since) = self.ledger.address_refused(&reader).await? {
            let why = format!("this address has refused mails since {}", label::paris_date(since));
            return Ok(Err(NotSent::Undeliverable(why, reader)));
        }
        // A bundle, or a mail about no dossier (a month's report, the token), is never added to a bundle.
        let single = is_bundle(&task.key) || task.dossier == NO_DOSSIER;
        if !single && self.is_sated(&reader).await? {
            return Ok(Err(NotSent::Overflow(reader)));
        }
        let reached: Vec<&str> = task.reached.split_whitespace().collect();
        let to = to.into_iter().filter(|address| !reached.contains(&print(address).as_str())).collect();
        let payload = serde_json::to_string(&letter).unwrap_or_default();
        let mut outgoing = Outgoing::new(task.key.clone(), to, letter);
        if is_bundle(&task.key) && role == Role::Organisme {
            outgoing.unsubscribe = self.mailer.map(Mailer::way_out);
        }
        outgoing.attachments = self.files_for(&task.key).await?;
        outgoing.attachments.extend(self.attestation_for(task, key).await?);
        Ok(Ok(Ready { outgoing, payload, reader }))
    }

    async fn still_wanted(
        &self,
        task: &Task,
        key: Option<MailKey>,
        role: Role,
    ) -> Result<Option<Letter>, Error> {
        if is_bundle(&task.key) {
            return self.compose(task, role).await;
        }
        let Some(key) = key else {
            let letter = serde_json::from_str(&task.payload).ok();
            let wanted = self.warning_wanted(&task.key) || self.monthly_wanted(&task.key);
            return Ok(letter.filter(|_| wanted));
        };
        let mut judged = BTreeMap::new();
        let wanted = self.wanted_of(task.dossier, &mut judged).await?;
        Ok(wanted.iter().find(|mail| mail.key == key).map(|mail| mail.letter.clone()))
    }

    /// The mails that the case of a dossier calls for now; kept in `judged` for the other mails of the same bundle, by each
    /// dossier of the case.
    pub(super) async fn wanted_of(
        &self,
        dossier: i64,
        judged: &mut BTreeMap<i64, Arc<[Mail]>>,
    ) -> Result<Arc<[Mail]>, Error> {
        let scope = self.dossiers.facts_in(dossier).await?.map(|(_, scope)| scope);
        if scope.is_none_or(|scope| source_of(self.sources, &scope).is_none()) {
            return Ok(Arc::from([]));
        }
        if let Some(mails) = judged.get(&dossier) {
            return Ok(Arc::clone(mails));
        }
        let Some((case, review)) = self.book.review_of(dossier).await? else { return Ok(Arc::from([])) };
        let known = self.memory.known(&case, self.memory.since().await?).await?;
        let mails: Arc<[Mail]> = wanted_mails(&review, &case, &self.book.frame().await?, &known).into();
        judged.extend(case.dossiers.iter().map(|facts| (facts.number, Arc::clone(&mails))));
        Ok(mails)
    }

    async fn addresses(&self, task: &Task, role: Role) -> Result<Vec<String>, Error> {
        match role {
            Role::Organisme => return Ok(self.acting.organisme.clone()),
            Role::Ditp => return Ok(self.acting.ditp.clone()),
            Role::Candidat | Role::Central => {}
        }
        // A bundle is about no dossier: any of the mails in it gives the address.
        let dossier = match is_bundle(&task.key) {
            true => self.ledger.bundled(&task.key).await?.first().map(|task| task.dossier),
            false => Some(task.dossier),
        };
        let Some(mut case) = (match dossier {
            Some(dossier) => self.book.case_of(dossier).await?,
            None => None,
        }) else {
            return Ok(Vec::new());
        };
        if role == Role::Central {
            let Some(central) = self.book.central_of(&case).await?.1 else { return Ok(Vec::new()) };
            case = central;
        }
        Ok(contact(&case).into_iter().collect())
    }

    /// Whether a reader has had the daily number of mails today.
    async fn is_sated(&self, reader: &str) -> Result<bool, Error> {
        let had = self.ledger.sent_since(reader, self.clock.midnight()).await?;
        Ok(had >= i64::from(self.acting.mails_per_day))
    }
}

/// The key of a mail about one dossier; none for a bundle, or for what concerns no dossier.
fn mail_key(task: &Task) -> Result<Option<MailKey>, BadMailKey> {
    let of_a_dossier = !is_bundle(&task.key) && task.dossier != NO_DOSSIER;
    of_a_dossier.then(|| task.key.parse()).transpose()
}
