//! The messages to the candidate in the dossier, on the platform: plain text.

use jiff::civil::Date;

use crate::case::facts::Facts;
use crate::judge::finding::Finding;
use crate::outgoing::{Correction, Message};

use super::agreement::count;
use super::findings::what;
use super::names::date_full;

/// Largest number of points in a message.
const MAX_POINTS: usize = 30;

/// The dossier was received.
#[must_use]
pub fn received(facts: &Facts, reference: &str) -> String {
    format!(
        "Bonjour,\n\n\
         Votre dossier n° {} ({}) a bien été reçu le {}.\n\n\
         Votre organisme de certification va en vérifier les pièces. S’il manque quelque chose, vous serez prévenu ici même.\n\n\
         {}",
        facts.number,
        one_line(&facts.name()),
        date_full(facts.deposited),
        closing(reference)
    )
}

/// Pieces are missing or cannot be used.
#[must_use]
pub fn pieces(facts: &Facts, faults: &[&Finding], limit: Option<Date>, reference: &str) -> String {
    let mut points: Vec<String> = faults
        .iter()
        .take(MAX_POINTS)
        .map(|finding| format!("- {}", one_line(&what(&finding.what))))
        .collect();
    if faults.len() > MAX_POINTS {
        points.push(format!("- et {}", count(faults.len() - MAX_POINTS, "autre point", "autres points")));
    }
    let until = limit
        .map(|day| {
            format!(" Les compléments sont acceptés jusqu’au {} inclus, veille de la visite.", date_full(day))
        })
        .unwrap_or_default();
    format!(
        "Bonjour,\n\n\
         En vérifiant les pièces de votre dossier n° {}, voici ce qui reste à compléter ou à corriger :\n\n\
         {}\n\n\
         Merci de modifier votre dossier, puis de le déposer de nouveau.{until}\n\n\
         {}",
        facts.number,
        points.join("\n"),
        closing(reference)
    )
}

fn closing(reference: &str) -> String {
    format!(
        "Ce message est automatique ; votre organisme de certification lit les réponses que vous faites ici.\n\n\
         Référence : {reference}"
    )
}

/// Joins the lines of a name from the form, so that it cannot look like further lines of the message.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What a message is, for the journal and for `--dry-run`.
#[must_use]
pub fn title(message: &Message) -> &'static str {
    match message.correction {
        None => "accusé de réception",
        Some(Correction::Incomplete) => "demande de pièces manquantes",
        Some(Correction::Incorrect) => "demande de pièces à corriger",
    }
}
