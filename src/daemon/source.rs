//! One place that dossiers are read from: a démarche or a group, with the form that goes with it.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::RwLock;

use super::error::Error;
use crate::dn::form::{FormMap, ResolvedForm};
use crate::dn::{Dn, SectionKeys};
use crate::store::exported::SCOPE;

/// A section of `[dn]`.
#[derive(Debug)]
pub struct Source {
    pub dn: Dn,
    pub map: FormMap,
    /// Where the configuration sets what it is read with.
    pub keys: SectionKeys,
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
        Source { dn, map, keys: SectionKeys::default(), form: RwLock::new(None) }
    }

    #[must_use]
    pub fn set_by(self, keys: SectionKeys) -> Source {
        Source { keys, ..self }
    }

    /// An error of the platform about it, with its own keys in the remedy.
    #[must_use]
    pub fn about(&self, error: Error) -> Error {
        match error {
            Error::Dn(error) => Error::Dn(error.under(&self.keys)),
            other => other,
        }
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

    /// The form, with its hash, which is part of the hash of each dossier read under it.
    pub(super) async fn reading(&self) -> Option<(Arc<ResolvedForm>, Arc<str>)> {
        let known = self.form.read().await;
        known.as_ref().map(|known| (Arc::clone(&known.form), Arc::clone(&known.print)))
    }

    /// When the form was last read; `None` before the first time.
    pub(super) async fn form_read_at(&self) -> Option<Timestamp> {
        self.form.read().await.as_ref().map(|known| known.read_at)
    }

    /// Keeps the form as resolved at `read_at`, with its hash.
    pub(super) async fn keep_form(&self, form: Arc<ResolvedForm>, print: Arc<str>, read_at: Timestamp) {
        *self.form.write().await = Some(KnownForm { form, print, read_at });
    }

    /// Clears the time at which the form was read, so that the next observation asks for it.
    pub(super) async fn doubt_form(&self) {
        if let Some(known) = self.form.write().await.as_mut() {
            known.read_at = Timestamp::UNIX_EPOCH;
        }
    }
}

/// What dossiers are read from: each section of `[dn]`, and the exports.
pub(super) fn scopes(sources: &[Source]) -> Vec<String> {
    sources.iter().map(Source::key).chain([SCOPE.to_owned()]).collect()
}

/// Whether what was read there is still read: by a section of `[dn]`, or by exports.
pub(super) fn is_read(sources: &[Source], scope: &str) -> bool {
    scope == SCOPE || source_of(sources, scope).is_some()
}

/// The section that a dossier was read from; `None` when the configuration no longer names it.
pub(super) fn source_of<'s>(sources: &'s [Source], scope: &str) -> Option<&'s Source> {
    sources.iter().find(|source| source.key() == scope)
}
