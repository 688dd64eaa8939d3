//! How each section of `[dn]` stands. One that the platform refuses, or does not answer about, stops alone: nothing is
//! asked of it or written in it until it is read again, and the others go on. What is known of it stays in the store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::report::Report;
use super::source::Source;
use crate::dn;
use crate::store;
use crate::store::settings::StoredSettings;

/// When a section was last read to its end.
const READ: &str = "section/read/";
/// Why it cannot be, while it cannot; an empty text once it is read again.
const FAILING: &str = "section/failing/";
/// The same for what is written in it.
const UNWRITTEN: &str = "section/unwritten/";

/// A section that could not be read in the last pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failing {
    pub since: Timestamp,
    /// A person must act: the token or the configuration is refused.
    pub refused: bool,
    pub why: String,
    /// When it was last read to its end; `None` before a first time.
    pub read: Option<Timestamp>,
}

/// The failing sections, by key.
pub(super) type Away = BTreeMap<String, Failing>;

/// The sections in use that could not be read in the last pass.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn away(settings: &StoredSettings, sources: &[Source]) -> Result<Away, Error> {
    failing(settings, sources, FAILING).await
}

/// The sections in use in which the last write was refused.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn unwritten(settings: &StoredSettings, sources: &[Source]) -> Result<Away, Error> {
    failing(settings, sources, UNWRITTEN).await
}

async fn failing(settings: &StoredSettings, sources: &[Source], what: &str) -> Result<Away, Error> {
    let mut away = Away::new();
    for (name, text) in settings.starting(what).await? {
        let scope = name.strip_prefix(what).unwrap_or_default();
        if text.is_empty() || !sources.iter().any(|source| source.key() == scope) {
            continue;
        }
        match serde_json::from_str(&text) {
            Ok(failing) => drop(away.insert(scope.to_owned(), failing)),
            Err(_) => settings.set_aside(&name).await?,
        }
    }
    Ok(away)
}

/// A section was read to its end.
///
/// # Errors
/// When the store cannot be written.
pub(super) async fn was_read(settings: &StoredSettings, scope: &str, now: Timestamp) -> Result<(), Error> {
    settings.set(&format!("{READ}{scope}"), &now.to_string()).await?;
    over(settings, &format!("{FAILING}{scope}")).await
}

/// When a section was last read to its end.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn read(settings: &StoredSettings, scope: &str) -> Result<Option<Timestamp>, Error> {
    Ok(settings.read::<Timestamp>(&format!("{READ}{scope}")).await?)
}

async fn over(settings: &StoredSettings, name: &str) -> Result<(), Error> {
    if settings.get(name).await?.is_some_and(|text| !text.is_empty()) {
        tracing::info!("{name} is over");
        settings.set(name, "").await?;
    }
    Ok(())
}

/// A section could not be read. The instant at which that began is kept.
///
/// # Errors
/// When the store cannot be written.
pub(super) async fn fails(
    settings: &StoredSettings,
    scope: &str,
    now: Timestamp,
    error: &Error,
) -> Result<(), Error> {
    note(settings, (FAILING, scope), now, error).await
}

async fn note(
    settings: &StoredSettings,
    (what, scope): (&str, &str),
    now: Timestamp,
    error: &Error,
) -> Result<(), Error> {
    let name = format!("{what}{scope}");
    let before = settings.get(&name).await?.and_then(|text| serde_json::from_str::<Failing>(&text).ok());
    let read = read(settings, scope).await?;
    let failing = Failing {
        since: before.as_ref().map_or(now, |before| before.since),
        refused: matches!(error, Error::Dn(dn::Error::Refused { .. })),
        why: error.to_string(),
        read,
    };
    if before.as_ref() != Some(&failing) {
        settings.set(&name, &store::json(&failing)?).await?;
    }
    Ok(())
}

/// Why a task of a section that is left alone was not tried.
pub(super) const HALTED: &str = "the platform refuses its section of [dn], or does not answer";

/// The sections in which nothing is written in this delivery.
pub(super) struct Halted {
    away: Away,
    refused: BTreeMap<String, dn::Error>,
    wrote: BTreeSet<String>,
}

impl Halted {
    pub(super) fn new(away: Away) -> Halted {
        Halted { away, refused: BTreeMap::new(), wrote: BTreeSet::new() }
    }

    pub(super) fn holds(&self, scope: &str) -> bool {
        self.away.contains_key(scope) || self.refused.contains_key(scope)
    }

    /// The platform refused a write: every other one of that section would be refused too.
    pub(super) fn refused(&mut self, scope: String, error: dn::Error) {
        tracing::error!(scope, "nothing more is written in {scope}: {error}");
        self.refused.insert(scope, error);
    }

    /// Remembers which sections refuse to be written in; `wrote`: those in which something was.
    ///
    /// # Errors
    /// The first refusal of this delivery: a person must act; when the store cannot be written.
    pub(super) async fn end(
        self,
        settings: &StoredSettings,
        now: Timestamp,
        report: Report,
    ) -> Result<Report, Error> {
        for scope in &self.wrote {
            over(settings, &format!("{UNWRITTEN}{scope}")).await?;
        }
        let mut first = None;
        for (scope, error) in self.refused {
            let error = Error::from(error);
            note(settings, (UNWRITTEN, &scope), now, &error).await?;
            first.get_or_insert(error);
        }
        first.map_or(Ok(report), Err)
    }

    /// Something was written in a section.
    pub(super) fn wrote(&mut self, scope: String) {
        self.wrote.insert(scope);
    }
}
