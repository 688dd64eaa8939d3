//! Mails to a central service about its attached locals: copies of their decisions, their late deadlines, and a summary of
//! its network.

use jiff::civil::Date;

use crate::case::{Case, Decision, Event, Local};
use crate::judge::Review;
use crate::judge::agenda::{Due, Obligation};
use crate::outgoing::{Letter, Section};

use super::names::{self, date_full, date_short};
use super::network::tier_or_not_stated;
use super::sourced::letter;

/// Largest number of locals named in the summary; the others are counted.
const LOCALS: usize = 60;

/// A decision on one of its locals.
#[must_use]
pub(super) fn copy(event: &Event, on: Date, review: &Review, section: (&str, &str)) -> Letter {
    let name = &review.name;
    let tier = event.tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let day = date_full(on);
    let (subject, text) = match event.decision {
        Decision::PalierSuperieur => (
            format!("Votre service local {name} passe au palier{tier}"),
            format!(
                "{name}, rattaché à votre service, est au palier{tier} depuis le {day} ; la fin de son label ne change pas."
            ),
        ),
        // The label ended since: the suspension is in the past tense.
        Decision::Suspension if !review.state.is_living() => (
            format!("Le label de votre service local {name} a été suspendu à compter du {}", date_short(on)),
            format!(
                "Le label de {name}, rattaché à votre service, a été suspendu à compter du {day} ; il a pris fin depuis."
            ),
        ),
        Decision::Suspension => (
            format!("Le label de votre service local {name} est suspendu à compter du {}", date_short(on)),
            format!(
                "Le label de {name}, rattaché à votre service, est suspendu à compter du {day}. Il reste compté parmi vos locaux labellisés (75 % et majorité de l’année) ; seul un retrait l’en ôterait."
            ),
        ),
        Decision::Levee => (
            format!("La suspension de votre service local {name} est levée"),
            format!("La suspension du label de {name}, rattaché à votre service, est levée depuis le {day}."),
        ),
        Decision::Retrait => (
            format!("Le label de votre service local {name} est retiré à compter du {}", date_short(on)),
            format!("Le label de {name}, rattaché à votre service, est retiré à compter du {day}."),
        ),
        _ => (
            format!("Attestation de votre service local {name} : label{tier}"),
            format!(
                "{name}, rattaché à votre service, est labellisé{tier} depuis le {day}{}.",
                until(review)
            ),
        ),
    };
    let number = event.dossier;
    let place = format!(
        "Copie vous en est adressée comme service central. L’attestation se trouve dans son dossier n° {number} ; si elle n’est pas jointe à ce message, votre organisme de certification vous la transmet."
    );
    let paragraphs = match event.decision {
        Decision::Labellise | Decision::PalierSuperieur => vec![text, place],
        _ => vec![text, "Copie vous en est adressée comme service central.".to_owned()],
    };
    letter(subject, paragraphs, section.0, section.1)
}

fn until(review: &Review) -> String {
    let ends = review.label.as_ref().map(|label| label.ends);
    ends.map(|day| format!(", jusqu’au {} inclus", date_full(day))).unwrap_or_default()
}

/// A deadline of one of its locals, open or late.
#[must_use]
pub(super) fn reminder(due: &Due, review: &Review) -> (String, Vec<String>) {
    let title = names::due(due);
    let (name, day) = (&review.name, due.deadline.nominal);
    if review.today <= day {
        let text = format!(
            "{name}, rattaché à votre service, a une échéance le {} : {title}. Votre label de service central s’appuie sur elle.",
            date_full(day)
        );
        return (format!("Votre service local {name} : échéance du {}", date_short(day)), vec![text]);
    }
    let text = format!(
        "{name}, rattaché à votre service, avait une échéance le {} : {title}. Rien n’indique encore qu’elle est tenue ; votre label de service central en dépend.",
        date_full(day)
    );
    (format!("Votre service local {name} : échéance du {} à vérifier", date_short(day)), vec![text])
}

/// The summary of the network, in reminders that prepare the central's own audit.
#[must_use]
pub(super) fn board(due: &Due, review: &Review, case: &Case) -> Option<Section> {
    let prepares = matches!(
        due.obligation,
        Obligation::PrepareCentral
            | Obligation::Sample
            | Obligation::FollowUpCentral
            | Obligation::ThreeQuarters
    );
    let view = review.network.as_ref().filter(|_| prepares)?;
    let [bronze, argent, or] = view.labelled;
    let mut points = vec![
        format!(
            "Services locaux : {} ; à auditer dans l’année : {} ; audités : {}",
            view.locals, view.pools.sample, view.audited
        ),
        format!(
            "Labellisés dans l’année : {} (Bronze {bronze}, Argent {argent}, Or {or})",
            view.labelled_in_all()
        ),
    ];
    points.extend(case.locals.iter().take(LOCALS).map(|one| local(one, review.today)));
    if let Some(others) = case.locals.len().checked_sub(LOCALS).filter(|others| *others > 0) {
        points.push(format!("… et {others} autres"));
    }
    Some(Section { title: "Votre réseau".to_owned(), points })
}

fn local(local: &Local, today: Date) -> String {
    let state = match (local.held_on(today), local.decided_by(today)) {
        (Some(held), _) => {
            let tier = tier_or_not_stated(held.tier_on(today));
            format!("labellisé {tier} le {}", date_short(held.from))
        }
        (None, Some(day)) => format!("non labellisé (décision du {})", date_short(day)),
        (None, None) => "pas encore de décision".to_owned(),
    };
    format!("{} : {state}", local.name)
}
