//! To DITP: what happened to a label, for its public list.

use crate::case::Case;
use crate::case::keys::Key;
use crate::judge::{Change, Decided, Review};

use super::super::names::{date_full, date_short};
use super::tier;

/// Subject, then paragraphs.
pub(super) fn text(decided: &Decided<'_>, review: &Review, case: &Case) -> (String, Vec<String>) {
    let (name, on, holds) = (&review.name, decided.on, decided.holds);
    let (day, tier) = (date_full(on), tier(decided));
    let (starts, ends) = (date_full(decided.period.starts), date_full(decided.period.ends));
    let with_body = |what: &str| format!("{what} : {name} — {tier}{}", body_of(case));
    let (subject, text) = match decided.change {
        Change::Awarded if holds => (
            with_body("Label attribué"),
            format!(
                "Label attribué le {day}, valable du {starts} au {ends} inclus : à inscrire à la liste publique."
            ),
        ),
        Change::Awarded => (
            with_body("Label attribué"),
            format!("Label attribué le {day}, pour une validité du {starts} au {ends} inclus."),
        ),
        Change::Renewed if holds => (
            with_body("Label renouvelé"),
            format!(
                "Label renouvelé le {day} : nouvelle période du {starts} au {ends} inclus. Liste publique à actualiser."
            ),
        ),
        Change::Renewed => (
            with_body("Label renouvelé"),
            format!("Label renouvelé le {day}, pour une période du {starts} au {ends} inclus."),
        ),
        Change::Confirmed => (
            with_body("Label confirmé"),
            format!(
                "Label confirmé le {day} à l’issue du suivi ; ni le palier ni la date de fin ne changent."
            ),
        ),
        Change::Raised => (
            format!("Passage au palier {tier} : {name}"),
            match holds {
                true => format!(
                    "Palier relevé le {day} ; la date de fin ne change pas ({ends} inclus). Liste publique à actualiser."
                ),
                false => format!("Palier relevé le {day} ; la date de fin ne changeait pas ({ends} inclus)."),
            },
        ),
        Change::Extended => (
            with_body("Extension du label"),
            format!("Extension du label accordée le {day}. Liste publique à actualiser (sites)."),
        ),
        Change::Suspended if holds => (
            format!("Suspension à publier : {name} à compter du {}", date_short(on)),
            format!("Label suspendu à compter du {day} : à publier pendant toute la suspension."),
        ),
        Change::Suspended => (
            format!("Suspension : {name} à compter du {}", date_short(on)),
            format!("Le label a été suspendu à compter du {day}."),
        ),
        Change::Lifted if holds => (
            format!("Levée de suspension : {name}"),
            format!("Suspension levée le {day} ; la durée du label ne change pas."),
        ),
        Change::Lifted => {
            (format!("Levée de suspension : {name}"), format!("La suspension a été levée le {day}."))
        }
        Change::Withdrawn if holds => (
            format!("Retrait : {name}, effet le {} — retrait de la liste", date_short(on)),
            format!("Label retiré, avec effet le {day} : à retirer de la liste publique à cette date."),
        ),
        Change::Withdrawn => (
            format!("Retrait : {name}, effet le {}", date_short(on)),
            format!("Un retrait du label avait été décidé, avec effet le {day}."),
        ),
    };
    (format!("[SP+ DITP] {subject}"), vec![text])
}

fn body_of(case: &Case) -> String {
    let body = case.current().and_then(|facts| facts.text(Key::Organisme));
    body.map(|name| format!(" — {name}")).unwrap_or_default()
}
