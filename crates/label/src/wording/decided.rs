//! Mails about the decisions of the certification body.

use crate::case::keys::Key;
use crate::case::{Case, Decision, Event};
use crate::guide::sanctions;
use crate::guide::tiers::Tier;
use crate::judge::Review;
use crate::judge::agenda::{Due, Role};
use crate::life::Label;
use crate::outgoing::Letter;

use super::central;
use super::letters;
use super::names::{self, capital, date_full, date_short};
use super::sourced::letter;

/// The mail about a decision. `None` when this role gets no mail about this decision.
#[must_use]
pub fn decided(event: &Event, role: Role, review: &Review, case: &Case) -> Option<Letter> {
    let on = event.on()?;
    let name = &review.name;
    let section = match event.decision {
        Decision::Labellise => ("3.8.1", "R-3.8.1-e"),
        Decision::PalierSuperieur => ("3.9.1", "R-3.9.1-h"),
        Decision::Suspension | Decision::Levee => ("5.3.1", "R-5.3.1-g"),
        Decision::Retrait => ("5.3.2", "R-5.3.2-e"),
        _ => return None,
    };
    let tier = event.tier.map_or("palier non précisé", names::tier);
    if role == Role::Central {
        return Some(central::copy(event, on, review, section));
    }
    let (subject, text) = match (event.decision, role) {
        (Decision::Labellise, Role::Ditp) => (
            format!("[SP+ DITP] Label attribué : {name} — {tier}{}", body_of(case)),
            format!("Label attribué le {} : à inscrire à la liste publique.", date_full(on)),
        ),
        (Decision::PalierSuperieur, Role::Ditp) => (
            format!("[SP+ DITP] Passage au palier {tier} : {name}"),
            format!(
                "Palier relevé le {} ; la date de fin ne change pas. Liste publique à actualiser.",
                date_full(on)
            ),
        ),
        (Decision::Suspension, Role::Ditp) if !review.state.is_living() => (
            format!("[SP+ DITP] Suspension : {name} à compter du {}", date_short(on)),
            format!("Le label a été suspendu à compter du {} ; il a pris fin depuis.", date_full(on)),
        ),
        (Decision::Suspension, Role::Ditp) => (
            format!("[SP+ DITP] Suspension à publier : {name} à compter du {}", date_short(on)),
            format!("Label suspendu à compter du {} : à publier pendant toute la suspension.", date_full(on)),
        ),
        (Decision::Levee, Role::Ditp) => (
            format!("[SP+ DITP] Levée de suspension : {name}"),
            format!("Suspension levée le {} ; la durée du label ne change pas.", date_full(on)),
        ),
        (Decision::Retrait, Role::Ditp) => (
            format!("[SP+ DITP] Retrait : {name}, effet le {} — retrait de la liste", date_short(on)),
            format!(
                "Label retiré, avec effet le {} : à retirer de la liste publique à cette date.",
                date_full(on)
            ),
        ),
        (Decision::Retrait, Role::Candidat) => {
            let stops = sanctions::mark_stops(on);
            (
                format!("Cessez d’utiliser la marque avant le {}", date_short(stops)),
                format!(
                    "Votre label est retiré avec effet le {}. Tout usage de la marque doit cesser au plus tard le {}.",
                    date_full(on),
                    date_full(stops)
                ),
            )
        }
        (Decision::Labellise, Role::Candidat) => {
            return review.label.as_ref().map(|label| award(label, event.tier, review));
        }
        _ => return None,
    };
    Some(letter(subject, vec![text], section.0, section.1))
}

fn body_of(case: &Case) -> String {
    let body = case.current().and_then(|facts| facts.text(Key::Organisme));
    body.map(|name| format!(" — {name}")).unwrap_or_default()
}

/// The three years to come, at the award.
fn award(label: &Label, tier: Option<Tier>, review: &Review) -> Letter {
    let tier = tier.map(|tier| format!(" {}", names::tier(tier))).unwrap_or_default();
    let subject = format!("Votre label{tier} : les rendez-vous des trois prochaines années");
    let text = format!(
        "Votre label est attribué. Il est valable du {} au {} inclus. Voici les rendez-vous à prévoir ; nous vous écrirons avant chacun.",
        date_full(label.obtained),
        date_full(label.ends)
    );
    let mut letter = letter(subject, vec![text], "2.3", "R-2.3-a");
    let ahead = |due: &&Due| due.deadline.nominal > label.obtained && due.obligation.is_of_the_guide();
    for due in review.agenda.iter().filter(ahead) {
        let day = capital(&date_full(due.deadline.nominal));
        letter.points.push(format!("{day} : {}", super::findings::due_title(due)));
        letter.events.push(letters::event(due, &review.name));
    }
    letter
}
