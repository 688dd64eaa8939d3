//! The end of a label and its renewal, to the labelled service.

use jiff::civil::Date;

use crate::judge::Review;
use crate::judge::agenda::{Stage, StageName};

use super::agreement::by;
use super::names::{date_full, date_near};

/// The last day of the mark, as the page and the calendar show it.
fn mark_stops(review: &Review) -> String {
    let must = |day: Date| if review.today > day { "devait" } else { "doit" };
    let stops = review.label.as_ref().map(|label| label.mark_stops);
    stops.map(|day| format!("l’usage de la marque {} cesser {}", must(day), by(day))).unwrap_or_default()
}

/// §3.10: from nine months before the end. A renewal takes four months from the request to the decision.
pub(super) fn renewal(stage: &Stage, review: &Review) -> (String, String) {
    let ends = review.label.as_ref().map_or(review.today, |label| label.ends);
    let (short, day) = (date_near(ends, review.today), date_full(ends));
    match stage.name {
        _ if review.today > ends => end(review),
        StageName::BeforeEnd(4) => (
            format!("renouvellement à demander maintenant, label valable jusqu’au {short}"),
            format!(
                "Votre label est valable jusqu’au {day} inclus. Entre une demande et la décision, il faut compter environ quatre mois : une demande déposée plus tard risque de laisser une période sans label."
            ),
        ),
        StageName::BeforeEnd(3 | 1) if reapply_from(review).is_some() => (
            format!("aucune nouvelle demande déposée, label valable jusqu’au {short}"),
            format!(
                "Votre label est valable jusqu’au {day} inclus, et aucune demande n’est déposée depuis le refus du renouvellement. Sans renouvellement, il prend fin à cette date, et {}.",
                mark_stops(review)
            ),
        ),
        StageName::BeforeEnd(3 | 1) => (
            format!("aucun renouvellement demandé, label valable jusqu’au {short}"),
            format!(
                "Votre label est valable jusqu’au {day} inclus, et aucun renouvellement n’est demandé. Sans renouvellement, il prend fin à cette date, et {}.",
                mark_stops(review)
            ),
        ),
        StageName::End => end(review),
        _ => (
            format!("renouvellement à demander, label valable jusqu’au {short}"),
            format!(
                "Votre label est valable jusqu’au {day} inclus. Vous pouvez dès maintenant demander son renouvellement, dans les mêmes conditions que la première demande, auprès de votre organisme de certification ou d’un autre. Sans renouvellement, le label prend fin à cette date."
            ),
        ),
    }
}

/// The last day of the label, or the days after it.
pub(super) fn end(review: &Review) -> (String, String) {
    let ends = review.label.as_ref().map_or(review.today, |label| label.ends);
    let (short, day) = (date_near(ends, review.today), date_full(ends));
    let again = match reapply_from(review).filter(|from| *from > review.today) {
        Some(from) => {
            format!("Une nouvelle demande de labellisation est possible à partir du {}.", date_full(from))
        }
        None => "Une nouvelle demande de labellisation reste possible à tout moment.".to_owned(),
    };
    let stops = mark_stops(review);
    if review.label.as_ref().is_some_and(|label| label.renewing) {
        let (when, is) = match review.today > ends {
            true => (format!("a pris fin le {short}"), format!("était valable jusqu’au {day} inclus")),
            false => (
                "prend fin aujourd’hui".to_owned(),
                format!("prend fin aujourd’hui, {day}, qui en est le dernier jour"),
            ),
        };
        return (
            format!("le label {when}, renouvellement pas encore décidé"),
            format!(
                "Votre label {is}, et son renouvellement n’est pas encore décidé : d’ici là, aucun label n’est en vigueur. S’il est accordé, la nouvelle période commence le jour de la décision. S’il ne l’est pas d’ici là, {stops}."
            ),
        );
    }
    if review.today > ends {
        return (
            format!("le label a pris fin le {short}"),
            format!("Votre label était valable jusqu’au {day} inclus ; {stops}. {again}"),
        );
    }
    (
        "le label prend fin aujourd’hui".to_owned(),
        format!("Votre label prend fin aujourd’hui, {day}, qui en est le dernier jour. {again}"),
    )
}

/// R-3.8.1-g: the first day of a new request, once the renewal was refused.
fn reapply_from(review: &Review) -> Option<Date> {
    review.label.as_ref()?.reapply_from
}
