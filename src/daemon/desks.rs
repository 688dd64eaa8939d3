//! Where several certification bodies share the installation: which of them a mail is about, and who reads it.

use std::collections::{BTreeMap, BTreeSet};

use super::bundle::{digest_desk, is_bundle};
use super::error::Error;
use super::postman::Postman;
use crate::store::outbox::{NO_DOSSIER, Task};

impl Postman<'_> {
    /// The body that a mail is about: that of its dossier, or of the first dossier of those that it carries. `None` where
    /// there is one body, or where the dossier's is not known.
    pub(super) async fn body_of(&self, task: &Task) -> Result<Option<String>, Error> {
        if self.acting.desks.is_empty() {
            return Ok(None);
        }
        if let Some(id) = digest_desk(&task.key) {
            return Ok(self.acting.desks.iter().find(|desk| desk.id() == id).map(|desk| desk.name.clone()));
        }
        let dossier = match is_bundle(&task.key) {
            true => self.ledger.bundled(&task.key).await?.first().map(|task| task.dossier),
            false => Some(task.dossier).filter(|dossier| *dossier != NO_DOSSIER),
        };
        Ok(match dossier {
            Some(dossier) => self.register.body_of(dossier).await?,
            None => None,
        })
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
