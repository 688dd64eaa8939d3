//! The mails that others will get in the days to come, if nothing changes: the body sees them before they leave.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::case::{Case, Frame};
use crate::judge::agenda::{Role, Status};
use crate::judge::{Review, review};
use crate::outgoing::Mail;
use crate::plan::known::{Known, Told};
use crate::plan::mails::{is_put, wanted_without};

/// The mails to others than the certification body that leave after `today`, and until `until` at the latest, each with the
/// day on which it leaves, in its `from`. What is wanted today already is not to come.
#[must_use]
pub fn coming(case: &Case, frame: &Frame, known: &Known, today: Date, until: Date) -> Vec<Mail> {
    let present = review(case, today, frame);
    let mut seen: BTreeSet<_> =
        wanted(&present, case, frame, known).into_iter().map(|mail| mail.key).collect();
    let (mut mails, mut known) = (Vec::new(), known.clone());
    for day in days(&present, today, until) {
        let judged = review(case, day, frame);
        for mail in wanted(&judged, case, frame, &known) {
            if seen.insert(mail.key) {
                // The next one knows that this one was sent, and says which it is.
                let (role, key) = (mail.role, mail.key);
                let (subject, announced) = (mail.letter.subject.clone(), mail.letter.announced);
                let events = mail.letter.events.clone();
                known.mails.insert(key);
                known.told.push(Told { on: day, role, subject, key, announced, events });
                mails.push(Mail { from: day, ..mail });
            }
        }
    }
    mails
}

fn wanted(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Mail> {
    let mut mails = wanted_without(review, case, frame, known, |key| known.mails.contains(key));
    mails.retain(|mail| mail.role != Role::Organisme && !is_put(mail, known));
    mails
}

/// The days on which a stage is reached, or a decision takes effect or is told.
fn days(review: &Review, today: Date, until: Date) -> BTreeSet<Date> {
    let stages = review.agenda.iter().filter(|due| due.status != Status::Done).flat_map(|due| &due.stages);
    let stages = stages.filter(|stage| stage.role != Role::Organisme).map(|stage| stage.on);
    let decisions = review.entries.iter().map(|entry| &entry.event);
    let decisions = decisions.flat_map(|event| [event.on(), event.notified, event.decided]).flatten();
    stages.chain(decisions).filter(|day| (today < *day) && (*day <= until)).collect()
}
