//! Assembles cases from dossiers: which dossier belongs to which case, and what cases of one service know of each other.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::case::contents::{Case, Doubt};
use crate::case::event::{Decision, Event, present_event, remember};
use crate::case::facts::Facts;
use crate::case::inspection::Inspections;
use crate::case::keys::Key;
use crate::case::service::{Demande, Service};

/// Decisions seen earlier in single fields, by dossier.
pub type Histories = BTreeMap<i64, Vec<Event>>;

/// Assembles the cases of a family: dossiers that share a SIRET or name one another.
///
/// Each first application opens a case. Another dossier joins the one it names (`dossier_precedent`), else the only
/// case of its SIRET and kind of service; when there is none or several it stands alone with a doubt.
#[must_use]
pub fn assemble(mut family: Vec<Facts>, histories: &Histories) -> Vec<Case> {
    family.sort_by_key(|facts| (facts.deposited, facts.number));
    let known: Vec<i64> = family.iter().map(|facts| facts.number).collect();
    let mut cases: Vec<Case> = Vec::new();
    // First applications first: a follow-up may come in the list before the dossier that it follows.
    let (openers, joiners): (Vec<_>, Vec<_>) =
        family.into_iter().partition(|facts| Demande::of(facts) == Demande::Initial);
    for facts in openers {
        let case = open(facts, histories, Vec::new());
        cases.push(case);
    }
    for facts in joiners {
        match home(&cases, &facts, &known) {
            Ok(index) => join(&mut cases[index], facts, histories),
            Err(doubt) => cases.push(open(facts, histories, vec![doubt])),
        }
    }
    for case in &mut cases {
        case.dossiers.sort_by_key(|facts| (facts.deposited, facts.number));
        case.events.sort_by_key(|event| (event.on(), event.dossier));
    }
    compare_siblings(&mut cases);
    cases.sort_by_key(|case| case.id);
    cases
}

fn open(facts: Facts, histories: &Histories, doubts: Vec<Doubt>) -> Case {
    let mut case = Case {
        id: facts.number,
        service: Service::of(&facts),
        dossiers: Vec::new(),
        events: Vec::new(),
        doubts,
        refusals: Vec::new(),
        postponements: BTreeMap::new(),
        reported_marks: BTreeMap::new(),
        inspections: Inspections::default(),
        tables: BTreeMap::new(),
        vanished: BTreeMap::new(),
        central: None,
        locals: Vec::new(),
    };
    join(&mut case, facts, histories);
    case
}

fn join(case: &mut Case, facts: Facts, histories: &Histories) {
    let remembered = histories.get(&facts.number).is_some_and(|history| !history.is_empty());
    let empty = facts.rows(Key::Evenements).is_empty() && present_event(&facts).is_none();
    if remembered && empty && !facts.gone {
        case.doubts.push(Doubt::DecisionErased { dossier: facts.number });
    }
    case.events.extend(events_of(&facts, histories));
    case.dossiers.push(facts);
}

/// The table of decisions where the form has one, else the single fields now and as they were seen before.
fn events_of(facts: &Facts, histories: &Histories) -> Vec<Event> {
    let rows: Vec<Event> =
        facts.rows(Key::Evenements).iter().filter_map(|row| Event::from_row(facts.number, row)).collect();
    if !rows.is_empty() {
        return rows;
    }
    let mut history = histories.get(&facts.number).cloned().unwrap_or_default();
    if let Some(present) = present_event(facts) {
        remember(&mut history, present);
    }
    history
}

fn home(cases: &[Case], facts: &Facts, known: &[i64]) -> Result<usize, Doubt> {
    if let Some(previous) = facts.link(Key::DossierPrecedent) {
        let found = cases.iter().position(|case| case.dossiers.iter().any(|d| d.number == previous));
        if let Some(index) = found {
            return Ok(index);
        }
        if !known.contains(&previous) {
            return Err(Doubt::UnknownPrevious { number: previous });
        }
    }
    let service = Service::of(facts);
    let fits = |case: &Case| {
        case.dossiers.first().is_some_and(|first| first.siret.is_some() && first.siret == facts.siret)
            && (service == Service::Unknown || case.service == service)
            && !case.is_refused()
    };
    let mut candidates = cases.iter().enumerate().filter(|(_, case)| fits(case)).map(|(index, _)| index);
    match (candidates.next(), candidates.count()) {
        (Some(index), 0) => Ok(index),
        (None, _) => Err(Doubt::Unattached { candidates: 0 }),
        (Some(_), others) => Err(Doubt::Unattached { candidates: others + 1 }),
    }
}

/// Adds a doubt to each of two applications of one service that are open at the same time, and gives each application
/// the days on which the service's other applications were refused.
fn compare_siblings(cases: &mut [Case]) {
    type Sibling = (i64, Option<String>, Service, bool, Option<Date>);
    let seen: Vec<Sibling> = cases
        .iter()
        .map(|case| {
            let siret = case.dossiers.first().and_then(|facts| facts.siret.clone());
            let refused = case.events.iter().rev().find(|event| event.decision == Decision::Rejete);
            (
                case.id,
                siret,
                case.service,
                case.is_over(),
                refused.and_then(|event| event.notified.or(event.on())),
            )
        })
        .collect();
    for case in cases.iter_mut() {
        let Some(siret) = case.dossiers.first().and_then(|facts| facts.siret.clone()) else { continue };
        let same = seen.iter().filter(|(id, other, service, ..)| {
            *id != case.id && other.as_deref() == Some(siret.as_str()) && *service == case.service
        });
        let over = case.is_over();
        let mut alive = None;
        for (id, _, _, other_over, refused) in same {
            if !over && !other_over && alive.is_none() {
                alive = Some(*id);
            }
            case.refusals.extend(refused);
        }
        case.doubts.extend(alive.map(|other| Doubt::SameService { other }));
        case.refusals.sort();
    }
}
