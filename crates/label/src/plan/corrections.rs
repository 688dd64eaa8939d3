//! Corrective notices: a reader who was told of a decision is told once when it no longer holds, or holds otherwise.

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame, unreadable_rows};
use crate::judge::Review;
use crate::judge::agenda::{Role, StageName};
use crate::outgoing::{Announced, LastTold, Mail, MailCode, MailKey, Rectification};
use crate::plan::known::{Known, Told};
use crate::wording::corrections as words;

/// The announcement that `event` calls for.
#[must_use]
pub fn announced(event: &Event) -> Option<Announced> {
    event.on().map(|on| Announced { tier: event.tier, on })
}

/// Whether the decisions of the case differ today from what was announced.
///
/// A decision whose day moved is announced again under its new day, so that only awards and refusals, which are announced
/// once for their dossier, are corrected in their dates. A tier is compared where it was told and is stated.
#[must_use]
pub fn rectification(last: LastTold, review: &Review) -> Option<Rectification> {
    let held: Vec<Announced> = review
        .decisions()
        .filter(|event| (event.dossier, event.decision) == (last.dossier, last.decision))
        .filter_map(announced)
        .collect();
    let once = matches!(last.decision, Decision::Labellise | Decision::Rejete);
    let Some(told) = last.announced else {
        // It was taken back, and is there again: under a new day it is announced anew.
        let again = |now: &&Announced| once || last.before.is_some_and(|before| before.on == now.on);
        return held.iter().find(again).map(|now| Rectification { last, now: Some(*now) });
    };
    let same = |now: &&Announced| {
        (!once || now.on == told.on) && (told.tier.is_none() || now.tier.is_none() || now.tier == told.tier)
    };
    match held.iter().find(same) {
        Some(_) => None,
        None => Some(Rectification { last, now: held.last().copied() }),
    }
}

/// The corrective mails of a case, to those who were told.
#[must_use]
pub(super) fn corrections(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Mail> {
    if case.attachment_is_doubtful() {
        return Vec::new();
    }
    let mut mails = Vec::new();
    for role in [Role::Candidat, Role::Ditp, Role::Central] {
        for last in told_last(known.told.iter().filter(|told| told.role == role)) {
            if !is_legible(last.dossier, case, frame) {
                continue;
            }
            if let Some(rectification) = rectification(last, review) {
                let letter = words::corrected(&rectification, role, review);
                // The day of the correction: a second one about the same decision is another mail.
                let (day, dossier) = (review.today, last.dossier);
                let code = MailCode::Corrected(last.decision);
                let key = MailKey { dossier, code, day, stage: StageName::Notice, role };
                let rule = letter.rule.clone();
                mails.push(Mail {
                    key,
                    dossier,
                    role,
                    rule,
                    letter,
                    day,
                    from: day,
                    urgent: true,
                    zone: None,
                    replaces: None,
                });
            }
        }
    }
    mails
}

/// Whether the decisions of a dossier can be read today: a field that the form lost, or a value that cannot be read, is no
/// decision taken back.
#[must_use]
pub fn is_legible(dossier: i64, case: &Case, frame: &Frame) -> bool {
    case.dossiers.iter().find(|facts| facts.number == dossier).is_some_and(|facts| {
        let (form, keys) = (frame.form(facts), [Key::Decision, Key::Evenements]);
        keys.iter().any(|key| form.usable.contains(key))
            && !keys.iter().any(|key| form.broken.contains(key) || facts.unreadable.contains_key(key))
            && unreadable_rows(facts).is_empty()
            && !facts.degraded
    })
}

/// What one reader was told last of each decision. Mails are in the order in which they were sent.
fn told_last<'a>(told: impl Iterator<Item = &'a Told>) -> Vec<LastTold> {
    let mut last: Vec<LastTold> = Vec::new();
    for told in told {
        let (decision, announced) = match told.key.code {
            // Mails of earlier versions do not say what they announced; the key of an award holds the day of deposit.
            MailCode::Decision(Decision::Labellise | Decision::Rejete) if told.announced.is_none() => {
                continue;
            }
            MailCode::Decision(decision) => {
                let day = Announced { tier: None, on: told.key.day };
                (decision, Some(told.announced.unwrap_or(day)))
            }
            MailCode::Corrected(decision) => (decision, told.announced),
            _ => continue,
        };
        LastTold { dossier: told.key.dossier, decision, told: told.on, announced, before: None }
            .put(&mut last);
    }
    last
}
