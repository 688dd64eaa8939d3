//! The findings about a network: a central's sample and three quarters, and a local whose central is not known.

use super::CentralView;
use crate::case::keys::Key;
use crate::case::{Case, Service};
use crate::guide::attached::{CentralStanding, keeps_label};
use crate::guide::central::CentralFault;
use crate::judge::finding::{Finding, Level, What};
use crate::life::Label;

/// The findings about the network of a central, and about the central of a local.
pub(in crate::judge) fn findings(
    case: &Case,
    view: Option<&CentralView>,
    label: Option<&Label>,
) -> Vec<Finding> {
    match view {
        Some(view) => of_a_central(case, view),
        None => unknown_central(case).into_iter().chain(kept_label(case, label)).collect(),
    }
}

/// R-3.8.2-d — a local labelled under a central that is refused, suspended, or lost its label keeps its own. Where the loss
/// sets a condition, the deadlines of R-5.3.2-g tell it.
fn kept_label(case: &Case, label: Option<&Label>) -> Option<Finding> {
    let label = label.filter(|label| case.service == Service::LocalRattache && label.status.in_force())?;
    let standing = case.central.filter(|standing| match standing {
        CentralStanding::Refused(_) | CentralStanding::Suspended => true,
        other => other.lost().is_some(),
    })?;
    let what = What::LabelKept { standing, ends: label.ends };
    let dossier = case.current().map_or(case.id, |facts| facts.number);
    keeps_label(standing, label.obtained)
        .then(|| Finding::for_the_body(dossier, "R-3.8.2-d", "3.8.2", Level::Ok, what))
}

/// R-3.8.2-e — an attached local whose central service cannot be known. The body must mend the number; meanwhile the local is
/// followed as if its central were not labelled.
fn unknown_central(case: &Case) -> Option<Finding> {
    let standing = case.central.filter(|standing| !standing.is_known())?;
    let named = case.dossiers.iter().rev().find(|facts| facts.link(Key::CentralDossier).is_some());
    let dossier = named.or(case.current()).map_or(case.id, |facts| facts.number);
    let level = Level::ToCheck;
    let what = What::CentralNotKnown(standing);
    (case.service == Service::LocalRattache).then_some(Finding::for_the_body(
        dossier,
        "R-3.8.2-e",
        "3.8.2",
        level,
        what,
    ))
}

fn of_a_central(case: &Case, view: &CentralView) -> Vec<Finding> {
    let dossier = case.current().map_or(case.id, |facts| facts.number);
    let mut findings = Vec::new();
    let mut add = |rule, section, what| {
        findings.push(Finding::for_the_body(dossier, rule, section, Level::ToCheck, what));
    };
    let known = u64::try_from(case.locals.len()).unwrap_or(u64::MAX);
    if known > view.locals {
        add("R-3.1-c", "3.1", What::MoreLocalsKnown { told: view.locals, known });
    }
    if view.pools.exhausted {
        let available = view.pools.available.clone();
        add("R-3.9.2-c", "3.9.2", What::PoolExhausted { sample: view.pools.sample, available });
    }
    for fault in view.award.iter().flat_map(|award| &award.faults) {
        // Points and self-assessments have their own findings in the dossier, three quarters theirs below.
        if let CentralFault::Sample { .. } = fault {
            add("R-3.1-c", "3.1", What::Network(*fault));
        }
    }
    let (three, granted) = (view.three_quarters, view.award.is_none());
    let (rule, section) = if granted { ("R-3.9.2-g", "3.9.2") } else { ("R-2.2.2-b", "2.2.2") };
    if three.lost.is_some() {
        add(rule, section, What::Supplements(three.supplements));
    } else if three.refused > 0 && view.labelled_in_all() < view.labelled_required {
        add(rule, section, What::ThreeQuartersAtRisk(three));
    }
    if let Some(surveys) = view.surveys {
        let level = if surveys.missing == 0 { Level::Ok } else { Level::ToCheck };
        let what = What::YearlySurveys(surveys);
        findings.push(Finding::for_the_body(dossier, "R-2.2.2-e", "2.2.2", level, what));
    }
    let mut add = |rule, section, what| {
        findings.push(Finding::for_the_body(dossier, rule, section, Level::ToCheck, what));
    };
    if let Some(outcome) = &view.follow_up {
        if !outcome.alerts.is_empty() {
            add("R-3.9.2-k", "3.9.2", What::LowerMajority);
        }
        if let Some(other) = outcome.by_tier_held {
            add("R-3.9.2-h", "3.9.2", What::ComparedOtherwise(other));
        }
    }
    findings
}
