//! The day on which a decision is told, and until when a dossier awaits one.

use jiff::civil::Date;

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame};
use crate::judge::Review;
use crate::life::entry::{EntryDoubt, Outcome};

/// The day in the keys of a decision's mails and notices; `None` while they should not be sent yet.
pub(super) fn occasion(
    event: &Event,
    review: &Review,
    case: &Case,
    frame: &Frame,
    since: Date,
) -> Option<Date> {
    let on = event.on()?;
    // Whose label a decision is about must be known before anybody outside is told of it.
    if case.label_is_doubtful() {
        return None;
    }
    if is_too_old(event, since) || told_on(event, on) > review.today {
        return None;
    }
    if changes_nothing(event, review, case, frame) {
        return None;
    }
    told_once(event, case, frame, on)
}

/// A « palier supérieur » that is not above the tier held, or that has no tier yet, leaves the tier as it is: the body
/// has a finding, and nobody is told of a tier that nobody holds. Nor of a second suspension while one runs: the first one's
/// day and limits stand.
fn changes_nothing(event: &Event, review: &Review, case: &Case, frame: &Frame) -> bool {
    let facts = || case.dossiers.iter().find(|facts| facts.number == event.dossier);
    let usable = || facts().is_some_and(|facts| frame.form(facts).usable.contains(&Key::PalierDecide));
    let outcome = review.entries.iter().find(|entry| entry.event == *event).map(|entry| entry.outcome);
    match outcome {
        Some(Outcome::Doubtful(EntryDoubt::NotHigher { .. } | EntryDoubt::SuspendedAgain { .. })) => true,
        Some(Outcome::Doubtful(EntryDoubt::HigherWithoutTier)) => usable(),
        _ => false,
    }
}

/// Whether a decision is told to nobody, because it is older than what is told.
pub(super) fn is_too_old(event: &Event, since: Date) -> bool {
    event.on().is_some_and(|on| told_on(event, on).max(on) < since)
}

/// A withdrawal may take effect later: it is told when it is notified.
fn told_on(event: &Event, on: Date) -> Date {
    event.notified.or(event.decided).unwrap_or(on)
}

/// The day in the keys: for an award or a refusal that of the deposit, so that a decision's date corrected later gives no
/// second mail; for others the decision's. `None` while an award, a refusal or a confirmation is incomplete, since a dossier
/// is accepted on the platform before the body fills in its fields.
fn told_once(event: &Event, case: &Case, frame: &Frame, on: Date) -> Option<Date> {
    let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier)?;
    let single = matches!(event.decision, Decision::Labellise | Decision::Rejete);
    if !single && event.decision != Decision::Confirme {
        return Some(on);
    }
    let usable = |key| frame.form(facts).usable.contains(&key);
    let typed = facts.choice(Key::Decision).is_some() || !facts.rows(Key::Evenements).is_empty();
    let expected = (usable(Key::Decision) || usable(Key::Evenements)) && !typed && !facts.gone;
    let tierless = event.decision == Decision::Labellise && event.tier.is_none() && usable(Key::PalierDecide);
    (!expected && !tierless).then_some(if single { facts.deposited } else { on })
}

/// Whether a dossier awaits no decision any more.
pub(super) fn is_decided(review: &Review, facts: &Facts) -> bool {
    matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite)
        || review.decisions().any(|event| event.dossier == facts.number)
}
