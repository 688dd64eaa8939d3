//! Days that a mail put into somebody's calendar and that no longer exist: an audit without a date, the deadlines of a label
//! that was withdrawn. Whoever was sent them is told, so that they do not stay there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::known::{Known, Told};
use crate::case::Case;
use crate::case::keys::Key;
use crate::judge::Review;
use crate::judge::agenda::Role;
use crate::outgoing::{CalendarEvent, Letter, audit_uid, deadline_uid};
use crate::wording::dates_gone;

/// What is to be said to one reader of the days of one dossier.
pub(super) struct DateGone {
    pub role: Role,
    pub dossier: i64,
    /// The first of them.
    pub day: Date,
    pub letter: Letter,
}

/// One for each reader and dossier; days that are past stay where they are.
pub(super) fn dates_gone(review: &Review, case: &Case, known: &Known) -> Vec<DateGone> {
    let kept = kept(review, case);
    let mut days: BTreeMap<(Role, i64), Vec<CalendarEvent>> = BTreeMap::new();
    for ((role, uid), (told, event)) in last_told(&known.told) {
        if !event.cancelled && event.day >= review.today && !kept.contains(uid) {
            days.entry((role, told.key.dossier)).or_default().push(event.clone());
        }
    }
    let letters = days.into_iter().filter_map(|((role, dossier), mut gone)| {
        gone.sort_by(|one, other| (one.day, &one.uid).cmp(&(other.day, &other.uid)));
        let day = gone.first()?.day;
        let letter = dates_gone::letter(&gone, review, case)?;
        Some(DateGone { role, dossier, day, letter })
    });
    letters.collect()
}

/// What each reader's calendar holds of each event.
fn last_told(told: &[Told]) -> BTreeMap<(Role, &str), (&Told, &CalendarEvent)> {
    let events = told.iter().flat_map(|told| told.events.iter().map(move |event| (told, event)));
    events.map(|(told, event)| ((told.role, event.uid.as_str()), (told, event))).collect()
}

/// The events that still exist, on whatever day.
fn kept(review: &Review, case: &Case) -> BTreeSet<String> {
    let deadlines = review.agenda.iter().map(deadline_uid);
    let audits = case.dossiers.iter().filter(|facts| facts.date(Key::AuditDebut).is_some());
    deadlines.chain(audits.map(|facts| audit_uid(facts.number))).collect()
}
