//! A central service and its attached locals (§2.2.2, 3.8.2, 3.9.2): what each tells the other, and the central's tier.

use jiff::civil::Date;
use serde::Serialize;

use super::Frame;
use super::case::{Case, Decision, Local, Service};
use super::facts::Facts;
use super::finding::{Finding, Level, What};
use super::keys::Key;
use super::life::{self, Label};
use crate::guide::attached::Central;
use crate::guide::central::{CentralFault, CentralFile, CentralResult, Labelled, central_label};
use crate::guide::choices::Choices;
use crate::guide::decision::counts_for_the_year;
use crate::guide::follow_up::central::{CentralFollowUp, CentralOutcome, central_outcome};
use crate::guide::sample::{CYCLE_YEARS, Pools, pools};
use crate::guide::tiers::Tier;

/// What a central's judgement needs of one of its locals' cases.
#[must_use]
pub fn as_local(case: &Case, choices: &Choices, today: Date) -> Local {
    let label = life::label(case, today, choices);
    let first =
        case.events.iter().find(|event| matches!(event.decision, Decision::Labellise | Decision::Rejete));
    Local {
        case: case.id,
        name: case.name(),
        decided: first.and_then(super::case::Event::on),
        labelled: label.filter(|label| label.withdrawn.is_none()).map(|label| label.tier),
    }
}

/// What an attached local's judgement needs of its central's case, as of `today`.
#[must_use]
pub fn as_central(case: &Case, choices: &Choices, today: Date) -> Central {
    let Some(label) = life::label(case, today, choices) else {
        let refused = case.events.last().is_some_and(|event| event.decision == Decision::Rejete);
        return if refused { Central::Refused } else { Central::Pending };
    };
    if let Some(withdrawn) = label.withdrawn {
        Central::Withdrawn(withdrawn)
    } else if label.suspension.is_some_and(|suspension| suspension.since <= today) {
        Central::Suspended
    } else {
        Central::Labelled
    }
}

/// The number of the dossier that a case names as its central's.
#[must_use]
pub fn central_named(case: &Case) -> Option<i64> {
    let named = |facts: &Facts| facts.link(Key::CentralDossier);
    case.dossiers.iter().rev().find_map(named).filter(|_| case.service == Service::LocalRattache)
}

/// What §2.2.2 and 3.9.2 say of a central service this year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CentralView {
    pub locals: u64,
    pub audited: u64,
    pub labelled: [u64; 3],
    pub pools: Pools,
    /// Before the label: whether it may be granted, and which tier.
    pub award: Option<CentralResult>,
    /// Once labelled: what the year's follow-up gives; absent while its points are not known.
    pub follow_up: Option<CentralOutcome>,
}

/// The year's locals under §2.2.2; `None` for a local service.
#[must_use]
pub(super) fn central_view(
    case: &Case,
    label: Option<&Label>,
    today: Date,
    frame: &Frame,
) -> Option<CentralView> {
    if case.service != Service::Central {
        return None;
    }
    let choices = &frame.choices;
    let facts = case.current()?;
    let count = |key| facts.count(key).and_then(|count| u64::try_from(count).ok());
    let known = u64::try_from(case.locals.len()).unwrap_or(u64::MAX);
    let locals = count(Key::NLocaux).unwrap_or(known);
    // F-32: the year is the cycle's: it begins after the central's last favourable decision.
    let since = last_favourable(case).filter(|_| label.is_some());
    let begins = since.map_or(Date::MIN, |day| crate::guide::calendar::add_days(day, 1));
    let in_year = |local: &&Local| {
        local.decided.is_some_and(|day| {
            day >= begins && (since.is_none() || counts_for_the_year(day, (begins, today), choices))
        })
    };
    let year: Vec<&Local> = case.locals.iter().filter(in_year).collect();
    let in_tier = |tier| year.iter().filter(|local| local.labelled == Some(Some(tier))).count();
    let labelled = Tier::ALL.map(|tier| u64::try_from(in_tier(tier)).unwrap_or(u64::MAX));
    let [bronze, argent, or] = labelled;
    let audited = u64::try_from(year.len()).unwrap_or(u64::MAX);
    let (valid, total) = (count(Key::PointsValides), count(Key::PointsTotal));
    let counts = Labelled { bronze, argent, or };
    let award = label.is_none().then(|| {
        let file = CentralFile {
            locals,
            audited,
            labelled: counts,
            points_validated: valid.unwrap_or(0),
            points_checked: total.unwrap_or(0),
            self_assessments: count(Key::AutodiagnosticsFournis).unwrap_or(0),
        };
        central_label(&file, choices)
    });
    let held = label.and_then(|label| label.tier);
    let follow_up = held.zip(valid.zip(total)).filter(|_| audited > 0).map(|(held, (valid, total))| {
        let file = CentralFollowUp {
            held,
            audited,
            labelled: counts,
            points_validated: valid,
            points_checked: total,
        };
        central_outcome(&file, choices)
    });
    let pools = pools(locals, CYCLE_YEARS, choices);
    Some(CentralView { locals, audited, labelled, pools, award, follow_up })
}

fn last_favourable(case: &Case) -> Option<Date> {
    let favourable =
        |decision| matches!(decision, Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur);
    case.events.iter().rev().find(|event| favourable(event.decision)).and_then(super::case::Event::on)
}

/// What of the network a person should look at.
pub(super) fn findings(case: &Case, view: &CentralView) -> Vec<Finding> {
    let dossier = case.current().map_or(case.id, |facts| facts.number);
    let mut findings = Vec::new();
    let mut add = |rule, section, level, what| findings.push(Finding { dossier, rule, section, level, what });
    if view.pools.exhausted {
        let available = view.pools.available.clone();
        add(
            "R-3.9.2-c",
            "3.9.2",
            Level::ToCheck,
            What::PoolExhausted { sample: view.pools.sample, available },
        );
    }
    for fault in view.award.iter().flat_map(|award| &award.faults) {
        // The points and the self-assessments are told by the dossier's own findings.
        let (rule, section) = match fault {
            CentralFault::Sample { .. } => ("R-3.1-c", "3.1"),
            CentralFault::LabelledLocals { .. } => ("R-2.2.2-b", "2.2.2"),
            CentralFault::Points { .. } | CentralFault::SelfAssessments { .. } => continue,
        };
        add(rule, section, Level::ToCheck, What::Network(*fault));
    }
    if let Some(outcome) = &view.follow_up {
        let supplements = outcome.supplements;
        if supplements.missing > 0 {
            add("R-3.9.2-g", "3.9.2", Level::ToCheck, What::Supplements(supplements));
        }
        if !outcome.alerts.is_empty() {
            add("R-3.9.2-k", "3.9.2", Level::ToCheck, What::LowerMajority);
        }
    }
    findings
}
