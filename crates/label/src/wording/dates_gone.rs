//! Days that were sent and no longer exist.

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
    let points =
        gone.iter().map(|event| format!("{} : {}", capital(&date_full(event.day)), event.title)).collect();
    let events = gone.iter().map(|event| CalendarEvent { cancelled: true, ..event.clone() }).collect();
    let source = "Calendrier du dossier, tel qu’il est aujourd’hui".to_owned();
    Some(Letter { points, events, source, rule: String::new(), ..letter })
}

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
