//! The actions that a review calls for: what should exist and does not yet. Pure: once the actions are recorded, the same
//! review gives none, so that judging twice has no effect. May import every other module of the crate.

mod annotations;
pub mod coming;
pub mod corrections;
mod dates_gone;
mod doubts;
pub mod found_notices;
mod known;
pub mod mails;
pub mod messages;
mod next_look;
pub mod notices;
mod occasion;
mod recall;

use crate::case::{Case, Frame};
use crate::judge::Review;
use crate::outgoing::{Action, Mail, Recall};
use crate::plan::mails::{is_put, wanted_without};
use crate::plan::messages::wanted_messages;
use crate::plan::recall::{recalled, untold};

pub use annotations::fingerprint;
pub use known::{GivenUp, Known, Told, Unreachable};
pub use next_look::{LONGEST_DAYS, days_in, next_look, next_look_once_over};

/// The actions that `review` calls for, mails first.
#[must_use]
pub fn plan(review: &Review, case: &Case, frame: &Frame, known: &Known) -> Vec<Action> {
    let mails = wanted_without(review, case, frame, known, |key| known.mails.contains(key));
    let new = mails.into_iter().filter(|mail| !is_put(mail, known) || known.is_tried_again(mail));
    let mut lines = untold(case, known, review.today);
    let action = |mail: Mail| match recalled(&mail, &mut lines) {
        Some(on) if !known.came_back.contains(&mail.key) => Action::Recall(Recall { mail, on }),
        _ => Action::Mail(mail),
    };
    let mut actions: Vec<Action> = new.map(action).collect();
    if let Some(said) = &known.messages {
        let wanted = wanted_messages(review, case, known.since).into_iter();
        actions.extend(wanted.filter(|message| !said.contains(&message.key)).map(Action::Message));
    }
    for facts in &case.dossiers {
        actions.extend(annotations::annotation(review, (case, facts), frame, known).map(Action::Annotate));
    }
    actions
}
