//! A central service and its attached locals (§2.2.2, 3.8.2, 3.9.2): what the judgement of one needs of the other, and the
//! central's tier.

use jiff::civil::Date;
use serde::Serialize;

use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Case, Decision, Frame, Local, Service};
use crate::guide::attached::Central;
use crate::guide::calendar::add_days;
use crate::guide::central::{
    CentralFault, CentralFile, CentralResult, Labelled, Majority, central_label, labelled_required, majority,
};
use crate::guide::choices::Choices;
use crate::guide::decision::counts_for_the_year;
use crate::guide::follow_up::central::{CentralFollowUp, CentralOutcome, central_outcome};
use crate::guide::sample::{CYCLE_YEARS, Pools, pools};
use crate::guide::score::ceil_share;
use crate::guide::tiers::Tier;
use crate::judge::finding::{Finding, Level, What};
use crate::life::{self, Label, Life};

/// What a central's judgement needs of one of its locals' cases.
#[must_use]
pub fn as_local(case: &Case, choices: &Choices, today: Date) -> Local {
    let life = Life::of(case, today, choices);
    let label = life::label_of(&life, case, today, choices);
    let first =
        life.decisions().find(|event| matches!(event.decision, Decision::Labellise | Decision::Rejete));
    Local {
        case: case.id,
        name: case.name(),
        decided: first.and_then(crate::case::Event::on),
        self_assessment: latest(case, Key::AutodiagnosticLe),
        users_survey: latest(case, Key::EnqueteUsagersCloture),
        staff_survey: latest(case, Key::EnqueteAgentsCloture),
        awarded: life.periods.first().map(|period| (period.starts, period.tier_on(period.starts))),
        labelled: label.filter(|label| label.withdrawn.is_none()).map(|label| label.tier),
    }
}

/// The latest day under `key` in a case's dossiers.
fn latest(case: &Case, key: Key) -> Option<Date> {
    case.dossiers.iter().filter_map(|facts| facts.date(key)).max()
}

/// What an attached local's judgement needs of its central's case, as of `today`.
#[must_use]
pub fn as_central(case: &Case, choices: &Choices, today: Date) -> Central {
    let life = Life::of(case, today, choices);
    let Some(label) = life::label_of(&life, case, today, choices) else {
        let refused = life.decisions().next_back().is_some_and(|event| event.decision == Decision::Rejete);
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

/// The results of §2.2.2 and 3.9.2 for a central service this year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CentralView {
    pub locals: u64,
    pub audited: u64,
    pub labelled: [u64; 3],
    pub labelled_required: u64,
    /// Both readings of the majority, even when other conditions are not met.
    pub majority: Option<Majority>,
    /// Control points validated, and checked.
    pub points: Option<(u64, u64)>,
    pub self_assessments: Option<u64>,
    pub pools: Pools,
    /// The day after the central's last favourable decision: the cycle's year begins there (F-32).
    pub since: Option<Date>,
    /// The cases of the locals that count this year.
    pub counted: Vec<i64>,
    /// Before the label: whether it may be granted, and which tier.
    pub award: Option<CentralResult>,
    /// Once labelled: what the year's follow-up gives; absent while its points are not known.
    pub follow_up: Option<CentralOutcome>,
    /// If one more local were audited and labelled Bronze, Argent, Or: the central's tier; `None`: not reached.
    pub one_more: [Option<Tier>; 3],
}

impl CentralView {
    /// The tier that the network gives, when its conditions are met.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        let award = self.award.as_ref().and_then(|award| award.majority).map(|majority| majority.tier);
        award.or(self.follow_up.as_ref().map(|outcome| outcome.tier))
    }
}

/// The figures of one year of a network.
#[derive(Clone, Copy)]
struct Year {
    file: CentralFile,
    /// True once labelled: its tier then stays until a follow-up changes it.
    granted: bool,
    held: Option<Tier>,
    points: Option<(u64, u64)>,
}

impl Year {
    fn award(&self, choices: &Choices) -> Option<CentralResult> {
        (!self.granted).then(|| central_label(&self.file, choices))
    }

    fn follow_up(&self, choices: &Choices) -> Option<CentralOutcome> {
        let (held, (points_validated, points_checked)) = self.held.zip(self.points)?;
        let CentralFile { audited, labelled, .. } = self.file;
        let file = CentralFollowUp { held, audited, labelled, points_validated, points_checked };
        (audited > 0).then(|| central_outcome(&file, choices))
    }

    /// The central's tier if one more local were audited and labelled in `tier`.
    fn with_one_more(mut self, tier: Tier, choices: &Choices) -> Option<Tier> {
        self.file.audited = self.file.audited.saturating_add(1);
        let labelled = &mut self.file.labelled;
        let count = match tier {
            Tier::Bronze => &mut labelled.bronze,
            Tier::Argent => &mut labelled.argent,
            Tier::Or => &mut labelled.or,
        };
        *count = count.saturating_add(1);
        let award = self.award(choices).and_then(|award| award.majority).map(|majority| majority.tier);
        award.or_else(|| self.follow_up(choices).map(|outcome| outcome.tier))
    }
}

