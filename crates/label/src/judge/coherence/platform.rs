//! What the platform and the single fields of a dossier say, beside what was decided of it.

use super::incoherence::Incoherence;
use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Service, has_table};
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

/// R-3.8-a — where a dossier has a table of decisions, it alone counts: what the single field says beside it is told, and
/// not lost in silence.
pub(super) fn beside_the_table(case: &Case, facts: &Facts) -> Option<Incoherence> {
    let typed = facts.choice(Key::Decision)?;
    let decision = Decision::from_key(typed);
    // Where every row was annulled, a field that says it too adds nothing.
    let empty = !case.events.iter().any(|event| event.dossier == facts.number);
    if !has_table(facts) || (empty && decision.is_none()) {
        return None;
    }
    let on = [Key::DecisionLe, Key::EffetLe, Key::NotificationLe].into_iter().find_map(|key| facts.date(key));
    let same = |event: &Event| {
        let days = [event.decided, event.effective, event.notified];
        event.dossier == facts.number
            && Some(event.decision) == decision
            && on.is_none_or(|on| days.contains(&Some(on)))
    };
    (!case.events.iter().any(same)).then_some(Incoherence::BesideTheTable { decision, on })
}

/// A case is judged as the kind of service of its first application: another kind in a later dossier changes nothing.
pub(super) fn other_kind(case: &Case, facts: &Facts) -> Option<Incoherence> {
    let (stated, judged) = (Service::of(facts), case.service);
    let known = stated != Service::Unknown && judged != Service::Unknown;
    (known && stated != judged).then_some(Incoherence::OtherKind { stated, judged })
}
