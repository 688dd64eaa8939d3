//! One period of validity of a label: three years from the day it was obtained (§2.3), or what follows by renewal.

use jiff::civil::Date;

use super::entry::{EntryDoubt, Outcome};
use crate::case::keys::Key;
use crate::case::{Case, Event};
use crate::guide::calendar::add_days;
use crate::guide::choices::Choices;
use crate::guide::tiers::Tier;
use crate::guide::{decision, sanctions};

/// A suspension, in force until it is lifted or the period ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// The first day on which it holds.
    pub since: Date,
    /// The day on which it was notified or decided; `since` may come later.
    pub written: Date,
    /// Our word for the cause, as the form gives it.
    pub cause: Option<String>,
    /// The delay that the certification body set to become compliant (L2176).
    pub lift_by: Option<Date>,
    /// The first day on which it no longer holds.
    pub lifted: Option<Date>,
}

/// A withdrawal of the label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// First day on which the label no longer holds.
    pub from: Date,
    /// The day on which it was notified or decided.
    pub written: Date,
}

/// One period of validity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The decision that opened it.
    pub award: Event,
    /// The day on which the award was written: a renewal is known before its period starts.
    pub written: Date,
    /// First valid day.
    pub starts: Date,
    /// The day on which the award was notified; `starts` where nothing says it.
    pub notified: Date,
    /// Last valid day: the one printed on the attestation wins over the computed one (F-11).
    pub ends: Date,
    /// The last valid day that the guide gives, whatever is printed.
    pub computed_end: Date,
    /// The tier held from each day on, in order; `None`: not stated.
    pub tiers: Vec<(Date, Option<Tier>)>,
    /// In order, those that were lifted too.
    pub suspensions: Vec<Suspended>,
    /// The one that ends it, at once or on a day ahead.
    pub withdrawal: Option<Withdrawal>,
    /// Those that were to take effect after it: until it was written, they were what was known.
    pub overtaken: Vec<Withdrawal>,
    /// The last action plan asked for by a decision.
    pub plan_asked: Option<Date>,
    /// Decisions that settled a follow-up, each with its day.
    pub followed: Vec<(Event, Date)>,
}

impl Period {
    /// R-2.3-a — the period that a first award opens on the day it was obtained.
    pub(super) fn granted(award: &Event, starts: Date, printed: Option<Date>, choices: &Choices) -> Period {
        Period {
            award: award.clone(),
            written: starts,
            starts,
            notified: award.notified.unwrap_or(starts),
            ends: decision::last_valid_day_under(starts, printed, choices),
            computed_end: decision::last_valid_day_under(starts, None, choices),
            tiers: vec![(starts, award.tier)],
            suspensions: Vec::new(),
            withdrawal: None,
            overtaken: Vec::new(),
            plan_asked: None,
            followed: Vec::new(),
        }
    }

    /// F-23 — the period of a renewal. `days` are its first valid day and the day it was decided.
    pub(super) fn renewed(
        award: &Event,
        days: (Date, Date),
        held: Option<Tier>,
        printed: Option<Date>,
        choices: &Choices,
    ) -> Period {
        let (starts, decided) = days;
        let notified = award.notified.unwrap_or(decided).max(starts);
        let tiers = vec![(starts, award.tier.or(held))];
        Period { written: decided, notified, tiers, ..Period::granted(award, starts, printed, choices) }
    }

    /// The tier held on a day; before the first one, that one.
    #[must_use]
    pub fn tier_on(&self, day: Date) -> Option<Tier> {
        let before = self.tiers.iter().rev().find(|(from, _)| *from <= day);
        before.or(self.tiers.first()).and_then(|(_, tier)| *tier)
    }

    /// The suspension that holds on `day`; else the last one that is decided and starts later.
    #[must_use]
    pub fn suspension_on(&self, day: Date) -> Option<&Suspended> {
        self.suspension_among(day, |_| true)
    }

    /// As [`suspension_on`](Self::suspension_on), among those that were written by `day`.
    pub(super) fn suspended_as_of(&self, day: Date) -> Option<&Suspended> {
        self.suspension_among(day, |one| one.written <= day || one.since <= day)
    }

    fn suspension_among(&self, day: Date, known: impl Fn(&Suspended) -> bool) -> Option<&Suspended> {
        let standing = |one: &&Suspended| one.lifted.is_none_or(|lifted| day < lifted) && known(one);
        let last = self.suspensions.iter().rfind(|one| standing(one) && one.since <= day);
        last.or_else(|| self.suspensions.iter().rfind(standing))
    }

    /// The withdrawal, then those that it overtook.
    pub(super) fn withdrawals(&self) -> impl Iterator<Item = &Withdrawal> {
        self.withdrawal.iter().chain(&self.overtaken)
    }

