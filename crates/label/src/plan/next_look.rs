//! The next day on which a case may be judged otherwise, if nothing is read meanwhile: until then it need not be judged.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::guide::calendar::add_days;
use crate::judge::Review;
use crate::judge::agenda::{Obligation, Status};

/// However far the next date is, a case is judged again after so many days.
pub const LONGEST_DAYS: i32 = 14;

/// Days after a date on which something that depends on it may change: on the day, the day after (« past »), and for a
/// decision when its copy waits no longer for the attestation.
const AFTER: [i32; 3] = [0, 1, 4];

/// The next day on which a judgement of the same case may differ from `review`, or may call for something new: after
/// `review.today`, and at most [`LONGEST_DAYS`] later. `days` are the dates that the case holds.
///
/// Nothing in the guide changes on a day that is not one of the dates of the case, of its deadlines and reminders, or the
/// day after one. Each such day gives the next ones anew.
#[must_use]
pub fn next_look(review: &Review, days: impl IntoIterator<Item = Date>) -> Date {
    let today = review.today;
    let mut next = add_days(today, LONGEST_DAYS);
    let mut look = |day: Date| {
        if day > today && day < next {
            next = day;
        }
    };
    let judged = (&review.label, &review.agenda, &review.network, &review.entries, &review.findings);
    // Without its dates nothing says that tomorrow is the same.
    let Ok(judged) = serde_json::to_vec(&judged) else { return add_days(today, 1) };
    let dated = days.into_iter().chain(review.standings.iter().map(|(since, _)| *since));
    for day in dated.chain(days_in(&judged)) {
        AFTER.map(|days| add_days(day, days)).into_iter().for_each(&mut look);
    }
    for due in review.agenda.iter().filter(|due| due.status == Status::Late) {
        // The day of its next weekly reminder.
        let first = add_days(due.deadline.extended, 1);
        let weeks = (today - first).get_days().div_euclid(7);
        look(add_days(first, 7 * (weeks + 1)));
    }
    next
}

/// The next day on which a case that is over is judged again, although nothing is read: the next reminder that the platform
/// deletes one of its dossiers (O-37), or the day after the last one of a date that is still open, which lists then show as
/// passed. The last day of the calendar when there is none.
#[must_use]
pub fn next_look_once_over(review: &Review) -> Date {
    let expiring = review.agenda.iter().filter(|due| due.obligation == Obligation::Expiring);
    let reminders = expiring.flat_map(|due| &due.stages).map(|stage| stage.on);
    let open = review.agenda.iter().filter(|due| due.is_open());
    let passed = open.map(|due| add_days(due.deadline.extended, 1));
    reminders.chain(passed).filter(|day| *day > review.today).min().unwrap_or(Date::MAX)
}

/// The dates in a JSON text, each once, in order: strings that are a day. What it holds need not be known.
pub fn days_in(json: &[u8]) -> impl Iterator<Item = Date> {
    let is_day = |text: &&[u8]| text.len() == 10 && text.get(4) == Some(&b'-') && text.get(7) == Some(&b'-');
    let texts: BTreeSet<&[u8]> = json.split(|byte| *byte == b'"').filter(is_day).collect();
    texts.into_iter().filter_map(|text| std::str::from_utf8(text).ok()?.parse().ok())
}
