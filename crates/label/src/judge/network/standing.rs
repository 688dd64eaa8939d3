//! What is true of an attached local's central service on a day: by the number that the local names, else by another
//! application of the same service, since the number of a refused or closed application stays in its locals' dossiers.

use jiff::civil::Date;

use crate::case::facts::{Facts, PlatformState};
use crate::case::keys::Key;
use crate::case::{Case, Decision, Event, Service};
use crate::guide::attached::CentralStanding;
use crate::guide::choices::Choices;
use crate::life::{self, LabelStatus, Life};

/// A local's central service.
#[derive(Clone, Copy, Debug)]
pub struct CentralFound<'a> {
    /// What is true of it on the day asked for.
    pub standing: CentralStanding,
    /// The application in force, else the latest one; none when no central service is known.
    pub case: Option<&'a Case>,
}

/// The central service of `local` on `today`. `named` is the dossier of the number that it names, even one that belongs to
/// no case any more; `family`, the cases of that dossier's family.
#[must_use]
pub fn central_of<'a>(
    local: &Case,
    named: Option<&Facts>,
    family: &'a [Case],
    choices: &Choices,
    today: Date,
) -> CentralFound<'a> {
    let nobody = |standing| CentralFound { standing, case: None };
    let number = match local.central_named() {
        None => return nobody(CentralStanding::NotNamed),
        Some(number) if local.holds(number) => return nobody(CentralStanding::Itself(number)),
        Some(number) => number,
    };
    let holder = family.iter().find(|case| case.holds(number));
    let service = holder.map(|case| case.service).or(named.map(Service::of));
    if service.is_some_and(|service| service != Service::Central) {
        return nobody(CentralStanding::NotCentral(number));
    }
    let siret = holder.and_then(Case::siret).or(named.and_then(|facts| facts.siret.as_deref()));
    let deposited = |case: &&Case| case.dossiers.first().is_some_and(|facts| facts.deposited <= today);
    let applications = family.iter().filter(deposited).filter(|case| is_about(case, number, siret));
    let applications: Vec<&Case> = applications.collect();
    among(&applications, choices, today).unwrap_or(nobody(CentralStanding::Unknown(number)))
}

/// An application of the central service that has this number, this SIRET, or follows a dossier of this number.
fn is_about(case: &Case, number: i64, siret: Option<&str>) -> bool {
    let follows = |facts: &Facts| facts.link(Key::DossierPrecedent) == Some(number);
    let same = siret.is_some() && case.siret() == siret;
    case.service == Service::Central && (same || case.holds(number) || case.dossiers.iter().any(follows))
}

/// The standing of a service that applied several times: a label in force, else the last one that was lost, else an
/// application under way, else the last refusal.
fn among<'a>(applications: &[&'a Case], choices: &Choices, today: Date) -> Option<CentralFound<'a>> {
    let found = applications
        .iter()
        .map(|case| CentralFound { standing: standing_of(case, choices, today), case: Some(case) });
    let found: Vec<CentralFound<'a>> = found.collect();
    let rank = |found: &CentralFound<'_>| match found.standing {
        CentralStanding::Labelled | CentralStanding::Suspended => (3, None),
        CentralStanding::Withdrawn(on) | CentralStanding::Expired(on) => (2, Some(on)),
        CentralStanding::Pending => (1, None),
        CentralStanding::Refused(on) => (0, Some(on)),
        _ => (0, None),
    };
    let deposited = |found: &CentralFound<'_>| {
        found.case.and_then(|case| case.dossiers.first()).map(|facts| (facts.deposited, facts.number))
    };
    let standing = found.iter().max_by_key(|found| (rank(found), deposited(found)))?;
    let case = match rank(standing).0 {
        3 => standing.case,
        // Nothing is in force: people are found in the latest application.
        _ => found.iter().max_by_key(|found| deposited(found)).and_then(|found| found.case),
    };
    Some(CentralFound { standing: standing.standing, case })
}

/// What is true on `today` of one application of a central service and of the label that it gave.
#[must_use]
pub fn standing_of(case: &Case, choices: &Choices, today: Date) -> CentralStanding {
    let life = Life::of(case, today, choices);
    let Some(label) = life::label_of(&life, case, today, choices) else {
        return before_label(case, &life, today);
    };
    match label.status {
        LabelStatus::Active => CentralStanding::Labelled,
        LabelStatus::Suspended => CentralStanding::Suspended,
        LabelStatus::Withdrawn => CentralStanding::Withdrawn(label.withdrawn.unwrap_or(today)),
        // Also while its renewal is examined: until that is granted, nothing is in force (F-23, F-37).
        LabelStatus::Expired => CentralStanding::Expired(label.ends),
    }
}

/// Refused, or closed without a decision; else still under way.
fn before_label(case: &Case, life: &Life, today: Date) -> CentralStanding {
    let last = life.decisions().next_back();
    let rejected = last.filter(|event| event.decision == Decision::Rejete).and_then(Event::on);
    let closed = || {
        let of = |facts: &Facts| {
            let day = facts.decided.unwrap_or(facts.deposited);
            (facts.state == PlatformState::SansSuite && day <= today).then_some(day)
        };
        let days: Option<Vec<Date>> = case.dossiers.iter().map(of).collect();
        days.and_then(|days| days.into_iter().max()).filter(|_| case.events.is_empty())
    };
    rejected.or_else(closed).map_or(CentralStanding::Pending, CentralStanding::Refused)
}
