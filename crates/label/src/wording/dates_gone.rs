//! Days that were sent and no longer exist.

use crate::case::Case;
use crate::judge::Review;
use crate::outgoing::{CalendarEvent, Letter};

use super::agreement::count;
use super::names::{capital, date_full, date_near};
use super::sourced;

/// To whoever was sent these days, the earliest first: they are taken out of the calendar.
#[must_use]
pub fn letter(gone: &[CalendarEvent], review: &Review, case: &Case) -> Option<Letter> {
    gone.first()?;
    let number = case.current().map_or(case.id, |facts| facts.number);
    let what = match gone {
        [only] => format!("la date du {} n’est plus à retenir", date_near(only.day, review.today)),
        gone => {
            format!("{} à retenir", count(gone.len(), "date n’est plus", "dates ne sont plus"))
        }
    };
    let text = format!(
        "Ce qui suit vous avait été annoncé pour le dossier n° {number} ({}) et n’est plus prévu. Les fichiers joints le retirent de votre agenda.",
        review.name
    );
    let letter = sourced::letter(what, vec![text], "3.5.1", "");
    let points =
        gone.iter().map(|event| format!("{} : {}", capital(&date_full(event.day)), event.title)).collect();
    let events = gone.iter().map(|event| CalendarEvent { cancelled: true, ..event.clone() }).collect();
    let source = "Calendrier du dossier, tel qu’il est aujourd’hui".to_owned();
    Some(Letter { points, events, source, rule: String::new(), ..letter })
}
