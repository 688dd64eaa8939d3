//! Days that were sent and no longer exist.

use crate::case::Case;
use crate::judge::Review;
use crate::judge::agenda::Role;
use crate::outgoing::{CalendarEvent, Letter};

use super::names::{capital, date_full, date_short};
use super::sourced;

/// To whoever was sent these days, the earliest first: they are taken out of the calendar.
#[must_use]
pub fn letter(gone: &[CalendarEvent], role: Role, review: &Review, case: &Case) -> Option<Letter> {
    let first = gone.first()?;
    let number = case.current().map_or(case.id, |facts| facts.number);
    let what = match gone.len() {
        1 => format!("la date du {} n’est plus à retenir", date_short(first.day)),
        count => format!("{count} dates ne sont plus à retenir"),
    };
    let subject = match role {
        Role::Candidat => capital(&what),
        Role::Central => format!("{} : {what}", review.name),
        Role::Organisme => format!("[SP+] {} : {what}", review.name),
        Role::Ditp => format!("[SP+ DITP] {} : {what}", review.name),
    };
    let text = format!(
        "Ce qui suit vous avait été annoncé pour le dossier n° {number} ({}) et n’est plus prévu. Les fichiers joints le retirent de votre agenda.",
        review.name
    );
    let letter = sourced::letter(subject, vec![text], "3.5.1", "");
    let points =
        gone.iter().map(|event| format!("{} : {}", capital(&date_full(event.day)), event.title)).collect();
    let events = gone.iter().map(|event| CalendarEvent { cancelled: true, ..event.clone() }).collect();
    let source = "Calendrier du dossier, tel qu’il est aujourd’hui".to_owned();
    Some(Letter { points, events, source, rule: String::new(), ..letter })
}
