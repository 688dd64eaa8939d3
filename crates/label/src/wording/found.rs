//! The findings of a dossier as they are stored with its last judgement: lists and programs read them without judging.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::case::keys::Key;
use crate::judge::Review;
use crate::judge::finding::{Finding, Level, What};

use super::findings::sentence;

/// A finding of a dossier. Stored: a field is added with a default, none is renamed or changes its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The same from one judgement to the next while the finding stays, and of no other finding of the dossier: 16
    /// hexadecimal signs.
    pub id: String,
    /// « DN » when it follows from no rule of the guide.
    pub rule: String,
    /// The section of the guide, without « § ».
    pub section: String,
    /// How serious it is, on the day of that judgement.
    pub level: Level,
    /// The key of the role that can mend it.
    pub owner: String,
    /// The field that it is about, when it is about one.
    pub field: Option<Key>,
    /// It says that a decision, or a date beside it, contradicts the rest of the dossier.
    pub doubts_decision: bool,
    /// The sentence, without its level.
    pub text: String,
}

impl Found {
    /// Whether a person should look at it.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        self.level >= Level::ToCheck
    }

    /// Its id as a number; `None` for an id of another version.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        u64::from_str_radix(&self.id, 16).ok()
    }

    /// The findings of one dossier, in the order of the review.
    #[must_use]
    pub fn of(review: &Review, dossier: i64) -> Vec<Found> {
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        let of_dossier = review.findings.iter().filter(|finding| finding.dossier == dossier);
        let found = of_dossier.map(|finding| {
            let identity = finding.identity();
            let rank = alike.entry(identity.clone()).or_default();
            *rank += 1;
            one(finding, &format!("{dossier}/{identity}/{rank}"))
        });
        found.collect()
    }
}

fn one(finding: &Finding, identity: &str) -> Found {
    let print = Sha256::digest(identity.as_bytes());
    Found {
        id: print.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        rule: finding.rule.to_owned(),
        section: finding.section.to_owned(),
        level: finding.level,
        owner: finding.owner.key().to_owned(),
        field: finding.what.key(),
        doubts_decision: matches!(&finding.what, What::Coherence(what) if what.doubts_decision()),
        text: sentence(finding),
    }
}
