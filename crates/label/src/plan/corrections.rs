//! Corrective notices: a reader who was told of a decision is told once when it no longer holds, or holds otherwise.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Frame, unreadable_rows};
use crate::guide::calendar::add_days;
use crate::judge::Review;
use crate::judge::agenda::{Obligation, Role, StageName};
use crate::life::entry::{Entry, EntryDoubt, Outcome};
use crate::outgoing::{Announced, Instead, LastTold, Mail, MailCode, MailKey, Rectification};
use crate::plan::dates_gone::dates_anew;
use crate::plan::known::{Known, Told};
use crate::plan::occasion::is_too_old;
use crate::wording::{corrections as words, dates_gone};

/// The announcement that `event` calls for.
#[must_use]
pub fn announced(event: &Event) -> Option<Announced> {
    event.on().map(|on| Announced::new(event.tier, on))
}

/// What one reader was told, and what it will not be told.
#[derive(Clone, Copy)]
pub struct Heard<'a> {
    /// What was told last of each decision.
    pub told: &'a [LastTold],
    /// Whether the announcement of a decision under its day was sent or given up: it is not put again.
    pub over: &'a dyn Fn(&Event) -> bool,
    /// What is older is not announced.
    pub since: Date,
}

impl Heard<'_> {
    /// Of a reader who was told nothing yet.
    #[must_use]
    pub fn nothing() -> Heard<'static> {
        Heard { told: &[], over: &|_| false, since: Date::MIN }
    }
}

/// The announcement that `event` calls for beside what this reader was told: one more decision, or the new day of one that
/// is not held any more.
pub(super) fn announced_beside(event: &Event, review: &Review, heard: Heard<'_>) -> Option<Announced> {
    let announced = announced(event)?;
    let (dossier, decision) = (event.dossier, event.decision);
    let told = review.today;
    let last = LastTold { dossier, decision, told, announced: Some(announced), before: None };
    if last.is_single() {
        return Some(announced);
    }
    let moved = moved(&last, review, heard).into_iter().find(|(_, to)| to.on() == Some(announced.on));
    let instead = moved.map_or(Instead::Nothing, |(from, _)| Instead::Of(from));
    Some(Announced { instead, ..announced })
}

/// The days that were told and are not held any more, each with what is to be told in its place, in their order.
fn moved<'r>(last: &LastTold, review: &'r Review, heard: Heard<'_>) -> Vec<(Date, &'r Event)> {
    let held: Vec<(Date, &Event)> =
        held(last, review).filter_map(|event| Some((event.on()?, event))).collect();
    let same = |one: &&LastTold| (one.dossier, one.decision) == (last.dossier, last.decision);
    let told: Vec<&LastTold> = heard.told.iter().filter(same).collect();
    let known: Vec<Date> = told.iter().filter_map(|one| one.day()).collect();
    let standing = told.iter().filter_map(|one| one.announced).map(|announced| announced.on);
    let mut gone: Vec<Date> = standing.filter(|on| !held.iter().any(|(now, _)| now == on)).collect();
    let to_tell = |(on, event): &(Date, &Event)| !known.contains(on) && !is_too_old(event, heard.since);
    let mut new: Vec<(Date, &Event)> = held.into_iter().filter(to_tell).collect();
    gone.sort();
    new.sort_by_key(|(on, _)| *on);
    gone.into_iter().zip(new.into_iter().map(|(_, event)| event)).collect()
}

/// The decisions of that kind and dossier that count today.
fn held<'r>(last: &LastTold, review: &'r Review) -> impl Iterator<Item = &'r Event> {
    let of = (last.dossier, last.decision);
    review.decisions().filter(move |event| (event.dossier, event.decision) == of)
}

/// Whether the decisions of the case differ today from what was announced.
///
/// A decision whose day moved is announced again under its new day, so that only awards and refusals, which are announced
/// once for their dossier, are corrected in their dates; and so is one that moved to a day whose announcement is over. One
/// that moved to a day that is too old to be announced does not hold. A tier is compared where it was told and is stated.
#[must_use]
pub fn rectifications(heard: Heard<'_>, review: &Review) -> Vec<Rectification> {
    heard.told.iter().filter_map(|last| rectification(*last, heard, review)).collect()
}

fn rectification(last: LastTold, heard: Heard<'_>, review: &Review) -> Option<Rectification> {
    let single = last.is_single();
    let held: Vec<Announced> = held(&last, review).filter_map(announced).collect();
    let Some(said) = last.announced else {
        // It was taken back, and is there again: under a new day it is announced anew.
        let again = |now: &&Announced| single || last.before.is_some_and(|before| before.on == now.on);
        return held.iter().find(again).map(|now| Rectification { last, now: Some(*now) });
    };
    let tier = |now: &Announced| said.tier.is_none() || now.tier.is_none() || now.tier == said.tier;
    let same = held.iter().find(|now| now.on == said.on);
    match same {
        Some(now) if tier(now) => None,
        Some(now) => Some(Rectification { last, now: Some(*now) }),
        None if single => Some(Rectification { last, now: held.last().copied() }),
        None => match moved(&last, review, heard).into_iter().find(|(from, _)| *from == said.on) {
            Some((_, to)) if !(heard.over)(to) => None,
            moved => Some(Rectification { last, now: moved.and_then(|(_, to)| announced(to)) }),
        },
    }
}

