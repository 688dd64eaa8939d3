//! The day on which a decision is told, and until when a dossier awaits one.

use jiff::civil::Date;

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame};
use crate::judge::Review;

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
    if case.attachment_is_doubtful() {
        return None;
    }
    if is_too_old(event, since) || told_on(event, on) > review.today {
        return None;
    }
    told_once(event, case, frame, on)
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
/// second mail; for others the decision's. `None` while an award or a refusal is incomplete, since a dossier is accepted
/// on the platform before the body fills in its fields.
fn told_once(event: &Event, case: &Case, frame: &Frame, on: Date) -> Option<Date> {
    let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier)?;
    if !matches!(event.decision, Decision::Labellise | Decision::Rejete) {
        return Some(on);
    }
    let usable = |key| frame.form(facts).usable.contains(&key);
    let typed = facts.choice(Key::Decision).is_some() || !facts.rows(Key::Evenements).is_empty();
    let expected = (usable(Key::Decision) || usable(Key::Evenements)) && !typed && !facts.gone;
    let tierless = event.decision == Decision::Labellise && event.tier.is_none() && usable(Key::PalierDecide);
    (!expected && !tierless).then_some(facts.deposited)
}

/// Whether a dossier awaits no decision any more.
pub(super) fn is_decided(review: &Review, facts: &Facts) -> bool {
    matches!(facts.state, PlatformState::Accepte | PlatformState::Refuse | PlatformState::SansSuite)
        || review.decisions().any(|event| event.dossier == facts.number)
}
