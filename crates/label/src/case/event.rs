//! The decisions of the certification body, as read from the fields of the dossiers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::case::facts::{Facts, PlatformState, Row, Value};
use crate::case::keys::Key;
use crate::case::service::Demande;
use crate::guide::tiers::Tier;

/// A decision of the certification body. vigie reads decisions, it takes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The label is awarded, or renewed (§ 3.8).
    Labellise,
    /// The application is refused (R-3.8.1-f).
    Rejete,
    /// A follow-up confirms the tier held (R-3.9.1-g, R-3.9.2-h).
    Confirme,
    /// A follow-up raises the tier (R-3.9.1-h, R-3.9.2-i).
    PalierSuperieur,
    /// An action plan is asked for at a follow-up; the tier stays (R-3.9.1-i, R-3.9.2-j).
    PlanActions,
    /// The label is suspended (§ 5.3.1).
    Suspension,
    /// The suspension is lifted (R-5.3.1-i).
    Levee,
    /// The label is withdrawn (§ 5.3.2).
    Retrait,
}

impl Decision {
    /// Every decision, with its word in forms and in the store.
    pub const ALL: [(Decision, &'static str); 8] = [
        (Decision::Labellise, "labellise"),
        (Decision::Rejete, "rejete"),
        (Decision::Confirme, "confirme"),
        (Decision::PalierSuperieur, "palier_superieur"),
        (Decision::PlanActions, "plan_actions"),
        (Decision::Suspension, "suspension"),
        (Decision::Levee, "levee"),
        (Decision::Retrait, "retrait"),
    ];

    /// The word for it in forms and in the store.
    #[must_use]
    pub fn key(self) -> &'static str {
        Decision::ALL.iter().find(|(decision, _)| *decision == self).map_or("", |(_, key)| key)
    }

    /// The decision of that word; `None` for any other word, « annulee » included.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Decision> {
        Decision::ALL.iter().find(|(_, name)| *name == key).map(|(decision, _)| *decision)
    }
}

/// A decision with its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Number of the dossier in which it was written.
    pub dossier: i64,
    /// What was decided.
    pub decision: Decision,
    /// The tier stated with it; `None` when the form states none.
    pub tier: Option<Tier>,
    /// The day of the decision.
    pub decided: Option<Date>,
    /// The day on which the service was notified.
    pub notified: Option<Date>,
    /// The day from which it has effect. A suspension, a lifting and a withdrawal count from it, other decisions do not.
    pub effective: Option<Date>,
    /// Our word for the cause of a suspension (`motif_suspension`).
    pub cause: Option<String>,
}

impl Event {
    /// The day on which it counts: effect for what stops or suspends, else the decision, else its notification.
    #[must_use]
    pub fn on(&self) -> Option<Date> {
        let effect_first = self.counts_from_effect();
        let effective = self.effective.filter(|_| effect_first);
        effective.or(if effect_first { self.notified } else { None }).or(self.decided).or(self.notified)
    }

    /// Whether it counts from its day of effect, where one is written.
    fn counts_from_effect(&self) -> bool {
        matches!(self.decision, Decision::Suspension | Decision::Levee | Decision::Retrait)
    }

    /// Whether it is that decision: a day of effect beside a decision that does not count from it is no part of it.
    fn is(&self, other: &Event) -> bool {
        let effective = if self.counts_from_effect() { self.effective } else { other.effective };
        Event { effective, ..self.clone() } == *other
    }

