//! The life of a case on a line: what lasts and what happens, with its days. Computed here, drawn by `web/`.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::case::keys::Key;
use crate::case::{Case, Decision, Demande, Event};
use crate::guide::calendar::add_days;
use crate::guide::choices::Choices;
use crate::guide::tiers::Tier;
use crate::judge::agenda::{Obligation, Status};
use crate::judge::review::Review;
use crate::life::{self, Label};

/// The rows of the drawing, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Application,
    Audit,
    Validity,
    Suspension,
    FollowUp,
    Deadline,
}

impl Lane {
    pub const ALL: [Lane; 6] =
        [Lane::Application, Lane::Audit, Lane::Validity, Lane::Suspension, Lane::FollowUp, Lane::Deadline];
}

/// What a stretch of the line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    Deposit(Demande),
    Plan,
    Visit,
    Report,
    Decided(Event),
    Valid(Option<Tier>),
    /// `lifted`: by a decision; else it runs, or ended with the label.
    Suspended {
        lifted: bool,
    },
    /// The follow-up window, and whether its audit was decided.
    Window {
        index: usize,
        settled: bool,
    },
    Due(Obligation, Status),
}

/// A stretch, of one day or of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub lane: Lane,
    pub from: Date,
    pub to: Date,
    pub what: Moment,
}

/// Everything on the line, by first day, between two days that hold it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLine {
    pub from: Date,
    pub to: Date,
    pub stretches: Vec<Stretch>,
}

/// The line of a case; `None` when it has no dossier at all.
#[must_use]
pub fn time_line(case: &Case, review: &Review, choices: &Choices) -> Option<TimeLine> {
    let mut stretches = applications(case);
    stretches.extend(label_periods(case, choices));
    stretches.extend(suspensions(case, review));
    stretches.extend(deadlines(review));
    stretches.sort_by_key(|stretch| (stretch.from, stretch.lane, stretch.to));
    let first = stretches.iter().map(|stretch| stretch.from).min()?;
    let last = stretches.iter().map(|stretch| stretch.to).max()?;
    let (from, to) = (first.min(review.today), last.max(review.today));
    // A little room on both sides, so that nothing sits on the edge.
    Some(TimeLine { from: add_days(from, -21), to: add_days(to, 21), stretches })
}

fn on(lane: Lane, day: Date, what: Moment) -> Stretch {
    Stretch { lane, from: day, to: day, what }
}

fn applications(case: &Case) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for facts in &case.dossiers {
        stretches.push(on(Lane::Application, facts.deposited, Moment::Deposit(Demande::of(facts))));
        let mut dated = |key, lane, what: Moment| {
            stretches.extend(facts.date(key).map(|day| on(lane, day, what)));
        };
        dated(Key::PlanTransmisLe, Lane::Application, Moment::Plan);
        dated(Key::RapportTransmisLe, Lane::Application, Moment::Report);
        if let Some((first, last)) = facts.date(Key::AuditDebut).zip(life::last_visit_day(facts)) {
            let from = first.min(last);
            stretches.push(Stretch { lane: Lane::Audit, from, to: last, what: Moment::Visit });
        }
    }
    let decided = |event: &Event| Some(on(Lane::Application, event.on()?, Moment::Decided(event.clone())));
    stretches.extend(case.events.iter().filter_map(decided));
    stretches
}

/// The periods of validity with their tier, and the follow-up windows of each label: the decisions are replayed one by
/// one, since the review only knows the label as it ended up.
fn label_periods(case: &Case, choices: &Choices) -> Vec<Stretch> {
    let mut periods: Vec<(Label, Date, Date)> = Vec::new();
    let mut partial = case.clone();
    for event in std::mem::take(&mut partial.events) {
        let Some(day) = event.on() else { continue };
        partial.events.push(event);
        // As of that day itself: a lifting that lay ahead lifts from then on.
        let Some(label) = life::label(&partial, day, choices) else { continue };
        let end = label.withdrawn.map_or(label.ends, |gone| add_days(gone, -1).min(label.ends));
        match periods.last_mut() {
            Some((old, _, to)) if old.obtained == label.obtained && old.tier == label.tier => {
                *to = end;
                *old = label;
            }
            Some((old, from, to)) if old.obtained == label.obtained => {
                *to = add_days(day, -1).max(*from);
                periods.push((label, day, end));
            }
            _ => {
                let from = label.obtained;
                periods.push((label, from, end));
            }
        }
    }
    let mut stretches = Vec::new();
    let mut drawn = BTreeSet::new();
    for (label, from, to) in periods.iter().rev() {
        let (from, to) = (*from, (*to).max(*from));
        stretches.push(Stretch { lane: Lane::Validity, from, to, what: Moment::Valid(label.tier) });
        if !drawn.insert(label.obtained) {
            continue;
        }
        for (index, window) in label.windows.iter().enumerate().filter(|(_, window)| window.opens <= to) {
            let what = Moment::Window { index, settled: index < label.follow_ups };
            stretches.push(Stretch { lane: Lane::FollowUp, from: window.opens, to: window.closes, what });
        }
    }
    stretches
}

fn suspensions(case: &Case, review: &Review) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut open: Option<Date> = None;
    let mut close = |open: &mut Option<Date>, to: Date, lifted: bool| {
        if let Some(from) = open.take() {
            let what = Moment::Suspended { lifted };
            stretches.push(Stretch { lane: Lane::Suspension, from, to: to.max(from), what });
        }
    };
    for event in &case.events {
        let Some(day) = event.on() else { continue };
        match event.decision {
            Decision::Suspension => {
                open.get_or_insert(day);
            }
            Decision::Levee => close(&mut open, day, true),
            Decision::Retrait => close(&mut open, day, false),
            _ => {}
        }
    }
    let limit = review.label.as_ref().and_then(|label| label.suspension.as_ref().map(|s| s.limit));
    close(&mut open, limit.unwrap_or(review.today), false);
    stretches
}

/// What is still expected of the service by the guide, and what is late; advice would only crowd the line.
fn deadlines(review: &Review) -> impl Iterator<Item = Stretch> {
    let told = |due: &&crate::judge::agenda::Due| due.is_open() && due.obligation.is_of_the_guide();
    review.agenda.iter().filter(told).map(|due| {
        let what = Moment::Due(due.obligation, due.status);
        on(Lane::Deadline, due.deadline.nominal, what)
    })
}
