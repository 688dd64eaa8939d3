//! What was announced to a reader about a decision, and what holds instead.

use jiff::civil::Date;

use super::letter::Announced;
use crate::case::Decision;

/// What was last announced to a reader about one decision of one dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastTold {
    pub dossier: i64,
    pub decision: Decision,
    /// The day on which it was announced.
    pub told: Date,
    /// `None`: that the decision does not hold.
    pub announced: Option<Announced>,
    /// What was announced before it was taken back.
    pub before: Option<Announced>,
}

impl LastTold {
    /// Replaces in `list` what was announced of the same decision before.
    pub fn put(self, list: &mut Vec<LastTold>) {
        let same = |one: &LastTold| (one.dossier, one.decision) == (self.dossier, self.decision);
        let old = list.iter().position(same).map(|place| list.swap_remove(place));
        let before = old.and_then(|old| old.announced.or(old.before));
        list.push(LastTold { before, ..self });
    }
}

/// What to announce of a decision that is no longer as it was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectification {
    pub last: LastTold,
    /// What holds now; `None`: no such decision.
    pub now: Option<Announced>,
}
