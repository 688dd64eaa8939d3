//! What a central's judgement needs of its locals, and the locals of one year.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::proofs::ProofKind;
use crate::case::{Case, Decision, Demande, Event, Held, Local, LocalResult};
use crate::guide::central::TierCounts;
use crate::guide::choices::Choices;
use crate::guide::decision::counts_for_the_year;
use crate::guide::tiers::Tier;
use crate::life::{Life, last_visit_day};

/// What a central's judgement needs of one of its locals' cases.
#[must_use]
pub fn as_local(case: &Case, choices: &Choices, today: Date) -> Local {
    let life = Life::of(case, today, choices);
    let demande = |event: &Event| {
        let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier);
        facts.map_or(Demande::Initial, Demande::of)
    };
    // A follow-up confirms or raises a label; a sample counts what gives or refuses one.
    let gives = |event: &&Event| matches!(demande(event), Demande::Initial | Demande::Renouvellement);
    let results = life.decisions().filter(gives).filter_map(|event| {
        let labelled = match event.decision {
            Decision::Labellise => true,
            Decision::Rejete => false,
            _ => return None,
        };
        event.on().map(|on| LocalResult { on, labelled })
    });
    let held = life.periods.iter().map(|period| Held {
        from: period.starts,
        to: period.last_day(),
        tiers: period.tiers.clone(),
    });
    let mut local = Local {
        case: case.id,
        name: case.name(),
        siret: case.siret().map(str::to_owned),
        results: results.collect(),
        held: held.collect(),
        awaited: awaited(case, &life),
        self_assessment: latest(case, ProofKind::SelfAssessment, today),
        users_survey: latest(case, ProofKind::UsersSurvey, today),
        staff_survey: latest(case, ProofKind::StaffSurvey, today),
    };
    local.results.sort();
    local
}

/// The visits of applications and renewals that are under way.
fn awaited(case: &Case, life: &Life) -> Vec<(Date, Date)> {
    let open = |facts: &&Facts| {
        let decided = life.decisions().any(|event| event.dossier == facts.number);
        matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement)
            && !decided
            && !facts.gone
            && !case.is_refused()
    };
    let visit = |facts: &Facts| facts.date(Key::AuditDebut).zip(last_visit_day(facts));
    case.dossiers.iter().filter(open).filter_map(visit).collect()
}

/// The day of the latest proof of one kind, from fields and rows.
fn latest(case: &Case, kind: ProofKind, today: Date) -> Option<Date> {
    case.proofs(kind).into_iter().map(|proof| proof.on).rfind(|on| *on <= today)
}

/// F-41 — each service once: what its applications gave, together, under the latest of them.
#[must_use]
pub fn each_once(locals: Vec<Local>) -> Vec<Local> {
    let mut known: BTreeMap<String, Local> = BTreeMap::new();
    let mut each = Vec::new();
    for local in locals {
        let Some(siret) = local.siret.clone() else {
            each.push(local);
            continue;
        };
        let joined = match known.remove(&siret) {
            Some(other) => joined(other, local),
            None => local,
        };
        known.insert(siret, joined);
    }
    each.extend(known.into_values());
    each.sort_by_key(|local| local.case);
    each
}

fn joined(one: Local, other: Local) -> Local {
    let (earlier, mut local) = if one.case <= other.case { (one, other) } else { (other, one) };
    local.results.extend(earlier.results);
    local.results.sort();
    local.held.extend(earlier.held);
    local.held.sort_by_key(|held| held.from);
    local.awaited.extend(earlier.awaited);
    local.self_assessment = local.self_assessment.max(earlier.self_assessment);
    local.users_survey = local.users_survey.max(earlier.users_survey);
    local.staff_survey = local.staff_survey.max(earlier.staff_survey);
    local
}

/// The locals of one year of a network (F-32), each with its last result of that year (F-41).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Year {
    pub audited: u64,
    pub labelled: TierCounts,
    /// The day of each refusal, in order.
    pub refusals: Vec<Date>,
    /// The cases of the locals that count.
    pub counted: Vec<i64>,
}

/// The results from `begins` on (none: since ever) to `until`.
pub(super) fn year(locals: &[Local], begins: Option<Date>, until: Date, choices: &Choices) -> Year {
    let mut year = Year::default();
    let cycle = (begins.unwrap_or(Date::MIN), until);
    let counts =
        |result: &&LocalResult| result.on >= cycle.0 && counts_for_the_year(result.on, cycle, choices);
    for local in locals {
        let Some(last) = local.results.iter().rfind(counts) else { continue };
        year.audited = year.audited.saturating_add(1);
        year.counted.push(local.case);
        if !last.labelled {
            year.refusals.push(last.on);
            continue;
        }
        // Withdrawn in the same year, it is labelled no more; renewed early, its next period is still ahead.
        let ahead = || local.held.iter().find(|held| held.from > until);
        let Some(held) = local.held_on(until).or_else(ahead) else { continue };
        let tier = held.tier_on(until);
        let count = match tier {
            Some(Tier::Bronze) => &mut year.labelled.bronze,
            Some(Tier::Argent) => &mut year.labelled.argent,
            Some(Tier::Or) => &mut year.labelled.or,
            None => &mut year.labelled.untold,
        };
        *count = count.saturating_add(1);
    }
    year.refusals.sort();
    year
}
