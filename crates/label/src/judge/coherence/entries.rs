//! Findings for the decisions that `life` doubts or refuses.

use super::incoherence::Incoherence;
use crate::case::{Case, unreadable_rows};
use crate::judge::finding::Finding;
use crate::life::Life;
use crate::life::entry::Outcome;

/// One finding for each decision that is doubted or refused, and for each row that holds no readable decision.
pub(super) fn findings(case: &Case, life: &Life) -> Vec<Finding> {
    let entries = life.entries.iter().filter(|entry| entry.outcome != Outcome::Accepted);
    let entries = entries.map(|entry| {
        let (decision, on) = (entry.event.decision, entry.event.on());
        Finding::contradiction(
            entry.event.dossier,
            Incoherence::Entry { decision, on, outcome: entry.outcome },
        )
    });
    let rows = case.dossiers.iter().flat_map(|facts| {
        let rows = unreadable_rows(facts).into_iter();
        rows.map(|row| Finding::contradiction(facts.number, Incoherence::UnreadableRow { row }))
    });
    entries.chain(rows).collect()
}