    /// Whether it is that decision, of which a field was emptied or filled since: nothing else differs, and a day says that it
    /// is the same. An award or a refusal needs none: a dossier has one.
    fn is_with_gaps(&self, other: &Event) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.zip(other).is_none_or(|(one, other)| one == other)
        }
        let days = |event: &Event| {
            let effective = event.effective.filter(|_| event.counts_from_effect());
            [event.decided, event.notified, effective]
        };
        let pairs = || days(self).into_iter().zip(days(other));
        let once = matches!(self.decision, Decision::Labellise | Decision::Rejete);
        let undated = days(other).iter().all(Option::is_none);
        (self.dossier, self.decision) == (other.dossier, other.decision)
            && agree(self.tier.as_ref(), other.tier.as_ref())
            && agree(self.cause.as_ref(), other.cause.as_ref())
            && pairs().all(|(one, other)| agree(one.as_ref(), other.as_ref()))
            && (pairs().any(|(one, other)| one.is_some() && one == other) || (once && undated))
    }

    /// Whether a row, or a dossier's single fields, says that a decision never existed.
    pub(super) fn annuls(row: &Row) -> bool {
        matches!(row.get(&Key::Decision), Some(Value::Choice(choice)) if choice == ANNULLED)
    }

    pub(super) fn from_row(dossier: i64, row: &Row) -> Option<Event> {
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

/// The form's word for « this decision never existed ».
const ANNULLED: &str = "annulee";

/// The decision in a dossier's single fields, or the dossier's state on the platform when they are empty.
///
/// Single fields only hold the latest decision: the store keeps each one that was read ([`remember`]).
#[must_use]
pub fn present_event(facts: &Facts) -> Option<Event> {
    if let Some(mut event) = Event::from_row(facts.number, &facts.values) {
        if event.on().is_none() {
            event.decided = facts.decided;
        }
        return Some(event);
    }
    if Event::annuls(&facts.values) || decision_is_untold(facts) {
        return None;
    }
    event_of_state(facts)
}

/// Whether no export has told what was decided in the dossier: its state on the platform alone tells neither the tier, nor
/// the dates, nor a withdrawal.
#[must_use]
pub fn decision_is_untold(facts: &Facts) -> bool {
    let typed = Event::from_row(facts.number, &facts.values).is_some();
    !typed && (facts.is_untold(Key::Decision) || facts.is_untold(Key::Evenements))
}

/// The decision that follows from the dossier's state on the platform.
pub(super) fn event_of_state(facts: &Facts) -> Option<Event> {
    let decision = match (facts.state, Demande::of(facts)) {
        (PlatformState::Accepte, Demande::Initial | Demande::Renouvellement) => Decision::Labellise,
        (PlatformState::Accepte, Demande::Suivi) => Decision::Confirme,
        (PlatformState::Refuse, Demande::Initial | Demande::Renouvellement) => Decision::Rejete,
        _ => return None,
    };
    let (dossier, decided) = (facts.number, facts.decided);
    Some(Event { dossier, decision, tier: None, decided, notified: None, effective: None, cause: None })
}

/// Whether the decision in a dossier's single fields was emptied, or declared void. `asked`: its form has the field.
#[must_use]
pub fn is_emptied(facts: &Facts, asked: bool) -> bool {
    let read = asked && !facts.unreadable.contains_key(&Key::Decision) && !facts.degraded;
    let single = facts.rows(Key::Evenements).is_empty() && !decision_is_untold(facts);
    single && present_event(facts).is_none() && (Event::annuls(&facts.values) || read)
}

/// Whether a dossier has a table of decisions, which then alone counts: a row of it holds a decision, or says that one never
/// existed.
pub(crate) fn has_table(facts: &Facts) -> bool {
    let counts = |row: &Row| Event::annuls(row) || Event::from_row(facts.number, row).is_some();
    facts.rows(Key::Evenements).iter().any(counts)
}

/// The rows of a dossier's table of decisions that hold something and no decision that can be read, counted from 1.
#[must_use]
pub fn unreadable_rows(facts: &Facts) -> Vec<usize> {
    // Without the column of the decision no row holds one.
    let rows = if facts.is_untold(Key::Decision) { &[][..] } else { facts.rows(Key::Evenements) };
    let rows = rows.iter().enumerate();
    let unreadable = rows.filter(|(_, row)| {
        !row.is_empty() && !Event::annuls(row) && Event::from_row(facts.number, row).is_none()
    });
    unreadable.map(|(place, _)| place + 1).collect()
}

/// Adds the decision now in a dossier's single fields to those read before. The same decision with other dates corrects
/// the last one; another decision is a new event; a decision that was there before and comes back removes those read in
/// between, which were mistakes, also when the day of effect of one of them is still there, or when one of its own fields was
/// emptied or filled meanwhile. Returns whether anything changed.
pub fn remember(history: &mut Vec<Event>, present: Event) -> bool {
    let before = history.iter().position(|event| event.is(&present));
    if let Some(place) = before.or_else(|| history.iter().rposition(|event| event.is_with_gaps(&present))) {
        let changed = place + 1 < history.len() || history[place] != present;
        history.truncate(place);
        history.push(present);
        return changed;
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

/// R-5.3.1-b — how many times a visit was postponed, from the days that it was set to, in order of entry. A move to an
/// earlier day does not count.
#[must_use]
pub fn postponements(days: &[Date]) -> usize {
    days.windows(2).filter(|pair| pair[1] > pair[0]).count()
}
