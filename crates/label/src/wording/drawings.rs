//! Words of the drawings: the year, the network, the candidatures, the figures of dossiers.

use jiff::civil::Date;

use crate::guide::tiers::Criterion;
use crate::judge::agenda::Obligation;
use crate::judge::measures::criterion_of;

use super::names::{self, capital, date_full};

/// An address that names no year.
pub const NO_YEAR: &str = "Cette année n’en est pas une : écrivez-la en quatre chiffres.";

/// The first letter of each month, under its bar.
pub const MONTH_LETTERS: [&str; 12] = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"];

/// « mai 2028 ».
#[must_use]
pub fn month(first: Date) -> String {
    let full = date_full(first);
    let mut words: Vec<&str> = full.rsplit(' ').take(2).collect();
    words.reverse();
    words.join(" ")
}

/// A part of the year, by its word in the address.
#[must_use]
pub fn part(word: &str) -> &'static str {
    match word {
        "audits" => "Audits",
        "fenetres" => "Fenêtres de suivi ouvertes",
        _ => "Fins de label",
    }
}

/// « Audits, mai 2028 ».
#[must_use]
pub fn part_in(word: &str, first: Date) -> String {
    format!("{}, {}", part(word), month(first))
}

/// What a figure of dossiers is about, by its kind and the words that are stored.
#[must_use]
pub fn measured(kind: &str, word: &str) -> String {
    match kind {
        "etape" => step(word).to_owned(),
        "delai" => delay(word),
        _ => criterion_of(word)
            .map_or_else(|| word.to_owned(), |criterion| capital(&names::criterion(criterion))),
    }
}

/// A step of an application.
#[must_use]
pub fn step(word: &str) -> &'static str {
    match word {
        "audit" => "Audit mené",
        "rapport" => "Rapport transmis",
        "decision" => "Décision",
        _ => "Dossier déposé",
    }
}

/// What the guide says of the time that a step takes.
#[must_use]
pub fn guide_delay(word: &str) -> (&'static str, &'static str) {
    match word {
        "audit" => ("dossier déposé un mois au moins avant la visite", "3.5.1"),
        "rapport" => ("21 jours après la visite", "3.7.1"),
        _ => ("aucun délai fixé", "3.8"),
    }
}

/// « Audit de suivi », « Audit de suivi (2ᵉ) » for the second of its kind.
fn delay(code: &str) -> String {
    let mut parts = code.splitn(3, '-');
    let (letter, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let rank: Option<u32> = parts.next().and_then(|rank| rank.parse().ok());
    let Some(obligation) = Obligation::from_code(&format!("{letter}-{number}")) else {
        return code.to_owned();
    };
    let name = capital(names::obligation(obligation));
    match rank {
        None => name,
        Some(rank) => format!("{name} ({}ᵉ)", rank.saturating_add(1)),
    }
}

/// The section of the guide of a delay, by its code.
#[must_use]
pub fn delay_section(code: &str) -> &'static str {
    let code: String = code.chars().take(4).collect();
    Obligation::from_code(&code).map_or("", |obligation| obligation.reference().2)
}

/// Who must keep a delay, by its code.
#[must_use]
pub fn delay_owner(code: &str) -> &'static str {
    let code: String = code.chars().take(4).collect();
    Obligation::from_code(&code).map_or("", |obligation| names::role(obligation.owner()))
}

/// « 60 à 69 », « 90 à 100 ».
#[must_use]
pub fn ten(from: i64) -> String {
    let to = if from == 90 { 100 } else { from + 9 };
    format!("{from} à {to}")
}

/// A survey, by its criterion.
#[must_use]
pub fn survey(criterion: Criterion) -> String {
    capital(&names::criterion(criterion))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn figures_are_named_as_elsewhere() {
        assert_eq!(month(date(2028, 5, 1)), "mai 2028");
        assert_eq!(measured("limite", "engagement-3"), "Engagement 3");
        assert_eq!(measured("enquete", "usagers"), "Enquête usagers");
        assert!(measured("delai", "O-16-1").ends_with("(2ᵉ)"), "{}", measured("delai", "O-16-1"));
        assert!(!measured("delai", "O-08").contains("O-08"));
        assert_eq!(measured("delai", "X"), "X", "what is not known is shown as it is");
        assert_eq!((ten(60), ten(90)), ("60 à 69".to_owned(), "90 à 100".to_owned()));
    }
}
