//! What one decision changed, and whether that still holds on the day of the review: a letter about it is written in the
//! present tense, or in the past with what is true today.

use jiff::civil::Date;

use super::review::Review;
use crate::case::{Case, Decision, Demande, Event};
use crate::guide::calendar::add_days;
use crate::guide::tiers::Tier;
use crate::life::LabelStatus;
use crate::life::period::Period;

/// What a decision changed of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Granted: every award that is not told as one of the changes below.
    Awarded,
    /// A renewal opened a new period of validity.
    Renewed,
    /// Confirmed, or awarded after a follow-up, without a higher tier.
    Confirmed,
    /// Raised to a higher tier, by that decision or by an award after a follow-up.
    Raised,
    /// More sites: an award or a confirmation of an extension.
    Extended,
    /// Suspended from its day of effect (§5.3.1).
    Suspended,
    /// Its suspension was lifted (R-5.3.1-i).
    Lifted,
    /// Withdrawn (§5.3.2); it may be notified after the label expired.
    Withdrawn,
}

impl Change {
    /// The word for it in a notice to another program.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Change::Awarded => "attribution",
            Change::Renewed => "renouvellement",
            Change::Confirmed => "confirmation",
            Change::Raised => "palier_superieur",
            Change::Extended => "extension",
            Change::Suspended => "suspension",
            Change::Lifted => "levee",
            Change::Withdrawn => "retrait",
        }
    }
}

/// A decision about a label, as letters and notices tell it.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The decision itself, with its dossier and its days.
    pub event: &'a Event,
    /// The day on which it counts: `Event::on`.
    pub on: Date,
    /// What it changed of the label.
    pub change: Change,
    /// The period that it opened, else the one that it is about.
    pub period: &'a Period,
    /// The tier that the label had by it; `None`: not stated.
    pub tier: Option<Tier>,
    /// Nothing that came later took its place: it is the situation of the day.
    pub holds: bool,
}

impl Decided<'_> {
    /// A withdrawal that was notified once the label had come to its end (R-5.3.2-i): it changes none of its days.
    #[must_use]
    pub fn follows_an_expiry(&self) -> bool {
        self.change == Change::Withdrawn && self.on > self.period.ends
    }
}

impl Review {
    /// What `event` changed; `None` for a refusal, a request for an action plan, or a decision about no known label.
    #[must_use]
    pub fn decided<'a>(&'a self, event: &'a Event, case: &Case) -> Option<Decided<'a>> {
        let on = event.on()?;
        let opened = self.periods.iter().find(|period| period.award == *event);
        let running = || self.periods.iter().rfind(|period| period.starts <= on);
        let period = opened.or_else(running).or(self.periods.first())?;
        let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier);
        let demande = facts.map_or(Demande::Initial, Demande::of);
        let raised = period.tier_on(add_days(on, -1)) < period.tier_on(on);
        let change = match (event.decision, demande) {
            (Decision::Labellise, Demande::Renouvellement) if opened.is_some() => Change::Renewed,
            (Decision::Labellise, _) if opened.is_some() => Change::Awarded,
            (Decision::Labellise, Demande::Suivi) if raised => Change::Raised,
            (Decision::Labellise | Decision::Confirme, Demande::Extension) => Change::Extended,
            (Decision::Labellise, Demande::Suivi) | (Decision::Confirme, _) => Change::Confirmed,
            (Decision::Labellise, _) => Change::Awarded,
            (Decision::PalierSuperieur, _) => Change::Raised,
            (Decision::Suspension, _) => Change::Suspended,
            (Decision::Levee, _) => Change::Lifted,
            (Decision::Retrait, _) => Change::Withdrawn,
            (Decision::Rejete | Decision::PlanActions, _) => return None,
        };
        let tier = match opened {
            Some(period) => period.tier_on(period.starts),
            None => period.tier_on(on),
        };
        let decided = Decided { event, on, change, period, tier, holds: false };
        Some(Decided { holds: self.still_holds(&decided), ..decided })
    }

    fn still_holds(&self, decided: &Decided<'_>) -> bool {
        let Some(standing) = self.standing() else { return false };
        let (on, period) = (decided.on, decided.period);
        let current = standing.starts == period.starts;
        let active = standing.status == LabelStatus::Active
            && standing.withdrawn.is_none()
            && standing.suspension.is_none();
        let lifted = || {
            let later = |event: &Event| event.on().is_some_and(|lifted| (on..=self.today).contains(&lifted));
            self.decisions().any(|event| event.decision == Decision::Levee && later(event))
        };
        match decided.change {
            // A renewal that is granted early begins when the running period ends.
            Change::Renewed if period.starts > self.today => {
                standing.status.in_force() && standing.withdrawn.is_none()
            }
            Change::Awarded | Change::Renewed | Change::Confirmed | Change::Raised => {
                current && active && standing.tier == decided.tier
            }
            // A lifting that takes effect later is told when it is notified.
            Change::Lifted if on > self.today => current && standing.status.in_force(),
            Change::Extended | Change::Lifted => current && active,
            Change::Suspended => {
                current && standing.status.in_force() && standing.suspension.is_some() && !lifted()
            }
            // One that is notified after an expiry changes nothing of the label's days.
            Change::Withdrawn => {
                current
                    && (standing.withdrawn == Some(on)
                        || (standing.status == LabelStatus::Expired && on > standing.ends))
            }
        }
    }
}
