//! F-32 — the years of a network: each ends with a decision on the central, its award or a follow-up.

use jiff::civil::Date;

use crate::case::{Case, Decision, Demande, Event};
use crate::guide::calendar::add_days;
use crate::guide::sample::CYCLE_YEARS;
use crate::life::{Label, Life};

/// The days on which a year ended, in order, each with the dossier of its decision.
pub(super) struct Years(Vec<(Date, i64)>);

impl Years {
    pub(super) fn of(case: &Case, life: &Life) -> Years {
        let closes = |event: &&Event| match event.decision {
            Decision::Confirme | Decision::PalierSuperieur => true,
            // An award written again, and an extension, end no year.
            Decision::Labellise => {
                let facts = case.dossiers.iter().find(|facts| facts.number == event.dossier);
                facts.is_some_and(|facts| Demande::of(facts) == Demande::Suivi)
                    || life.periods.iter().any(|period| period.award == **event)
            }
            _ => false,
        };
        let ends = life.decisions().filter(closes).filter_map(|event| Some((event.on()?, event.dossier)));
        let mut ends: Vec<(Date, i64)> = ends.collect();
        ends.sort_unstable();
        Years(ends)
    }

    /// The first day of the year that `day` is in; none in the first one.
    pub(super) fn begins(&self, day: Date) -> Option<Date> {
        self.0.iter().rev().map(|(end, _)| *end).find(|end| *end <= day).map(|end| add_days(end, 1))
    }

    /// The first day of the year that a decision of `day` ends.
    pub(super) fn before(&self, day: Date) -> Option<Date> {
        self.0.iter().rev().map(|(end, _)| *end).find(|end| *end < day).map(|end| add_days(end, 1))
    }

    /// Year N of the period that holds on `day`: its first day, and the day of the award.
    pub(super) fn first(&self, life: &Life, day: Date) -> Option<(Option<Date>, Date)> {
        let award = life.periods.iter().rev().find(|period| period.starts <= day)?.award.on()?;
        Some((self.before(award), award))
    }

    /// The first day of the cycle that `day` is in: a new one begins once the three years of the last award are over, or with
    /// the application for a renewal. None in the first cycle, and without a label.
    pub(super) fn cycle(&self, life: &Life, label: Option<&Label>, day: Date) -> Option<Date> {
        let mut awards = life.periods.iter().rev().filter_map(|period| period.award.on());
        let award = awards.find(|on| *on <= day)?;
        let closed = self.0.iter().filter(|(end, _)| (award..=day).contains(end)).count();
        let renewing = label.is_some_and(|label| label.renewing);
        if closed >= CYCLE_YEARS || renewing { self.begins(day) } else { self.before(award) }
    }

    /// Whether the decision on that dossier ended a year.
    pub(super) fn is_closed_by(&self, dossier: i64) -> bool {
        self.0.iter().any(|(_, of)| *of == dossier)
    }
}