/// F-32 — the locals of the year: the cycle's, which begins after the central's last favourable decision.
fn year_of<'a>(
    case: &'a Case,
    life: &Life,
    label: Option<&Label>,
    today: Date,
    choices: &Choices,
) -> (Option<Date>, Vec<&'a Local>) {
    let since = last_favourable(life).filter(|_| label.is_some());
    let begins = since.map(|day| add_days(day, 1));
    let in_year = |local: &&Local| {
        local.decided.is_some_and(|day| {
            begins.is_none_or(|begins| day >= begins && counts_for_the_year(day, (begins, today), choices))
        })
    };
    (begins, case.locals.iter().filter(in_year).collect())
}

/// The year's locals under §2.2.2; `None` for a local service.
#[must_use]
pub(super) fn central_view(
    case: &Case,
    life: &Life,
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
    let (since, year) = year_of(case, life, label, today, choices);
    let in_tier = |tier| year.iter().filter(|local| local.labelled == Some(Some(tier))).count();
    let labelled = Tier::ALL.map(|tier| u64::try_from(in_tier(tier)).unwrap_or(u64::MAX));
    let [bronze, argent, or] = labelled;
    let audited = u64::try_from(year.len()).unwrap_or(u64::MAX);
    let (valid, total) = (count(Key::PointsValides), count(Key::PointsTotal));
    let self_assessments = count(Key::AutodiagnosticsFournis);
    let file = CentralFile {
        locals,
        audited,
        labelled: Labelled { bronze, argent, or },
        points_validated: valid.unwrap_or(0),
        points_checked: total.unwrap_or(0),
        self_assessments: self_assessments.unwrap_or(0),
    };
    let held = label.and_then(|label| label.tier);
    let counted = year.iter().map(|local| local.case).collect();
    let year = Year { file, granted: label.is_some(), held, points: valid.zip(total) };
    Some(CentralView {
        locals,
        audited,
        labelled,
        labelled_required: labelled_required(audited),
        majority: majority(&file.labelled, choices),
        points: year.points,
        self_assessments,
        pools: pools(locals, CYCLE_YEARS, choices),
        since,
        counted,
        award: year.award(choices),
        follow_up: year.follow_up(choices),
        one_more: Tier::ALL.map(|tier| year.with_one_more(tier, choices)),
    })
}

/// R-3.1-c — what the conditions of a central's award gave on the day `on`, from the points and reports of its
/// dossier `facts` and the locals decided by then, each with the tier of its first award.
pub(super) fn award_on(case: &Case, facts: &Facts, on: Date, frame: &Frame) -> CentralResult {
    let count = |key| facts.count(key).and_then(|count| u64::try_from(count).ok());
    let size = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let decided = |local: &&Local| local.decided.is_some_and(|day| day <= on);
    let awarded = |local: &Local| local.awarded.filter(|(day, _)| *day <= on).map(|(_, tier)| tier);
    let of_tier = |tier| case.locals.iter().filter(|local| awarded(local) == Some(Some(tier))).count();
    let [bronze, argent, or] = Tier::ALL.map(|tier| size(of_tier(tier)));
    let file = CentralFile {
        locals: count(Key::NLocaux).unwrap_or(size(case.locals.len())),
        audited: size(case.locals.iter().filter(decided).count()),
        labelled: Labelled { bronze, argent, or },
        points_validated: count(Key::PointsValides).unwrap_or(0),
        points_checked: count(Key::PointsTotal).unwrap_or(0),
        self_assessments: count(Key::AutodiagnosticsFournis).unwrap_or(0),
    };
    central_label(&file, &frame.choices)
}

/// R-2.2.2-d — how many control points make three quarters of those checked.
#[must_use]
pub fn points_required(checked: u64) -> u64 {
    ceil_share(3, 4, checked)
}

/// The local services among which the next sample is drawn: attached, known, and not audited yet in this cycle
/// (R-3.9.2-c).
#[must_use]
pub fn not_audited(case: &Case) -> Vec<&Local> {
    case.locals.iter().filter(|local| local.decided.is_none()).collect()
}

fn last_favourable(life: &Life) -> Option<Date> {
    let favourable =
        |decision| matches!(decision, Decision::Labellise | Decision::Confirme | Decision::PalierSuperieur);
    life.decisions().rev().find(|event| favourable(event.decision)).and_then(crate::case::Event::on)
}

/// The findings about the network.
pub(super) fn findings(case: &Case, view: &CentralView) -> Vec<Finding> {
    let dossier = case.current().map_or(case.id, |facts| facts.number);
    let mut findings = Vec::new();
    let mut add = |rule, section, level, what| {
        findings.push(Finding::for_the_body(dossier, rule, section, level, what))
    };
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
        // Points and self-assessments have their own findings in the dossier.
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
