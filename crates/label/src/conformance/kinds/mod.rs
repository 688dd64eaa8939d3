//! The twenty kinds of worked cases. Each reads its fields, calls [`crate::guide`], and names the results.

mod central;
mod dates;
mod life;
mod surveys;
mod tiers;

use super::input::{Fault, Field};
use super::result::Found;
use crate::guide::choices::Choices;

/// Computes what a case's input gives.
pub type Compute = fn(&Field<'_>, &Choices) -> Result<Found, Fault>;

/// Every kind, by its name in the cases.
pub const KINDS: [(&str, Compute); 20] = [
    ("recevabilite", surveys::admissibility),
    ("enquete_usagers_validite", surveys::user_validity),
    ("enquete_agents_validite", surveys::staff_validity),
    ("enquete_usagers_note", surveys::user_mark),
    ("enquete_agents_note", surveys::staff_mark),
    ("score_engagement", tiers::engagement_score),
    ("palier_local", tiers::local),
    ("central_attribution", central::award),
    ("central_echantillons", central::samples),
    ("central_supplement", central::supplement),
    ("central_suivi", central::follow_up),
    ("fenetre_suivi", life::window),
    ("validite_label", life::validity),
    ("plan_audit", dates::plan),
    ("rapport_audit", dates::report),
    ("observations", dates::observations),
    ("depot_dossier", dates::deposit),
    ("validite_pieces", dates::pieces),
    ("delais_6_mois", life::six_months),
    ("fin_de_vie", life::end),
];

pub fn find(kind: &str) -> Option<Compute> {
    KINDS.iter().find(|(name, _)| *name == kind).map(|(_, compute)| *compute)
}
