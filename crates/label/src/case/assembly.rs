//! Assembles cases from dossiers: which dossier belongs to which case, and what the cases of one service need of each
//! other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::case::contents::{Case, Doubt, SaidSince, same_siren};
use crate::case::event::{
    Decision, Event, decision_is_untold, event_of_state, has_table, present_event, remember,
};
use crate::case::facts::{Facts, Row, Value};
use crate::case::inspection::Inspections;
use crate::case::keys::Key;
use crate::case::service::{Demande, Service};

/// Decisions seen earlier in single fields, by dossier.
pub type Histories = BTreeMap<i64, Vec<Event>>;

/// What the store holds of a family beside its facts.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    /// The decisions that single fields held at earlier readings, by dossier; a dossier without any is absent.
    pub histories: Histories,
    /// Dossiers whose form has a field for the decision, so that an empty one was emptied by a person.
    pub answerable: BTreeSet<i64>,
    /// Dossiers whose last decision was seen to be emptied or declared void, and of which none was typed since.
    pub emptied: BTreeSet<i64>,
    /// By dossier, what it says today of the service that its facts hold as it was at the award.
    pub said_since: BTreeMap<i64, SaidSince>,
}

/// Assembles the cases of a family: dossiers that share a SIRET or name one another.
///
/// Each first application opens a case. Another dossier joins the one it names (`dossier_precedent`), unless that is about
/// another SIRET, else the only
/// case of its SIRET and kind of service; when there is none or several it stands alone with a doubt.
#[must_use]
pub fn assemble(mut family: Vec<Facts>, remembered: &Remembered) -> Vec<Case> {
    family.sort_by_key(|facts| (facts.deposited, facts.number));
    let known: Vec<i64> = family.iter().map(|facts| facts.number).collect();
    let mut cases: Vec<Case> = Vec::new();
    // First applications first: a follow-up may come in the list before the dossier that it follows.
    let (openers, joiners): (Vec<_>, Vec<_>) =
        family.into_iter().partition(|facts| Demande::of(facts) == Demande::Initial);
    for facts in openers {
        let case = open(facts, remembered, Vec::new());
        cases.push(case);
    }
    for facts in joiners {
        match home(&cases, &facts, &known) {
            Ok(index) => join(&mut cases[index], facts, remembered),
            Err(doubt) => cases.push(open(facts, remembered, vec![doubt])),
        }
    }
    for case in &mut cases {
        case.dossiers.sort_by_key(|facts| (facts.deposited, facts.number));
        case.events.sort_by_key(|event| (event.on(), event.dossier));
        case.central = case.central_alone();
    }
    compare_siblings(&mut cases);
    cases.sort_by_key(|case| case.id);
    cases
}

fn open(facts: Facts, remembered: &Remembered, doubts: Vec<Doubt>) -> Case {
    let mut case = Case {
        id: facts.number,
        service: Service::of(&facts),
        dossiers: Vec::new(),
        events: Vec::new(),
        doubts,
        refusals: Vec::new(),
        postponements: BTreeMap::new(),
        reported_marks: BTreeMap::new(),
        said_since: BTreeMap::new(),
        inspections: Inspections::default(),
        tables: BTreeMap::new(),
        vanished: BTreeMap::new(),
        settled: Vec::new(),
        central: None,
        locals: Vec::new(),
    };
    join(&mut case, facts, remembered);
    case
}

fn join(case: &mut Case, facts: Facts, remembered: &Remembered) {
    let (events, doubts) = decisions_of(&facts, remembered);
    case.events.extend(events);
    case.doubts.extend(doubts);
    let since = remembered.said_since.get(&facts.number).filter(|since| !since.is_empty());
    case.said_since.extend(since.map(|since| (facts.number, since.clone())));
    case.dossiers.push(facts);
}

