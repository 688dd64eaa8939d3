//! What is true of a label on one day. Every page, mail, annotation, file and notice takes its dates, its tier and its
//! status from here.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Life;
use super::period::{Period, Suspended};
use crate::guide::calendar::add_days;
use crate::guide::sanctions;
use crate::guide::tiers::Tier;

/// Whether a label holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelStatus {
    /// In force.
    Active,
    /// In force, and suspended (§ 5.3.1).
    Suspended,
    /// Withdrawn by a decision.
    Withdrawn,
    /// Past its last valid day.
    Expired,
}

impl LabelStatus {
    /// Every status, with the word that is stored.
    pub const ALL: [(LabelStatus, &'static str); 4] = [
        (LabelStatus::Active, "active"),
        (LabelStatus::Suspended, "suspended"),
        (LabelStatus::Withdrawn, "withdrawn"),
        (LabelStatus::Expired, "expired"),
    ];

    /// The word that is stored.
    #[must_use]
    pub fn key(self) -> &'static str {
        LabelStatus::ALL.iter().find(|(status, _)| *status == self).map_or("", |(_, key)| key)
    }

    /// The service is labelled, even while its label is suspended.
    #[must_use]
    pub fn in_force(self) -> bool {
        matches!(self, LabelStatus::Active | LabelStatus::Suspended)
    }
}

/// A suspension that was decided and not lifted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Suspension {
    /// The first day on which it holds.
    pub since: Date,
    /// The last day before the label must be lifted or withdrawn (R-5.3.1-h).
    pub limit: Date,
    /// The delay set by the certification body to become compliant, `limit` at the latest.
    pub lift_by: Option<Date>,
    /// Our word for the cause, as the form gives it.
    pub cause: Option<String>,
}

impl Suspension {
    /// The delay set by the certification body, when it comes before the last day that a suspension may last.
    #[must_use]
    pub fn delay(&self) -> Option<Date> {
        self.lift_by.filter(|day| *day < self.limit)
    }
}

/// A label on one day, from the decisions that were written by that day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Standing {
    /// Whether it holds.
    pub status: LabelStatus,
    /// The first day of that status: that of the period, of the lifting, of the suspension, of the withdrawal, or the day
    /// after the last valid one.
    pub since: Date,
    /// `None`: the body did not state it.
    pub tier: Option<Tier>,
    /// The days of the decision that opened the period, as they are written: never computed.
    pub decided: Option<Date>,
    /// That of its notification.
    pub notified: Option<Date>,
    /// First valid day of the period.
    pub starts: Date,
    /// Last valid day of the period if nothing ends it earlier.
    pub ends: Date,
    /// In force, or decided and to start later.
    pub suspension: Option<Suspension>,
    /// Day from which the label is withdrawn; may lie ahead.
    pub withdrawn: Option<Date>,
    /// First day of the next period, once its renewal is granted (F-23, F-42).
    pub renewed_from: Option<Date>,
}

impl Standing {
    /// The last day on which the label holds: the eve of its withdrawal, else its end of validity.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.withdrawn.map_or(self.ends, |gone| add_days(gone, -1).min(self.ends))
    }

    /// The suspension that holds on the day of this standing.
    #[must_use]
    pub fn suspended(&self) -> Option<&Suspension> {
        self.suspension.as_ref().filter(|_| self.status == LabelStatus::Suspended)
    }

    /// The last day on which the label holds if nothing is done: the eve of its withdrawal, the limit of its suspension, or
    /// its end of validity. A suspension past its limit that nobody lifted or withdrew leaves the label in force.
    #[must_use]
    pub fn last_day_if_nothing_is_done(&self) -> Date {
        let limit = self.suspension.as_ref().map(|suspension| suspension.limit);
        match self.status {
            LabelStatus::Active | LabelStatus::Suspended if self.withdrawn.is_none() => {
                limit.unwrap_or(self.ends).min(self.ends)
            }
            _ => self.last_day(),
        }
    }
}

impl Life {
    /// The label as it stands on `day`, from the decisions that were written by then; `None` before the first award.
    ///
    /// Decisions that a later one corrected do not count on any day: a label that nobody decided is never shown.
    #[must_use]
    pub fn standing(&self, day: Date) -> Option<Standing> {
        let begun = |period: &&Period| period.written <= day && period.starts <= day;
        self.periods.iter().rev().find(begun).map(|period| self.standing_in(period, day))
    }

    /// What `period` gives on `day`, as if no later one had begun.
    pub(crate) fn standing_in(&self, period: &Period, day: Date) -> Standing {
        let later = self.periods.iter().filter(|next| next.written <= day && next.starts > period.starts);
        let withdrawn = period.withdrawn_as_of(day);
        let suspended = period.suspended_as_of(day);
        let (status, since) = status(period, suspended, withdrawn, day);
        Standing {
            status,
            since,
            tier: period.tier_on(day),
            decided: period.award.decided,
            notified: period.award.notified,
            starts: period.starts,
            ends: period.ends,
            suspension: suspended.map(|one| Suspension {
                since: one.since,
                limit: sanctions::suspension_limit(one.since, period.ends),
                lift_by: one.lift_by,
                cause: one.cause.clone(),
            }),
            withdrawn,
            renewed_from: later.map(|next| next.starts).min(),
        }
    }

    /// Every change of the standing, in order: the first day of each, and what is true from that day until the next one.
    #[must_use]
    pub fn standings(&self) -> Vec<(Date, Standing)> {
        let mut steps: Vec<(Date, Standing)> = Vec::new();
        for day in self.days_of_change() {
            if let Some(standing) = self.standing(day)
                && steps.last().is_none_or(|(_, before)| *before != standing)
            {
                steps.push((day, standing));
            }
        }
        steps
    }

    /// The days on which a standing may differ from that of the day before.
    fn days_of_change(&self) -> Vec<Date> {
        let mut days = Vec::new();
        for period in &self.periods {
            days.extend([period.written, period.starts, add_days(period.ends, 1)]);
            days.extend(period.tiers.iter().map(|(from, _)| *from));
            days.extend(period.withdrawals().flat_map(|one| [one.written, one.from]));
            for one in &period.suspensions {
                days.extend([one.written, one.since].into_iter().chain(one.lifted));
            }
        }
        days.sort();
        days.dedup();
        days
    }
}

/// In order of priority: a withdrawal in force, the end of validity, a suspension in force.
fn status(
    period: &Period,
    suspended: Option<&Suspended>,
    withdrawn: Option<Date>,
    day: Date,
) -> (LabelStatus, Date) {
    let expired = add_days(period.ends, 1);
    if let Some(from) = withdrawn.filter(|from| *from <= day) {
        return (LabelStatus::Withdrawn, from);
    }
    if sanctions::is_expired(period.ends, false, day) {
        return (LabelStatus::Expired, expired);
    }
    if let Some(one) = suspended.filter(|one| one.since <= day) {
        return (LabelStatus::Suspended, one.since);
    }
    let lifted = period.suspensions.iter().filter_map(|one| one.lifted).filter(|lifted| *lifted <= day).max();
    (LabelStatus::Active, lifted.unwrap_or(period.starts))
}
