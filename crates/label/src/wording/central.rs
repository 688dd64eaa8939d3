//! Mails to a central service about its attached locals: copies of their decisions, their late deadlines, and a summary of
//! its network.

use jiff::civil::Date;

use crate::case::{Case, Local};
use crate::judge::agenda::{Due, Obligation};
use crate::judge::{Change, Decided, Review};
use crate::outgoing::Section;

use super::names::{self, date_full, date_short};
use super::network::tier_or_not_stated;

/// Largest number of locals named in the summary; the others are counted.
const LOCALS: usize = 60;

/// A decision on one of its locals: subject, then paragraphs.
#[must_use]
pub(super) fn copy(decided: &Decided<'_>, review: &Review) -> (String, Vec<String>) {
    let (name, on, holds) = (&review.name, decided.on, decided.holds);
    let tier = decided.tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let (day, short) = (date_full(on), date_short(on));
    let (starts, ends) = (date_full(decided.period.starts), date_full(decided.period.ends));
    let (subject, text) = match decided.change {
        Change::Raised => (
            format!("Votre service local {name} passe au palier{tier}"),
            match holds {
                true => format!(
                    "{name}, rattaché à votre service, est au palier{tier} depuis le {day} ; la fin de son label ne change pas."
                ),
                false => format!("{name}, rattaché à votre service, est passé au palier{tier} le {day}."),
            },
        ),
        Change::Suspended if holds => (
            format!("Le label de votre service local {name} est suspendu à compter du {short}"),
            format!(
                "Le label de {name}, rattaché à votre service, est suspendu à compter du {day}. Il reste compté parmi vos locaux labellisés (75 % et majorité de l’année) ; seul un retrait l’en ôterait."
            ),
        ),
        Change::Suspended => (
            format!("Le label de votre service local {name} a été suspendu à compter du {short}"),
            format!("Le label de {name}, rattaché à votre service, a été suspendu à compter du {day}."),
        ),
        Change::Lifted => (
            format!("La suspension de votre service local {name} est levée"),
            match holds {
                true => format!(
                    "La suspension du label de {name}, rattaché à votre service, est levée depuis le {day}."
                ),
                false => format!(
                    "La suspension du label de {name}, rattaché à votre service, a été levée le {day}."
                ),
            },
        ),
        Change::Withdrawn => (
            format!("Le label de votre service local {name} est retiré à compter du {short}"),
            match holds {
                true => {
                    format!("Le label de {name}, rattaché à votre service, est retiré à compter du {day}.")
                }
                false => format!(
                    "Un retrait du label de {name}, rattaché à votre service, avait été décidé, avec effet le {day}."
                ),
            },
        ),
        Change::Extended => (
            format!("Le label de votre service local {name} est étendu"),
            format!("L’extension du label de {name}, rattaché à votre service, est accordée le {day}."),
        ),
        Change::Renewed => (
            format!("Attestation de votre service local {name} : label{tier} renouvelé"),
            format!(
                "Le label{tier} de {name}, rattaché à votre service, est renouvelé le {day}, pour une période du {starts} au {ends} inclus."
            ),
        ),
        Change::Confirmed => (
            format!("Attestation de votre service local {name} : label{tier} confirmé"),
            format!("Le label{tier} de {name}, rattaché à votre service, est confirmé le {day}."),
        ),
        Change::Awarded => (
            format!("Attestation de votre service local {name} : label{tier}"),
            match holds {
                true => format!(
                    "{name}, rattaché à votre service, est labellisé{tier} depuis le {day}, jusqu’au {ends} inclus."
                ),
                false => format!(
                    "{name}, rattaché à votre service, a été labellisé{tier} le {day}, pour une validité jusqu’au {ends} inclus."
                ),
            },
        ),
    };
    let number = decided.event.dossier;
    let copied = "Copie vous en est adressée comme service central.";
    let place = match decided.change {
        Change::Awarded | Change::Renewed | Change::Confirmed | Change::Raised => format!(
            "{copied} L’attestation se trouve dans son dossier n° {number} ; si elle n’est pas jointe à ce message, votre organisme de certification vous la transmet."
        ),
        Change::Extended | Change::Suspended | Change::Lifted | Change::Withdrawn => copied.to_owned(),
    };
    (subject, vec![text, place])
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
