//! The marks of one dossier and the thresholds of each tier (§2.2.1): the values that a board shows.

use crate::case::Service;
use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::guide::score::Fraction;
use crate::guide::tiers::{Criterion, LocalMarks, Tier, TierResult, local_tier};

/// One criterion: its mark, the thresholds of the three tiers, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The criterion that the mark is of.
    pub criterion: Criterion,
    /// Out of 100; `None` while it is not known.
    pub mark: Option<Fraction>,
    /// Bronze, Argent, Or; `None`: not asked.
    pub thresholds: [Option<i64>; 3],
    /// The highest tier that this mark alone allows.
    pub allows: Option<Tier>,
    /// What is missing for the next tier of the service; absent when this criterion reaches it.
    pub gap: Option<Fraction>,
}

/// The eleven criteria of one dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Number of the dossier that holds the marks.
    pub dossier: i64,
    /// All eleven, in the guide's order, those without a mark included.
    pub bars: Vec<Bar>,
    /// The tier that the marks give, and what keeps from the next (R-2.2.1-d).
    pub result: TierResult,
    /// The tier that `gap` refers to; `None` above Or.
    pub next: Option<Tier>,
}

/// The board of a local service's dossier; `None` for a central, or when not a single mark is known.
#[must_use]
pub fn board(service: Service, facts: &Facts) -> Option<Board> {
    let marks = local_marks(facts);
    if service == Service::Central || marks.is_empty() {
        return None;
    }
    let result = local_tier(&marks);
    let next = result.tier.map_or(Some(Tier::Bronze), Tier::next);
    let bar = |criterion: Criterion| {
        let mark = marks.get(criterion).cloned();
        let limiting = result.limiting.iter().find(|limiting| limiting.criterion == criterion);
        Bar {
            criterion,
            thresholds: Tier::ALL.map(|tier| criterion.threshold(tier)),
            allows: mark.as_ref().and_then(|mark| criterion.tier(mark)),
            gap: limiting.map(|limiting| Fraction::from(limiting.required) - limiting.mark.clone()),
            mark,
        }
    };
    let bars = Criterion::all().map(bar).collect();
    Some(Board { dossier: facts.number, bars, result, next })
}

/// The marks out of 100 that a dossier holds.
pub(super) fn local_marks(facts: &Facts) -> LocalMarks {
    LocalMarks {
        engagements: Key::ENGAGEMENTS.map(|key| facts.mark(key)),
        or_criteria: facts.mark(Key::ScoreOr),
        staff: facts.mark(Key::NoteAgents),
        users: facts.mark(Key::NoteUsagers),
    }
}
