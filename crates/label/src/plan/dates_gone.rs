//! Days that a mail put into somebody's calendar and that no longer exist: an audit without a date, the deadlines of a label
//! that was withdrawn. Whoever was sent them is told, so that they do not stay there; and is told again when what took them
//! away was a mistake.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::known::{Known, Told};
use crate::case::keys::Key;
use crate::case::{Case, Decision};
use crate::judge::Review;
use crate::judge::agenda::{Due, Role, StageName};
use crate::outgoing::{CalendarEvent, Letter, Mail, MailCode, MailKey, audit_uid, deadline_uid};
use crate::wording::{dates_gone, letters};

/// What is to be said to one reader of the days of one dossier.
pub(super) struct DaysChanged {
    pub role: Role,
    pub dossier: i64,
    pub code: MailCode,
    /// The first of them, or the first day after it that no mail of this kind has.
    pub day: Date,
    pub letter: Letter,
}

/// One for each reader and dossier; days that are past stay where they are.
pub(super) fn dates_gone(review: &Review, case: &Case, known: &Known) -> Vec<DaysChanged> {
    let kept = kept(review, case);
    let mut days: BTreeMap<(Role, i64), Vec<CalendarEvent>> = BTreeMap::new();
    for ((role, uid), (told, event)) in last_told(&known.told) {
        if !event.cancelled && event.day >= review.today && !kept.contains(uid) {
            days.entry((role, told.key.dossier)).or_default().push(event.clone());
        }
    }
    each(days, MailCode::DateGone, known, |gone| dates_gone::letter(gone, review, case))
}

/// One for each reader and dossier whose calendar lost days that stand: a withdrawal that was corrected. `mails` are the
/// others that are wanted: a day that one of them gives is not given twice.
pub(super) fn dates_back(review: &Review, case: &Case, known: &Known, mails: &[Mail]) -> Vec<DaysChanged> {
    let standing = standing(review, case);
    let mut days: BTreeMap<(Role, i64), Vec<CalendarEvent>> = BTreeMap::new();
    for ((role, uid), (told, event)) in last_told(&known.told) {
        let given = |mail: &Mail| {
            let not_sent = !known.told.iter().any(|told| told.key == mail.key);
            mail.role == role && not_sent && mail.letter.events.iter().any(|event| event.uid == uid)
        };
        if let Some(day) = standing.get(uid)
            && event.cancelled
            && *day >= review.today
            && !mails.iter().any(given)
        {
            let back = CalendarEvent { cancelled: false, day: *day, ..event.clone() };
            days.entry((role, told.key.dossier)).or_default().push(back);
        }
    }
    each(days, MailCode::DateBack, known, |back| dates_gone::back(back, review))
}

/// The days that a reader's calendar lacks, or holds on another day than theirs, once a decision is corrected. An award that
/// the service was never told of gives it all of the guide's days that are ahead.
pub(super) fn dates_anew(
    role: Role,
    corrected: Decision,
    review: &Review,
    case: &Case,
    known: &Known,
) -> Vec<CalendarEvent> {
    let told = last_told(&known.told);
    let standing = standing(review, case);
    let ahead = |day: &Date| *day > review.today;
    let held = told.iter().filter(|((of, _), _)| *of == role);
    let differs = |event: &CalendarEvent, day: Date| event.cancelled || event.day != day;
    let mut anew: Vec<CalendarEvent> = held
        .filter_map(|((_, uid), (_, event))| {
            let day = standing.get(*uid).copied().filter(ahead)?;
            differs(event, day).then(|| CalendarEvent { cancelled: false, day, ..(*event).clone() })
        })
        .collect();
    if (role, corrected) == (Role::Candidat, Decision::Labellise) && review.standing().is_some() {
        let never = |due: &&Due| !told.contains_key(&(role, deadline_uid(due).as_str()));
        let of_the_guide = |due: &&Due| due.is_open() && due.obligation.is_of_the_guide();
        let dues = review.agenda.iter().filter(|due| ahead(&due.deadline.nominal));
        anew.extend(dues.filter(of_the_guide).filter(never).map(|due| letters::event(due, &review.name)));
    }
    anew.sort_by(|one, other| (one.day, &one.uid).cmp(&(other.day, &other.uid)));
    anew
}

fn each(
    days: BTreeMap<(Role, i64), Vec<CalendarEvent>>,
    code: MailCode,
    known: &Known,
    letter: impl Fn(&[CalendarEvent]) -> Option<Letter>,
) -> Vec<DaysChanged> {
    let changed = days.into_iter().filter_map(|((role, dossier), mut events)| {
        events.sort_by(|one, other| (one.day, &one.uid).cmp(&(other.day, &other.uid)));
        let mut day = events.first()?.day;
        // Days that went, came back and went again are told again: under another key.
        let key = |day| MailKey { dossier, code, day, stage: StageName::Notice, role };
        while let Some(told) = known.told.iter().find(|told| told.key == key(day)) {
            // At most once a day.
            if told.on == crate::paris_date(known.now) {
                return None;
            }
            day = day.tomorrow().ok()?;
        }
        Some(DaysChanged { role, dossier, code, day, letter: letter(&events)? })
    });
    changed.collect()
}

/// What each reader's calendar holds of each event.
fn last_told(told: &[Told]) -> BTreeMap<(Role, &str), (&Told, &CalendarEvent)> {
    let events = told.iter().flat_map(|told| told.events.iter().map(move |event| (told, event)));
    events.map(|(told, event)| ((told.role, event.uid.as_str()), (told, event))).collect()
}

/// The events that still exist, on whatever day.
fn kept(review: &Review, case: &Case) -> BTreeSet<String> {
    let deadlines = review.agenda.iter().map(deadline_uid);
    deadlines.chain(audits(case).map(|(uid, _)| uid)).collect()
}

/// The day of each event for which somebody still has something to do or to expect.
fn standing(review: &Review, case: &Case) -> BTreeMap<String, Date> {
    let open = review.agenda.iter().filter(|due| due.is_open());
    open.map(|due| (deadline_uid(due), due.deadline.nominal)).chain(audits(case)).collect()
}

fn audits(case: &Case) -> impl Iterator<Item = (String, Date)> {
    let audit = |number, day: Option<Date>| day.map(|day| (audit_uid(number), day));
    case.dossiers.iter().filter_map(move |facts| audit(facts.number, facts.date(Key::AuditDebut)))
}
