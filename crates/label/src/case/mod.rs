//! A case: one service's life, assembled from the facts of its dossiers. Pure: the same facts give the same cases.

pub mod facts;
pub mod inspection;
pub mod keys;
pub mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::facts::{Facts, PlatformState, Row, Value};
use crate::case::inspection::Inspections;
use crate::case::keys::Key;
use crate::case::table::{TableKind, TableReading};
use crate::guide::attached::Central;
use crate::guide::tiers::Tier;

/// Which of the guide's three kinds of service a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// *Local indépendant* (LI).
    LocalIndependant,
    /// *Local rattaché* (LR).
    LocalRattache,
    /// *Central* (SC).
    Central,
    /// The form does not say: what depends on the kind is left aside.
    Unknown,
}

impl Service {
    pub(super) fn of(facts: &Facts) -> Service {
        match facts.choice(Key::TypeService) {
            Some("local_independant") => Service::LocalIndependant,
            Some("local_rattache") => Service::LocalRattache,
            Some("central") => Service::Central,
            _ => Service::Unknown,
        }
    }
}

/// What a dossier asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demande {
    Initial,
    Suivi,
    Extension,
    Renouvellement,
}

impl Demande {
    /// A dossier that does not say is a first application.
    #[must_use]
    pub fn of(facts: &Facts) -> Demande {
        match facts.choice(Key::TypeDemande) {
            Some("suivi") => Demande::Suivi,
            Some("extension") => Demande::Extension,
            Some("renouvellement") => Demande::Renouvellement,
            _ => Demande::Initial,
        }
    }
}

/// A decision of the certification body. vigie reads decisions, it takes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Labellise,
    Rejete,
    Confirme,
    PalierSuperieur,
    PlanActions,
    Suspension,
    Levee,
    Retrait,
}

impl Decision {
    const ALL: [(Decision, &'static str); 8] = [
        (Decision::Labellise, "labellise"),
        (Decision::Rejete, "rejete"),
        (Decision::Confirme, "confirme"),
        (Decision::PalierSuperieur, "palier_superieur"),
        (Decision::PlanActions, "plan_actions"),
        (Decision::Suspension, "suspension"),
        (Decision::Levee, "levee"),
        (Decision::Retrait, "retrait"),
    ];

    #[must_use]
    pub fn key(self) -> &'static str {
        Decision::ALL.iter().find(|(decision, _)| *decision == self).map_or("", |(_, key)| key)
    }

    fn from_key(key: &str) -> Option<Decision> {
        Decision::ALL.iter().find(|(_, name)| *name == key).map(|(decision, _)| *decision)
    }
}

/// A decision with its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub dossier: i64,
    pub decision: Decision,
    pub tier: Option<Tier>,
    pub decided: Option<Date>,
    pub notified: Option<Date>,
    pub effective: Option<Date>,
    pub cause: Option<String>,
}

impl Event {
    /// The day on which it counts: effect for what stops or suspends, else the decision, else its notification.
    #[must_use]
    pub fn on(&self) -> Option<Date> {
        let effect_first =
            matches!(self.decision, Decision::Suspension | Decision::Levee | Decision::Retrait);
        let effective = self.effective.filter(|_| effect_first);
        effective.or(if effect_first { self.notified } else { None }).or(self.decided).or(self.notified)
    }

    fn from_row(dossier: i64, row: &Row) -> Option<Event> {
        let date = |key| match row.get(&key) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let choice = |key| match row.get(&key) {
            Some(Value::Choice(choice)) => Some(choice.as_str()),
            _ => None,
        };
        Some(Event {
            dossier,
            decision: Decision::from_key(choice(Key::Decision)?)?,
            tier: choice(Key::PalierDecide).and_then(Tier::from_key),
            decided: date(Key::DecisionLe),
            notified: date(Key::NotificationLe),
            effective: date(Key::EffetLe),
            cause: choice(Key::MotifSuspension).map(str::to_owned),
        })
    }
}

/// The decision that a dossier's single fields carry at present, or its state on the platform when they are empty.
///
/// Only the latest stands there: the store keeps each one it saw ([`remember`]).
#[must_use]
pub fn present_event(facts: &Facts) -> Option<Event> {
    if let Some(mut event) = Event::from_row(facts.number, &facts.values) {
        if event.on().is_none() {
            event.decided = facts.decided;
        }
        return Some(event);
    }
    let decision = match (facts.state, Demande::of(facts)) {
        (PlatformState::Accepte, Demande::Initial | Demande::Renouvellement) => Decision::Labellise,
        (PlatformState::Accepte, Demande::Suivi) => Decision::Confirme,
        (PlatformState::Refuse, Demande::Initial | Demande::Renouvellement) => Decision::Rejete,
        _ => return None,
    };
    let (dossier, decided) = (facts.number, facts.decided);
    Some(Event { dossier, decision, tier: None, decided, notified: None, effective: None, cause: None })
}

