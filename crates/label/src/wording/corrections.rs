//! Corrective notices: what was announced of a decision, and what holds instead.

use crate::case::Decision;
use crate::judge::Review;
use crate::outgoing::{Announced, Letter, Rectification};

use super::names::{self, date_full};
use super::sourced::letter;
use super::standing;

/// The corrective mail, the same for all its readers.
#[must_use]
pub fn corrected(rectification: &Rectification, review: &Review) -> Letter {
    let (last, name) = (rectification.last, &review.name);
    let what = names::decision(last.decision);
    let short = format!("rectification de la décision ({what})");
    let told = format!(
        "Le {}, nous vous avons écrit au sujet de {name} : {}.",
        date_full(last.told),
        said(rectification)
    );
    let now = match rectification.now {
        None => "L’organisme de certification a corrigé cette décision : elle ne tient plus, ne la prenez pas en compte."
            .to_owned(),
        Some(now) => format!(
            "L’organisme de certification a corrigé cette décision. Elle est désormais : {}.",
            in_words(last.decision, now)
        ),
    };
    let paragraphs = vec![told, now, situation(review)];
    let (section, rule) = reference(last.decision);
    Letter { announced: rectification.announced(), ..letter(short, paragraphs, section, rule) }
}

/// What was last announced to the reader.
fn said(rectification: &Rectification) -> String {
    match rectification.last.announced {
        Some(announced) => in_words(rectification.last.decision, announced),
        None => format!("pas de {}", names::decision(rectification.last.decision)),
    }
}

/// « labellisation, palier Argent, le mardi 12 mars 2027 ».
fn in_words(decision: Decision, announced: Announced) -> String {
    let tier = announced.tier.map(|tier| format!(", palier {}", names::tier(tier))).unwrap_or_default();
    format!("{}{tier}, le {}", names::decision(decision), date_full(announced.on))
}

/// What is true of the label today.
pub(super) fn situation(review: &Review) -> String {
    let day = date_full(review.today);
    let Some(label) = review.standing() else {
        return format!("Situation le {day} : le service n’est pas labellisé.");
    };
    let tier = label.tier.map(|tier| format!("palier {}. ", names::tier(tier))).unwrap_or_default();
    let suspension =
        standing::suspension(label, review.today).map(|text| format!(" {text}")).unwrap_or_default();
    format!("Situation le {day} : {tier}{}{suspension}", standing::validity(label))
}

fn reference(decision: Decision) -> (&'static str, &'static str) {
    match decision {
        Decision::Labellise | Decision::Rejete => ("3.8.1", "R-3.8.1-e"),
        Decision::Confirme | Decision::PalierSuperieur | Decision::PlanActions => ("3.9.1", "R-3.9.1-h"),
        Decision::Suspension | Decision::Levee => ("5.3.1", "R-5.3.1-g"),
        Decision::Retrait => ("5.3.2", "R-5.3.2-e"),
    }
}
