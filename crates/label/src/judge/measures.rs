//! What the statistics count of a dossier beside its dates: the steps of its application, the delays that were kept, what a
//! refused one lacked, its surveys.

use jiff::civil::Date;

use crate::case::facts::Facts;
use crate::case::keys::Key;
use crate::case::{Decision, Demande, Event};
use crate::guide::score::Fraction;
use crate::guide::tiers::{Criterion, Tier};
use crate::life::last_visit_day;

use super::Review;
use super::agenda::{Due, Obligation, Status};

/// A step of an application after its deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApplicationStep {
    /// The last day of the visit.
    Visited,
    /// The day on which the audit report was sent, else received.
    Reported,
    /// The day on which the decision counts.
    Decided,
}

impl ApplicationStep {
    /// In order, each with the word that is stored.
    pub const ALL: [(ApplicationStep, &'static str); 3] = [
        (ApplicationStep::Visited, "audit"),
        (ApplicationStep::Reported, "rapport"),
        (ApplicationStep::Decided, "decision"),
    ];
}

/// A figure of one dossier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measured {
    /// So many days after the step before.
    Step(ApplicationStep, i64),
    /// « O-16-1 », and whether it was kept.
    Delay(String, bool),
    /// What kept a refused dossier below Bronze.
    Limit(Criterion),
    /// The ten in which a survey's mark is, from 0 to 90; 100 is among the last.
    Survey(Criterion, i64),
}

/// A figure with the day on which it counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// The day on which it counts.
    pub on: Date,
    /// What is counted.
    pub what: Measured,
}

/// All the figures of one dossier of a case.
#[must_use]
pub fn measures(review: &Review, facts: &Facts) -> Vec<Measure> {
    let mut all = steps(review, facts);
    all.extend(review.agenda.iter().filter(|due| due.dossier == facts.number).filter_map(|due| {
        let done = done_on(review, facts, due);
        let late = due.status == Status::Late;
        let kept = done.map(|day| day <= due.deadline.extended).or(late.then_some(false))?;
        Some(Measure { on: due.deadline.extended, what: Measured::Delay(due.code(), kept) })
    }));
    all.extend(limits(review, facts));
    all.extend(surveys(facts));
    all
}

fn decided<'a>(review: &'a Review, facts: &Facts) -> Option<&'a Event> {
    let own = |event: &&Event| event.dossier == facts.number && event.decision != Decision::PlanActions;
    review.decisions().find(own)
}

/// When the report was sent, or received where that alone is known.
fn reported(facts: &Facts) -> Option<Date> {
    facts.date(Key::RapportTransmisLe).or(facts.date(Key::RapportRecuLe))
}

/// The steps of a first application or a renewal. One that is not known ends them: the days of the next would be those of
/// both.
fn steps(review: &Review, facts: &Facts) -> Vec<Measure> {
    if !matches!(Demande::of(facts), Demande::Initial | Demande::Renouvellement) {
        return Vec::new();
    }
    let decided = decided(review, facts).and_then(Event::on);
    let days = [last_visit_day(facts), reported(facts), decided];
    let mut before = facts.deposited;
    let mut steps = Vec::new();
    for ((step, _), day) in ApplicationStep::ALL.into_iter().zip(days) {
        let Some(on) = day else { break };
        let days = i64::from((on - before).get_days());
        steps.push(Measure { on, what: Measured::Step(step, days) });
        before = on;
    }
    steps
}

/// The day on which an obligation was done, where the dossiers tell it or a person found it so.
fn done_on(review: &Review, facts: &Facts, due: &Due) -> Option<Date> {
    let told = match due.obligation {
        Obligation::Plan => facts.date(Key::PlanTransmisLe),
        Obligation::Report => reported(facts),
        Obligation::Observations => facts.date(Key::ObservationsLe),
        Obligation::Decide => decided(review, facts).and_then(|event| event.decided),
        Obligation::Notify => decided(review, facts).and_then(|event| event.notified),
        Obligation::FollowUp | Obligation::FollowUpCentral | Obligation::AttachedFollowUp
            if due.status == Status::Done =>
        {
            let label = review.label.as_ref();
            label.and_then(|label| label.audited_on(usize::from(due.occurrence), review.today))
        }
        _ => None,
    };
    told.or(due.settled)
}

/// What kept a refused dossier below Bronze, as its marks say it.
fn limits(review: &Review, facts: &Facts) -> Vec<Measure> {
    let refused = decided(review, facts).filter(|event| event.decision == Decision::Rejete);
    let Some(on) = refused.and_then(Event::on) else { return Vec::new() };
    let marks = review.tiers.iter().find(|tier| tier.dossier == facts.number);
    let below = marks.filter(|tier| tier.result.tier.is_none());
    let limits = below.into_iter().flat_map(|tier| &tier.result.limiting);
    limits.map(|limit| Measure { on, what: Measured::Limit(limit.criterion) }).collect()
}

fn surveys(facts: &Facts) -> impl Iterator<Item = Measure> {
    let both = [
        (Criterion::UserSurvey, Key::NoteUsagers, Key::EnqueteUsagersCloture),
        (Criterion::StaffSurvey, Key::NoteAgents, Key::EnqueteAgentsCloture),
    ];
    let measure = |(survey, mark, closed): (Criterion, Key, Key)| {
        let mark = facts.mark(mark)?;
        let ten = (0..=9).rev().map(|ten| 10 * ten).find(|ten| mark >= Fraction::from(*ten))?;
        let on = facts.date(closed).unwrap_or(facts.deposited);
        Some(Measure { on, what: Measured::Survey(survey, ten) })
    };
    both.into_iter().filter_map(measure).collect::<Vec<_>>().into_iter()
}

/// The word of a criterion, as it is stored and stands in addresses.
#[must_use]
pub fn criterion_word(criterion: Criterion) -> String {
    match criterion {
        Criterion::Engagement(n) => format!("engagement-{n}"),
        Criterion::OrCriteria => "or".to_owned(),
        Criterion::StaffSurvey => "agents".to_owned(),
        Criterion::UserSurvey => "usagers".to_owned(),
    }
}

/// The criterion of that word.
#[must_use]
pub fn criterion_of(word: &str) -> Option<Criterion> {
    Criterion::all().find(|criterion| criterion_word(*criterion) == word)
}

/// The lowest mark out of 100 that Bronze asks of a survey, for a drawing to show it.
#[must_use]
pub fn bronze_of(criterion: Criterion) -> Option<i64> {
    criterion.threshold(Tier::Bronze)
}