/// The table of decisions where the form has one, else the single fields now and as they were seen before.
fn decisions_of(facts: &Facts, remembered: &Remembered) -> (Vec<Event>, Vec<Doubt>) {
    if let Some(told) = of_table(facts) {
        return told;
    }
    let dossier = facts.number;
    let mut history = remembered.histories.get(&dossier).cloned().unwrap_or_default();
    let mut doubts = Vec::new();
    if decision_is_untold(facts) {
        // An earlier version took the state on the platform for the decision.
        let of_state = event_of_state(facts);
        history.retain(|event| Some(event) != of_state.as_ref());
        doubts.extend(of_state.map(|_| Doubt::DecisionUntold { dossier }));
        return (history, doubts);
    }
    match present_event(facts) {
        Some(present) => drop(remember(&mut history, present)),
        None if remembered.emptied.contains(&dossier) => doubts.push(withdrawn(dossier, history.pop())),
        // The platform deletes finished dossiers long before the label ends: the decisions stay.
        None if facts.gone => {}
        None if Event::annuls(&facts.values) => doubts.push(withdrawn(dossier, history.pop())),
        None if history.is_empty() => {}
        None if remembered.answerable.contains(&dossier) => doubts.push(withdrawn(dossier, history.pop())),
        None => doubts.push(Doubt::DecisionErased { dossier }),
    }
    (history, doubts)
}

/// `None` for a dossier without a table of decisions, or with one that holds none.
fn of_table(facts: &Facts) -> Option<(Vec<Event>, Vec<Doubt>)> {
    has_table(facts).then(|| from_rows(facts.number, facts.rows(Key::Evenements)))
}

/// The decisions that stand in the table of a dossier; `None` where it has none, or one that holds none.
pub(super) fn decisions_of_table(facts: &Facts) -> Option<Vec<Event>> {
    of_table(facts).map(|(events, _)| events)
}

/// A row « annulée » takes back the decision of its own day, else the row before it.
fn from_rows(dossier: i64, rows: &[Row]) -> (Vec<Event>, Vec<Doubt>) {
    let (mut events, mut doubts): (Vec<Event>, Vec<Doubt>) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| !Event::annuls(row)) {
        events.extend(Event::from_row(dossier, row));
    }
    let mut before: Vec<Event> = Vec::new();
    for row in rows {
        if !Event::annuls(row) {
            before.extend(Event::from_row(dossier, row));
            continue;
        }
        let day = [Key::DecisionLe, Key::EffetLe, Key::NotificationLe]
            .into_iter()
            .find_map(|key| row_day(row, key));
        let void = match day {
            Some(day) => events
                .iter()
                .find(|event| [event.decided, event.effective, event.notified].contains(&Some(day))),
            None => before.last(),
        };
        let void = void.cloned();
        events.retain(|event| Some(event) != void.as_ref());
        before.retain(|event| Some(event) != void.as_ref());
        doubts.push(withdrawn(dossier, void));
    }
    (events, doubts)
}

fn row_day(row: &Row, key: Key) -> Option<Date> {
    match row.get(&key) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    }
}

fn withdrawn(dossier: i64, void: Option<Event>) -> Doubt {
    void.map_or(Doubt::NothingToAnnul { dossier }, |event| {
        let (decision, on) = (event.decision, event.on());
        Doubt::DecisionWithdrawn { dossier, decision, on }
    })
}

fn home(cases: &[Case], facts: &Facts, known: &[i64]) -> Result<usize, Doubt> {
    if let Some(previous) = facts.link(Key::DossierPrecedent) {
        let found = cases.iter().position(|case| case.dossiers.iter().any(|d| d.number == previous));
        if let Some(index) = found {
            let other = other_siret(&cases[index], facts);
            return other.map_or(Ok(index), |moved| Err(Doubt::OtherService { number: previous, moved }));
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
    let mut moved = cases.iter().filter(|case| {
        same_siren(case.siret(), facts.siret.as_deref())
            && (service == Service::Unknown || case.service == service)
            && !case.is_refused()
    });
    let mut candidates = cases.iter().enumerate().filter(|(_, case)| fits(case)).map(|(index, _)| index);
    match (candidates.next(), candidates.count()) {
        (Some(index), 0) => Ok(index),
        (None, _) => Err(match (moved.next(), moved.next()) {
            (Some(only), None) => Doubt::PerhapsMoved { number: only.id },
            _ => Doubt::Unattached { candidates: 0 },
        }),
        (Some(_), others) => Err(Doubt::Unattached { candidates: others + 1 }),
    }
}

/// Whether a dossier is about a SIRET that none of the case's dossiers has, both being known: then whether it is another
/// establishment of the same SIREN.
fn other_siret(case: &Case, facts: &Facts) -> Option<bool> {
    let own = facts.siret.as_deref()?;
    let theirs: Vec<&str> = case.dossiers.iter().filter_map(|facts| facts.siret.as_deref()).collect();
    let other = !theirs.is_empty() && !theirs.contains(&own);
    other.then(|| theirs.iter().any(|theirs| same_siren(Some(theirs), Some(own))))
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
