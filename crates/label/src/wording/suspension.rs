//! The limits of a suspension as sentences, on the pages and in mails; the titles of its deadlines are in `names`.

use jiff::civil::Date;

use crate::guide::sanctions::suspension_maximum;
use crate::judge::Review;
use crate::judge::agenda::Due;
use crate::life::Suspension;

use super::names::{date_full, date_short, due as title, is_delay};

/// « à lever avant le lundi 4 septembre 2028 (délai fixé par l'organisme), et au plus tard le … (douze mois) ».
#[must_use]
pub fn limits(suspension: &Suspension) -> String {
    let limit = format!("au plus tard le {} ({})", date_full(suspension.limit), why(suspension));
    match suspension.delay() {
        Some(delay) => {
            format!("à lever avant le {} (délai fixé par l’organisme), et {limit}", date_full(delay))
        }
        None => format!("à lever {limit}"),
    }
}

/// Why a suspended label ends on the day that the list of labels gives.
pub(super) fn loss(suspension: &Suspension, today: Date) -> String {
    let delay = suspension.lift_by.map(|day| format!(", délai fixé au {}", date_full(day)));
    let todo = match suspension.limit < today {
        true => "jour dépassé, la levée ou le retrait reste à décider",
        false => "à lever au plus tard ce jour",
    };
    format!(
        "Suspendu depuis le {}{} : {todo} (§ 5.3.1)",
        date_full(suspension.since),
        delay.unwrap_or_default()
    )
}

/// Why a suspension cannot last longer.
fn why(suspension: &Suspension) -> &'static str {
    if suspension_maximum(suspension.since) == suspension.limit {
        "douze mois de suspension"
    } else {
        "fin de validité du label"
    }
}

/// The subject to the certification body and DITP, after the name of the service.
pub(super) fn subject(due: &Due, review: &Review) -> String {
    let short = date_short(due.deadline.nominal);
    match suspension(review) {
        _ if is_delay(due) && review.today > due.deadline.nominal => {
            format!("suspension : délai de levée passé depuis le {short}")
        }
        _ if is_delay(due) => format!("suspension : délai de levée fixé au {short}"),
        Some(running) if suspension_maximum(running.since) != running.limit => {
            format!("suspension : fin de validité du label le {short}")
        }
        _ => format!("suspension : 12 mois atteints le {short}"),
    }
}

fn suspension(review: &Review) -> Option<&Suspension> {
    review.label.as_ref()?.suspension.as_ref()
}

const MEASURES: &str = "Les mesures demandées par votre organisme de certification";

/// Subject and text to the labelled service.
pub(super) fn to_service(due: &Due, review: &Review) -> (String, String) {
    let Some(running) = suspension(review) else { return (title(due).to_owned(), String::new()) };
    let (since, day) = (running.since, due.deadline.nominal);
    let subject = if is_delay(due) && review.today > day {
        format!("Votre label est suspendu : le délai pour y remédier a pris fin le {}", date_short(day))
    } else {
        let before = running.delay().filter(|delay| *delay >= review.today).unwrap_or(day);
        format!(
            "Votre label est suspendu depuis le {} : ce qu’il faut faire avant le {}",
            date_short(since),
            date_short(before)
        )
    };
    let limit = format!("{} ({})", date_full(running.limit), why(running));
    let measures = match running.delay() {
        None => format!("{MEASURES} doivent être prises au plus tard le {limit}"),
        Some(delay) if delay >= review.today => format!(
            "{MEASURES} doivent être prises au plus tard le {}. La suspension ne peut durer au-delà du {limit}",
            date_full(delay)
        ),
        Some(delay) => format!(
            "Le délai fixé par votre organisme de certification a pris fin le {} : prenez contact avec lui sans attendre. La suspension ne peut durer au-delà du {limit}",
            date_full(delay)
        ),
    };
    let text = format!(
        "Votre label est suspendu depuis le {}. {measures} ; passé cette date, le label peut être retiré. La suspension ne prolonge pas la durée du label.",
        date_full(since)
    );
    (subject, text)
}
