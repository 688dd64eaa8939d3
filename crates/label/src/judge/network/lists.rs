//! Lists of a central's locals: those of the next draw, and the annex of its attestation.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::{Case, Local};
use crate::guide::tiers::Tier;

/// The local services among which the next sample is drawn: attached, known, and not audited yet in the cycle that began on
/// `cycle` (R-3.9.2-c). A renewal is obtained in the conditions of the first label (§3.10): its cycle draws among all.
#[must_use]
pub fn not_audited(case: &Case, cycle: Option<Date>) -> Vec<&Local> {
    let audited =
        |local: &Local| local.results.iter().any(|result| cycle.is_none_or(|begins| result.on >= begins));
    case.locals.iter().filter(|local| !audited(local)).collect()
}

/// One line of the annex of a central's attestation (R-3.8.2-a): a labelled local, its tier, and the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnexLine {
    /// The local's case.
    pub case: i64,
    /// The local's name.
    pub name: String,
    /// The local's SIRET; `None` when not known.
    pub siret: Option<String>,
    /// The tier held on the day of the list; `None`: not stated.
    pub tier: Option<Tier>,
    /// First and last valid day of its label.
    pub from: Date,
    /// Last valid day of its label, inclusive.
    pub to: Date,
}

/// The locals of a central that are labelled on `day`, by name.
#[must_use]
pub fn annex(case: &Case, day: Date) -> Vec<AnnexLine> {
    let line = |local: &Local| {
        let held = local.held_on(day)?;
        Some(AnnexLine {
            case: local.case,
            name: local.name.clone(),
            siret: local.siret.clone(),
            tier: held.tier_on(day),
            from: held.from,
            to: held.to,
        })
    };
    let mut lines: Vec<AnnexLine> = case.locals.iter().filter_map(line).collect();
    lines.sort_by(|one, other| (&one.name, one.case).cmp(&(&other.name, other.case)));
    lines
}
