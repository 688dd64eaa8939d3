//! Several mails in one: the certification body's daily digest, and the mail for those above the daily number of one
//! reader. A bundle is a mail like any other; its letter is made when it is sent, from the mails that are still wanted
//! then.

use super::error::Error;
use super::postman::Postman;
use super::schedule::Hours;
use crate::store;
use crate::store::carried::Carried;
use crate::store::ledger::{Ending, Fate, MailLane};
use crate::store::outbox::{NO_DOSSIER, NewTask, Task, TaskKind};
use label::judge::agenda::Role;
use label::outgoing::{BadMailKey, Letter, Mail, MailKey};
use label::wording::digest;
use label::wording::journal::{self, EntryKind};
use label::wording::names::role_from_key;
use label::wording::record::Anchor;

const DIGEST: &str = "digest/";
const OVERFLOW: &str = "recueil/";

/// Whether a key is that of a mail that carries others.
pub(super) fn is_bundle(key: &str) -> bool {
    key.starts_with(DIGEST) || key.starts_with(OVERFLOW)
}

/// For whom a bundle was put, as its key says.
pub(super) enum BundleOf<'a> {
    /// The desk of a body, where several share the installation.
    Digest(Option<&'a str>),
    /// The role and the hash of the reader; and the desk of the body, for a service, where several share the installation.
    Overflow(&'a str, &'a str, Option<&'a str>),
}

pub(super) fn bundle_of(key: &str) -> Option<BundleOf<'_>> {
    if let Some(rest) = key.strip_prefix(DIGEST) {
        return Some(BundleOf::Digest(rest.split('/').nth(2)));
    }
    let mut parts = key.strip_prefix(OVERFLOW)?.split('/').skip(1);
    let (role, reader) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Some(BundleOf::Overflow(role, reader, parts.next()))
}

impl Postman<'_> {
    /// Puts today's bundles, each once a day: what comes after it waits for the next day's.
    pub(super) async fn bundle(&self, hours: Hours) -> Result<(), Error> {
        let today = self.clock.today();
        let names: Vec<String> = self.acting.desks.iter().map(|desk| desk.name.clone()).collect();
        if hours.digest {
            let role = Role::Organisme.key();
            let key = format!("{DIGEST}{today}/{role}");
            for desk in &self.acting.desks {
                let of = Carried::OfBody(&desk.name);
                self.put_bundle(&format!("{key}/{}", desk.id()), role, MailLane::Digest, of).await?;
            }
            let of = if names.is_empty() { Carried::All } else { Carried::OfNoneOf(&names) };
            self.put_bundle(&key, role, MailLane::Digest, of).await?;
        }
        for (reader, role) in self.ledger.overflowing().await? {
            let key = format!("{OVERFLOW}{today}/{role}/{reader}");
            // A service answers to the body that writes to it: of two bodies, two mails.
            if matches!(role_from_key(&role), Some(Role::Candidat | Role::Central)) {
                for desk in &self.acting.desks {
                    let of = Carried::ForOfBody(&reader, &desk.name);
                    self.put_bundle(&format!("{key}/{}", desk.id()), &role, MailLane::Overflow, of).await?;
                }
            }
            self.put_bundle(&key, &role, MailLane::Overflow, Carried::For(&reader)).await?;
        }
        Ok(())
    }

    async fn put_bundle(
        &self,
        key: &str,
        role: &str,
        lane: MailLane,
        carried: Carried<'_>,
    ) -> Result<(), Error> {
        let task = NewTask {
            key,
            kind: TaskKind::Mail,
            dossier: NO_DOSSIER,
            role: Some(role),
            rule: None,
            payload: "",
        };
        self.ledger.bundle(&task, lane, carried, self.clock.now()).await?;
        Ok(())
    }

    /// The end of the record's chain; `None` while it is empty.
    async fn anchor(&self) -> Result<Option<Anchor>, Error> {
        let (seq, hash) = self.record.head().await?;
        Ok((seq > 0).then_some(Anchor { seq, hash }))
    }

    /// The letter of a bundle, from what it carries and is still wanted; `None` when nothing is.
    pub(super) async fn compose(&self, bundle: &Task, role: Role) -> Result<Option<Letter>, Error> {
        let (today, now) = (self.clock.today(), self.clock.now());
        let carried = self.ledger.bundled(&bundle.key).await?;
        let judged = self.judged(&carried).await?;
        let body = self.body_of(bundle).await?;
        let mut mails: Vec<Mail> = Vec::new();
        for task in carried {
            // Its dossier went to another body since.
            if role != Role::Ditp && self.body_of(&task).await? != body {
                self.ledger.let_out(&task.key).await?;
                continue;
            }
            let key: Result<MailKey, BadMailKey> = task.key.parse();
            let key = match key {
                Ok(key) => key,
                Err(error) => {
                    let (dossier, why) = (task.dossier, error.to_string());
                    tracing::error!(dossier, "a mail is given up: {why}");
                    let end = Ending::of(Fate::GivenUp, Some(&why));
                    let line = task.line(EntryKind::MailGivenUp, journal::mail(task.reader(), &why), "");
                    self.ledger.settle(&task.key, &end, &[line], now).await?;
                    continue;
                }
            };
            let wanted = match self.wanted_of(task.dossier, &judged).await {
                Err(Error::Store(store::Error::SetAside { .. })) => {
                    self.ledger.unbundle(&task.key).await?;
                    continue;
                }
                other => other?,
            };
            match wanted.iter().find(|mail| mail.key == key) {
                Some(mail) => mails.push(mail.clone()),
                None => {
                    let line = task.line(EntryKind::MailCancelled, journal::MAIL_MOOT, "");
                    self.ledger.settle(&task.key, &Ending::of(Fate::Cancelled, None), &[line], now).await?;
                }
            }
        }
        if mails.is_empty() {
            return Ok(None);
        }
        Ok(Some(match bundle.key.starts_with(DIGEST) {
            true => {
                let coming = self.coming_soon(body.as_deref()).await?;
                digest::daily(&mails, &coming, today, self.anchor().await?.as_ref())
            }
            false => digest::overflow(&mails, role, today),
        }))
    }
}
