//! Where several certification bodies share the installation: which of them a mail is about, and who reads it.

use std::collections::{BTreeMap, BTreeSet};

use super::acting::{Acting, Desk};
use super::bundle::{BundleOf, bundle_of};
use super::error::Error;
use super::postman::Postman;
use crate::casebook::{Readers, print};
use crate::store::ledger::Ledger;
use crate::store::outbox::{NO_DOSSIER, Task};
use crate::store::register::Register;
use label::judge::agenda::Role;
use label::outgoing::{MailCode, MailKey};

/// The body that a mail is about; `None` where there is one body, or where none that is known has it. A bundle keeps the body
/// for which it was put, whatever becomes of the dossiers that it carries.
pub(super) async fn body_of_mail(
    (acting, ledger, register): (&Acting, &Ledger, &Register),
    key: &str,
    dossier: i64,
) -> Result<Option<String>, Error> {
    let known = |name: &String| acting.desks.iter().any(|desk| desk.name == *name);
    if acting.desks.is_empty() {
        return Ok(None);
    }
    let named = |desk: &Desk| desk.name.clone();
    Ok(match bundle_of(key) {
        Some(BundleOf::Digest(id)) => {
            acting.desks.iter().find(|desk| Some(desk.id().as_str()) == id).map(named)
        }
        Some(BundleOf::Overflow(role, reader, _)) if role == Role::Organisme.key() => {
            let reads = |desk: &&Desk| print(&Readers::listed(&desk.addresses).first().join(",")) == reader;
            acting.desks.iter().find(reads).map(named)
        }
        Some(BundleOf::Overflow(_, _, Some(id))) => {
            acting.desks.iter().find(|desk| desk.id() == id).map(named)
        }
        Some(BundleOf::Overflow(..)) => {
            let carried = ledger.bundled(key).await?.iter().map(|task| task.dossier).collect::<Vec<i64>>();
            let bodies: BTreeSet<String> = register.bodies_of(&carried).await?.into_values().collect();
            let only = bodies.first().filter(|_| bodies.len() == 1);
            only.cloned().filter(known)
        }
        None if dossier == NO_DOSSIER => None,
        // Told of the case, under the dossier that opened it.
        None if is_about_the_address(key) => register.current_body(dossier).await?.filter(known),
        None => register.body_of(dossier).await?.filter(known),
    })
}

fn is_about_the_address(key: &str) -> bool {
    key.parse::<MailKey>().is_ok_and(|key| key.code == MailCode::Address)
}

impl Postman<'_> {
    /// As [`body_of_mail`].
    pub(super) async fn body_of(&self, task: &Task) -> Result<Option<String>, Error> {
        body_of_mail((self.acting, &self.ledger, &self.register), &task.key, task.dossier).await
    }

    /// Those of these dossiers that belong to the reader of a digest: a body, or DITP for those of no known body.
    pub(super) async fn dossiers_of(
        &self,
        body: Option<&str>,
        dossiers: &BTreeSet<i64>,
    ) -> Result<BTreeSet<i64>, Error> {
        if self.acting.desks.is_empty() {
            return Ok(dossiers.clone());
        }
        let of: BTreeMap<i64, String> =
            self.register.bodies_of(&dossiers.iter().copied().collect::<Vec<_>>()).await?;
        let known = |name: &str| self.acting.desks.iter().any(|desk| desk.name == name);
        let theirs = |dossier: &i64| {
            let name = of.get(dossier).map(String::as_str).filter(|name| known(name));
            name == body
        };
        Ok(dossiers.iter().copied().filter(theirs).collect())
    }
}
