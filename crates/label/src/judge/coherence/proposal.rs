//! What the marks of an application propose (§3.8.1): a refusal when a Bronze threshold is not reached. The certification
//! body decides.

use jiff::civil::Date;

use super::incoherence::Incoherence;
use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Service};
use crate::guide::decision::{Proposal, proposal};
use crate::guide::tiers::local_tier;
use crate::judge::finding::Finding;
use crate::judge::marks::local_marks;
use crate::life::Life;

/// R-3.8.1-f — for each application of a local service whose report was sent, or that was refused.
pub(super) fn findings(case: &Case, life: &Life, today: Date) -> Vec<Finding> {
    if case.service == Service::Central {
        return Vec::new();
    }
    let opens = |facts: &&Facts| matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement);
    let found = case
        .dossiers
        .iter()
        .filter(opens)
        .filter_map(|facts| Some(Finding::contradiction(facts.number, incoherence(facts, life, today)?)));
    found.collect()
}

fn incoherence(facts: &Facts, life: &Life, today: Date) -> Option<Incoherence> {
    let result = local_tier(&local_marks(facts));
    let mut decisions = life.decisions().filter(|event| event.dossier == facts.number);
    let closed =
        matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite);
    let reported = [Key::RapportTransmisLe, Key::RapportRecuLe].into_iter().filter_map(|key| facts.date(key));
    match (proposal(&result), decisions.next_back().map(|event| event.decision)) {
        (Proposal::Reject, None) if !closed && reported.min().is_some_and(|day| day <= today) => {
            Some(Incoherence::RefusalProposed { limiting: result.limiting })
        }
        (Proposal::Label(computed), Some(Decision::Rejete)) => {
            Some(Incoherence::RefusedAboveMarks { computed })
        }
        _ => None,
    }
}
