//! What was announced to a reader about a decision, and what holds instead.

use jiff::civil::Date;

use super::letter::{Announced, Instead};
use crate::case::Decision;

/// What a reader was told last of one decision of one dossier. A dossier may hold several of one kind, as two suspensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastTold {
    /// Number of the dossier of the decision.
    pub dossier: i64,
    /// The kind of decision; [`LastTold::day`] says which one of several.
    pub decision: Decision,
    /// The day on which it was announced.
    pub told: Date,
    /// `None`: that the decision does not hold.
    pub announced: Option<Announced>,
    /// What was announced before it was taken back.
    pub before: Option<Announced>,
}

impl LastTold {
    /// Adds this to what was told, in the order in which it was, in place of what it corrects.
    pub fn put(mut self, list: &mut Vec<LastTold>) {
        let same = |one: &LastTold| (one.dossier, one.decision) == (self.dossier, self.decision);
        let instead = self.announced.map_or(Instead::All, |announced| announced.instead);
        let day = match (instead, self.announced) {
            (Instead::Of(day), _) => Some(day),
            (Instead::Nothing | Instead::Void, Some(announced)) => Some(announced.on),
            _ => None,
        };
        let corrected = |one: &LastTold| same(one) && day.is_none_or(|day| one.day() == Some(day));
        let old = list.iter().rfind(|one| corrected(one)).copied();
        list.retain(|one| !corrected(one));
        self.before = old.and_then(|old| old.announced.or(old.before));
        if instead == Instead::Void {
            self.before = self.before.or(self.announced);
            self.announced = None;
        }
        list.push(self);
    }

    /// The day of the decision that it is about.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.announced.or(self.before).map(|announced| announced.on)
    }

    /// [`is_single`] of its decision: an award or a refusal.
    #[must_use]
    pub fn is_single(&self) -> bool {
        is_single(self.decision)
    }
}

/// An award or a refusal: announced once for its dossier, whatever becomes of its dates.
#[must_use]
pub fn is_single(decision: Decision) -> bool {
    matches!(decision, Decision::Labellise | Decision::Rejete)
}

/// What to announce of a decision that is no longer as it was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectification {
    /// What the reader was told last, and that no longer holds as it was.
    pub last: LastTold,
    /// What holds now; `None`: no such decision.
    pub now: Option<Announced>,
}

impl Rectification {
    /// What its mail announces.
    #[must_use]
    pub fn announced(&self) -> Option<Announced> {
        let instead = self.last.day().filter(|_| !self.last.is_single());
        match (self.now, instead) {
            (Some(now), Some(day)) => Some(Announced { instead: Instead::Of(day), ..now }),
            (None, Some(_)) => self.last.announced.map(|told| Announced { instead: Instead::Void, ..told }),
            (now, None) => now,
        }
    }
}