    /// The day from which the label is withdrawn, as far as it was written by `day`.
    pub(super) fn withdrawn_as_of(&self, day: Date) -> Option<Date> {
        let known = |one: &&Withdrawal| one.written <= day || one.from <= day;
        self.withdrawals().filter(known).map(|one| one.from).min()
    }

    /// The day on which the period was over, when it is on `day`.
    #[must_use]
    pub fn over_on(&self, day: Date) -> Option<Date> {
        let withdrawn = self.withdrawal.map(|one| one.from).filter(|from| *from <= day);
        withdrawn.or(Some(self.ends).filter(|last| day > *last))
    }

    /// The last day on which the label holds: the eve of its withdrawal, else its end of validity.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.withdrawal.map_or(self.ends, |gone| add_days(gone.from, -1).min(self.ends))
    }

    /// The last day that a suspension may last if nothing lifts it (R-5.3.1-h), or the day of the withdrawal.
    #[must_use]
    pub fn suspension_ends(&self, suspended: &Suspended) -> Date {
        let limit = sanctions::suspension_limit(suspended.since, self.ends);
        self.withdrawal.map_or(limit, |gone| gone.from.min(limit))
    }

    pub(super) fn lift(&mut self, on: Date) {
        if let Some(last) = self.suspensions.last_mut() {
            last.lifted = Some(on);
        }
    }

    /// R-3.9.1-g — the tier held is confirmed; the plan that was asked for is settled.
    pub(super) fn confirmed(&mut self, event: &Event, on: Date) -> Outcome {
        let held = self.tier_on(on);
        match (held, event.tier) {
            (Some(held), Some(decided)) if held != decided => {
                Outcome::Doubtful(EntryDoubt::ConfirmedOtherTier { held, decided })
            }
            _ => self.unless_suspended(on),
        }
    }

    /// R-3.9.1-h — a higher tier from that day; the end of validity stays.
    pub(super) fn raised(&mut self, event: &Event, on: Date) -> Outcome {
        match (self.tier_on(on), event.tier) {
            (_, None) => Outcome::Doubtful(EntryDoubt::HigherWithoutTier),
            (Some(held), Some(decided)) if decided <= held => {
                Outcome::Doubtful(EntryDoubt::NotHigher { held, decided })
            }
            (_, tier) => {
                self.tiers.push((on, tier));
                self.unless_suspended(on)
            }
        }
    }

    /// « Labellisé » on a follow-up: the tier is confirmed, unless another one is written.
    pub(super) fn followed(&mut self, event: &Event, on: Date) -> Outcome {
        let held = self.tier_on(on);
        if event.tier.is_none() || event.tier == held {
            self.confirmed(event, on)
        } else {
            self.raised(event, on)
        }
    }

    /// The same first award written again: after a mistake, another tier replaces the first one.
    pub(super) fn rewritten(&mut self, event: &Event, on: Date) -> Outcome {
        let before = self.tier_on(on);
        let after = event.tier.or(before);
        if let Some(running) = self.suspension_on(on) {
            let since = running.since;
            return Outcome::Doubtful(EntryDoubt::DecidedWhileSuspended { since });
        }
        if after == before {
            return Outcome::Accepted;
        }
        self.tiers.push((on, after));
        Outcome::Doubtful(EntryDoubt::AwardRewritten { before, after })
    }

    /// A follow-up is decided: the plan that was asked for is settled. An extension is no follow-up.
    pub(super) fn followed_up(&mut self, event: &Event, on: Date) {
        self.followed.push((event.clone(), on));
        self.plan_asked = None;
    }

    fn unless_suspended(&self, on: Date) -> Outcome {
        self.suspension_on(on).map_or(Outcome::Accepted, |running| {
            Outcome::Doubtful(EntryDoubt::DecidedWhileSuspended { since: running.since })
        })
    }
}

/// The delay of each suspension, from the dossiers' field: it holds the latest one, which belongs to the last suspension
/// that had begun by that day. The guide's limit is kept when the written day is after it (R-5.3.1-h).
pub(super) fn set_delays(periods: &mut [Period], case: &Case) {
    for delay in case.dossiers.iter().filter_map(|facts| facts.date(Key::DelaiLevee)) {
        let all = periods.iter_mut().flat_map(|period| {
            let ends = period.ends;
            period.suspensions.iter_mut().map(move |one| (ends, one))
        });
        if let Some((ends, one)) = all.filter(|(_, one)| one.since <= delay).last() {
            one.lift_by = Some(delay.min(sanctions::suspension_limit(one.since, ends)));
        }
    }
}
