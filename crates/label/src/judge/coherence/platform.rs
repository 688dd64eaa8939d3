//! What the platform says of a dossier, beside what was decided of it.

use super::incoherence::Incoherence;
use crate::case::Decision;
use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::life::Life;

/// R-3.8-a — a dossier that was granted is not refused on the platform, nor the other way round.
pub(super) fn disagreement(facts: &Facts, life: &Life) -> Option<Incoherence> {
    // Without a typed decision the platform's own is taken.
    if facts.choice(Key::Decision).is_none() && facts.rows(Key::Evenements).is_empty() {
        return None;
    }
    let of_it = life.decisions().rev().filter(|event| event.dossier == facts.number);
    let granted =
        |decision| matches!(decision, Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur);
    let decision = of_it.map(|event| event.decision).find(|one| granted(*one) || *one == Decision::Rejete)?;
    let refused = matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite);
    let accepted = facts.state == PlatformState::Accepte;
    let disagrees = (granted(decision) && refused) || (decision == Decision::Rejete && accepted);
    disagrees.then_some(Incoherence::PlatformDisagrees { decision, state: facts.state })
}
