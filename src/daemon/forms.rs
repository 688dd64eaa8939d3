//! The live form of a section: when to ask for it, and what another form calls for.

use std::sync::Arc;

use jiff::ToSpan;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::observer::Observer;
use super::source::Source;
use crate::dn::form::{FormMap, LiveForm, ResolvedForm};
use crate::dn::resolve::resolve;
use crate::dn::{self, Ask, Cursors, Streams};
use crate::store::dossiers::TRANSLATION;
use label::wording::platform::Remedy;

impl Observer<'_> {
    /// Resolves `form.toml` against the live form. True when the result differs from the stored one: everything is then
    /// read and judged again, and values that were refused under the old form may be written.
    pub(super) async fn resolve_form(&self, source: &Source, live: &LiveForm) -> Result<bool, Error> {
        let form = Arc::new(resolve(&source.map, live));
        for problem in &form.problems {
            tracing::warn!("form.toml: {problem}");
        }
        let print = fingerprint(&form, &source.map);
        let name = format!("form/{}", source.key());
        let changed = self.settings.get(&name).await?.as_deref() != Some(print.as_str());
        if changed {
            self.pages.rewind(&source.key()).await?;
            self.writes.forget_refusals().await?;
            self.judgements.mark_all_to_judge().await?;
            self.settings.set(&name, &print).await?;
        }
        self.book.keep_form_view(live.demarche, &form.view).await?;
        let read_at = self.clock.now();
        source.keep_form(form, print.into(), read_at).await;
        Ok(changed)
    }

    /// The démarche whose form is to be read. Dossiers move to a new revision of the form without any date changing, so
    /// it is read again each hour. The démarche of a group is not known until one of its dossiers was read.
    pub(super) async fn form_wanted(&self, source: &Source) -> Result<Option<i64>, Error> {
        let known = source.form_read_at().await;
        let fresh = known
            .is_some_and(|read_at| self.clock.now() < read_at.saturating_add(1.hour()).unwrap_or(read_at));
        let number = match source.dn.scope().demarche {
            Some(number) => Some(number),
            None => self.settings.read(&learnt(source)).await?,
        };
        // Dossiers whose form cannot be read in the store are not judged until it is written again.
        Ok(match number {
            Some(known) if fresh && self.book.form_is_readable(known).await? => None,
            number => number,
        })
    }

    /// A process that does not observe reads the form before it writes under it, as often as the observer does.
    pub(super) async fn read_form_to_write(&self, source: &Source) -> Result<(), Error> {
        if !self.follows {
            return Ok(());
        }
        let Some(number) = self.form_wanted(source).await? else { return Ok(()) };
        let (cursors, since) = (Cursors::default(), self.clock.now());
        let ask = Ask { streams: Streams::Dossiers, cursors, since, size: 1, form_of: Some(number) };
        if let Some(live) = source.dn.observe(&ask, self.clock).await?.form {
            let form = Arc::new(resolve(&source.map, &live));
            let print = fingerprint(&form, &source.map);
            source.keep_form(form, print.into(), self.clock.now()).await;
        }
        Ok(())
    }

    /// Stores the démarche of a group.
    pub(super) async fn learn_demarche(&self, source: &Source, number: i64) -> Result<(), Error> {
        Ok(self.settings.set(&learnt(source), &number.to_string()).await?)
    }
}

fn learnt(source: &Source) -> String {
    format!("demarche/{}", source.key())
}

pub(super) fn no_form(number: i64) -> dn::Error {
    dn::Error::Refused {
        why: format!("the form of démarche {number} cannot be seen with this token"),
        remedy: Remedy::Form.into(),
    }
}

/// A hash of all that changes how a dossier is read or written: the form, its map, and the version of our translation.
/// When it changes, everything is read again.
pub(super) fn fingerprint(form: &ResolvedForm, map: &FormMap) -> String {
    let what = format!(
        "{TRANSLATION} {map:?} {:?} {:?} {:?} {:?} {:?}",
        form.champs, form.annotations, form.cells, form.options, form.targets
    );
    Sha256::digest(what.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
