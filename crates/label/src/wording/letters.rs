//! Mails about deadlines: what to do, by when, the guide's section, and where. Dates are written in full.

use crate::case::Case;
use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation, Role, Stage};
use crate::outgoing::{CalendarEvent, Letter, deadline_uid};

use super::body;
use super::candidate;
use super::central;
use super::findings::{what, zone_sentence};
use super::names;
use super::network;
use super::sourced::letter;

/// The reminder of one deadline, for one of the three kinds of reader.
#[must_use]
pub fn reminder(due: &Due, stage: &Stage, role: Role, review: &Review, case: &Case) -> Letter {
    let (_, rule, section) = due.obligation.reference();
    let (what_to_do, paragraphs) = match role {
        Role::Candidat => candidate::reminder(due, stage, review),
        Role::Central => central::reminder(due, review),
        Role::Organisme | Role::Ditp => body::reminder(due, stage, review, role),
    };
    let mut letter = letter(what_to_do, paragraphs, section, rule);
    if due.obligation == Obligation::ConditionalFollowUp && matches!(role, Role::Candidat | Role::Organisme) {
        let at = 1.min(letter.paragraphs.len());
        letter.paragraphs.splice(at..at, case.central.and_then(network::own_condition));
    }
    if due.obligation == Obligation::Complements {
        letter.points = review
            .faults(Some(due.dossier))
            .filter(|finding| finding.asks_candidate())
            .map(|finding| what(&finding.what))
            .collect();
    }
    letter.paragraphs.extend(zone_sentence(due));
    if role == Role::Candidat {
        letter.place = candidate::place(due.obligation);
        letter.sections.extend(central::board(due, review, case));
    }
    letter.events.push(event(due, &review.name));
    letter
}

/// The calendar event of a deadline. Its identity is that of the obligation.
#[must_use]
pub fn event(due: &Due, name: &str) -> CalendarEvent {
    CalendarEvent {
        uid: deadline_uid(due),
        day: due.deadline.nominal,
        title: format!("{} — {name}", names::due(due)),
        cancelled: false,
    }
}
