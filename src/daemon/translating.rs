//! The dossiers of a page, from the platform's text to facts, off the threads that wait for the network.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::attachments::is_read;
use crate::dn::form::ResolvedForm;
use crate::dn::{self, RawDossier};
use crate::retry::{later, observing};
use crate::store::asks::AskReason;
use crate::store::dossiers::Seen;
use crate::store::pages::KnownDossier;
use label::case::facts::{Facts, PlatformState, Scan};
use label::case::keys::Key;

/// Where a dossier comes from.
pub(super) enum Reader {
    Api(dn::Dn),
    /// Nothing can be asked for, and nothing written.
    Export,
}

impl Reader {
    fn read(&self, raw: &RawDossier, form: &ResolvedForm) -> Result<Facts, String> {
        match self {
            Reader::Api(dn) => dn.read(raw, form),
            Reader::Export => raw.read(form, None),
        }
    }
}

/// What a blocking thread needs to translate a page.
pub(super) struct PageTranslator {
    pub reader: Reader,
    pub form: Arc<ResolvedForm>,
    pub print: Arc<str>,
    pub now: Timestamp,
    pub copying: bool,
}

/// A page as it was read.
pub(super) struct TranslatedPage {
    pub known: BTreeMap<i64, KnownDossier>,
    pub seen: Vec<Seen>,
    /// Number, and why it could not be read.
    pub aside: Vec<(i64, String)>,
}

impl PageTranslator {
    pub(super) fn read(
        &self,
        dossiers: Vec<RawDossier>,
        known: BTreeMap<i64, KnownDossier>,
    ) -> TranslatedPage {
        let (mut seen, mut aside) = (BTreeMap::new(), Vec::new());
        for raw in dossiers {
            let number = raw.number.unwrap_or(0);
            match self.read_one(&raw, known.get(&number)) {
                // Duplicates in a page are merged.
                Ok(read) => {
                    seen.insert(read.number, read);
                }
                Err(why) => aside.push((number, why)),
            }
        }
        TranslatedPage { known, seen: seen.into_values().collect(), aside }
    }

    fn read_one(&self, raw: &RawDossier, known: Option<&KnownDossier>) -> Result<Seen, String> {
        let print = raw.print(&self.print);
        let same = known.is_some_and(|known| known.print.is_some() && known.print == print);
        let facts = if same { None } else { Some(self.reader.read(raw, &self.form)?) };
        let number = facts.as_ref().map(|facts| facts.number).or(raw.number).unwrap_or(0);
        for (of, word) in facts.iter().flat_map(|facts| &facts.unknown_words) {
            tracing::warn!(dossier = number, ?of, word, "the platform uses a word that vigie does not know");
        }
        Ok(Seen {
            number,
            place: raw.cursor.clone(),
            modified: raw.modified,
            print: print.unwrap_or_default(),
            waits: match (&facts, &self.reader) {
                (Some(facts), Reader::Api(_)) => waits(facts, self.now, self.copying),
                // Of what exports tell nothing can be asked again; the files of a zip are at hand.
                (Some(facts), Reader::Export) => {
                    let mut waits = waits(facts, self.now, self.copying);
                    waits.retain(|(why, _)| *why == AskReason::Files);
                    waits
                }
                (None, _) => Vec::new(),
            },
            answerable: self.form.view.usable.contains(&Key::Decision),
            facts,
        })
    }
}

/// For changes that update no date on the platform (API §2.4), the dossier is asked for again after a wait.
fn waits(facts: &Facts, now: Timestamp, copying: bool) -> Vec<(AskReason, Timestamp)> {
    let mut waits = Vec::new();
    if facts.attachments().any(|(_, file)| file.scan == Scan::Pending) {
        waits.push((AskReason::Scan, later(now, observing::SCAN.after(0))));
    }
    if facts.degraded {
        waits.push((AskReason::Siret, later(now, observing::SIRET.after(0))));
    }
    let read = |key: Key, scan: Scan| scan == Scan::Safe && is_read(facts, key, copying);
    if facts.attachments().any(|(key, file)| read(key, file.scan)) {
        waits.push((AskReason::Files, now));
    }
    let decided = matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse);
    // A decision of a day to come is not taken yet: when it is, the dossier changes and is read again.
    let recent = facts.decided.is_some_and(|day| {
        (0..=observing::ATTESTATION_DAYS).contains(&(label::paris_date(now) - day).get_days())
    });
    if decided && recent && facts.attestation.is_none() {
        waits.push((AskReason::Attestation, later(now, observing::ATTESTATION.after(0))));
    }
    waits
}
