//! Days that were sent and no longer exist, or stand again.

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Service};
use crate::judge::Review;
use crate::judge::agenda::Obligation;
use crate::life::State;
use crate::outgoing::{CalendarEvent, Letter};

use super::agreement::count;
use super::names::{capital, date_full, date_near};
use super::sourced;

/// To whoever was sent these days, the earliest first: they are taken out of the calendar.
#[must_use]
pub fn letter(gone: &[CalendarEvent], review: &Review, case: &Case) -> Option<Letter> {
    gone.first()?;
    let what = match gone {
        [only] => format!("la date du {} n’est plus à retenir", date_near(only.day, review.today)),
        gone => {
            format!("{} à retenir", count(gone.len(), "date n’est plus", "dates ne sont plus"))
        }
    };
    let text = "Ce qui suit vous avait été annoncé et n’est plus prévu : rien n’est à faire à ces dates. Les fichiers joints les retirent de votre agenda.";
    let one = "Ce qui suit vous avait été annoncé et n’est plus prévu : rien n’est à faire à cette date. Le fichier joint la retire de votre agenda.";
    let text = if gone.len() == 1 { one } else { text };
    let mut paragraphs = reasons(gone, review, case);
    paragraphs.push(text.to_owned());
    let letter = sourced::letter(what, paragraphs, "3.5.1", "");
    let points = gone.iter().map(point).collect();
    let events = gone.iter().map(|event| CalendarEvent { cancelled: true, ..event.clone() }).collect();
    Some(Letter { points, events, source: SOURCE.to_owned(), rule: String::new(), ..letter })
}

/// To the same reader, of days that were taken out by mistake: they are put into the calendar again.
#[must_use]
pub fn back(days: &[CalendarEvent], review: &Review) -> Option<Letter> {
    let (what, text) = match days {
        [] => return None,
        [only] => (
            format!("la date du {} est de nouveau à retenir", date_near(only.day, review.today)),
            "Ce qui suit avait été retiré de votre agenda et est de nouveau prévu. Le fichier joint l’y remet.",
        ),
        days => (
            format!("{} de nouveau à retenir", count(days.len(), "date est", "dates sont")),
            "Ce qui suit avait été retiré de votre agenda et est de nouveau prévu. Les fichiers joints l’y remettent.",
        ),
    };
    let mut letter = sourced::letter(what, vec![text.to_owned()], "3.5.1", "");
    put(&mut letter, days);
    Some(Letter { source: SOURCE.to_owned(), rule: String::new(), ..letter })
}

/// Under a correction: the days that its reader's calendar now lacks.
pub fn with_days(letter: &mut Letter, days: &[CalendarEvent]) {
    let text = match days {
        [] => return,
        [_] => "La date à retenir désormais est la suivante ; le fichier joint la met dans votre agenda.",
        _ => {
            "Les dates à retenir désormais sont les suivantes ; les fichiers joints les mettent dans votre agenda."
        }
    };
    letter.paragraphs.push(text.to_owned());
    put(letter, days);
}

fn put(letter: &mut Letter, days: &[CalendarEvent]) {
    letter.points.extend(days.iter().map(point));
    letter.events.extend(days.iter().cloned());
}

fn point(event: &CalendarEvent) -> String {
    format!("{} : {}", capital(&date_full(event.day)), event.title)
}

const SOURCE: &str = "Calendrier du dossier, tel qu’il est aujourd’hui";

/// Why they are gone, where the life says it; each reason once.
fn reasons(gone: &[CalendarEvent], review: &Review, case: &Case) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for event in gone {
        let reason = reason(event, review, case).filter(|reason| !reasons.contains(reason));
        reasons.extend(reason);
    }
    reasons
}

fn reason(event: &CalendarEvent, review: &Review, case: &Case) -> Option<String> {
    let (dossier, what) = event.uid.split_once('-')?;
    match (review.state, &review.label) {
        (State::Retire, _) => return Some("Le label est retiré.".to_owned()),
        (State::Expire, _) => return Some("Le label n’est plus en vigueur.".to_owned()),
        _ => {}
    }
    let Some(obligation) = obligation(what) else {
        let facts = case.dossiers.iter().find(|facts| facts.number.to_string() == dossier)?;
        let gone = facts.date(Key::AuditDebut).is_none();
        return gone.then(|| "La date de l’audit n’est plus indiquée dans le dossier.".to_owned());
    };
    let label = review.label.as_ref()?;
    match obligation {
        Obligation::Suspension if label.suspension.is_none() => {
            let about = |event: &&Event| matches!(event.decision, Decision::Suspension | Decision::Levee);
            let last = review.decisions().rfind(about).map(|event| event.decision);
            let text = match last {
                Some(Decision::Levee) => "La suspension du label est levée.",
                Some(_) => "La suspension du label a pris fin.",
                None => {
                    "L’organisme de certification a corrigé la décision de suspension : elle ne tient plus."
                }
            };
            Some(text.to_owned())
        }
        Obligation::ActionPlan => {
            let received =
                case.dossiers.iter().filter_map(|facts| facts.date(Key::PlanActionsRecuLe)).max()?;
            Some(format!("Le plan d’actions est reçu le {}.", date_full(received)))
        }
        Obligation::Prepare | Obligation::AttachedFollowUp
            if review.service == Service::LocalRattache && label.windows.is_empty() =>
        {
            let text = "Le service central est labellisé : le suivi du label passe par le sien, sans audit de suivi propre au service local.";
            Some(text.to_owned())
        }
        _ => None,
    }
}

/// The obligation in the identity of its event: « O-26 », « O-18-2 ».
fn obligation(what: &str) -> Option<Obligation> {
    let mut parts = what.split('-');
    let code = format!("{}-{}", parts.next()?, parts.next()?);
    Obligation::from_code(&code)
}
