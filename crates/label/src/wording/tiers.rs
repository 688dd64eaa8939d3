//! Tiers in sentences: a local's from its marks, a central's from its network.

use crate::guide::central::{CentralFault, Majority};
use crate::guide::score::Fraction;
use crate::guide::tiers::{Component, Limiting, Tier};
use crate::judge::DossierTier;
use crate::judge::network::CentralView;

use super::names::{self, criterion, number};

/// The computed tier and what is missing for the next one. The certification body decides.
#[must_use]
pub fn tier_text(of: &DossierTier) -> String {
    let result = &of.result;
    let next = result.tier.map_or(Some(Tier::Bronze), Tier::next);
    let mut lines = Vec::new();
    // Once one criterion fails, the marks still missing cannot change the tier.
    match (result.tier, result.missing.is_empty() || !result.limiting.is_empty()) {
        (Some(tier), _) if !of.reserve.is_empty() => lines.push(format!(
            "Palier {} sous réserve : {} (F-36) ; le label ne peut pas être proposé",
            names::tier(tier),
            reserve(&of.reserve)
        )),
        (Some(tier), true) => lines.push(format!("Palier calculé : {}", names::tier(tier))),
        (Some(tier), false) => lines.push(format!("Palier calculé : au moins {}", names::tier(tier))),
        (None, true) => lines.push("Palier calculé : aucun".to_owned()),
        (None, false) => lines.push("Palier calculé : à déterminer".to_owned()),
    }
    if let Some(next) = next {
        if !result.limiting.is_empty() {
            let limits: Vec<_> = result.limiting.iter().map(limiting).collect();
            lines.push(format!("Pour {}, il manque : {}", names::tier(next), limits.join(" ; ")));
        }
        if !result.missing.is_empty() {
            let missing: Vec<_> = result.missing.iter().map(|c| criterion(*c)).collect();
            lines.push(format!("Notes non saisies : {}", missing.join(", ")));
        }
    }
    lines.push(
        "§ 2.2.1 du guide (R-2.2.1-d). La décision appartient à l’organisme de certification.".to_owned(),
    );
    lines.join("\n")
}

/// Which surveys hold the tier back: those without enough answers.
fn reserve(surveys: &[Component]) -> String {
    let named: Vec<_> =
        surveys.iter().map(|survey| format!("{} non valable", names::component(*survey))).collect();
    named.join(", ")
}

pub(super) fn limiting(limiting: &Limiting) -> String {
    let gap = Fraction::from(limiting.required) - limiting.mark.clone();
    format!(
        "{} à {} pour {} (écart {})",
        criterion(limiting.criterion),
        number(&limiting.mark),
        limiting.required,
        gap_up(&gap)
    )
}

/// A gap rounded up, so that 0,004 is not shown as « écart 0 ».
#[must_use]
pub fn gap_up(gap: &Fraction) -> String {
    let shown = number(gap);
    if shown == "0" { "moins de 0,01".to_owned() } else { shown }
}

/// The central's tier under both readings of the majority, or the conditions that are not met.
#[must_use]
pub fn network_text(view: &CentralView) -> String {
    let [bronze, argent, or] = view.labelled;
    let mut lines = Vec::new();
    match (&view.award, &view.follow_up) {
        (Some(award), _) => match &award.majority {
            Some(majority) => lines.push(majority_line("Palier calculé", majority)),
            // Locals may still be audited: that is not known yet, and no fault.
            None if award.faults.iter().all(|fault| matches!(fault, CentralFault::Sample { .. })) => {
                lines.push("Palier calculé : conditions pas encore toutes connues".to_owned());
            }
            None => lines.push("Palier calculé : conditions non réunies".to_owned()),
        },
        (None, Some(outcome)) => {
            lines.push(format!("Palier au terme du suivi : {}", names::tier(outcome.tier)));
            lines.extend(
                outcome.majority.as_ref().map(|majority| majority_line("Majorité de l’année", majority)),
            );
        }
        (None, None) if view.audited > 0 => {
            lines.push("Suivi de l’année : points de contrôle du service central à venir".to_owned());
        }
        (None, None) => lines.push("Suivi de l’année : aucun résultat local encore".to_owned()),
    }
    lines.push(format!(
        "Locaux : {} en tout, {} audités dans l’année, labellisés Bronze {bronze}, Argent {argent}, Or {or}",
        view.locals, view.audited
    ));
    lines.push(
        "§ 2.2.2 du guide (R-2.2.2-a). La décision appartient à l’organisme de certification.".to_owned(),
    );
    lines.join("\n")
}

fn majority_line(title: &str, majority: &Majority) -> String {
    let line = format!(
        "{title} : {} (plus de la moitié des locaux à ce palier ou mieux)",
        names::tier(majority.cumulative)
    );
    if majority.diverges() {
        format!(
            "{line} ; au plus grand nombre, ce serait {} : le guide permet les deux lectures (F-13)",
            names::tier(majority.plurality)
        )
    } else {
        line
    }
}
