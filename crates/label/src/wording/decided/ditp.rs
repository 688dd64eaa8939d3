//! To DITP: what happened to a label, and what identifies the service in its public list.

use jiff::civil::Date;

use crate::case::Case;
use crate::case::keys::Key;
use crate::judge::agenda::{Due, Obligation};
use crate::judge::{Change, Decided, Review};

use super::super::agreement::{by, by_near};
use super::super::late;
use super::super::names::{self, capital, date_full, date_near};

/// What happened, for the subject; then paragraphs.
pub(super) fn text(decided: &Decided<'_>, review: &Review) -> (String, Vec<String>) {
    let (on, holds) = (decided.on, decided.holds);
    let (day, near) = (date_full(on), date_near(on, review.today));
    let tier = decided.tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let (list, listed) = list(decided, review);
    let (what, text) = match decided.change {
        Change::Awarded if holds => (
            format!("label{tier} attribué{list}"),
            format!(
                "Le label{tier} est attribué le {day} : le service est à inscrire à la liste publique{listed}."
            ),
        ),
        Change::Awarded => {
            (format!("label{tier} attribué le {near}"), format!("Le label{tier} a été attribué le {day}."))
        }
        Change::Renewed if holds => (
            format!("label{tier} renouvelé{list}"),
            format!("Le label{tier} est renouvelé le {day} : la liste publique est à actualiser{listed}."),
        ),
        Change::Renewed => {
            (format!("label{tier} renouvelé le {near}"), format!("Le label{tier} a été renouvelé le {day}."))
        }
        Change::Confirmed => (
            format!("label{tier} confirmé le {near}"),
            format!(
                "Le label{tier} est confirmé le {day} à l’issue du suivi ; ni le palier ni la date de fin ne changent."
            ),
        ),
        Change::Raised if holds => (
            format!("palier{tier} atteint{list}"),
            format!(
                "Le label est au palier{tier} depuis le {day} ; la date de fin ne change pas. La liste publique est à actualiser{listed}."
            ),
        ),
        Change::Raised => (
            format!("palier{tier} atteint le {near}"),
            format!("Le label était passé au palier{tier} le {day} ; la date de fin ne changeait pas."),
        ),
        Change::Extended => (
            "extension du label accordée, sites à actualiser".to_owned(),
            format!(
                "L’extension du label est accordée le {day} : les sites de la liste publique sont à actualiser."
            ),
        ),
        Change::Suspended if holds => (
            format!("suspension à publier à compter du {near}"),
            format!("Le label est suspendu à compter du {day} : à publier pendant toute la suspension."),
        ),
        Change::Suspended => (
            format!("label suspendu à compter du {near}"),
            format!("Le label a été suspendu à compter du {day}."),
        ),
        Change::Lifted if holds => (
            format!("suspension levée le {near}, liste publique à actualiser"),
            format!(
                "La suspension est levée le {day} ; la durée du label ne change pas. La liste publique est à actualiser."
            ),
        ),
        Change::Lifted => {
            (format!("suspension levée le {near}"), format!("La suspension a été levée le {day}."))
        }
        Change::Withdrawn if holds && decided.follows_an_expiry() => {
            let ends = decided.period.ends;
            (
                format!("label arrivé à échéance le {}, retrait notifié", date_near(ends, review.today)),
                format!(
                    "Le label est arrivé à échéance le {}, sans renouvellement : il n’est plus en vigueur depuis le lendemain. L’organisme de certification en notifie le retrait ; s’il est encore à la liste publique, il est à en ôter.",
                    date_full(ends)
                ),
            )
        }
        Change::Withdrawn if holds => (
            format!("label retiré, à ôter de la liste publique le {near}"),
            format!("Le label est retiré, avec effet le {day} : à ôter de la liste publique à cette date."),
        ),
        Change::Withdrawn => (
            format!("retrait décidé avec effet le {near}"),
            format!("Un retrait du label avait été décidé, avec effet le {day}."),
        ),
    };
    (what, vec![text])
}

/// By when the public list is to be brought up to date (O-12), for the subject and for the text: it is asked for here, and
/// not recalled apart.
fn list(decided: &Decided<'_>, review: &Review) -> (String, String) {
    // Five working days after it was told: another decision has another one.
    let told = decided.event.notified.unwrap_or(decided.on);
    let days = |day: Date| (day - told).get_days();
    let own =
        |due: &&Due| due.obligation == Obligation::List && (0..=20).contains(&days(due.deadline.nominal));
    // An indicative delay that is past is no reason to hurry: that it is to be done is enough.
    let due = review.agenda.iter().find(own).filter(|due| !late::is_over(due, review.today));
    match due.map(|due| late::last(due, review.today)) {
        Some(day) => (
            format!(", liste publique à actualiser {}", by_near(day, review.today)),
            format!(" {} (délai indicatif)", by(day)),
        ),
        None => (", liste publique à actualiser".to_owned(), String::new()),
    }
}

/// What the public list has of a service: its number, its place, its body, and until when its label is valid.
pub(super) fn identity(decided: &Decided<'_>, review: &Review, case: &Case) -> Vec<String> {
    let facts = case.dossiers.iter().find(|facts| facts.number == decided.event.dossier).or(case.current());
    let text = |key| facts.and_then(|facts| facts.text(key)).map(str::to_owned);
    let period = decided.period;
    let valid = format!("du {} au {} inclus", date_full(period.starts), date_full(period.ends));
    let tier = decided.tier.map_or("non précisé", names::tier);
    let lines = [
        ("SIRET", facts.and_then(|facts| facts.siret.clone())),
        ("type", Some(names::service(review.service).to_owned())),
        ("département", text(Key::Departement)),
        (
            "organisme de certification",
            facts.and_then(|facts| review.body_of(facts.number)).map(str::to_owned),
        ),
        ("palier", Some(tier.to_owned())),
        ("décision", decided.event.decided.map(date_full)),
        ("validité", Some(valid).filter(|_| decided.change != Change::Withdrawn)),
    ];
    let said = lines.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    said.map(|(name, value)| format!("{} : {value}", capital(name))).collect()
}
