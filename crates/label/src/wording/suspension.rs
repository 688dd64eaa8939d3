//! The limits of a suspension as sentences, on the pages and in mails; the titles of its deadlines are in `names`.

use jiff::civil::Date;

use crate::guide::sanctions::suspension_maximum;
use crate::judge::Review;
use crate::judge::agenda::Due;
use crate::life::Suspension;

use super::agreement::{by, by_near, limit};
use super::late;
use super::names::{date_full, date_near, due as title, is_delay};

/// « à lever au plus tard le lundi 4 septembre 2028 (délai fixé par l'organisme), sans dépasser le … (douze mois) »; once one
/// of the two days is past on `today`, it is said as past.
#[must_use]
pub fn limits(suspension: &Suspension, today: Date) -> String {
    let limit = format!("{} ({})", date_full(suspension.limit), why(suspension));
    let over = today > suspension.limit;
    match suspension.delay() {
        None if over => format!("elle devait être levée au plus tard le {limit}"),
        None => format!("à lever au plus tard le {limit}"),
        Some(delay) if today <= delay => {
            format!("à lever {} (délai fixé par l’organisme), sans dépasser le {limit}", by(delay))
        }
        Some(delay) => {
            let lift = if over { "elle devait être levée" } else { "à lever" };
            format!(
                "le délai fixé par l’organisme a pris fin le {}, {lift} sans dépasser le {limit}",
                date_full(delay)
            )
        }
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

/// What the certification body and DITP are to do, and by when, with dates as `date` writes them.
pub(super) fn what(due: &Due, review: &Review, date: &dyn Fn(Date) -> String) -> String {
    let (nominal, day) = (due.deadline.nominal, date(due.deadline.nominal));
    match suspension(review) {
        _ if is_delay(due) && review.today > nominal => {
            format!("suspension à lever, le délai fixé est passé depuis le {day}")
        }
        _ if is_delay(due) => format!("suspension à lever {} (délai fixé)", limit(&day)),
        Some(running) if suspension_maximum(running.since) != running.limit => {
            format!("suspension à lever {} (fin de validité du label)", late::by(due, review.today, date))
        }
        _ => format!("suspension à lever {} (douze mois)", late::by(due, review.today, date)),
    }
}

fn suspension(review: &Review) -> Option<&Suspension> {
    review.label.as_ref()?.suspension.as_ref()
}

const MEASURES: &str = "Les mesures demandées par votre organisme de certification";

/// What to do and by when, and the text, to the labelled service.
pub(super) fn to_service(due: &Due, review: &Review) -> (String, String) {
    let Some(running) = suspension(review) else { return (title(due).to_owned(), String::new()) };
    let (since, day, today) = (running.since, due.deadline.nominal, review.today);
    let what = if is_delay(due) && today > day {
        format!("label suspendu, le délai pour y remédier a pris fin le {}", date_near(day, today))
    } else if today > day {
        format!(
            "label suspendu depuis le {}, la suspension devait finir {}",
            date_near(since, today),
            by_near(day, today)
        )
    } else {
        let before = running.delay().filter(|delay| *delay >= today).unwrap_or(day);
        format!(
            "label suspendu depuis le {}, mesures à prendre {}",
            date_near(since, today),
            by_near(before, today)
        )
    };
    let limit = format!("{} ({})", date_full(running.limit), why(running));
    if today > running.limit {
        let late = match running.delay() {
            None => format!("{MEASURES} devaient être prises au plus tard le {limit}"),
            Some(delay) => format!(
                "Le délai fixé par votre organisme de certification a pris fin le {}, et la suspension ne devait pas durer au-delà du {limit}",
                date_full(delay)
            ),
        };
        let text = format!(
            "Votre label est suspendu depuis le {}. {late} : prenez contact sans attendre avec votre organisme de certification, le label peut être retiré. La suspension ne prolonge pas la durée du label.",
            date_full(since)
        );
        return (what, text);
    }
    let measures = match running.delay() {
        None => format!("{MEASURES} doivent être prises au plus tard le {limit} ; passé cette date"),
        Some(delay) if delay >= today => format!(
            "{MEASURES} doivent être prises {}. La suspension ne peut durer au-delà du {limit} ; passé cette date",
            by(delay)
        ),
        Some(delay) => format!(
            "Le délai fixé par votre organisme de certification a pris fin le {} : prenez contact avec lui sans attendre. La suspension ne peut durer au-delà du {limit} ; passé cette date",
            date_full(delay)
        ),
    };
    let text = format!(
        "Votre label est suspendu depuis le {}. {measures}, le label peut être retiré. La suspension ne prolonge pas la durée du label.",
        date_full(since)
    );
    (what, text)
}
