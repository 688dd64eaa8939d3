//! Cases of §2.2.2 and 3.9.2: a central service's award, samples, additional locals and follow-up.

use crate::conformance::input::{Fault, Field};
use crate::conformance::result::Found;
use crate::guide::central::{CentralFault, CentralFile, Majority, TierCounts, central_label};
use crate::guide::choices::Choices;
use crate::guide::follow_up::central::CentralFollowUp;
use crate::guide::follow_up::{CentralAlert, CentralIssue, central_outcome};
use crate::guide::sample::pools;
use crate::guide::supplements::supplements;

/// Largest number of years that a case may ask for.
const MOST_YEARS: u32 = 100;

fn labelled(field: &Field<'_>) -> Result<TierCounts, Fault> {
    let known = ["bronze", "argent", "or"];
    if let Some(unknown) = field.object()?.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(field.at(unknown).fault("palier bronze, argent ou or attendu"));
    }
    Ok(TierCounts {
        bronze: field.at("bronze").natural()?,
        argent: field.at("argent").natural()?,
        or: field.at("or").natural()?,
        untold: 0,
    })
}

pub fn award(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let file = CentralFile {
        locals: input.at("n_locaux").natural()?,
        audited: input.at("audites").natural()?,
        labelled: labelled(&input.at("labellises"))?,
        points: Some((input.at("points_valides").natural()?, input.at("points_total").natural()?)),
        self_assessments: Some(input.at("autodiagnostics_fournis").natural()?),
    };
    let result = central_label(&file, choices);
    let code = |fault: &CentralFault| match fault {
        CentralFault::Sample { .. } => "echantillon_insuffisant",
        CentralFault::LabelledLocals { .. } => "seuil_75_locaux",
        CentralFault::Points { .. } => "points_controle_75",
        CentralFault::SelfAssessments { .. } => "autodiagnostics_manquants",
    };
    let majority = result.majority;
    let of = |value: fn(&Majority) -> Found| majority.as_ref().map_or(Found::Nothing, value);
    Ok(Found::fields([
        ("echantillon_min", Found::Count(result.sample)),
        ("labellises_requis", Found::Count(result.labelled_required)),
        ("labellisable", Found::Flag(majority.is_some())),
        ("motifs", Found::codes(result.faults.iter().map(code))),
        ("palier", of(|m| Found::Tier(Some(m.tier)))),
        ("palier_majorite_relative", of(|m| Found::Tier(Some(m.plurality)))),
        ("egalite", of(|m| Found::Flag(m.tie))),
        ("divergence", of(|m| Found::Flag(m.diverges()))),
    ]))
}

pub fn samples(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let locals = input.at("n_locaux").natural()?;
    let years = input.at("annees").count_up_to(MOST_YEARS)?;
    let pools = pools(locals, usize::try_from(years).unwrap_or(0), choices);
    Ok(Found::fields([
        ("echantillon", Found::Count(pools.sample)),
        ("disponibles_par_annee", Found::List(pools.available.into_iter().map(Found::Count).collect())),
        ("insuffisant", Found::Flag(pools.exhausted)),
    ]))
}

pub fn supplement(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let result = supplements(input.at("audites").natural()?, input.at("labellises").natural()?, choices);
    Ok(Found::fields([
        ("labellises_requis", Found::Count(result.required)),
        ("manque", Found::Count(result.missing)),
        ("supplements_denominateur_total", Found::Count(result.of_all_audited)),
        ("supplements_denominateur_fixe", Found::Count(result.of_the_sample)),
    ]))
}

pub fn follow_up(input: &Field<'_>, choices: &Choices) -> Result<Found, Fault> {
    let file = CentralFollowUp {
        held: input.at("palier_detenu").tier()?,
        first_year: None,
        audited: input.at("audites").natural()?,
        labelled: labelled(&input.at("labellises"))?,
        points_validated: input.at("points_valides").natural()?,
        points_checked: input.at("points_total").natural()?,
    };
    let outcome = central_outcome(&file, choices);
    let issue = |issue: &CentralIssue| match issue {
        CentralIssue::Confirmed => "confirme",
        CentralIssue::Raised => "superieur",
        CentralIssue::MoreLocals => "locaux_supplementaires",
        CentralIssue::ActionPlan => "plan_actions",
        CentralIssue::Lowered => "inferieur",
    };
    let alert = |alert: &CentralAlert| match alert {
        CentralAlert::LowerMajority => "majorite_inferieure",
    };
    let relative = outcome.majority.map_or(Found::Nothing, |m| Found::Tier(Some(m.plurality)));
    Ok(Found::fields([
        ("issues", Found::codes(outcome.issues.iter().map(issue))),
        ("palier", Found::Tier(Some(outcome.tier))),
        ("alertes", Found::codes(outcome.alerts.iter().map(alert))),
        ("palier_majorite_relative", relative.extra()),
    ]))
}