/// Adds what a dossier's single fields say now to what they said before: the same decision with other dates is a
/// correction of the last one, another decision is a new event, and one seen before that comes back undoes what was
/// typed by mistake in between. Returns whether anything changed.
pub fn remember(history: &mut Vec<Event>, present: Event) -> bool {
    if let Some(place) = history.iter().position(|event| *event == present) {
        let undone = place + 1 < history.len();
        history.truncate(place + 1);
        return undone;
    }
    match history.last_mut() {
        Some(last) if *last == present => false,
        Some(last) if last.decision == present.decision => {
            *last = present;
            true
        }
        _ => {
            history.push(present);
            true
        }
    }
}

/// R-5.3.1-b — how many times a visit was put off, from the days it was set to, in order. An earlier day is no postponement.
#[must_use]
pub fn postponements(days: &[Date]) -> usize {
    days.windows(2).filter(|pair| pair[1] > pair[0]).count()
}

/// Something about a case that the certification body must settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Another application of the same service is alive.
    SameService { other: i64 },
    /// A follow-up, an extension or a renewal that fits no dossier, or several.
    Unattached { candidates: usize },
    /// The decision that was typed is no longer there; the last one seen still holds.
    DecisionErased { dossier: i64 },
    /// The dossier named as the previous one is not known here.
    UnknownPrevious { number: i64 },
}

/// One service's life: application, follow-ups, renewal, suspension…
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The number of the dossier that opened it.
    pub id: i64,
    pub service: Service,
    /// By day of deposit, then number; the first one opened the case.
    pub dossiers: Vec<Facts>,
    /// Decisions, by day.
    pub events: Vec<Event>,
    pub doubts: Vec<Doubt>,
    /// Days on which an earlier application of the same service was refused.
    pub refusals: Vec<Date>,
    /// By dossier, how many times its audit was put off to a later day.
    pub postponements: BTreeMap<i64, usize>,
    /// What the bytes of the attachments showed, by checksum.
    pub inspections: Inspections,
    /// What the tables among them hold.
    pub tables: BTreeMap<(String, TableKind), TableReading>,
    /// By dossier, attachments that left without the candidate touching it, with their name.
    pub vanished: BTreeMap<i64, BTreeMap<Key, String>>,
    /// For an attached local: where its central stands; absent when no central is named or known.
    pub central: Option<Central>,
    /// For a central service: its locals, in order of their case.
    pub locals: Vec<Local>,
}

/// What a central's judgement needs of one of its locals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    pub case: i64,
    pub name: String,
    /// The day of its first decision, favourable or not.
    pub decided: Option<Date>,
    /// Its tier, when it is labelled: `Some(None)` is a label whose tier is not stated.
    pub labelled: Option<Option<Tier>>,
    /// The latest of each kind, for the network's board.
    pub self_assessment: Option<Date>,
    pub users_survey: Option<Date>,
    pub staff_survey: Option<Date>,
}

impl Case {
    /// The dossier that matters now: the latest deposited.
    #[must_use]
    pub fn current(&self) -> Option<&Facts> {
        self.dossiers.last()
    }

    #[must_use]
    pub fn name(&self) -> String {
        self.current().map(Facts::name).unwrap_or_default()
    }
}

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
    // First applications first: a follow-up may be numbered before the dossier it follows was seen.
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

impl Case {
    fn is_refused(&self) -> bool {
        let closed = |facts: &Facts| matches!(facts.state, PlatformState::Refuse | PlatformState::SansSuite);
        let rejected = self.events.last().is_some_and(|event| event.decision == Decision::Rejete);
        rejected || (self.events.is_empty() && self.dossiers.iter().all(closed))
    }

    fn is_over(&self) -> bool {
        self.is_refused() || self.events.last().is_some_and(|event| event.decision == Decision::Retrait)
    }
}

/// Marks applications of one service that live at the same time, and tells a new one of the refusals before it.
fn compare_siblings(cases: &mut [Case]) {
    type Sibling = (i64, Option<String>, Service, bool, Option<Date>);
    let seen: Vec<Sibling> = cases
        .iter()
        .map(|case| {
            let siret = case.dossiers.first().and_then(|facts| facts.siret.clone());
            let refused = case.events.iter().rev().find(|event| event.decision == Decision::Rejete);
            (case.id, siret, case.service, case.is_over(), refused.and_then(Event::on))
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