/// The corrective mails of a case, to those who were told.
#[must_use]
pub(super) fn corrections(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Mail> {
    if case.label_is_doubtful() {
        return Vec::new();
    }
    let mut mails = Vec::new();
    for role in [Role::Candidat, Role::Ditp, Role::Central] {
        let told = told_last(&known.told, role);
        let over = over(known, review, role);
        let heard = Heard { told: &told, over: &over, since: known.since };
        let mut dated = false;
        for rectification in rectifications(heard, review) {
            let last = rectification.last;
            if is_legible(last.dossier, case, frame) {
                let mut letter = words::corrected(&rectification, review);
                if !dated {
                    let days = dates_anew(role, last.decision, review, case, known);
                    dates_gone::with_days(&mut letter, &days);
                    dated = true;
                }
                let key = key(&rectification, role, known, review.today, &mails);
                let (dossier, rule) = (last.dossier, letter.rule.clone());
                mails.push(Mail {
                    key,
                    dossier,
                    role,
                    rule,
                    letter,
                    day: review.today,
                    // A line of the annotation that lists it is not older than what it corrects.
                    from: last.told,
                    last_day: None,
                    urgent: true,
                    zone: None,
                    replaces: None,
                });
            }
        }
    }
    mails
}

/// The key of the corrective mail of what a reader was told: that of one that was put since and has not left, whatever
/// the day, so that it is still the same mail after midnight; else of today, or of the first day after it that no other
/// mail has. Of those that were given up, the one that says the same comes first. `others` are the corrections found
/// before this one.
fn key(what: &Rectification, role: Role, known: &Known, today: Date, others: &[Mail]) -> MailKey {
    let last = what.last;
    let code = MailCode::Corrected(last.decision);
    let on = |day| MailKey { dossier: last.dossier, code, day, stage: StageName::Notice, role };
    let told = known.told.iter().map(|told| told.key);
    let taken: BTreeSet<MailKey> = told.chain(others.iter().map(|mail| mail.key)).collect();
    let waits = |key: &&MailKey| **key == on(key.day) && key.day >= last.told && !taken.contains(key);
    let given_up = |key: &MailKey| known.given_up.iter().find(|lost| lost.key == *key);
    let same = |key: &&&MailKey| given_up(key).is_some_and(|lost| lost.announced == what.announced());
    let put: Vec<&MailKey> = known.mails.iter().filter(waits).collect();
    let pending = || put.iter().find(|key| given_up(key).is_none());
    if let Some(waiting) = put.iter().find(same).or_else(pending).or(put.first()) {
        return **waiting;
    }
    let mut day = today;
    while taken.contains(&on(day)) && day < Date::MAX {
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

/// What the service is told of its suspension by a reminder of its limit: nothing else announces it.
pub(super) fn suspension_announced(review: &Review, known: &Known) -> Option<Announced> {
    let since = review.label.as_ref()?.suspension.as_ref()?.since;
    let again = |outcome| matches!(outcome, Outcome::Doubtful(EntryDoubt::SuspendedAgain { .. }));
    let suspends = |entry: &&Entry| {
        let Entry { event, outcome } = entry;
        event.decision == Decision::Suspension && outcome.counts() && !again(*outcome)
    };
    let event = &review.entries.iter().filter(suspends).rfind(|entry| entry.event.on() <= Some(since))?.event;
    let (told, over) = (told_last(&known.told, Role::Candidat), over(known, review, Role::Candidat));
    let announced = announced_beside(event, review, Heard { told: &told, over: &over, since: known.since })?;
    Some(Announced { written_in: Some(event.dossier), ..announced })
}

/// Which announcements to this reader are over.
pub(super) fn over(known: &Known, review: &Review, role: Role) -> impl Fn(&Event) -> bool {
    let suspension = review.label.as_ref().and_then(|label| label.suspension.as_ref());
    let limit = suspension.map(|running| running.limit);
    move |event| {
        // The service is told of a suspension by the reminder of its limit, once for each limit.
        if role == Role::Candidat && event.decision == Decision::Suspension {
            let began = |key: MailKey| {
                let code = MailCode::Deadline { obligation: Obligation::Suspension, occurrence: 0 };
                (key.code, key.stage, key.role) == (code, StageName::Start, role) && Some(key.day) == limit
            };
            return known.told.iter().any(|told| began(told.key));
        }
        let (code, stage) = (MailCode::Decision(event.decision), StageName::Notice);
        let key = |day| MailKey { dossier: event.dossier, code, day, stage, role };
        let given_up = known.given_up.iter().map(|lost| lost.key);
        let mut put = known.told.iter().map(|told| told.key).chain(given_up);
        event.on().map(key).is_some_and(|key| put.any(|one| one == key))
    }
}

/// What one reader was told last of each decision. Mails are in the order in which they were sent.
pub(super) fn told_last(told: &[Told], role: Role) -> Vec<LastTold> {
    let mut last: Vec<LastTold> = Vec::new();
    for told in told.iter().filter(|told| told.role == role) {
        let (decision, announced) = match told.key.code {
            // Mails of earlier versions do not say what they announced; the key of an award holds the day of deposit.
            MailCode::Decision(Decision::Labellise | Decision::Rejete) if told.announced.is_none() => {
                continue;
            }
            MailCode::Decision(decision) => {
                let day = Announced::new(None, told.key.day);
                (decision, Some(told.announced.unwrap_or(day)))
            }
            MailCode::Corrected(decision) => (decision, told.announced),
            // Each reminder of its limit tells the service of its suspension.
            MailCode::Deadline { obligation: Obligation::Suspension, .. } if told.announced.is_some() => {
                (Decision::Suspension, told.announced)
            }
            _ => continue,
        };
        let written_in = told.announced.and_then(|announced| announced.written_in);
        let dossier = written_in.unwrap_or(told.key.dossier);
        // It tells the dossier of a decision, and is no part of what was decided.
        let announced = announced.map(|announced| Announced { written_in: None, ..announced });
        LastTold { dossier, decision, told: told.on, announced, before: None }.put(&mut last);
    }
    last
}
