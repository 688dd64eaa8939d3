//! Compares decisions with the values of the dossiers: marks, surveys, dates, causes, the network. Each contradiction is
//! a finding for the certification body; no decision is changed or left out here.
//!
//! `entries` reports decisions that `life` doubts or refuses, `award` contradictions of an award, `sanction` those of
//! a suspension or a withdrawal, `suspension` a delay that does not fit its suspension, `order` dates in the wrong order,
//! `platform` a decision that the platform or a single field contradicts, `proposal` marks that call for another decision, `network`
//! decisions on a central service that its locals do not bear out, `revised` marks changed
//! after the report, and a service that is another since the award. `doubts` says which put a decision in doubt, `references` which
//! rule each concerns.

mod award;
mod doubts;
mod entries;
pub mod incoherence;
mod network;
mod order;
mod platform;
mod proposal;
mod references;
pub mod revised;
mod sanction;
mod suspension;

use jiff::civil::Date;

use crate::case::{Case, Frame};
use crate::judge::finding::Finding;
use crate::judge::network::audited_before_locals;
use crate::life::Life;
use award::Confronted;
pub(super) use award::invalid_surveys;

/// Every contradiction of `case` on `today`, given the other findings of its dossiers.
pub(super) fn findings(
    case: &Case,
    life: &Life,
    today: Date,
    frame: &Frame,
    own: &[Finding],
) -> Vec<Finding> {
    let mut found = entries::findings(case, life);
    for entry in life.entries.iter().filter(|entry| entry.outcome.counts()) {
        let Some(facts) = case.dossiers.iter().find(|facts| facts.number == entry.event.dossier) else {
            continue;
        };
        let confronted = Confronted { case, facts, event: &entry.event, frame, life, today, own };
        found.extend(
            confronted.incoherences().into_iter().map(|one| Finding::contradiction(facts.number, one)),
        );
    }
    found.extend(suspension::findings(case, life));
    found.extend(proposal::findings(case, life, today));
    found.extend(sanction::again(life));
    for facts in &case.dossiers {
        let incomplete = own.iter().any(|f| f.dossier == facts.number && f.asks_candidate());
        let mut all = order::incoherences(case, life, facts, incomplete, today);
        all.extend(audited_before_locals(case, life, facts, today, frame));
        all.extend(sanction::delay(facts, life));
        all.extend(platform::disagreement(facts, life));
        all.extend(platform::beside_the_table(case, facts));
        all.extend(platform::other_kind(case, facts));
        if let Some(reported) = case.reported_marks.get(&facts.number) {
            all.extend(revised::marks(facts, reported));
        }
        if let Some(since) = case.said_since.get(&facts.number) {
            all.extend(revised::since_award(facts, since, frame));
        }
        found.extend(all.into_iter().map(|one| Finding::contradiction(facts.number, one)));
    }
    found
}
