//! Mails about the decisions of the certification body. Each is about its decision: in the present tense while that holds,
//! else in the past with the situation of the day, as after a first start years later.

mod ditp;
mod service;

use crate::case::{Case, Decision, Event};
use crate::judge::agenda::Role;
use crate::judge::{Change, Decided, Review};
use crate::outgoing::Letter;

use super::central;
use super::corrections::situation;
use super::sourced::letter;

/// The mail about a decision. `None` when this role gets no mail about this decision.
#[must_use]
pub fn decided(event: &Event, role: Role, review: &Review, case: &Case) -> Option<Letter> {
    let decided = review.decided(event, case)?;
    let (what, mut paragraphs) = match role {
        Role::Candidat => return service::letter_of(&decided, review),
        Role::Organisme => return None,
        Role::Ditp | Role::Central if event.decision == Decision::Confirme => return None,
        Role::Ditp => ditp::text(&decided, review),
        Role::Central => central::copy(&decided, review),
    };
    if !decided.holds {
        paragraphs.push(situation(review));
    }
    let mut letter = sourced(&decided, what, paragraphs);
    if role == Role::Ditp {
        letter.points = ditp::identity(&decided, review, case);
    }
    Some(letter)
}

/// A letter that cites what the decision follows from.
fn sourced(decided: &Decided<'_>, what: String, paragraphs: Vec<String>) -> Letter {
    let (section, rule) = match decided.change {
        Change::Awarded => ("3.8.1", "R-3.8.1-e"),
        Change::Renewed => ("3.10", "R-3.10-a"),
        Change::Confirmed => ("3.9.1", "R-3.9.1-g"),
        Change::Raised => ("3.9.1", "R-3.9.1-h"),
        Change::Extended => ("5.2", "R-5.2-c"),
        Change::Suspended | Change::Lifted => ("5.3.1", "R-5.3.1-g"),
        Change::Withdrawn => ("5.3.2", "R-5.3.2-e"),
    };
    letter(what, paragraphs, section, rule)
}
