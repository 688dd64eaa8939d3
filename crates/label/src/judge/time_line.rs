//! The timeline of a case: periods and events with their days. Computed here, drawn by `web/`.

use jiff::civil::Date;

use crate::case::keys::Key;
use crate::case::{Case, Demande, Event};
use crate::guide::calendar::add_days;
use crate::guide::choices::Choices;
use crate::guide::tiers::Tier;
use crate::judge::agenda::{Obligation, Status};
use crate::judge::review::Review;
use crate::life::{self, Life};

/// The rows of the drawing, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Deposits, audit plans and reports, decisions.
    Application,
    /// The visits.
    Audit,
    /// The periods of validity, tier by tier.
    Validity,
    /// The suspensions.
    Suspension,
    /// The windows of the follow-up audits.
    FollowUp,
    /// The deadlines of the guide that are open.
    Deadline,
}

impl Lane {
    /// Every row, from top to bottom.
    pub const ALL: [Lane; 6] =
        [Lane::Application, Lane::Audit, Lane::Validity, Lane::Suspension, Lane::FollowUp, Lane::Deadline];
}

/// The meaning of a stretch of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A dossier was deposited, and what it asks for.
    Deposit(Demande),
    /// The audit plan was sent.
    Plan,
    /// The visit, from its first day to its last.
    Visit,
    /// The audit report was sent.
    Report,
    /// A decision that counts.
    Decided(Event),
    /// The label holds, in that tier; `None`: not stated.
    Valid(Option<Tier>),
    /// `lifted`: true when a decision lifted it; else it is in force, or ended with the label.
    Suspended {
        /// True when a decision ended it.
        lifted: bool,
    },
    /// The follow-up window, and whether its audit was decided.
    Window {
        /// Rank of the window in its period of validity, from 0.
        index: usize,
        /// True when its follow-up was decided.
        settled: bool,
    },
    /// A deadline, on its nominal day, and its status.
    Due(Obligation, Status),
}

/// A stretch, of one day or of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The row that it is drawn on.
    pub lane: Lane,
    /// First day, inclusive.
    pub from: Date,
    /// Last day, inclusive; `from` for a single day.
    pub to: Date,
    /// What it means.
    pub what: Moment,
}

/// The stretches, by first day, and the first and last day of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLine {
    /// 21 days before the first stretch, or before the day of the review when that is earlier.
    pub from: Date,
    /// 21 days after the last stretch, or after the day of the review when that is later.
    pub to: Date,
    /// By first day, then row; at least one.
    pub stretches: Vec<Stretch>,
}

/// The line of a case; `None` when it has no dossier at all.
#[must_use]
pub fn time_line(case: &Case, review: &Review, choices: &Choices) -> Option<TimeLine> {
    let life = Life::of(case, review.today, choices);
    let mut stretches = applications(case, review);
    stretches.extend(label_periods(case, &life, review, choices));
    stretches.extend(suspensions(&life));
    stretches.extend(deadlines(review));
    stretches.sort_by_key(|stretch| (stretch.from, stretch.lane, stretch.to));
    let first = stretches.iter().map(|stretch| stretch.from).min()?;
    let last = stretches.iter().map(|stretch| stretch.to).max()?;
    let (from, to) = (first.min(review.today), last.max(review.today));
    // A margin on both sides.
    Some(TimeLine { from: add_days(from, -21), to: add_days(to, 21), stretches })
}

fn on(lane: Lane, day: Date, what: Moment) -> Stretch {
    Stretch { lane, from: day, to: day, what }
}

fn applications(case: &Case, review: &Review) -> Vec<Stretch> {
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
    stretches.extend(review.decisions().filter_map(decided));
    stretches
}

/// The periods of validity with their tier, and the follow-up windows of each.
fn label_periods(case: &Case, life: &Life, review: &Review, choices: &Choices) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for period in &life.periods {
        let to = period.last_day().max(period.starts);
        let ends = period.tiers.iter().skip(1).map(|(next, _)| add_days(*next, -1)).chain([to]);
        for ((from, tier), end) in period.tiers.iter().zip(ends) {
            let what = Moment::Valid(*tier);
            stretches.push(Stretch { lane: Lane::Validity, from: *from, to: end.max(*from), what });
        }
        let label = life::label_of_period(period, life, case, review.today, choices);
        for (index, window) in label.windows.iter().enumerate().filter(|(_, window)| window.opens <= to) {
            let what = Moment::Window { index, settled: label.is_settled(index) };
            stretches.push(Stretch { lane: Lane::FollowUp, from: window.opens, to: window.closes, what });
        }
    }
    stretches
}

fn suspensions(life: &Life) -> impl Iterator<Item = Stretch> {
    life.periods.iter().flat_map(|period| {
        period.suspensions.iter().map(|one| {
            let to = one.lifted.unwrap_or_else(|| period.suspension_ends(one));
            let what = Moment::Suspended { lifted: one.lifted.is_some() };
            Stretch { lane: Lane::Suspension, from: one.since, to: to.max(one.since), what }
        })
    })
}

/// The deadlines of the guide that are open or late. Advice is left out.
fn deadlines(review: &Review) -> impl Iterator<Item = Stretch> {
    let told = |due: &&crate::judge::agenda::Due| due.is_open() && due.obligation.is_of_the_guide();
    review.agenda.iter().filter(told).map(|due| {
        let what = Moment::Due(due.obligation, due.status);
        on(Lane::Deadline, due.deadline.nominal, what)
    })
}
