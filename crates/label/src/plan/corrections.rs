//! Corrective notices: a reader who was told of a decision is told once when it no longer holds, or holds otherwise.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame, unreadable_rows};
use crate::guide::calendar::add_days;
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

/// Whether the life says otherwise today than what was told.
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
                let key = key(last, role, known, review.today);
                let (day, dossier, rule) = (key.day, last.dossier, letter.rule.clone());
                mails.push(Mail {
                    key,
                    dossier,
                    role,
                    rule,
                    letter,
                    day,
                    // A line of the annotation that lists it is not older than what it corrects.
                    from: last.told,
                    urgent: true,
                    zone: None,
                    replaces: None,
                });
            }
        }
    }
    mails
}

/// The key of the corrective mail of what a reader was told last: that of the one that was put since and has not left,
/// whatever the day, so that it is still the same mail after midnight; else of today, or of the first day after it that
/// no other mail has.
fn key(last: LastTold, role: Role, known: &Known, today: Date) -> MailKey {
    let code = MailCode::Corrected(last.decision);
    let on = |day| MailKey { dossier: last.dossier, code, day, stage: StageName::Notice, role };
    let same = |key: &&MailKey| **key == on(key.day);
    let left: BTreeSet<MailKey> = known.told.iter().map(|told| told.key).filter(|key| same(&key)).collect();
    let waits = |key: &&MailKey| same(key) && key.day >= last.told && !left.contains(key);
    if let Some(waiting) = known.mails.iter().rev().find(waits) {
        return *waiting;
    }
    let mut day = today;
    while left.contains(&on(day)) && day < Date::MAX {
        day = add_days(day, 1);
    }
    on(day)
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
