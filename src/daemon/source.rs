//! One place that dossiers are read from: a démarche or a group, with the form that goes with it.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};
use tokio::sync::RwLock;

use super::{Daemon, Error};
use crate::dn::form::{FormMap, LiveForm, ResolvedForm};
use crate::dn::resolve::resolve;
use crate::dn::{self, Dn};
use crate::store::dossiers::TRANSLATION;

/// A section of `[dn]`.
#[derive(Debug)]
pub struct Source {
    pub dn: Dn,
    pub map: FormMap,
    form: RwLock<Option<KnownForm>>,
}

/// The form as last resolved, and when it was read.
#[derive(Clone, Debug)]
struct KnownForm {
    form: Arc<ResolvedForm>,
    print: Arc<str>,
    read_at: Timestamp,
}

impl Source {
    #[must_use]
    pub fn new(dn: Dn, map: FormMap) -> Source {
        Source { dn, map, form: RwLock::new(None) }
    }

    #[must_use]
    pub fn key(&self) -> String {
        self.dn.scope().key()
    }

    /// The form as last resolved.
    ///
    /// # Errors
    /// When none was ever read.
    pub async fn resolved(&self) -> Result<Arc<ResolvedForm>, Error> {
        self.form.read().await.as_ref().map(|known| Arc::clone(&known.form)).ok_or(Error::NoForm)
    }

    /// The form, with the print that goes into the print of each dossier read under it.
    pub(super) async fn reading(&self) -> Option<(Arc<ResolvedForm>, Arc<str>)> {
        let known = self.form.read().await;
        known.as_ref().map(|known| (Arc::clone(&known.form), Arc::clone(&known.print)))
    }

    /// Forgets when the form was read, so that the next observation asks for it.
    pub(super) async fn doubt_form(&self) {
        if let Some(known) = self.form.write().await.as_mut() {
            known.read_at = Timestamp::UNIX_EPOCH;
        }
    }
}

impl Daemon {
    /// Resolves `form.toml` against the live form. True when the result is not the one known before: everything is
    /// then read and judged again, and what the old form refused may be tried.
    pub(super) async fn resolve_form(&self, source: &Source, live: &LiveForm) -> Result<bool, Error> {
        let form = Arc::new(resolve(&source.map, live));
        for problem in &form.problems {
            tracing::warn!("form.toml: {problem}");
        }
        let print = fingerprint(&form, &source.map);
        let name = format!("form/{}", source.key());
        let changed = self.book.store.settings().get(&name).await?.as_deref() != Some(print.as_str());
        if changed {
            self.book.store.pages().rewind(&source.key()).await?;
            self.book.store.writes().forget_refusals().await?;
            self.book.store.judgements().mark_all_to_judge().await?;
            self.book.store.settings().set(&name, &print).await?;
        }
        self.book.keep_form_view(live.demarche, &form.view).await?;
        let read_at = self.book.clock.now();
        *source.form.write().await = Some(KnownForm { form, print: print.into(), read_at });
        Ok(changed)
    }

    /// The démarche to ask the form of: dossiers move to a new edition without any date moving, so it is read again
    /// each hour. A group alone does not tell its démarche: it is learnt from a first dossier.
    pub(super) async fn form_wanted(&self, source: &Source) -> Result<Option<i64>, Error> {
        let known = source.form.read().await;
        let fresh = known.as_ref().is_some_and(|known| {
            self.book.clock.now() < known.read_at.saturating_add(1.hour()).unwrap_or(known.read_at)
        });
        drop(known);
        if fresh {
            return Ok(None);
        }
        Ok(match source.dn.scope().demarche {
            Some(number) => Some(number),
            None => self.book.store.settings().read(&learnt(source)).await?,
        })
    }

    /// Remembers the démarche of a group.
    pub(super) async fn learn_demarche(&self, source: &Source, number: i64) -> Result<(), Error> {
        Ok(self.book.store.settings().set(&learnt(source), &number.to_string()).await?)
    }

    /// The section that a dossier was read from; `None` when the configuration no longer names it.
    pub(super) fn source_of(&self, scope: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.key() == scope)
    }
}

fn learnt(source: &Source) -> String {
    format!("demarche/{}", source.key())
}

pub(super) fn no_form(number: i64) -> dn::Error {
    dn::Error::Refused {
        why: format!("the form of démarche {number} cannot be seen with this token"),
        remedy: "give the token access to that démarche, or check dn.demarche".to_owned(),
    }
}

/// What of the form changes the reading or the writing of a dossier, and of ourselves: another translation reads all.
fn fingerprint(form: &ResolvedForm, map: &FormMap) -> String {
    let what = format!(
        "{TRANSLATION} {map:?} {:?} {:?} {:?} {:?} {:?}",
        form.champs, form.annotations, form.cells, form.options, form.targets
    );
    Sha256::digest(what.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
